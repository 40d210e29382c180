-- A ticker stands once for each day from which it is valid.
-- on: core.instruments
-- severity: error
select ticker, valid_from, count(*) as row_count
from core.instruments
group by ticker, valid_from
having count(*) > 1
