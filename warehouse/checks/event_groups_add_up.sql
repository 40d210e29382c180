-- One row per scorer, origin, group, model and window; used, dropped and excluded events of "all" are all events; each has either a p or the reason why not.
-- on: mart.event_study
-- severity: error
with found as (
    select scorer, origin, count(*) as event_count
    from mart.events
    group by all
)
select study.scorer, study.origin, study.event_group, study.model, study.window_start, study.window_end, count(*) as row_count,
    any_value(study.p) as p, any_value(study.reason) as reason
from mart.event_study as study
left join found on found.scorer is not distinct from study.scorer and found.origin = study.origin
group by study.scorer, study.origin, study.event_group, study.model, study.window_start, study.window_end
having count(*) > 1
    or (p is null) = (reason is null)
    or (
        study.event_group = 'all'
        and any_value(study.event_count + study.dropped_count + study.excluded_count) <> any_value(found.event_count)
    )
order by all
