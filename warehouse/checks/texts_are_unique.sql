-- Every text_id stands once in core.texts.
-- on: core.texts
-- severity: error
select text_id, count(*) as row_count
from core.texts
group by text_id
having count(*) > 1
