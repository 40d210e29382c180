-- Every opinion stands on a mention, once per text, ticker and scorer, with a sentiment in [-1, 1].
-- on: core.opinions
-- severity: error
select opinions.text_id, opinions.ticker, opinions.scorer, count(*) as row_count
from core.opinions
left join (select distinct text_id, ticker from core.mentions) as named using (text_id, ticker)
group by opinions.text_id, opinions.ticker, opinions.scorer
having count(*) > 1 or count(named.text_id) = 0 or bool_or(opinions.sentiment not between -1 and 1)
