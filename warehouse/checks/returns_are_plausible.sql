-- No close is less than a quarter or more than four times the one before: else a split or a unit is wrong in the file, or the news was very big.
-- on: core.returns
-- severity: warn
select ticker, trading_day, vendor, return_1d
from core.returns
where return_1d not between -0.75 and 3
order by ticker, trading_day
