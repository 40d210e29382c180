-- What could not be fetched or read?
--
-- For whoever keeps it running, and for whoever wonders whether a silence is one.
--
-- Mind: a window answered with nothing is ok with 0 rows; a failed one is not known, and is asked again by the next
-- run. failed and partial have a reason, of which one is shown; raw.fetches, raw.files and raw.rejects have them all,
-- with subject, file and line.
with states as (
    select
        'asked: ' || source as place,
        status,
        count(*) as windows_or_files,
        sum(row_count)::bigint as rows_read,
        null::bigint as lines_refused,
        max(asked_at) as newest,
        any_value(error order by asked_at desc, subject) as a_reason
    from raw.fetches
    group by source, status
    union all by name
    select
        'file: ' || source as place,
        status,
        count(*) as windows_or_files,
        sum(row_count)::bigint as rows_read,
        sum(reject_count)::bigint as lines_refused,
        null::timestamptz as newest,
        any_value(error order by path) as a_reason
    from raw.files
    group by source, status
    union all by name
    select
        'prices: ' || coalesce(vendor, 'unknown') as place,
        status,
        count(*) as windows_or_files,
        sum(bar_count)::bigint as rows_read,
        null::bigint as lines_refused,
        null::timestamptz as newest,
        any_value(reason order by path, ticker) as a_reason
    from core.price_files
    group by vendor, status
)

select
    place,
    status,
    windows_or_files,
    rows_read,
    lines_refused,
    newest,
    left(a_reason, 50) as a_reason
from states
order by status in ('ok', 'used', 'spare'), place, status
limit 12

-- On the bundled sample:
--
-- place               status  windows_or_files  rows_read  lines_refused  newest  a_reason
-- ------------------  ------  ----------------  ---------  -------------  ------  --------
-- file: inbox/prices  ok                     9       2571              0    NULL      NULL
-- file: inbox/texts   ok                   135      24978              0    NULL      NULL
-- prices: inbox       used                   9       2571           NULL    NULL      NULL
