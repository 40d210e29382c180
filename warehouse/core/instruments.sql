-- The reference list, and every ticker that has prices but is not on it.
select
    ticker, instrument_id, name, other_names, kind, calendar, benchmark, is_word, name_is_word,
    other_meanings, valid_from, valid_to
from reference_instruments
union all by name
select distinct
    prices.ticker,
    lower(prices.ticker) as instrument_id,
    'XNYS' as calendar,
    'SPY' as benchmark,
    true as is_word -- unknown to us: its bare capitals alone are not believed
from raw.prices
anti join reference_instruments using (ticker)
order by ticker, valid_from
