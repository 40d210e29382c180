-- Every claim has one window at most.
-- on: mart.claim_windows
-- severity: error
select text_id, position, claim_number, count(*) as row_count
from mart.claim_windows
group by text_id, position, claim_number
having count(*) > 1
