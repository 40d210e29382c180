-- A sentence has one clause per ticker, scorer and version.
-- on: core.clauses
-- severity: error
select text_id, position, ticker, scorer, scorer_version, count(*) as row_count
from core.clauses
group by text_id, position, ticker, scorer, scorer_version
having count(*) > 1
