-- Whose mood is out of the ordinary today?
--
-- For whoever looks for the unusual, not for the loud: a ticker far from its own last 20 sessions.
--
-- Mind: of nine tickers one stands beyond 1.7 standard deviations on most days, by chance. return_same began before
-- the texts, so a mood that goes with it may only repeat it. What the mood is worth for the next session stands in
-- verdict, over all sessions of the ticker, these among them.
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
    days.scored_count as scored,
    round(days.mean_sentiment, 2) as sentiment,
    round(days.sentiment_change, 2) as change,
    round(days.sentiment_z, 1) as sentiment_z,
    round(1e4 * days.return_1d)::integer as same_bps,
    regexp_extract(quality.verdict, '^[^(:]+') as next_session,
    quality.session_count as n
from mart.ticker_days as days
join (select distinct ticker, calendar from core.instruments) as listed using (ticker)
join newest on newest.calendar = listed.calendar and newest.trading_day = days.trading_day
join asked using (scorer)
left join mart.signal_quality as quality
    on quality.universe = days.ticker and quality.scorer = days.scorer and quality.source = 'all'
    and quality.method = 'regression' and quality.signal = 'mean_sentiment' and quality.horizon = 1
where days.sentiment_z is not null
order by abs(days.sentiment_z) desc, days.ticker
limit 10

-- On the bundled sample:
--
-- ticker  trading_day  scored  sentiment  change  sentiment_z  same_bps  next_session    n
-- ------  -----------  ------  ---------  ------  -----------  --------  ------------  ---
-- SPY     2025-07-31        3      -0.37   -0.81         -1.7        32  no evidence   270
-- AAPL    2025-07-31       13      -0.22   -0.45         -1.5        63  no evidence   271
-- MU      2025-07-31        8      -0.22   -0.94         -1.4       118  evidence      271
-- SOXX    2025-07-31        8       0.24   -0.26          1.0       218  no evidence   233
-- AMD     2025-07-31        7      -0.05   -0.08         -0.9       194  no evidence   271
-- BTC     2025-07-31        7       0.11    0.47          0.6       453  evidence      395
-- INTC    2025-07-31       13      -0.08   -0.46         -0.4       112  no evidence   269
-- GME     2025-07-31        6      -0.09    0.06         -0.2      -148  evidence      269
-- NVDA    2025-07-31       16       0.11   -0.12          0.0       292  evidence      271
