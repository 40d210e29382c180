-- Every version of a comment stands once in raw.comments.
-- on: raw.comments
-- severity: error
select text_id, version_id, count(*) as row_count
from raw.comments
group by text_id, version_id
having count(*) > 1
