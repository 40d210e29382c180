-- One row per kind of gap: what is not here, so that nobody takes it for nothing.
select 'sessions of which no text was read at all, up to the newest that was read' as what, count(*) as gaps
from (
    select listed.calendar, days.trading_day, bool_or(days.is_covered) as is_read
    from mart.ticker_days as days
    join (select distinct ticker, calendar from core.instruments) as listed using (ticker)
    group by listed.calendar, days.trading_day
    qualify days.trading_day < max(days.trading_day) filter (is_read) over (partition by listed.calendar)
)
where not is_read
union all
select 'sessions without a price, between the first and the last of a ticker', count(*)
from (
    select ticker, calendar, min(trading_day) as first_day, max(trading_day) as last_day
    from core.returns
    where close is not null
    group by ticker, calendar
) as spans
join core.sessions
    on sessions.calendar = spans.calendar and sessions.trading_day between spans.first_day and spans.last_day
left join core.returns on returns.ticker = spans.ticker and returns.trading_day = sessions.trading_day
where returns.close is null
union all
select 'windows that a live service did not give whole', count(*) from raw.fetches where status <> 'ok'
union all
select 'files that could not be read', count(*) from raw.files where status <> 'ok'
union all
select 'lines of files that were refused', count(*) from raw.rejects
