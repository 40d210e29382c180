-- Texts of the days $first to $last as first seen, with their place in the thread; and (is_wanted = false) the texts
-- known in the 24 h before any of them, which are needed to number copies and are not written again.
with recursive versions as (
    select text_id, version_id, is_deleted, known_at, fetched_at, day
    from raw.posts
    union all
    select text_id, version_id, is_deleted, known_at, fetched_at, day
    from raw.comments
),

-- As first seen: the earliest version that still has its words. Only of texts that have a version in these days.
wanted as materialized (
    select distinct on (text_id) text_id, version_id, known_at, day
    from versions
    where text_id in (select text_id from versions where day between $first and $last)
    order by text_id, is_deleted, known_at, fetched_at, version_id
),

span as materialized (
    select min(known_at) - interval 24 hours as first_known, max(known_at) as last_known
    from wanted
    where day between $first and $last
),

-- The same of texts that have a version in those 24 hours.
beside as (
    select distinct on (text_id) text_id, version_id, known_at, day
    from versions
    where text_id in (
        select text_id
        from versions
        where known_at between (select first_known from span) and (select last_known from span)
    )
    order by text_id, is_deleted, known_at, fetched_at, version_id
),

chosen as materialized (
    select text_id, version_id, true as is_wanted
    from wanted
    where day between $first and $last
    union all
    select text_id, version_id, false as is_wanted
    from beside
    where day not between $first and $last
        and known_at between (select first_known from span) and (select last_known from span)
),

texts as materialized (
    select chosen.is_wanted, posts.*, posts.text_id as declared_thread_id, null as parent_id
    from chosen
    join raw.posts using (text_id, version_id)
    union all by name
    select chosen.is_wanted, comments.* exclude (thread_id), comments.thread_id as declared_thread_id
    from chosen
    join raw.comments using (text_id, version_id)
),

parents as materialized (
    select text_id, min(parent_id) as parent_id
    from raw.comments
    group by text_id
),

-- Up the thread, one answer at a time. 500 is deeper than people read; it also ends a circle of parents.
up as (
    select text_id, parent_id as ancestor_id, 1 as depth
    from texts
    where is_wanted and kind = 'comment'
    union all
    select up.text_id, parents.parent_id as ancestor_id, up.depth + 1 as depth
    from up
    join parents on parents.text_id = up.ancestor_id
    where up.depth < 500
),

top as materialized (
    select text_id, arg_max(ancestor_id, depth) as ancestor_id, max(depth) as depth
    from up
    group by text_id
),

-- What of the answered we have.
posts as (
    select distinct text_id
    from raw.posts
    where text_id in (select ancestor_id from top union all select parent_id from texts)
),

answered_comments as (
    select distinct text_id
    from raw.comments
    where text_id in (select parent_id from texts)
)

select
    texts.text_id,
    texts.source,
    texts.kind,
    coalesce(texts.declared_thread_id, top.ancestor_id, texts.text_id) as thread_id,
    texts.parent_id,
    case when texts.kind <> 'comment' then 0 when posts.text_id is not null then top.depth end as depth,
    texts.kind = 'comment' and answered_comments.text_id is null and answered_posts.text_id is null as is_orphan,
    texts.source || ':' || texts.author as author_id,
    texts.community,
    texts.title,
    texts.body,
    texts.body_format,
    texts.url,
    texts.language,
    texts.published_at,
    texts.known_at,
    texts.time_precision,
    texts.is_deleted,
    texts.repost_of,
    texts.symbols,
    texts.declared_stance,
    texts.version_id,
    texts.day,
    texts.is_wanted
from texts
left join top on top.text_id = texts.text_id
left join posts on posts.text_id = top.ancestor_id
left join answered_comments on answered_comments.text_id = texts.parent_id
left join posts as answered_posts on answered_posts.text_id = texts.parent_id
