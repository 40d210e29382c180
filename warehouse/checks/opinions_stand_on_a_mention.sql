-- Every opinion stands on a mention, once per text, ticker and scorer, with a sentiment in [-1, 1].
-- on: core.opinions
-- severity: error
with repeated as (
    -- Equal keys have equal hashes: only where a hash stands twice are keys compared.
    select hash(text_id, ticker, scorer) as key
    from core.opinions
    group by key
    having count(*) > 1
)

select text_id, ticker, scorer, 1 as row_count
from core.opinions
anti join core.mentions using (text_id, ticker)
union
select text_id, ticker, scorer, count(*) as row_count
from core.opinions
where hash(text_id, ticker, scorer) in (select key from repeated) or sentiment not between -1 and 1
group by text_id, ticker, scorer
having count(*) > 1 or bool_or(sentiment not between -1 and 1)
