-- One row per calendar, scorer and horizon: does higher sentiment order the returns of its tickers?
select universe as ticker, scorer, horizon, ic, ic_low as low, ic_high as high, out_of_sample_ic, p_out_of_sample,
    q, session_count as n, verdict
from mart.signal_quality
where method = 'cross-section' and source = 'all' and signal = 'mean_sentiment'
order by universe, scorer, horizon
