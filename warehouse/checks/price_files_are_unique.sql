-- Every file joins the series of a ticker once per vendor.
-- on: core.bars
-- severity: error
select instrument_id, ticker, path, vendor, count(*) as row_count
from core.price_files
group by instrument_id, ticker, path, vendor
having count(*) > 1
