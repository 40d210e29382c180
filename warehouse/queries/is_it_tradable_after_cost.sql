-- Is anything left after the cost of trading it?
--
-- For whoever would buy the best-loved tickers of each session and sell the least loved.
--
-- Mind: spread is the mean return of the top fifth minus the bottom fifth (thirds below ten tickers), from the next
-- open; net takes off what the turnover costs at CROWDTAPE_COST_BPS a side, 10 bps unless set otherwise. Not in it:
-- what a short costs, the market's depth, taxes, your delay. Horizons above 1 are held side by side, a part of the
-- book each session; net_per_session divides by the horizon, and of five horizons one is the best by luck. q is that
-- of the coefficient, not of the money.
with asked as (
    select 'finance' as scorer, 'XNYS' as calendar, 'mean_sentiment' as signal
)

select
    quality.horizon as sessions_held,
    quality.session_count as n,
    round(quality.name_count, 1) as tickers,
    round(quality.spread_bps)::integer as spread_bps,
    round(quality.net_spread_bps)::integer as net_bps,
    round(quality.net_spread_bps / quality.horizon, 1) as net_per_session,
    round(quality.turnover, 2) as turnover,
    round(quality.ic, 3) as ic,
    round(quality.q, 4) as q,
    coalesce(nullif(regexp_extract(quality.verdict, '^[^(:]+'), ''), quality.reason) as verdict
from mart.signal_quality as quality
join asked
    on asked.scorer = quality.scorer and asked.calendar = quality.universe and asked.signal = quality.signal
where quality.method = 'cross-section' and quality.source = 'all'
order by quality.horizon

-- On the bundled sample:
--
-- sessions_held    n  tickers  spread_bps  net_bps  net_per_session  turnover     ic       q  verdict
-- -------------  ---  -------  ----------  -------  ---------------  --------  -----  ------  ------------
--             1  271      6.8          43       19             18.5       0.6  0.121     0.0  evidence
--             2  270      6.8          83       56             28.1      0.34  0.128     0.0  evidence
--             5  267      6.8          88       60             11.9      0.14  0.088  0.0429  evidence
--            10  262      6.8         101       71              7.1      0.07   0.05  0.2335  no evidence
--            20  252      6.8         113       85              4.3      0.04  0.028  0.9092  no evidence
