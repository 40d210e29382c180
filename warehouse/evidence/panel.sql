-- Rows of mart.ticker_days of the scorer $scorer and the calendar $calendar for tickers that have prices, as the studies read them.
select
    days.ticker,
    days.trading_day,
    days.session_number,
    days.mean_sentiment,
    days.bullishness,
    days.novelty_weighted_sentiment,
    days.author_weighted_sentiment,
    days.decayed_sentiment,
    days.engagement_weighted_sentiment,
    days.sentiment_change,
    days.volume_z,
    days.return_1d,
    days.forward_return_1d,
    days.forward_return_2d,
    days.forward_return_5d,
    days.forward_return_10d,
    days.forward_return_20d,
    days.abnormal_return_1d,
    days.abnormal_forward_return_1d,
    days.abnormal_forward_return_2d,
    days.abnormal_forward_return_5d,
    days.abnormal_forward_return_10d,
    days.abnormal_forward_return_20d
from mart.ticker_days as days
where days.scorer = $scorer and days.ticker in (select ticker from core.returns)
    and days.ticker in (select ticker from core.instruments where calendar = $calendar)
