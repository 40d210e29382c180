-- One row per ticker and session, with positive prices.
-- on: core.returns
-- severity: error
select ticker, trading_day, count(*) as row_count
from core.returns
group by ticker, trading_day
having count(*) > 1 or bool_or(open <= 0 or close <= 0)
