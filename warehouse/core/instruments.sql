-- The reference list, and every ticker that has prices but is not on it.
with unlisted as (
    select
        prices.ticker,
        regexp_extract(prices.ticker, '[.]([A-Z]+)$', 1) as suffix,
        -- A coin trades on Saturdays and Sundays too: two days of seven. An exchange that is open on Sundays: one of five.
        count(*) filter (prices.bar = '1d' and dayofweek(prices.trading_day) in (0, 6))
            > count(*) filter (prices.bar = '1d') * 0.22 as is_always_open
    from raw.prices
    anti join reference_instruments using (ticker)
    group by prices.ticker
)

select
    ticker, instrument_id, name, other_names, kind, calendar, benchmark, is_word, name_is_word,
    other_meanings, valid_from, valid_to
from reference_instruments
union all by name
select
    unlisted.ticker,
    lower(unlisted.ticker) as instrument_id,
    coalesce(exchanges.calendar, if(unlisted.is_always_open, '24/7', 'XNYS')) as calendar,
    -- The yardstick of New York is none for another market.
    case when exchanges.calendar is null and not unlisted.is_always_open then 'SPY' end as benchmark,
    true as is_word -- unknown to us: its bare capitals alone are not believed
from unlisted
left join reference_exchanges as exchanges using (suffix)
order by ticker, valid_from
