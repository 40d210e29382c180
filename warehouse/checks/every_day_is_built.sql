-- Every day with raw text is built as raw has it now; else the command in the row builds it.
-- on: core.opinions
-- severity: warn
with versions as (
    select text_id, version_id, is_deleted, known_at, fetched_at, day
    from raw.posts
    union all
    select text_id, version_id, is_deleted, known_at, fetched_at, day
    from raw.comments
),

-- A text whose versions all stand in core.texts is built: only of the others is asked which version came first.
unbuilt as (
    select distinct text_id
    from versions
    anti join core.texts using (text_id, version_id, day)
),

first_seen as (
    select distinct on (text_id) text_id, version_id, day
    from versions
    where text_id in (select text_id from unbuilt)
    order by text_id, is_deleted, known_at, fetched_at, version_id
),

stale as (
    select first_seen.day, first_seen.text_id
    from first_seen
    anti join core.texts using (text_id, version_id, day)
    union
    -- the parent of an orphan has arrived
    select day, text_id
    from core.texts
    where is_orphan and parent_id in (select text_id from versions)
    union
    -- a scorer has come or changed since
    select opinions.day, opinions.text_id
    from core.opinions
    left join (select scorer, scorer_version from core.scorers where is_current) as current_scorers
        using (scorer, scorer_version)
    group by opinions.day, opinions.text_id, opinions.ticker
    having count(current_scorers.scorer) < (select count(*) from core.scorers where is_current)
),

-- Days less than a month apart are built by one command.
stale_days as (
    select day, count(*) as text_count,
        coalesce(day - lag(day) over (order by day) > 31, false) as is_apart
    from stale
    group by day
),

islands as (
    select day, text_count, count(*) filter (is_apart) over (order by day) as island
    from stale_days
)

select
    min(day) as first_day,
    max(day) as last_day,
    sum(text_count) as text_count,
    concat('.venv/bin/dg launch --job build --partition-range ', min(day), '...', max(day)) as command
from islands
group by island
order by first_day
