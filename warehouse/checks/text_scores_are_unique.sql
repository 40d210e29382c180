-- One row per text and scorer, for every text with a scored sentence of its own.
-- on: mart.text_scores
-- severity: error
with repeated as (
    -- Equal keys have equal hashes: only where a hash stands twice are keys compared.
    select hash(text_id, scorer) as key
    from mart.text_scores
    group by key
    having count(*) > 1
),

missing as materialized (
    select scores.text_id, scores.scorer, scores.position
    from core.scores
    join core.scorers using (scorer, scorer_version)
    anti join mart.text_scores using (text_id, scorer)
    where scorers.is_current
)

select distinct missing.text_id, missing.scorer, 0 as row_count
from missing
join core.sentences using (text_id, position)
where not sentences.is_quote
union all
select text_id, scorer, count(*) as row_count
from mart.text_scores
where hash(text_id, scorer) in (select key from repeated)
group by text_id, scorer
having count(*) > 1
