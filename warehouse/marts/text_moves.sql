-- One row per text, ticker and scorer: the opinion beside the price moves around it.
-- text_id: The text (core.texts).
-- ticker: The ticker it speaks of.
-- scorer: Whose reading of it.
-- source: Service it came from.
-- kind: post, article or comment.
-- sentiment: -1 to 1; NULL where nothing could be scored.
-- basis: own, clause, shared, text or thread: on which sentences it stands (core.opinions.basis).
-- relevance: How much the text is about this ticker, 0 to 1.
-- weight: 1; 0.5 where the ticker is inherited from the thread.
-- is_counted: It counts in mart.ticker_days' sentiment: it says something, a person wrote it, and it is no repost.
-- published_at: When the author posted (UTC).
-- known_at: Earliest moment this opinion could have been acted on (UTC).
-- react_session: First session whose close is after known_at.
-- react_return: close/previous close - 1 of the react session. It began before the text: contemporaneous, never predictive.
-- abnormal_react_return: react_return minus the benchmark's.
-- signal_session: Session of mart.ticker_days in which it counts: the first whose cut-off is after known_at (the react session where the cut-off is the close).
-- entry_session: Session of entry_at.
-- entry_at: First open strictly after known_at (UTC): the first price you could have had.
-- forward_return_1d: close(e)/open(e) - 1 with e the entry session, a fraction. Looks ahead.
-- forward_return_2d: close(e+1)/open(e) - 1. Looks ahead.
-- forward_return_5d: close(e+4)/open(e) - 1. Looks ahead.
-- forward_return_10d: close(e+9)/open(e) - 1. Looks ahead.
-- forward_return_20d: close(e+19)/open(e) - 1. Looks ahead.
-- abnormal_forward_return_1d: forward_return_1d minus the benchmark's.
-- abnormal_forward_return_2d: forward_return_2d minus the benchmark's.
-- abnormal_forward_return_5d: forward_return_5d minus the benchmark's.
-- abnormal_forward_return_10d: forward_return_10d minus the benchmark's.
-- abnormal_forward_return_20d: forward_return_20d minus the benchmark's.
-- price_at_known: Price of the last minute that had ended at known_at, vendor's basis; NULL without recent minute bars (core.minute_moves says why).
-- return_5m: From the first minute's open at or after known_at to known_at + 5 minutes, a fraction; NULL outside regular hours. Looks ahead.
-- return_1h: The same to known_at + 1 hour; NULL beyond the close. Looks ahead.
-- return_to_close: The same to the regular close of that session. Looks ahead.
with opinions as (
    select opinions.*, texts.source, texts.kind, texts.is_counted, texts.published_at, listed.calendar
    from core.opinions
    join core.scorers using (scorer, scorer_version)
    join core.texts using (text_id)
    join (select distinct ticker, calendar from core.instruments) as listed using (ticker)
    where scorers.is_current
),

reacting as (
    select opinions.*, sessions.trading_day as react_session
    from opinions
    asof join core.sessions on sessions.calendar = opinions.calendar and opinions.known_at < sessions.close_at
),

counting as (
    select reacting.*, sessions.trading_day as signal_session
    from reacting
    asof join core.sessions on sessions.calendar = reacting.calendar and reacting.known_at < sessions.cutoff_at
),

entering as (
    select
        counting.*,
        sessions.trading_day as entry_session,
        sessions.open_at as entry_at,
        sessions.session_number - 1 as last_session_number
    from counting
    asof join core.sessions on sessions.calendar = counting.calendar and counting.known_at < sessions.open_at
)

select
    entering.text_id,
    entering.ticker,
    entering.scorer,
    entering.source,
    entering.kind,
    entering.sentiment,
    entering.basis,
    entering.relevance,
    entering.weight,
    entering.is_counted,
    entering.published_at,
    entering.known_at,
    entering.react_session,
    reacted.return_1d as react_return,
    reacted.abnormal_return_1d as abnormal_react_return,
    entering.signal_session,
    entering.entry_session,
    entering.entry_at,
    -- core.returns looks ahead from the close of its session: the one before the entry.
    ahead.forward_return_1d,
    ahead.forward_return_2d,
    ahead.forward_return_5d,
    ahead.forward_return_10d,
    ahead.forward_return_20d,
    ahead.abnormal_forward_return_1d,
    ahead.abnormal_forward_return_2d,
    ahead.abnormal_forward_return_5d,
    ahead.abnormal_forward_return_10d,
    ahead.abnormal_forward_return_20d,
    minutes.price_at_known,
    minutes.return_5m,
    minutes.return_1h,
    minutes.return_to_close
from entering
left join core.returns as reacted
    on reacted.ticker = entering.ticker and reacted.trading_day = entering.react_session
left join core.sessions as before_entry
    on before_entry.calendar = entering.calendar and before_entry.session_number = entering.last_session_number
left join core.returns as ahead
    on ahead.ticker = entering.ticker and ahead.trading_day = before_entry.trading_day
left join core.minute_moves as minutes on minutes.text_id = entering.text_id and minutes.ticker = entering.ticker
order by entering.known_at, entering.text_id, entering.ticker, entering.scorer
