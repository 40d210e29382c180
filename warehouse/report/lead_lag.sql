-- One row per universe (ticker or calendar), scorer and lag: mart.lead_lag as the page draws it.
select universe as ticker, scorer, lag, correlation, correlation_low as low, correlation_high as high, q,
    session_count as n, verdict, reason
from mart.lead_lag
where universe in (select unnest($tickers))
order by universe, scorer, lag
