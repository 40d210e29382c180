-- Adjusted daily prices and returns per ticker and session, looking back and looking ahead, counted in sessions.
with listed as (
    select distinct on (ticker) ticker, instrument_id, calendar, benchmark, valid_from, valid_to
    from core.instruments
    order by ticker, valid_from desc nulls last
),

-- Whole series of an instrument, whatever it was called: the return over a change of symbol is one like any other.
spans as (
    select bars.instrument_id, calendars.calendar,
        min(sessions.session_number) - 1 as first_session, max(sessions.session_number) as last_session
    from core.bars
    join (select distinct instrument_id, calendar from listed) as calendars using (instrument_id)
    join core.sessions on sessions.calendar = calendars.calendar and sessions.trading_day = bars.trading_day
    group by all
),

-- Every session from the one before the first bar to the last bar; a session without a bar stays empty.
priced as (
    select
        spans.instrument_id,
        sessions.trading_day,
        spans.calendar,
        bars.open,
        bars.high,
        bars.low,
        bars.close,
        bars.volume,
        bars.adjustment_factor,
        bars.price_flag,
        bars.vendor
    from spans
    join core.sessions
        on sessions.calendar = spans.calendar
        and sessions.session_number between spans.first_session and spans.last_session
    left join core.bars on bars.instrument_id = spans.instrument_id and bars.trading_day = sessions.trading_day
),

moved as (
    select
        priced.*,
        close / lag(close, 1) over sessions - 1 as return_1d,
        close / lag(close, 5) over sessions - 1 as return_5d,
        close / lag(close, 20) over sessions - 1 as return_20d,
        open / lag(close, 1) over sessions - 1 as overnight_return,
        close / open - 1 as open_to_close_return,
        lead(close, 1) over sessions / lead(open, 1) over sessions - 1 as forward_return_1d,
        lead(close, 2) over sessions / lead(open, 1) over sessions - 1 as forward_return_2d,
        lead(close, 5) over sessions / lead(open, 1) over sessions - 1 as forward_return_5d,
        lead(close, 10) over sessions / lead(open, 1) over sessions - 1 as forward_return_10d,
        lead(close, 20) over sessions / lead(open, 1) over sessions - 1 as forward_return_20d
    from priced
    window sessions as (partition by instrument_id, calendar order by trading_day)
),

-- An instrument's rows under each of its symbols: under one that has a file of its own all days, because vendors file the
-- whole history under the newest symbol; under another the days on which it was the symbol. None after its last day.
tickers as (
    select listed.*, filed.ticker is not null as has_file
    from listed
    left join (select distinct ticker from core.price_files) as filed using (ticker)
)

select
    tickers.ticker,
    moved.* exclude (instrument_id),
    tickers.benchmark,
    moved.return_1d - benchmark.return_1d as abnormal_return_1d,
    moved.forward_return_1d - benchmark.forward_return_1d as abnormal_forward_return_1d,
    moved.forward_return_2d - benchmark.forward_return_2d as abnormal_forward_return_2d,
    moved.forward_return_5d - benchmark.forward_return_5d as abnormal_forward_return_5d,
    moved.forward_return_10d - benchmark.forward_return_10d as abnormal_forward_return_10d,
    moved.forward_return_20d - benchmark.forward_return_20d as abnormal_forward_return_20d
from tickers
join moved
    on moved.instrument_id = tickers.instrument_id
    and moved.calendar = tickers.calendar
    and moved.trading_day <= coalesce(tickers.valid_to, 'infinity'::date)
    and (tickers.has_file or moved.trading_day >= coalesce(tickers.valid_from, '-infinity'::date))
left join listed as yardstick on yardstick.ticker = tickers.benchmark
left join moved as benchmark
    on benchmark.instrument_id = yardstick.instrument_id
    and benchmark.calendar = moved.calendar
    and benchmark.trading_day = moved.trading_day
order by tickers.ticker, moved.trading_day
