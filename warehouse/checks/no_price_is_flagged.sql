-- No bar is 100 times off or stands before a split that its file missed; else it has no returns: fetch the file again, or add a row with split_ratio on the day after last_day.
-- on: core.bars
-- severity: warn
select ticker, path, price_flag, count(*) as bar_count, min(trading_day) as first_day, max(trading_day) as last_day
from core.bars
where price_flag is not null
group by ticker, path, price_flag
order by ticker, path, price_flag
