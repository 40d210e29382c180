-- Every session between the first and the last bar of an instrument has a bar; else its returns are NULL there: fetch those days, or give its calendar.
-- on: core.returns
-- severity: warn
with listed as (
    select distinct instrument_id, calendar
    from core.instruments
),

spans as (
    select bars.instrument_id, listed.calendar, min(bars.ticker) as ticker,
        min(bars.trading_day) as first_day, max(bars.trading_day) as last_day
    from core.bars
    join listed using (instrument_id)
    group by bars.instrument_id, listed.calendar
),

missing as (
    select
        spans.ticker,
        spans.calendar,
        sessions.trading_day,
        sessions.session_number - row_number() over (
            partition by spans.instrument_id, spans.calendar order by sessions.session_number
        ) as island
    from spans
    join core.sessions
        on sessions.calendar = spans.calendar
        and sessions.trading_day > spans.first_day
        and sessions.trading_day < spans.last_day
    anti join core.bars on bars.instrument_id = spans.instrument_id and bars.trading_day = sessions.trading_day
),

ranges as (
    select
        ticker,
        calendar,
        count(*) as session_count,
        min(trading_day) as first_day,
        concat(min(trading_day), if(count(*) > 1, concat(' to ', max(trading_day)), '')) as days
    from missing
    group by ticker, calendar, island
)

-- The longest five gaps are named.
select
    ticker,
    calendar,
    sum(session_count)::bigint as session_count,
    count(*) as gap_count,
    array_to_string(list(days order by session_count desc, first_day)[:5], ', ') as longest
from ranges
group by ticker, calendar
order by ticker, calendar
