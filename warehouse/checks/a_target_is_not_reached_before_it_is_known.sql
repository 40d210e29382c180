-- A price target is held only against sessions that opened after it was known.
-- on: mart.claim_checks
-- severity: error
select checked.text_id, checked.position, checked.claim_number, checked.known_at, checked.first_bar, sessions.open_at
from mart.claim_checks as checked
join (select distinct ticker, calendar from core.returns) as listed using (ticker)
join core.sessions on sessions.calendar = listed.calendar and sessions.trading_day = checked.first_bar
where checked.kind = 'target' and sessions.open_at <= checked.known_at
