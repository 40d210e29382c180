-- One row per thread, ticker and scorer.
-- on: mart.threads
-- severity: error
select thread_id, ticker, scorer, count(*) as row_count
from mart.threads
group by thread_id, ticker, scorer
having count(*) > 1
