-- Where is data missing?
--
-- For whoever is about to trust a mean: what was never fetched, who has not spoken, which price is not there?
--
-- Mind: four gaps that are not the same. uncovered: we hold no text of that session on any ticker, so it may never
-- have been asked for; silent: we do, and none on this ticker; no_bar: a session between the ticker's first and last
-- bar without a price. unread: a session with texts of which none counts. The mood is NULL in the first two and the
-- last, the return in the third: never 0, never filled in.
with asked as (
    select 'finance' as scorer
),

spoken as (
    select
        days.ticker,
        min(days.trading_day) as first_session,
        max(days.trading_day) as last_session,
        count(*) as sessions,
        count(*) filter (not days.is_covered) as uncovered,
        count(*) filter (days.is_covered and days.text_count = 0) as silent,
        count(*) filter (days.text_count > 0 and days.mean_sentiment is null) as unread
    from mart.ticker_days as days
    join asked using (scorer)
    group by days.ticker
),

priced as (
    select
        ticker,
        count(close) as bars,
        count(*) filter (close is null and trading_day between first_bar and last_bar) as no_bar,
        max(trading_day) filter (close is null and trading_day between first_bar and last_bar) as last_without_a_bar
    from (
        select
            *,
            min(trading_day) filter (close is not null) over (partition by ticker) as first_bar,
            max(trading_day) filter (close is not null) over (partition by ticker) as last_bar
        from core.returns
    )
    group by ticker
)

select
    spoken.ticker,
    spoken.first_session,
    spoken.last_session,
    spoken.sessions,
    spoken.uncovered,
    spoken.silent,
    spoken.unread,
    coalesce(priced.bars, 0) as bars,
    priced.no_bar,
    priced.last_without_a_bar
from spoken
left join priced using (ticker)
order by spoken.uncovered + spoken.silent + spoken.unread + coalesce(priced.no_bar, 0) desc, spoken.ticker
limit 10

-- On the bundled sample:
--
-- ticker  first_session  last_session  sessions  uncovered  silent  unread  bars  no_bar  last_without_a_bar
-- ------  -------------  ------------  --------  ---------  ------  ------  ----  ------  ------------------
-- SOXX    2024-07-01     2025-07-31         272          0      35       3   272       0  NULL
-- GME     2024-07-01     2025-07-31         272          0       1       0   271       1  2025-03-21
-- INTC    2024-07-01     2025-07-31         272          0       2       0   272       0  NULL
-- SPY     2024-07-01     2025-07-31         272          0       1       0   272       0  NULL
-- AAPL    2024-07-01     2025-07-31         272          0       0       0   272       0  NULL
-- AMD     2024-07-01     2025-07-31         272          0       0       0   272       0  NULL
-- BTC     2024-07-01     2025-07-31         396          0       0       0   396       0  NULL
-- MU      2024-07-01     2025-07-31         272          0       0       0   272       0  NULL
-- NVDA    2024-07-01     2025-07-31         272          0       0       0   272       0  NULL
