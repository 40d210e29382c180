-- Does the past of the one add to the past of the other: p of the ten tickers with the smallest, both ways round.
-- scorer: Whose reading.
-- ticker: The ticker.
-- direction: sentiment to returns, or returns to sentiment.
-- p: Its p, at least one in a million.
-- is_evidence: q <= 0.05.
with first_ones as (
    select universe, min(p) as least_p
    from mart.granger
    where p is not null
    group by universe
    order by least_p, universe
    limit 10
)

select
    granger.scorer,
    granger.universe as ticker,
    granger.direction,
    greatest(granger.p, 1e-6) as p,
    granger.q <= 0.05 as is_evidence
from mart.granger
join first_ones using (universe)
where granger.p is not null
order by first_ones.least_p, granger.universe, granger.scorer, granger.direction
