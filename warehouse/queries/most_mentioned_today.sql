-- Which tickers are spoken of most today?
--
-- For whoever opens the morning with it: where to look first, and whether the noise is unusual for that ticker.
--
-- Mind: today is the newest session in the database that has texts, by the ticker's own calendar; while it is open,
-- its figures grow. A ticker that is always loud is no news, so read volume_z: standard deviations from its own 20
-- sessions before. sentiment stands on so many texts as are scored, and with three of them it says little.
with asked as (
    select 'finance' as scorer
),

newest as (
    select listed.calendar, max(days.trading_day) as trading_day
    from mart.ticker_days as days
    join (select distinct ticker, calendar from core.instruments) as listed using (ticker)
    where days.text_count > 0
    group by listed.calendar
)

select
    days.ticker,
    days.trading_day,
    days.text_count as texts,
    days.author_count as authors,
    days.source_count as sources,
    round(days.volume_z, 1) as volume_z,
    days.scored_count as scored,
    round(days.mean_sentiment, 2) as sentiment,
    round(days.sentiment_z, 1) as sentiment_z
from mart.ticker_days as days
join (select distinct ticker, calendar from core.instruments) as listed using (ticker)
join newest on newest.calendar = listed.calendar and newest.trading_day = days.trading_day
join asked using (scorer)
where days.text_count > 0
order by texts desc, days.ticker
limit 10

-- On the bundled sample:
--
-- ticker  trading_day  texts  authors  sources  volume_z  scored  sentiment  sentiment_z
-- ------  -----------  -----  -------  -------  --------  ------  ---------  -----------
-- NVDA    2025-07-31      19       19        3       1.0      16       0.11          0.0
-- AAPL    2025-07-31      14       14        3       0.8      13      -0.22         -1.5
-- INTC    2025-07-31      14       14        3       1.2      13      -0.08         -0.4
-- SOXX    2025-07-31      12       12        3       2.6       8       0.24          1.0
-- MU      2025-07-31      10       10        3       0.2       8      -0.22         -1.4
-- AMD     2025-07-31       8        8        3       0.0       7      -0.05         -0.9
-- BTC     2025-07-31       8        8        2       0.1       7       0.11          0.6
-- GME     2025-07-31       8        8        3      -0.7       6      -0.09         -0.2
-- SPY     2025-07-31       4        4        2      -0.5       3      -0.37         -1.7
