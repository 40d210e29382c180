-- Every scorer and version stands once in core.scorers, and one version of each at most is current.
-- on: core.scores
-- severity: error
select scorer, count(*) as row_count, count(distinct scorer_version) as version_count
from core.scorers
group by scorer
having count(*) > count(distinct scorer_version) or count(*) filter (is_current) > 1
