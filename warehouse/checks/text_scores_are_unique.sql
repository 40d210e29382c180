-- One row per text and scorer, for every text with a scored sentence of its own.
-- on: mart.text_scores
-- severity: error
select spoken.text_id, spoken.scorer, count(whole.text_id) as row_count
from (
    select distinct scores.text_id, scores.scorer
    from core.scores
    join core.scorers using (scorer, scorer_version)
    join core.sentences using (text_id, position)
    where scorers.is_current and not sentences.is_quote
) as spoken
left join mart.text_scores as whole using (text_id, scorer)
group by spoken.text_id, spoken.scorer
having count(whole.text_id) <> 1
