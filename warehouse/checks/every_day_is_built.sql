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

first_seen as (
    select distinct on (text_id) text_id, version_id, day
    from versions
    order by text_id, is_deleted, known_at, fetched_at, version_id
),

stale as (
    select first_seen.day, first_seen.text_id
    from first_seen
    anti join core.texts using (text_id, version_id, day)
    union
    -- the parent of an orphan has arrived
    select texts.day, texts.text_id
    from core.texts
    join first_seen on first_seen.text_id = texts.parent_id
    where texts.is_orphan
    union
    -- a scorer has come or changed since
    select spoken.day, spoken.text_id
    from (select distinct day, text_id, ticker from core.opinions) as spoken
    cross join (select scorer, scorer_version from core.scorers where is_current) as current_scorers
    anti join core.opinions using (text_id, ticker, scorer, scorer_version)
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
