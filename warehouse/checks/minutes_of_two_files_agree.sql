-- Two files of one vendor tell the same close for the same minute; else one is of another vintage: keep only the newest file of that day.
-- on: raw.prices
-- severity: warn
with closes as (
    select ticker, vendor, start_at, path, close
    from raw.prices
    where bar = '1min' and close > 0
)
select one.ticker, one.vendor, one.path, other.path as other_path, count(*) as minute_count,
    median(one.close / other.close) as ratio
from closes as one
join closes as other
    on other.ticker = one.ticker
    and other.vendor = one.vendor
    and other.start_at = one.start_at
    and other.path > one.path
where abs(one.close / other.close - 1) > 0.005
group by all
