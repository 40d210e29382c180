-- Every daily bar falls on a session of its instrument's calendar (from the first one listed); else it is in no return: the calendar is wrong, or the file.
-- on: core.returns
-- severity: warn
with listed as (
    select distinct instrument_id, calendar
    from core.instruments
),

known as (
    select calendar, min(trading_day) as first_day
    from core.sessions
    group by calendar
)

select
    bars.ticker,
    listed.calendar,
    bars.path,
    count(*) as bar_count,
    min(bars.trading_day) as first_bar,
    max(bars.trading_day) as last_bar
from core.bars
join listed using (instrument_id)
join known using (calendar)
anti join core.sessions on sessions.calendar = listed.calendar and sessions.trading_day = bars.trading_day
where bars.trading_day >= known.first_day
group by bars.ticker, listed.calendar, bars.path
order by bars.ticker, bars.path
