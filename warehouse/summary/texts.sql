-- Texts by service, those with most first.
select source, count(*) as text_count
from core.texts
group by source
order by text_count desc, source
limit 50
