-- One row per scorer, calendar, ticker and direction; each has either a p or the reason why not.
-- on: mart.granger
-- severity: error
select scorer, calendar, universe, direction, count(*) as row_count, any_value(p) as p, any_value(reason) as reason
from mart.granger
group by scorer, calendar, universe, direction
having count(*) > 1 or (p is null) = (reason is null)
order by all
