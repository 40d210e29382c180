-- Every day with a price of a ticker is in its series; else only another vendor has it: keep one vendor's files for that ticker.
-- on: core.returns
-- severity: warn
select
    prices.ticker,
    prices.vendor as vendor_left_out,
    min(series.vendor) as vendor_used,
    count(distinct prices.trading_day) as day_count,
    min(prices.trading_day) as first_day,
    max(prices.trading_day) as last_day
from raw.prices
join (select distinct ticker, vendor from core.returns where vendor is not null) as series using (ticker)
anti join (select ticker, trading_day from core.returns where close is not null) as used using (ticker, trading_day)
where prices.bar = '1d' and prices.close > 0 and prices.vendor <> series.vendor
group by prices.ticker, prices.vendor
order by prices.ticker, prices.vendor
