-- One row per ticker and session, the newest 504, that finance and vader both read: their means side by side.
select finance.ticker, finance.trading_day as day, finance.mean_sentiment as finance, vader.mean_sentiment as vader
from mart.ticker_days as finance
join mart.ticker_days as vader using (ticker, trading_day)
where finance.scorer = 'finance' and vader.scorer = 'vader'
    and finance.mean_sentiment is not null and vader.mean_sentiment is not null
    and finance.ticker in (select unnest($tickers))
qualify row_number() over (partition by finance.ticker order by finance.trading_day desc) <= 504
order by finance.ticker, finance.trading_day
