-- Does yesterday's mood tell of returns what yesterday's returns do not?
--
-- For whoever suspects that the mood is only the last move in other words.
--
-- Mind: Granger's question, by ticker: what does the past of the mood add, once the past of the returns is known, and
-- the other way round? Returns are close to close, so part of what it finds has happened before the open. It is no
-- proof of a cause: a third thing may drive both. q is over all tests of the direction.
with asked as (
    select 'finance' as scorer
)

select
    granger.universe as ticker,
    any_value(granger.session_count) as n,
    any_value(granger.lag_count) as lags,
    round(any_value(granger.effect) filter (granger.direction = 'sentiment to returns'))::integer as bps_per_sd_of_mood,
    round(any_value(granger.q) filter (granger.direction = 'sentiment to returns'), 3) as q_mood_to_returns,
    round(any_value(granger.effect) filter (granger.direction = 'returns to sentiment'), 2) as sd_of_mood_per_percent,
    round(any_value(granger.q) filter (granger.direction = 'returns to sentiment'), 3) as q_returns_to_mood
from mart.granger
join asked using (scorer)
group by granger.universe
order by q_mood_to_returns nulls last, granger.universe
limit 12

-- On the bundled sample:
--
-- ticker    n  lags  bps_per_sd_of_mood  q_mood_to_returns  sd_of_mood_per_percent  q_returns_to_mood
-- ------  ---  ----  ------------------  -----------------  ----------------------  -----------------
-- NVDA    266     5                  52              0.002                    0.01              0.041
-- BTC     390     5                  82              0.006                    0.14              0.005
-- GME     256     5                  75              0.028                    0.16              0.064
-- MU      266     5                  37              0.047                    0.05               0.14
-- AMD     266     5                  34              0.667                   -0.13              0.057
-- SPY     260     5                  14              0.667                    0.33                0.0
-- AAPL    266     5                  -3              0.884                    0.14              0.057
-- SOXX    110     5                  -9              0.884                    -0.1              0.399
-- INTC    254     5                   3              0.935                   -0.05              0.182
