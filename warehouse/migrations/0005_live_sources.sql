-- Files read are raw.files; raw.fetches, their former table, is now that of the windows asked of live services.
alter table raw.fetches rename to files;

-- A change that says no time of its own is known when it was seen (it was known from the publication on), as
-- pipelines/sources/intake.py has it for files read since.
update raw.posts as held set known_at = held.fetched_at
from (select text_id, min(fetched_at) as first_fetched_at from raw.posts group by text_id) as seen
where held.text_id = seen.text_id and held.fetched_at > seen.first_fetched_at and held.fetched_at > held.known_at
    and held.time_precision = 'exact' and held.edited_at is null;

update raw.comments as held set known_at = held.fetched_at
from (select text_id, min(fetched_at) as first_fetched_at from raw.comments group by text_id) as seen
where held.text_id = seen.text_id and held.fetched_at > seen.first_fetched_at and held.fetched_at > held.known_at
    and held.time_precision = 'exact' and held.edited_at is null;
