-- A claim confirmed or contradicted shows the figures and sessions that decided it, and every claim says why it stands as it does.
-- on: mart.claim_checks
-- severity: error
select text_id, position, claim_number, status, claimed, actual, tolerance, first_bar, last_bar, decided_at, reason
from mart.claim_checks
where status not in ('confirmed', 'contradicted', 'not_yet_due', 'cannot_be_checked')
    or coalesce(reason, '') = ''
    or (status in ('confirmed', 'contradicted')) <> (decided_at is not null)
    or (
        decided_at is not null
        and (claimed is null or actual is null or tolerance is null or first_bar is null or last_bar is null)
    )
