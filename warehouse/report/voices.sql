-- One row per ticker, month and voice (posts and articles, or comments), the newest 24 months: mean of the sessions' means.
select
    ticker,
    date_trunc('month', trading_day)::date as month,
    voice,
    avg(sentiment) as sentiment,
    count(sentiment) as n
from (
    select ticker, trading_day, unnest(['posts', 'comments']) as voice, unnest([post_sentiment, comment_sentiment]) as sentiment
    from mart.ticker_days
    where scorer = $scorer and ticker in (select unnest($tickers))
)
group by ticker, month, voice
having count(sentiment) > 0
qualify dense_rank() over (partition by ticker order by month desc) <= 24
order by ticker, month, voice
