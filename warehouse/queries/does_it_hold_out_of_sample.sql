-- Does what was found hold in the sessions after?
--
-- For whoever has seen many fine backtests.
--
-- Mind: found is the correlation over the first 70 % of the sessions, held that over the rest, after twenty sessions'
-- pause, for the tickers with evidence over all sessions. These tickers were picked with the rest in view, so this is
-- a look whether it is even, no second proof; the days to come are. p is that of the rest alone, of fewer than a
-- third of the sessions.
with asked as (
    select 1 as horizon
)

select
    quality.universe as ticker,
    quality.scorer,
    quality.session_count as n,
    round(quality.in_sample_ic, 2) as found,
    round(quality.out_of_sample_ic, 2) as held,
    round(quality.p_out_of_sample, 3) as p,
    case
        when quality.out_of_sample_ic is null then 'too few sessions'
        when sign(quality.out_of_sample_ic) <> sign(quality.in_sample_ic) then 'turned round'
        when quality.p_out_of_sample <= 0.05 then 'held'
        else 'same side, not sure'
    end as verdict
from mart.signal_quality as quality
join asked using (horizon)
where quality.method = 'regression' and quality.source = 'all' and quality.signal = 'mean_sentiment'
    and quality.q <= 0.05
order by quality.p_out_of_sample nulls last, quality.universe, quality.scorer
limit 12

-- On the bundled sample:
--
-- ticker  scorer     n  found  held      p  verdict
-- ------  -------  ---  -----  ----  -----  -------------------
-- BTC     finance  395   0.24   0.3  0.004  held
-- NVDA    vader    271   0.41  0.35  0.005  held
-- BTC     vader    395   0.28  0.29  0.005  held
-- NVDA    finance  271   0.43  0.33  0.012  held
-- MU      vader    271   0.23  0.35   0.03  held
-- MU      finance  271   0.27  0.32   0.04  held
-- GME     finance  269   0.22  0.23  0.095  same side, not sure
-- GME     vader    269   0.23  0.12  0.268  same side, not sure
