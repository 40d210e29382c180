-- Rows of mart.source_days of the scorer $scorer, the source $source and the calendar $calendar for tickers that have prices, with the returns of the link table.
select
    said.ticker,
    days.trading_day,
    days.session_number,
    said.mean_sentiment,
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
from mart.source_days as said
join mart.ticker_days as days using (ticker, trading_day, scorer)
where said.scorer = $scorer and said.source = $source and said.ticker in (select ticker from core.returns)
    and said.ticker in (select ticker from core.instruments where calendar = $calendar)
