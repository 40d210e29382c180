-- Every file has one bar per ticker and time.
-- on: raw.prices
-- severity: error
select path, ticker, bar, trading_day, start_at, count(*) as row_count
from raw.prices
group by path, ticker, bar, trading_day, start_at
having count(*) > 1
