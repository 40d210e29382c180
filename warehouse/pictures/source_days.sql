-- Texts per trading day by service, the five with most texts by name: a bar that ends early is a service that fell silent.
-- week: First day of the time: a day, or a week where there are over 60 days, or several weeks.
-- source: Service, or "others".
-- texts_per_day: Texts per trading day.
with span as (
    select
        max(trading_day) - min(trading_day) as day_count,
        if(day_count <= 60, 1, 7 * ceil(day_count / 420)::integer) as step
    from mart.source_days
),

days as (
    select
        time_bucket(to_days(span.step), source_days.trading_day)::date as week,
        source_days.source,
        source_days.trading_day,
        sum(source_days.text_count) as text_count
    from mart.source_days
    cross join span
    where source_days.scorer = (select min(scorer) from mart.source_days)
    group by all
),

named as (
    select source
    from days
    group by source
    order by sum(text_count) desc, source
    limit 5
),

weeks as (
    select week, count(distinct trading_day) as day_count
    from days
    group by week
)

select
    days.week,
    coalesce(named.source, 'others') as source,
    sum(days.text_count) / any_value(weeks.day_count) as texts_per_day
from days
join weeks using (week)
left join named using (source)
group by all
order by all
