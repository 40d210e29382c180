-- How was the mood before earnings, and what did the price do?
--
-- For whoever holds a stock into its report: is a cheerful crowd on the eve of it worth anything?
--
-- Mind: the dates are those that texts state ("reports earnings on June 24") and that were known before that day;
-- nobody has checked them. The mood is that of the five sessions before the day. A report may come before the open or
-- after the close, so the move runs from the close before the day to the close of the session after it: it begins
-- after the mood. No date stated is 0 reports and NULL, not a calm season; list dates of your own as events
-- (warehouse/inbox/README.md) and mart.event_study tests them.
with asked as (
    select 'finance' as scorer
),

reports as (
    select distinct claims.ticker, claims.due_on, listed.calendar
    from core.claims
    join (select distinct ticker, calendar from core.instruments) as listed using (ticker)
    where claims.kind = 'event' and claims.measure = 'earnings report' and claims.known_at::date < claims.due_on
),

dated as (
    select reports.*, sessions.trading_day, sessions.session_number
    from reports
    asof join core.sessions on sessions.calendar = reports.calendar and sessions.trading_day >= reports.due_on
),

before as (
    select
        dated.ticker,
        dated.trading_day,
        avg(days.mean_sentiment) as mood,
        sum(days.scored_count)::bigint as scored
    from dated
    join mart.ticker_days as days on days.ticker = dated.ticker
    join asked on asked.scorer = days.scorer
    where days.session_number between dated.session_number - 5 and dated.session_number - 1
    group by dated.ticker, dated.trading_day
),

around as (
    select
        dated.ticker,
        dated.trading_day,
        (1 + returns.return_1d) * (1 + following.return_1d) - 1 as move
    from dated
    join core.returns on returns.ticker = dated.ticker and returns.trading_day = dated.trading_day
    join core.sessions as next
        on next.calendar = dated.calendar and next.session_number = dated.session_number + 1
    join core.returns as following on following.ticker = dated.ticker and following.trading_day = next.trading_day
)

select
    spoken.ticker,
    count(dated.trading_day) as reports,
    sum(before.scored)::bigint as texts_scored,
    round(avg(before.mood), 2) as mood_before,
    count(around.move) filter (before.mood > 0) as n_cheerful,
    round(1e4 * avg(around.move) filter (before.mood > 0))::integer as bps_after_cheerful,
    count(around.move) filter (before.mood < 0) as n_gloomy,
    round(1e4 * avg(around.move) filter (before.mood < 0))::integer as bps_after_gloomy
from (select distinct ticker from mart.ticker_days) as spoken
left join dated using (ticker)
left join before using (ticker, trading_day)
left join around using (ticker, trading_day)
group by spoken.ticker
order by reports desc, spoken.ticker
limit 10

-- On the bundled sample:
--
-- ticker  reports  texts_scored  mood_before  n_cheerful  bps_after_cheerful  n_gloomy  bps_after_gloomy
-- ------  -------  ------------  -----------  ----------  ------------------  --------  ----------------
-- AAPL          0          NULL         NULL           0                NULL         0              NULL
-- AMD           0          NULL         NULL           0                NULL         0              NULL
-- BTC           0          NULL         NULL           0                NULL         0              NULL
-- GME           0          NULL         NULL           0                NULL         0              NULL
-- INTC          0          NULL         NULL           0                NULL         0              NULL
-- MU            0          NULL         NULL           0                NULL         0              NULL
-- NVDA          0          NULL         NULL           0                NULL         0              NULL
-- SOXX          0          NULL         NULL           0                NULL         0              NULL
-- SPY           0          NULL         NULL           0                NULL         0              NULL
