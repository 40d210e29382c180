-- Every version of a post or article stands once in raw.posts.
-- on: raw.posts
-- severity: error
select text_id, version_id, count(*) as row_count
from raw.posts
group by text_id, version_id
having count(*) > 1
