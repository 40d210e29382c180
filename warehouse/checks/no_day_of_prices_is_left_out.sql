-- Every day with a daily price is in a series; else the reason says why not: only a refused file has it, or its symbol had ended.
-- on: core.bars
-- severity: warn
select
    prices.ticker,
    prices.vendor as vendor_left_out,
    prices.path,
    coalesce(
        files.reason,
        if(
            prices.trading_day > listed.valid_to,
            concat('after the last day of the symbol, ', listed.valid_to),
            'no adjusted close, in a file that has them on other days'
        )
    ) as reason,
    count(distinct prices.trading_day) as day_count,
    min(prices.trading_day) as first_day,
    max(prices.trading_day) as last_day
from raw.prices
left join (select distinct ticker, instrument_id, valid_to from core.instruments) as listed using (ticker)
anti join core.bars on bars.instrument_id = listed.instrument_id and bars.trading_day = prices.trading_day
left join core.price_files as files
    on files.ticker = prices.ticker
    and files.path = prices.path
    and files.vendor = coalesce(prices.vendor, '')
    and files.status = 'refused'
where prices.bar = '1d' and isfinite(prices.close) and prices.close > 0
group by all
order by prices.ticker, prices.vendor, prices.path
