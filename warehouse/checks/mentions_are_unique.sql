-- Every mention belongs to a text, once per ticker, rule and place.
-- on: core.mentions
-- severity: error
select mentions.text_id, mentions.position, mentions.ticker, mentions.rule, mentions.start, count(*) as row_count
from core.mentions
left join core.texts using (text_id)
group by mentions.text_id, mentions.position, mentions.ticker, mentions.rule, mentions.start
having count(*) > 1 or count(texts.text_id) = 0
