-- One row per kind of gap: what is not here, so that nobody takes it for nothing.
select 'sessions of which no text was read at all' as what, count(*) as gaps
from (
    select distinct calendar, trading_day
    from mart.ticker_days
    join (select distinct ticker, calendar from core.instruments) as listed using (ticker)
    where not is_covered and text_count = 0
)
union all
select 'sessions without a price, of tickers that have prices', count(*)
from mart.ticker_days
where scorer = $scorer and return_1d is null and ticker in (select ticker from core.returns)
union all
select 'windows that a live service did not give whole', count(*) from raw.fetches where status <> 'ok'
union all
select 'files that could not be read', count(*) from raw.files where status <> 'ok'
union all
select 'lines of files that were refused', count(*) from raw.rejects
