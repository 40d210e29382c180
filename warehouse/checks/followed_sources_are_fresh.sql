-- Every live source that was asked in the last 26 hours has answered in them; see its own check and docs/sources.
-- on: raw.fetches
-- severity: warn
select
    source,
    max(asked_at) as last_asked_at,
    max(answered_at) as last_answered_at,
    arg_max(error, asked_at) as error
from raw.fetches
group by source
having
    max(asked_at) > now() - interval 26 hours
    and coalesce(max(answered_at) <= now() - interval 26 hours, true)
order by source
