-- One row per event and window.
-- on: mart.event_returns
-- severity: error
select ticker, trading_day, scorer, origin, window_start, window_end, count(*) as row_count
from mart.event_returns
group by ticker, trading_day, scorer, origin, window_start, window_end
having count(*) > 1
