-- Every price file joins the series of its instrument; else keep only files that agree, or add one with days in common with both.
-- on: core.bars
-- severity: warn
select ticker, path, vendor, status, reason, bar_count, first_day, last_day
from core.price_files
where status = 'refused' or (status = 'used' and used_bar_count > 0 and reason is not null)
order by ticker, path, vendor
