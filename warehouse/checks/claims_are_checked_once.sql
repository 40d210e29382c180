-- Every claim stands once in mart.claim_checks.
-- on: mart.claim_checks
-- severity: error
select claims.text_id, claims.position, claims.claim_number, count(checked.text_id) as row_count
from core.claims
left join mart.claim_checks as checked using (text_id, position, claim_number)
group by claims.text_id, claims.position, claims.claim_number
having count(checked.text_id) <> 1
