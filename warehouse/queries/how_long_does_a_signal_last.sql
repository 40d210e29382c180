-- How long does a signal last?
--
-- For whoever decides when to sell what the mood made them buy.
--
-- Mind: the return of h sessions holds that of the first one in it, so a long horizon looks alive on the strength of
-- its first day: per_session, the correlation with the return of the h-th session alone (close to close, measured up
-- to five), says whether anything was added. Long returns overlap; q knows that, ordinary t-tests do not. Set the
-- ticker in the first line.
with asked as (
    select 'MU' as ticker, 'finance' as scorer
)

select
    quality.universe as ticker,
    quality.horizon as sessions_ahead,
    quality.session_count as n,
    round(quality.slope_bps)::integer as bps_per_sd,
    round(quality.slope_low_bps)::integer as at_least,
    round(quality.slope_high_bps)::integer as at_most,
    round(quality.q, 4) as q,
    coalesce(nullif(regexp_extract(quality.verdict, '^[^(:]+'), ''), quality.reason) as verdict,
    round(lead_lag.correlation, 2) as per_session,
    round(lead_lag.q, 4) as q_per_session
from mart.signal_quality as quality
join asked on asked.ticker = quality.universe and asked.scorer = quality.scorer
left join mart.lead_lag
    on lead_lag.universe = quality.universe and lead_lag.scorer = quality.scorer and lead_lag.lag = quality.horizon
where quality.method = 'regression' and quality.source = 'all' and quality.signal = 'mean_sentiment'
order by quality.horizon

-- On the bundled sample:
--
-- ticker  sessions_ahead    n  bps_per_sd  at_least  at_most       q  verdict       per_session  q_per_session
-- ------  --------------  ---  ----------  --------  -------  ------  ------------  -----------  -------------
-- MU                   1  271          46        27       66     0.0  evidence             0.27         0.0019
-- MU                   2  270          78        42      114  0.0003  evidence             0.17         0.0517
-- MU                   5  267          94        28      161    0.02  evidence            -0.03         0.9269
-- MU                  10  262          63       -54      180  0.4039  no evidence          NULL           NULL
-- MU                  20  252          71      -170      312  0.6651  no evidence          NULL           NULL
