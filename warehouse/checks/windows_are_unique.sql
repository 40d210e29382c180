-- Every window of a subject of a live source stands once in raw.fetches.
-- on: raw.fetches
-- severity: error
select source, subject, window_start, window_end, count(*) as row_count
from raw.fetches
group by source, subject, window_start, window_end
having count(*) > 1
