-- Where do mood and price part ways today?
--
-- For whoever looks for a crowd that buys the dip, or does not believe a rise.
--
-- Mind: both look back: the mean of the ticker's last five sessions' moods, and the return of the same five. mood_z
-- says how far that mood lies from all its sessions before, in standard errors: within one of them the mood is as
-- usual, and tickers with fewer than three moods in five sessions are left out. That the two part is no forecast.
with asked as (
    select 'finance' as scorer
),

numbered as (
    select days.*, row_number() over (partition by days.ticker order by days.trading_day desc) as age
    from mart.ticker_days as days
    join asked using (scorer)
    where days.is_covered
),

moods as (
    select
        ticker,
        max(trading_day) as newest,
        sum(scored_count) filter (age <= 5) as scored,
        avg(mean_sentiment) filter (age <= 5) as mood,
        avg(mean_sentiment) filter (age > 5) as usual,
        stddev_samp(mean_sentiment) filter (age > 5) / sqrt(count(mean_sentiment) filter (age <= 5)) as error
    from numbered
    group by ticker
    having count(mean_sentiment) filter (age <= 5) >= 3 and count(mean_sentiment) filter (age > 5) >= 10
)

select
    moods.ticker,
    moods.newest,
    moods.scored,
    round(moods.mood, 2) as mood,
    round(moods.usual, 2) as usual_mood,
    round((moods.mood - moods.usual) / moods.error, 1) as mood_z,
    round(1e4 * returns.return_5d)::integer as return_5d_bps,
    case
        when abs(moods.mood - moods.usual) < moods.error then 'mood as usual'
        when moods.mood > moods.usual and returns.return_5d < 0 then 'more cheerful, while it fell'
        when moods.mood < moods.usual and returns.return_5d > 0 then 'gloomier, while it rose'
        else 'the same way'
    end as mood_and_price
from moods
join core.returns as returns on returns.ticker = moods.ticker and returns.trading_day = moods.newest
where moods.error > 0 and moods.mood is not null and returns.return_5d is not null
order by abs(moods.mood - moods.usual) / moods.error desc, moods.ticker
limit 10

-- On the bundled sample:
--
-- ticker  newest      scored   mood  usual_mood  mood_z  return_5d_bps  mood_and_price
-- ------  ----------  ------  -----  ----------  ------  -------------  -----------------------
-- BTC     2025-07-31      34  -0.13        0.03    -1.1             25  gloomier, while it rose
-- MU      2025-07-31      27   0.14        0.03     0.9            712  mood as usual
-- SPY     2025-07-31      20   0.12       -0.01     0.9             31  mood as usual
-- SOXX    2025-07-31      14   0.19        0.03     0.8            393  mood as usual
-- GME     2025-07-31      40  -0.12       -0.03    -0.7           -285  mood as usual
-- AMD     2025-07-31      34   0.09        0.02     0.5            489  mood as usual
-- NVDA    2025-07-31      45   0.03         0.0     0.2            431  mood as usual
-- AAPL    2025-07-31      42   0.05        0.03     0.1            123  mood as usual
-- INTC    2025-07-31      35   0.01        0.02    -0.1            233  mood as usual
