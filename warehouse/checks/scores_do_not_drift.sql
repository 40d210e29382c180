-- No scorer reads the newest 20 days of a source otherwise than the 60 before: the stability index of its scores is 0.25 at most; else the scorer, the source or the crowd has changed.
-- on: core.scores
-- severity: warn
with recent as (
    select
        split_part(scores.text_id, ':', 1) as source,
        scores.scorer,
        scores.day > newest.day - 20 as is_newer,
        scores.compound
    from core.scores
    join core.scorers using (scorer, scorer_version)
    cross join (select max(day) as day from core.scores) as newest
    where scorers.is_current and scores.compound is not null and scores.day > newest.day - 80
),

bucketed as (
    select
        source,
        scorer,
        case
            when compound <= -0.5 then 1
            when compound <= -0.05 then 2
            when compound < 0.05 then 3
            when compound < 0.5 then 4
            else 5
        end as bucket,
        count(*) filter (is_newer) as newer,
        count(*) filter (not is_newer) as older,
        sum(compound) filter (is_newer) as newer_sum,
        sum(compound) filter (not is_newer) as older_sum
    from recent
    group by source, scorer, bucket
),

-- Half a sentence more in each bucket: an empty one would make the index infinite.
shared as (
    select
        *,
        (newer + 0.5) / sum(newer + 0.5) over (partition by source, scorer) as newer_share,
        (older + 0.5) / sum(older + 0.5) over (partition by source, scorer) as older_share
    from bucketed
)

-- Population stability index: the sum over buckets of (a - e) ln(a / e), a and e the newer and the older share; above 0.25
-- the shift is called major (Siddiqi, Credit Risk Scorecards, 2006, chapter 9). Chance alone gives about
-- (buckets - 1)(1/n + 1/m) (Yurdakul, Statistical Properties of Population Stability Index, 2018): 0.016 of 500 sentences each.
select
    source,
    scorer,
    sum(newer)::bigint as newer_count,
    sum(older)::bigint as older_count,
    round(sum(newer_sum) / sum(newer), 3) as newer_mean,
    round(sum(older_sum) / sum(older), 3) as older_mean,
    round(sum((newer_share - older_share) * ln(newer_share / older_share)), 3) as stability_index
from shared
group by source, scorer
having newer_count >= 500 and older_count >= 500 and stability_index > 0.25
order by source, scorer
