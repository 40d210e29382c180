-- A day without a scored text has no sentiment, and one with a scored text has one.
-- on: mart.ticker_days
-- severity: error
select ticker, trading_day, scorer, scored_count, mean_sentiment
from mart.ticker_days
where (scored_count = 0) <> (mean_sentiment is null) or scored_count > text_count
