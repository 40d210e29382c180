-- Adjusted opens and closes of the calendar $calendar: every session from the first that can be traded on what was said to the last, none left out.
with span as (
    select min(entry_session) as first_day, max(entry_session) as last_day
    from mart.ticker_days
    where ticker in (select ticker from core.returns where calendar = $calendar)
),

priced as (
    select ticker, trading_day, open, close
    from core.returns
    where calendar = $calendar and trading_day >= (select first_day from span)
)

select sessions.trading_day as date, priced.ticker as asset, priced.open, priced.close
from core.sessions
left join priced on priced.trading_day = sessions.trading_day
where sessions.calendar = $calendar
    and sessions.trading_day >= (select first_day from span)
    and sessions.trading_day <= (select greatest(last_day, (select max(trading_day) from priced)) from span)
order by date, asset
