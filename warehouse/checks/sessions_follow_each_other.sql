-- A session opens before it closes, and not before the one before it has closed.
-- on: core.sessions
-- severity: error
select calendar, trading_day, open_at, close_at
from core.sessions
qualify close_at <= open_at
    or open_at < lag(close_at) over (partition by calendar order by trading_day)
