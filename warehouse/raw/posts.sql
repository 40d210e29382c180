-- New versions of posts and articles among the staged rows; a version seen twice is one row, as first known.
with versions as (
    select
        text_id,
        md5(concat_ws(chr(31), coalesce(title, chr(30)), coalesce(body, chr(30)), edited_at, is_deleted)) as version_id,
        source, kind, author, community, title, body, body_format, url, language,
        published_at, edited_at, fetched_at,
        case
            when time_precision = 'exact'
            then greatest(published_at, edited_at) + to_seconds($latency_seconds)
            else coalesce(fetched_at, $saved_at)
        end as known_at,
        time_precision, is_deleted, repost_of, symbols, declared_stance,
        (coalesce(published_at, fetched_at, $saved_at))::date as day,
        $path as path
    from staged_texts
    where kind <> 'comment'
)
select distinct on (text_id, version_id) versions.*
from versions
order by text_id, version_id, known_at, fetched_at, author, url
