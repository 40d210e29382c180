-- One row per scorer, calendar, universe and lag; each has either a p or the reason why not.
-- on: mart.lead_lag
-- severity: error
select scorer, calendar, universe, lag, count(*) as row_count, any_value(p) as p, any_value(reason) as reason
from mart.lead_lag
group by scorer, calendar, universe, lag
having count(*) > 1 or (p is null) = (reason is null)
order by all
