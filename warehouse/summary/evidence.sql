-- Tickers whose sentiment is evidence for the next session's return, by scorer.
select universe as ticker, scorer, if(slope_bps > 0, 'higher', 'lower') as next_return
from mart.signal_quality
where method = 'regression' and source = 'all' and signal = 'mean_sentiment' and horizon = 1 and q <= 0.05
order by ticker, scorer
limit 2000
