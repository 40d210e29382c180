-- What was claimed, by kind, and what the prices made of it.
-- kind: Kind of claim.
-- status: confirmed, contradicted, not yet due or cannot be checked.
-- claim_count: Claims.
select kind, replace(status, '_', ' ') as status, count(*)::integer as claim_count
from mart.claim_checks
group by all
order by all
