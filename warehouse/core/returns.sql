-- Adjusted daily prices and returns per ticker and session, looking back and looking ahead, counted in sessions.
with bars as (
    select ticker, trading_day, open, high, low, close, adjusted_close, volume, vendor, path,
        max(trading_day) over (partition by ticker, vendor, path) as vintage
    from raw.prices
    where bar = '1d' and isfinite(close) and close > 0
),

-- One vendor per ticker, the one with most days (an adjusted one of two equal ones): another vendor's prices may stand
-- on another basis, so they are never mixed in a series. A check names the days that this leaves out.
vendors as (
    select distinct on (ticker) ticker, vendor
    from (
        select ticker, vendor, count(adjusted_close) > 0 as is_adjusted, count(distinct trading_day) as days
        from bars
        group by ticker, vendor
    )
    order by ticker, days desc, is_adjusted desc, vendor
),

-- Of two files of that vendor for one day, the newer vintage.
daily as (
    select distinct on (bars.ticker, bars.trading_day)
        bars.*,
        coalesce(bars.adjusted_close / bars.close, 1) as adjustment_factor
    from bars
    join vendors using (ticker, vendor)
    order by bars.ticker, bars.trading_day, bars.vintage desc, bars.path
),

listed as (
    select distinct on (ticker) ticker, calendar, benchmark
    from core.instruments
    order by ticker, valid_from desc nulls last
),

spans as (
    select daily.ticker, listed.calendar, listed.benchmark,
        min(sessions.session_number) - 1 as first_session, max(sessions.session_number) as last_session
    from daily
    join listed using (ticker)
    join core.sessions on sessions.calendar = listed.calendar and sessions.trading_day = daily.trading_day
    group by all
),

-- Every session from the one before the first bar to the last bar; a session without a bar stays empty.
priced as (
    select
        spans.ticker,
        sessions.trading_day,
        spans.calendar,
        spans.benchmark,
        daily.open * daily.adjustment_factor as open,
        daily.high * daily.adjustment_factor as high,
        daily.low * daily.adjustment_factor as low,
        daily.close * daily.adjustment_factor as close,
        daily.volume,
        daily.adjustment_factor,
        daily.vendor
    from spans
    join core.sessions
        on sessions.calendar = spans.calendar
        and sessions.session_number between spans.first_session and spans.last_session
    left join daily on daily.ticker = spans.ticker and daily.trading_day = sessions.trading_day
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
    window sessions as (partition by ticker order by trading_day)
)

select
    moved.*,
    moved.return_1d - benchmark.return_1d as abnormal_return_1d,
    moved.forward_return_1d - benchmark.forward_return_1d as abnormal_forward_return_1d,
    moved.forward_return_2d - benchmark.forward_return_2d as abnormal_forward_return_2d,
    moved.forward_return_5d - benchmark.forward_return_5d as abnormal_forward_return_5d,
    moved.forward_return_10d - benchmark.forward_return_10d as abnormal_forward_return_10d,
    moved.forward_return_20d - benchmark.forward_return_20d as abnormal_forward_return_20d
from moved
left join moved as benchmark
    on benchmark.ticker = moved.benchmark
    and benchmark.calendar = moved.calendar
    and benchmark.trading_day = moved.trading_day
order by moved.ticker, moved.trading_day
