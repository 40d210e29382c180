-- Mean cumulated abnormal return around positive and negative events, by window, with its 95 % interval.
-- scorer: Whose reading, or "listed".
-- event_group: positive or negative; of listed events all.
-- window_name: First and last session of the window, relative to the event.
-- event_count: N.
-- mean_pct, low_pct, high_pct: Mean and ends of its interval, percent; NULL where it could not be tested.
-- is_evidence: q <= 0.05.
with modelled as (
    -- the market model where it has events
    select origin, scorer, coalesce(min(model) filter (model = 'market' and event_count > 0), 'mean') as model
    from mart.event_study
    group by all
)

select
    coalesce(study.scorer, 'listed') as scorer,
    study.event_group,
    concat(study.window_start, ' to ', study.window_end) as window_name,
    study.event_count::integer as event_count,
    100 * study.mean_car as mean_pct,
    100 * study.car_low as low_pct,
    100 * study.car_high as high_pct,
    coalesce(study.q <= 0.05, false) as is_evidence
from mart.event_study as study
join modelled
    on modelled.origin = study.origin
        and modelled.model = study.model
        and modelled.scorer is not distinct from study.scorer
where study.event_group in ('positive', 'negative') or (study.origin = 'listed' and study.event_group = 'all')
order by scorer, study.window_end, study.window_start, study.event_group
