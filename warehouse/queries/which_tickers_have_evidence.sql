-- On which tickers does the mood go before the next session's return?
--
-- For whoever has time for a few tickers only, and money to lose on the wrong ones.
--
-- Mind: the return runs from the next open to its close, after every text. q is the share of findings up to here that
-- would be false, over all tests of the table: at q <= 0.05 one of twenty is. "No evidence" is not evidence of
-- nothing: see the interval. n is sessions. What held over these sessions may have ended yesterday, and costs are not
-- in it.
with asked as (
    select 'finance' as scorer
)

select
    quality.universe as ticker,
    quality.session_count as n,
    round(quality.slope_bps)::integer as bps_per_sd,
    round(quality.slope_low_bps)::integer as at_least,
    round(quality.slope_high_bps)::integer as at_most,
    round(quality.q, 4) as q,
    quality.family_size as tests,
    round(quality.hit_rate, 2) as hit_rate,
    round(quality.out_of_sample_ic, 2) as out_of_sample,
    coalesce(quality.reason, regexp_extract(quality.verdict, '^[^(:]+')) as verdict
from mart.signal_quality as quality
join asked using (scorer)
where quality.method = 'regression' and quality.source = 'all' and quality.signal = 'mean_sentiment'
    and quality.horizon = 1
order by quality.q nulls last, quality.p, quality.universe
limit 12

-- On the bundled sample:
--
-- ticker    n  bps_per_sd  at_least  at_most       q  tests  hit_rate  out_of_sample  verdict
-- ------  ---  ----------  --------  -------  ------  -----  --------  -------------  ------------
-- NVDA    271          55        40       70     0.0    270      0.66           0.33  evidence
-- MU      271          46        27       66     0.0    270      0.64           0.32  evidence
-- BTC     395          58        34       83  0.0001    270       0.6            0.3  evidence
-- GME     269          58        29       87  0.0007    270      0.61           0.23  evidence
-- SPY     270           5        -2       12  0.2697    270      0.56          -0.07  no evidence
-- INTC    269           6        -9       21  0.5845    270      0.55           0.01  no evidence
-- AMD     271           6       -12       24  0.6583    270      0.57           0.06  no evidence
-- SOXX    233          -2       -14       10  0.8578    270      0.51           0.04  no evidence
-- AAPL    271          -1       -10        9  0.9025    270       0.5           0.21  no evidence
