-- A claim whose last session has a bar is decided, or the reason says why it cannot be.
-- on: mart.claim_checks
-- severity: error
select checked.text_id, checked.position, checked.claim_number, checked.ticker, checked.reason, sessions.trading_day as last_session
from mart.claim_checks as checked
join mart.claim_windows as windows using (text_id, position, claim_number)
join core.sessions on sessions.calendar = windows.calendar and sessions.session_number = windows.last_session
join core.returns on returns.ticker = checked.ticker and returns.trading_day = sessions.trading_day
where checked.status = 'not_yet_due'
    and isfinite(returns.close) and returns.close > 0
    and isfinite(returns.adjustment_factor) and returns.adjustment_factor > 0
