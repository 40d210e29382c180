-- One row per scorer, source, universe, method, signal and horizon; each has either a p or the reason why not.
-- on: mart.signal_quality
-- severity: error
select scorer, source, universe, method, signal, horizon, count(*) as row_count, any_value(p) as p, any_value(reason) as reason
from mart.signal_quality
group by scorer, source, universe, method, signal, horizon
having count(*) > 1 or (p is null) = (reason is null)
order by all
