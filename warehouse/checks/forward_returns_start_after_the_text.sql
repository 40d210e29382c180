-- The first price you could have had came after the text was known, and its session closes after it too.
-- on: mart.text_moves
-- severity: error
select moves.text_id, moves.ticker, moves.known_at, moves.entry_at, moves.react_session
from mart.text_moves as moves
join (select distinct ticker, calendar from core.instruments) as listed using (ticker)
join core.sessions on sessions.calendar = listed.calendar and sessions.trading_day = moves.react_session
where moves.entry_at <= moves.known_at or sessions.close_at <= moves.known_at
