-- Compound lies in [-1, 1]; neg, neu and pos in [0, 1]; one row per sentence, scorer and version.
-- on: core.scores
-- severity: error
with repeated as (
    -- Equal keys have equal hashes: only where a hash stands twice are keys compared.
    select hash(text_id, position, scorer, scorer_version) as key
    from core.scores
    group by key
    having count(*) > 1
)

select text_id, position, scorer, scorer_version, count(*) as row_count
from core.scores
where hash(text_id, position, scorer, scorer_version) in (select key from repeated)
    or compound not between -1 and 1
    or neg not between 0 and 1
    or neu not between 0 and 1
    or pos not between 0 and 1
group by text_id, position, scorer, scorer_version
having count(*) > 1
    or bool_or(compound not between -1 and 1 or neg not between 0 and 1 or neu not between 0 and 1 or pos not between 0 and 1)
