-- One row per text, ticker and scorer, and one for every opinion of the current scorers.
-- on: mart.text_moves
-- severity: error
with repeated as (
    -- Equal keys have equal hashes: only where a hash stands twice are keys compared.
    select hash(text_id, ticker, scorer) as key
    from mart.text_moves
    group by key
    having count(*) > 1
)

select opinions.text_id, opinions.ticker, opinions.scorer, 0 as row_count
from core.opinions
join core.scorers using (scorer, scorer_version)
anti join mart.text_moves using (text_id, ticker, scorer)
where scorers.is_current
union all
select text_id, ticker, scorer, count(*) as row_count
from mart.text_moves
where hash(text_id, ticker, scorer) in (select key from repeated)
group by text_id, ticker, scorer
having count(*) > 1
