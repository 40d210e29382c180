-- Sessions of mart.ticker_days with sentiment far from its usual level (|z| above $z), for tickers that have prices: where events may be.
select
    ticker,
    trading_day,
    session_number,
    scorer,
    sentiment_z,
    text_count,
    scored_count,
    copy_count,
    post_sentiment,
    comment_sentiment
from mart.ticker_days
where abs(sentiment_z) > $z and ticker in (select ticker from core.returns)
order by ticker, trading_day, scorer
