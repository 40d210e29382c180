-- Which way of summing up the talk orders the next returns best?
--
-- For whoever would build on one column of mart.ticker_days and wonders which.
--
-- Mind: whoever picks the best of eight picks the luckiest, too; look whether the intervals part at all, and at
-- out_of_sample, the last sessions, on which no choice was made until you made one. decayed_sentiment is a sum and
-- grows with the noise.
with asked as (
    select 'finance' as scorer, 'XNYS' as calendar
)

select
    quality.signal,
    quality.session_count as n,
    round(quality.ic, 3) as ic,
    round(quality.ic_low, 3) as at_least,
    round(quality.ic_high, 3) as at_most,
    round(quality.hit_rate, 2) as hit_rate,
    round(quality.in_sample_ic, 3) as in_sample,
    round(quality.out_of_sample_ic, 3) as out_of_sample,
    round(quality.q, 4) as q
from mart.signal_quality as quality
join asked on asked.scorer = quality.scorer and asked.calendar = quality.universe
where quality.method = 'cross-section' and quality.source = 'all' and quality.horizon = 1
order by quality.ic desc nulls last, quality.signal

-- On the bundled sample:
--
-- signal                           n      ic  at_least  at_most  hit_rate  in_sample  out_of_sample       q
-- -----------------------------  ---  ------  --------  -------  --------  ---------  -------------  ------
-- bullishness                    271   0.154     0.109    0.198      0.68       0.15          0.161     0.0
-- decayed_sentiment              271   0.146     0.097    0.191      0.63      0.148          0.139     0.0
-- novelty_weighted_sentiment     271   0.122     0.078    0.167       0.6      0.129          0.101     0.0
-- mean_sentiment                 271   0.121     0.077    0.168      0.61      0.127          0.103     0.0
-- author_weighted_sentiment      271   0.118     0.075    0.165       0.6      0.126           0.09     0.0
-- engagement_weighted_sentiment  271   0.092      0.05    0.134      0.57      0.089           0.12  0.0007
-- sentiment_change               270   0.029    -0.019    0.071      0.53      0.028          0.082   0.381
-- volume_z                       261  -0.038    -0.079    0.005      0.44     -0.037         -0.012  0.2314
