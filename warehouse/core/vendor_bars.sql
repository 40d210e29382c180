-- One row per file, vendor, ticker and daily bar with a close, of the instruments $first to $last: what core.bars is made of.
with listed as (
    select
        ticker,
        min(instrument_id) as instrument_id,
        max(coalesce(valid_to, 'infinity'::date)) as valid_to,
        min(coalesce(valid_from, '-infinity'::date)) as valid_from
    from core.instruments
    group by ticker
),

daily as (
    select listed.instrument_id, prices.trading_day >= listed.valid_from as is_of_symbol, prices.*
    from raw.prices
    join listed using (ticker)
    -- After its last day a symbol may be another company's. Before its first day it is not: vendors file the whole
    -- history of an instrument under its newest symbol.
    where prices.bar = '1d'
        and prices.trading_day <= listed.valid_to
        and listed.instrument_id between $first and $last
),

-- A split that one file tells holds for the others of the instrument.
splits as (
    select instrument_id, trading_day, max(split_ratio) as split_ratio
    from daily
    where isfinite(split_ratio) and split_ratio > 0 and split_ratio <> 1
    group by instrument_id, trading_day
)

select
    daily.instrument_id,
    daily.path,
    coalesce(daily.vendor, '') as vendor,
    daily.ticker,
    daily.trading_day,
    case when isfinite(daily.open) and daily.open > 0 then daily.open end as open,
    case when isfinite(daily.high) and daily.high > 0 then daily.high end as high,
    case when isfinite(daily.low) and daily.low > 0 then daily.low end as low,
    daily.close,
    case when isfinite(daily.adjusted_close) and daily.adjusted_close > 0 then daily.adjusted_close end
        as adjusted_close,
    daily.volume,
    splits.split_ratio,
    daily.is_of_symbol
from daily
left join splits using (instrument_id, trading_day)
where isfinite(daily.close) and daily.close > 0
order by daily.instrument_id, daily.path, daily.vendor, daily.ticker, daily.trading_day
