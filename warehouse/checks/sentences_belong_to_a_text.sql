-- Every sentence belongs to a text of its day, once.
-- on: core.sentences
-- severity: error
select sentences.text_id, sentences.position, count(*) as row_count
from core.sentences
left join core.texts using (text_id, day)
group by sentences.text_id, sentences.position
having count(*) > 1 or count(texts.text_id) = 0
