-- Every sentence belongs to a text of its day, once.
-- on: core.sentences
-- severity: error
with repeated as (
    -- Equal keys have equal hashes: only where a hash stands twice are keys compared.
    select hash(text_id, position) as key
    from core.sentences
    group by key
    having count(*) > 1
)

select text_id, position, 1 as row_count
from core.sentences
anti join core.texts using (text_id, day)
union
select text_id, position, count(*) as row_count
from core.sentences
where hash(text_id, position) in (select key from repeated)
group by text_id, position
having count(*) > 1
