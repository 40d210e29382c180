-- No two events with a model of a ticker, scorer and origin stand in one session, and each has a row for every window.
-- on: mart.events
-- severity: error
with windows as (
    select ticker, trading_day, scorer, origin, count(*) as window_count
    from mart.event_returns
    group by all
)
select events.ticker, events.trading_day, events.scorer, events.origin, count(*) as row_count, any_value(windows.window_count) as windows
from mart.events
left join windows
    on windows.ticker = events.ticker
    and windows.trading_day = events.trading_day
    and windows.scorer is not distinct from events.scorer
    and windows.origin = events.origin
where events.model is not null
group by events.ticker, events.trading_day, events.scorer, events.origin
having count(*) > 1 or windows is null
order by all
