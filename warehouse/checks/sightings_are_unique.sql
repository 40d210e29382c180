-- Every text and moment stands once in raw.engagement.
-- on: raw.engagement
-- severity: error
select text_id, observed_at, count(*) as row_count
from raw.engagement
group by text_id, observed_at
having count(*) > 1
