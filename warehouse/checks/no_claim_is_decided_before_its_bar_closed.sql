-- No claim is decided before it was known, nor before the last session that decided it had closed.
-- on: mart.claim_checks
-- severity: error
select checked.text_id, checked.position, checked.claim_number, checked.known_at, checked.last_bar, checked.decided_at
from mart.claim_checks as checked
join (select distinct ticker, calendar from core.returns) as listed using (ticker)
join core.sessions on sessions.calendar = listed.calendar and sessions.trading_day = checked.last_bar
where checked.decided_at < checked.known_at or checked.decided_at < sessions.close_at
