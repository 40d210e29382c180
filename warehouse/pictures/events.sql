-- Events by time: sessions of unusual sentiment, and those that were listed; and whether they are in the figures.
-- month: First day of the month, or of the quarter or year where there are over 48 months or quarters.
-- direction: positive, negative or listed.
-- event_count: Events that are used; overlapping ones and those without a model are not.
-- is_used: Whether they are.
with span as (
    select
        date_diff('month', min(trading_day), max(trading_day)) as month_count,
        case when month_count <= 48 then 'month' when month_count <= 144 then 'quarter' else 'year' end as step
    from mart.events
)

select
    date_trunc(span.step, events.trading_day)::date as month,
    if(events.origin = 'listed', 'listed', events.direction) as direction,
    coalesce(events.is_used and events.model is not null, false) as is_used,
    count(*)::integer as event_count
from mart.events
cross join span
group by all
order by all
