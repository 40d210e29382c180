-- One row per ticker, trading day and scorer, and every opinion is counted in one of them.
-- on: mart.ticker_days
-- severity: error
select ticker, trading_day, scorer, count(*) as row_count, sum(text_count) as text_count
from mart.ticker_days
group by ticker, trading_day, scorer
having count(*) > 1
union all
select null, null, null, null, (select sum(text_count) from mart.ticker_days)
where (select coalesce(sum(text_count), 0) from mart.ticker_days) <> (select count(*) from mart.text_moves)
