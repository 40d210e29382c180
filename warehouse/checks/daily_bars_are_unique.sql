-- One bar per instrument and day, with positive prices or a flag.
-- on: core.bars
-- severity: error
select instrument_id, trading_day, count(*) as row_count
from core.bars
group by instrument_id, trading_day
having count(*) > 1 or bool_or(not coalesce(isfinite(close) and close > 0, price_flag is not null))
