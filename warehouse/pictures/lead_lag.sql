-- Which comes first: correlation of sentiment with the returns before (left), of the same session (0) and after (right), with its 95 % interval.
-- scorer: Whose reading, on the calendar or ticker that stands on the most tickers and sessions.
-- lag: Sessions by which the return follows the sentiment.
-- correlation, low, high: Pearson's, and the ends of its interval; NULL where it could not be tested.
-- is_evidence: q <= 0.05.
with widest as (
    select universe
    from mart.lead_lag
    group by universe
    order by max(ticker_count) desc nulls last, max(session_count) desc nulls last, universe
    limit 1
)

select
    concat(lead_lag.scorer, ' on ', lead_lag.universe) as scorer,
    lead_lag.lag,
    lead_lag.correlation,
    lead_lag.correlation_low as low,
    lead_lag.correlation_high as high,
    coalesce(lead_lag.q <= 0.05, false) as is_evidence
from mart.lead_lag
join widest using (universe)
order by lead_lag.scorer, lead_lag.lag
