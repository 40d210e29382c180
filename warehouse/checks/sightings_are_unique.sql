-- Every text and moment stands once in raw.engagement.
-- on: raw.engagement
-- severity: error
with repeated as (
    -- Equal keys have equal hashes: only where a hash stands twice are keys compared.
    select hash(text_id, observed_at) as key
    from raw.engagement
    group by key
    having count(*) > 1
)

select text_id, observed_at, count(*) as row_count
from raw.engagement
where hash(text_id, observed_at) in (select key from repeated)
group by text_id, observed_at
having count(*) > 1
