-- One row per source: what was taken in of it, whoever it is about, and on how many days between its first and its newest it said nothing.
select
    source,
    count(*) as texts,
    nullif(count(distinct author_id), 0) as authors,
    min(day) as first_day,
    max(day) as last_day,
    max(day) - min(day) + 1 - count(distinct day) as silent_days
from core.texts
group by source
order by texts desc, source
