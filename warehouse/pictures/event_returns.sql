-- How far prices moved around events, beyond the market: middle half and tenths of the cumulated abnormal returns, by window.
-- moved: positive, negative or listed events.
-- window_name: First and last session of the window, relative to the event.
-- event_count: Events with a return in it.
-- low_pct, lower_pct, middle_pct, upper_pct, high_pct: 10th, 25th, 50th, 75th and 90th percentile, percent.
with returns as (
    select
        if(returns.origin = 'listed', 'listed', events.direction) as moved,
        returns.window_start,
        returns.window_end,
        returns.car
    from mart.event_returns as returns
    join mart.events as events
        on events.ticker = returns.ticker
            and events.trading_day = returns.trading_day
            and events.origin = returns.origin
            and events.scorer is not distinct from returns.scorer
    where returns.car is not null and events.is_used
),

measured as (
    select
        moved,
        window_start,
        window_end,
        count(*)::integer as event_count,
        quantile_cont(car, [0.1, 0.25, 0.5, 0.75, 0.9]) as cars
    from returns
    group by all
)

select
    moved,
    concat(window_start, ' to ', window_end) as window_name,
    event_count,
    100 * cars[1] as low_pct,
    100 * cars[2] as lower_pct,
    100 * cars[3] as middle_pct,
    100 * cars[4] as upper_pct,
    100 * cars[5] as high_pct
from measured
order by window_end, window_start, moved
