-- One row per ticker, scorer and horizon: basis points of return per standard deviation of mean_sentiment, both scorers side by side.
select universe as ticker, scorer, horizon, slope_bps as bps, slope_low_bps as low, slope_high_bps as high, q,
    session_count as n, verdict, reason
from mart.signal_quality
where universe in (select unnest($tickers))
    and method = 'regression' and source = 'all' and signal = 'mean_sentiment'
order by universe, scorer, horizon
