-- One row per ticker, trading day, source and scorer, and every opinion is counted in one of them.
-- on: mart.source_days
-- severity: error
select ticker, trading_day, source, scorer, count(*) as row_count, sum(text_count) as text_count
from mart.source_days
group by ticker, trading_day, source, scorer
having count(*) > 1
union all
select null, null, null, null, null, (select sum(text_count) from mart.source_days)
where (select coalesce(sum(text_count), 0) from mart.source_days) <> (select count(*) from mart.text_moves)
