-- Two files of one vendor tell the same close for the same day; else one is of another vintage: keep only the newest file of that ticker.
-- on: raw.prices
-- severity: warn
with closes as (
    select ticker, vendor, trading_day, path, coalesce(adjusted_close, close) as close
    from raw.prices
    where bar = '1d'
)
select one.ticker, one.vendor, one.path, other.path as other_path, count(*) as day_count,
    median(one.close / other.close) as ratio
from closes as one
join closes as other
    on other.ticker = one.ticker
    and other.vendor = one.vendor
    and other.trading_day = one.trading_day
    and other.path > one.path
where abs(one.close / other.close - 1) > 0.005
group by all
