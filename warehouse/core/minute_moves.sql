-- One row per text and ticker with one-minute bars around known_at: the price then, and the moves after it.
-- A bar is known when its minute has ended. Nothing older than $stale_minutes is the price of a moment: a halt is a gap.
with listed as (
    select ticker, instrument_id, calendar, dense_rank() over (order by instrument_id)::integer as instrument
    from (select distinct ticker, instrument_id, calendar from core.instruments)
),

-- Vendors who fill a halt write bars without volume that do not move: no price of that minute.
minutes as (
    select ticker, trading_day, vendor, path, start_at, open, close, volume
    from raw.prices
    where bar = '1min'
        and isfinite(close) and close > 0
        and coalesce(volume > 0 or high > low or open <> close, true)
),

files as (
    select listed.instrument, minutes.trading_day, minutes.ticker, minutes.vendor, minutes.path, count(*) as bar_count
    from minutes
    join listed using (ticker)
    group by all
),

-- Whose bars a day has: those of the vendor with the fullest file. This looks at the whole day, but at no price in it.
vendors as (
    select distinct on (instrument, trading_day) instrument, trading_day, ticker, vendor
    from files
    order by instrument, trading_day, bar_count desc, vendor, path, ticker
),

sources as (
    select
        files.*,
        dense_rank() over (order by files.ticker, files.vendor)::integer as series,
        row_number() over (order by files.bar_count desc, files.path, files.ticker, files.vendor)::integer as place
    from files
    join vendors using (instrument, trading_day, ticker, vendor)
),

-- One row per minute, of several files of that vendor from the fullest; a bar's volume grows while it is traded.
bars as materialized (
    select sources.instrument, sources.series, minutes.start_at, minutes.start_at + interval 1 minute as end_at,
        minutes.open, minutes.close
    from minutes
    join sources using (ticker, trading_day, vendor, path)
    qualify minutes.start_at is distinct from lag(minutes.start_at) over (
        partition by sources.instrument
        order by minutes.start_at, sources.place, minutes.volume desc nulls last, minutes.close desc, minutes.open desc
    )
),

spoken as (
    select opinions.text_id, opinions.ticker, listed.instrument, listed.calendar,
        max(opinions.known_at) as known_at, max(opinions.day) as day
    from core.opinions
    join core.scorers using (scorer, scorer_version)
    join listed using (ticker)
    where scorers.is_current and listed.instrument in (select instrument from files)
    group by all
),

-- The session that a text falls into, else the next one. Round the clock nothing ends at the close.
placed as (
    select
        spoken.*,
        sessions.trading_day,
        sessions.close_at,
        spoken.known_at >= sessions.open_at as is_market_open,
        case when spoken.calendar = '24/7' then 'infinity'::timestamptz else sessions.close_at end as trading_until,
        to_minutes($stale_minutes) as staleness
    from spoken
    asof join core.sessions on sessions.calendar = spoken.calendar and spoken.known_at < sessions.close_at
),

-- The first bar to start at or after known_at, if it does in time: its open is the first price that could be had.
entering as (
    select placed.*, following.series as next_series, following.start_at as next_at, following.open as next_open
    from placed
    asof left join bars as following
        on following.instrument = placed.instrument and placed.known_at <= following.start_at
),

entered as (
    select
        entering.* exclude (next_series, next_at, next_open),
        coalesce(is_market_open and next_at <= known_at + staleness and next_at < trading_until, false) as has_entry,
        case when has_entry then next_series end as series,
        case when has_entry then next_at end as entry_at,
        case when has_entry then next_open end as entry_price
    from entering
),

-- Four moments of each text, and the last bar that had ended by each, however old.
ended as (
    select moments.*, bars.series as bar_series, bars.start_at, bars.end_at, bars.close
    from (
        select
            entered.*,
            unnest(['known', '5m', '1h', 'close']) as moment,
            unnest([known_at, known_at + interval 5 minutes, known_at + interval 1 hour, close_at]) as moment_at
        from entered
    ) as moments
    asof left join bars on bars.instrument = moments.instrument and moments.moment_at >= bars.end_at
),

-- It is the price of its moment if it is not stale; after the entry also if it did not begin before it, the market is
-- not closed by then, and it is of one series, because another vendor's prices may stand on another basis.
found as (
    select text_id, ticker, moment, close, bar_series, (epoch_us(moment_at) - epoch_us(end_at)) / 1e6 as age_seconds
    from ended
    where end_at >= moment_at - staleness
        and case when moment = 'known' then bar_series = coalesce(series, bar_series)
            else bar_series = series and start_at >= entry_at and moment_at <= trading_until end
),

prices as (
    select
        text_id,
        ticker,
        any_value(close) filter (moment = 'known') as price_at_known,
        any_value(age_seconds) filter (moment = 'known') as price_age_seconds,
        any_value(close) filter (moment = '5m') as price_5m,
        any_value(close) filter (moment = '1h') as price_1h,
        any_value(close) filter (moment = 'close') as price_at_close,
        any_value(bar_series) as bar_series
    from found
    group by text_id, ticker
),

priced as (
    select
        entered.*,
        prices.* exclude (text_id, ticker, bar_series),
        prices.price_at_known is not null as has_price,
        coalesce(entered.series, prices.bar_series) as any_series,
        known_at + interval 5 minutes > trading_until as is_5m_late,
        known_at + interval 1 hour > trading_until as is_1h_late
    from entered
    left join prices using (text_id, ticker)
)

select
    priced.text_id,
    priced.ticker,
    priced.known_at,
    priced.trading_day,
    priced.is_market_open,
    named.vendor,
    priced.price_at_known,
    priced.price_age_seconds,
    priced.entry_at,
    priced.entry_price,
    priced.price_5m / priced.entry_price - 1 as return_5m,
    priced.price_1h / priced.entry_price - 1 as return_1h,
    priced.price_at_close / priced.entry_price - 1 as return_to_close,
    case when not priced.is_market_open then 'market closed' else nullif(
        concat_ws(
            '; ',
            case when not has_price then 'no bar in the ' || $stale_minutes || ' minutes before' end,
            case
                when not has_entry then 'no bar in the ' || $stale_minutes || ' minutes after'
                when entry_price is null then 'the bar after it has no open'
            end,
            case
                when is_5m_late then '5 minutes later the market is closed'
                when has_entry and price_5m is null then 'no bar in the ' || $stale_minutes || ' minutes before +5 min'
            end,
            case
                when is_1h_late then '1 hour later the market is closed'
                when has_entry and price_1h is null then 'no bar in the ' || $stale_minutes || ' minutes before +1 h'
            end,
            case when has_entry and price_at_close is null
                then 'no bar in the ' || $stale_minutes || ' minutes before the close' end
        ),
        ''
    ) end as reason,
    priced.day
from priced
left join (select distinct series, vendor from sources) as named on named.series = priced.any_series
where priced.has_price
    or (priced.instrument, priced.trading_day) in (select (instrument, trading_day) from files)
order by priced.known_at, priced.text_id, priced.ticker
