-- What a standard deviation of sentiment says of the next session's return, with its 95 % interval: the ten surest tickers.
-- scorer: Whose reading.
-- ticker: The ticker.
-- slope_bps, low_bps, high_bps: Basis points, and the ends of the interval.
-- is_evidence: q <= 0.05.
with tested as (
    select scorer, universe, slope_bps, slope_low_bps, slope_high_bps, p, q
    from mart.signal_quality
    where method = 'regression' and source = 'all' and signal = 'mean_sentiment' and horizon = 1
        and slope_bps is not null
),

first_ones as (
    select universe, min(p) as least_p
    from tested
    group by universe
    order by least_p, universe
    limit 10
)

select
    tested.scorer,
    tested.universe as ticker,
    tested.slope_bps,
    tested.slope_low_bps as low_bps,
    tested.slope_high_bps as high_bps,
    coalesce(tested.q <= 0.05, false) as is_evidence
from tested
join first_ones using (universe)
order by first_ones.least_p, tested.universe, tested.scorer
