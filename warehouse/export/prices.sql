-- Adjusted opens and closes of the calendar $calendar: every session from the first with a reading to act on to the last bar, none left out.
with priced as (
    select ticker, trading_day, open, close
    from core.returns
    where calendar = $calendar
        and trading_day >= (
            select min(entry_session)
            from mart.ticker_days
            where ticker in (select ticker from core.returns where calendar = $calendar)
        )
)

select sessions.trading_day as date, priced.ticker as asset, priced.open, priced.close
from core.sessions
left join priced on priced.trading_day = sessions.trading_day
where sessions.calendar = $calendar
    and sessions.trading_day >= (select min(trading_day) from priced)
    and sessions.trading_day <= (select max(trading_day) from priced)
order by date, asset
