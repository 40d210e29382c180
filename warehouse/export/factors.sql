-- Signals of the scorer $scorer on the priced tickers of the calendar $calendar, dated by the session at whose open they can first be acted on.
select
    days.entry_session as date,
    days.ticker as asset,
    days.mean_sentiment,
    days.bullishness,
    days.novelty_weighted_sentiment,
    days.author_weighted_sentiment,
    days.decayed_sentiment,
    days.engagement_weighted_sentiment,
    days.sentiment_change,
    days.volume_z
from mart.ticker_days as days
where days.scorer = $scorer
    and days.entry_session is not null
    and days.ticker in (select ticker from core.returns where calendar = $calendar)
-- Where a cut-off lies hours before the close, two sessions around a short one may meet the same open: the later row holds.
qualify row_number() over (partition by days.ticker, days.entry_session order by days.session_number desc) = 1
order by date, asset
