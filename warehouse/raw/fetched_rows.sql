-- How many rows each look at a live source brought, now that its answers are read.
update raw.fetches
set row_count = coalesce(read.row_count, if(fetches.path is null and fetches.status = 'ok', 0, null))
from (
    select fetches.source, fetches.subject, fetches.window_start, fetches.window_end, files.row_count
    from raw.fetches
    left join raw.files on files.path = fetches.path
) as read
where fetches.source = read.source
    and fetches.subject = read.subject
    and fetches.window_start = read.window_start
    and fetches.window_end = read.window_end
