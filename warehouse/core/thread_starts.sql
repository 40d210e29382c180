-- First posts, as first seen, of the threads that the comments of the days $first to $last belong to, whenever posted.
with threads as (
    select distinct thread_id as text_id
    from core.texts
    where day between $first and $last and kind = 'comment'
)
select distinct on (text_id) text_id, source, kind, title, body, body_format, language, symbols, known_at, day
from raw.posts
join threads using (text_id)
order by text_id, is_deleted, posts.known_at, posts.fetched_at, posts.version_id
