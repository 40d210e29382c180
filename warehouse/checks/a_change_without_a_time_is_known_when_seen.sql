-- A version that says no time of its own and was seen after another of its text is not known before it was seen.
-- on: raw.posts
-- severity: error
with versions as (
    select text_id, version_id, known_at, fetched_at, edited_at, time_precision
    from raw.posts
    union all
    select text_id, version_id, known_at, fetched_at, edited_at, time_precision
    from raw.comments
),

-- Equal ids have equal hashes: none of several versions is left out.
several as (
    select hash(text_id) as key
    from versions
    group by key
    having count(*) > 1
)

select
    text_id, version_id, known_at, fetched_at,
    min(fetched_at) over (partition by text_id) as first_fetched_at
from versions
where hash(text_id) in (select key from several)
qualify fetched_at > first_fetched_at
    and known_at < fetched_at
    and edited_at is null
    and time_precision = 'exact'
order by text_id, version_id
