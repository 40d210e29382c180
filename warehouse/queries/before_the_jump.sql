-- What did people say before the largest moves?
--
-- For whoever hears that "everybody saw it coming": what was said in the 24 hours before the open of that session?
--
-- Mind: only texts known before the open, and only the move from that open to the close: no text here had seen any of
-- it; the gap overnight had been seen and is left out. Large is against the ticker's own usual move, one ticker a
-- session, of the sessions of which we hold texts. The moves were picked afterwards, so compare with the row "any":
-- the mean of all sessions, of moves their size. last_said is simply the latest.
with asked as (
    select 'finance' as scorer, 6 as moves
),

moved as (
    select
        returns.ticker,
        returns.trading_day,
        returns.open_to_close_return as move,
        returns.open_to_close_return / stddev_samp(returns.open_to_close_return) over of_ticker as size,
        sessions.open_at
    from core.returns
    join core.sessions using (calendar, trading_day)
    join mart.ticker_days as days using (ticker, trading_day)
    join asked using (scorer)
    where days.is_covered and returns.open_to_close_return is not null
    window of_ticker as (partition by returns.ticker)
),

spoken as (
    select
        moved.ticker,
        moved.trading_day,
        moved.move,
        moved.size,
        count(moves.text_id) as texts,
        avg(moves.sentiment) as sentiment,
        count(*) filter (moves.sentiment >= 0.05) as bullish,
        count(*) filter (moves.sentiment <= -0.05) as bearish,
        arg_max(moves.text_id, (moves.known_at, moves.text_id)) as last_text_id
    from moved
    left join (
        select text_moves.ticker, text_moves.text_id, text_moves.known_at, text_moves.sentiment
        from mart.text_moves
        join asked using (scorer)
        where text_moves.is_counted and text_moves.sentiment is not null
    ) as moves
        on moves.ticker = moved.ticker and moves.known_at < moved.open_at
        and moves.known_at >= moved.open_at - interval 24 hours
    group by moved.ticker, moved.trading_day, moved.move, moved.size
),

largest as (
    select *
    from (
        select *
        from spoken
        qualify row_number() over (partition by trading_day order by abs(size) desc, ticker) = 1
    )
    order by abs(size) desc, ticker, trading_day
    limit (select moves from asked)
),

usual as (
    select
        'any' as ticker,
        avg(abs(move)) as move,
        count(*) as sessions,
        avg(texts) as texts,
        avg(sentiment) as sentiment,
        avg(bullish) as bullish,
        avg(bearish) as bearish
    from spoken
),

shown as (
    select
        largest.ticker,
        largest.trading_day::varchar as session,
        printf('%+.1f', 100 * largest.move) as percent,
        round(largest.texts, 1) as texts_before,
        round(largest.sentiment, 2) as sentiment,
        largest.bullish,
        largest.bearish,
        left(regexp_replace(coalesce(texts.title, texts.body), '\s+', ' ', 'g'), 36) as last_said,
        -abs(largest.size) as place
    from largest
    left join core.texts on texts.text_id = largest.last_text_id
    union all by name
    select
        ticker,
        'all ' || sessions || ' sessions' as session,
        printf('%.1f', 100 * move) as percent,
        round(texts, 1) as texts_before,
        round(sentiment, 2) as sentiment,
        round(bullish, 1) as bullish,
        round(bearish, 1) as bearish,
        1 as place
    from usual
    where sessions > 0
)

select ticker, session, percent, texts_before, sentiment, bullish, bearish, last_said
from shown
order by place, ticker, session

-- On the bundled sample:
--
-- ticker  session            percent  texts_before  sentiment  bullish  bearish  last_said
-- ------  -----------------  -------  ------------  ---------  -------  -------  ------------------------------------
-- SPY     2024-11-18         +6.1              1.0       0.29      1.0      0.0  Fwiw loading up on S&P 500 ETF puts.
-- SPY     2024-11-27         +3.5              4.0      -0.46      0.0      3.0  just saying, feeling nervous about $
-- GME     2025-06-12         -11.5             9.0       0.01      3.0      2.0  what is the options chain saying on
-- MU      2025-04-23         -8.1              9.0      -0.08      3.0      4.0  Update: Micron is sick, really sick.
-- AAPL    2025-04-11         -4.8              2.0       0.23      1.0      0.0  Quick thought: glad I did not let go
-- AMD     2025-01-17         +7.2              4.0      -0.14      1.0      2.0  Ok $AMD higher lows all month. The s
-- any     all 2571 sessions  1.3               6.8       0.02      2.8      2.6  NULL
