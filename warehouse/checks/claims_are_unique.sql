-- Every claim stands once in core.claims.
-- on: core.claims
-- severity: error
select text_id, position, claim_number, count(*) as row_count
from core.claims
group by text_id, position, claim_number
having count(*) > 1
