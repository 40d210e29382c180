-- One row per text, ticker and scorer, and one for every opinion of the current scorers.
-- on: mart.text_moves
-- severity: error
select opinions.text_id, opinions.ticker, opinions.scorer, count(moves.text_id) as row_count
from core.opinions
join core.scorers using (scorer, scorer_version)
left join mart.text_moves as moves using (text_id, ticker, scorer)
where scorers.is_current
group by opinions.text_id, opinions.ticker, opinions.scorer
having count(moves.text_id) <> 1
