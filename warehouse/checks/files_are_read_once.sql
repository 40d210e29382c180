-- Every file stands once in raw.files, as last read.
-- on: raw.files
-- severity: error
select path, count(*) as row_count
from raw.files
group by path
having count(*) > 1
