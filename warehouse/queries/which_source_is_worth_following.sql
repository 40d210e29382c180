-- Which source is worth following?
--
-- For whoever can read one of them, or pays for it.
--
-- Mind: the information coefficient is the mean correlation across tickers, session by session, of one source's mood
-- with the return from the next open to its close. A source that speaks of fewer than five tickers in a session has
-- none: "not tested" is no verdict on it. n is sessions; q is over all tests of the table. A source may be early and
-- small, or late and right: the last columns say how much it speaks and how many of its texts count.
with asked as (
    select 'finance' as scorer, 'XNYS' as calendar
),

said as (
    select source, count(*) as texts, count(*) filter (is_counted) / count(*) as counted_share
    from core.texts
    group by source
)

select
    quality.source,
    quality.session_count as n,
    round(quality.ic, 3) as ic,
    round(quality.ic_low, 3) as at_least,
    round(quality.ic_high, 3) as at_most,
    round(quality.q, 4) as q,
    coalesce(nullif(regexp_extract(quality.verdict, '^[^(:]+'), ''), quality.reason) as verdict,
    said.texts,
    round(said.counted_share, 2) as counted_share
from mart.signal_quality as quality
join asked on asked.scorer = quality.scorer and asked.calendar = quality.universe
left join said using (source)
where quality.method = 'cross-section' and quality.signal = 'mean_sentiment' and quality.horizon = 1
order by quality.q nulls last, quality.source
limit 10

-- On the bundled sample:
--
-- source        n     ic  at_least  at_most       q  verdict       texts  counted_share
-- ----------  ---  -----  --------  -------  ------  ------------  -----  -------------
-- all         271  0.121     0.077    0.168     0.0  evidence       NULL           NULL
-- chirper     268  0.108     0.056    0.153  0.0003  evidence       9567           0.96
-- boardroom    66   0.15     0.034    0.268   0.034  evidence       7906           0.77
-- tickertalk  241   0.08     0.014    0.151  0.0533  no evidence    6108           0.98
-- bulletin      0   NULL      NULL     NULL    NULL  not tested       60            1.0
-- dailywire     3   NULL      NULL     NULL    NULL  not tested      168            1.0
-- square        0   NULL      NULL     NULL    NULL  not tested      150           0.86
