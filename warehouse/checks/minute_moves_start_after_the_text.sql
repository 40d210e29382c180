-- No price of a minute that was still running is called known, and no move starts before the text was known.
-- on: core.minute_moves
-- severity: error
select text_id, ticker, known_at, price_age_seconds, entry_at
from core.minute_moves
where price_age_seconds < 0
    or entry_at < known_at
    or (entry_at is null and coalesce(return_5m, return_1h, return_to_close) is not null)
