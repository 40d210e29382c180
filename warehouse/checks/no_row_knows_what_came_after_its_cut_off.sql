-- Every text counted in a session was known before its cut-off and not before that of the session before, and what could be bought after it opens no earlier.
-- on: mart.ticker_days
-- severity: error
with cutoffs as (
    select calendar, trading_day, open_at, cutoff_at, lag(cutoff_at) over (partition by calendar order by session_number) as last_cutoff_at
    from core.sessions
)
select days.ticker, days.trading_day, days.scorer, moves.text_id, moves.known_at, days.cutoff_at, entries.open_at as entry_at
from mart.ticker_days as days
join mart.text_moves as moves
    on moves.ticker = days.ticker and moves.signal_session = days.trading_day and moves.scorer = days.scorer
join (select distinct ticker, calendar from core.instruments) as listed on listed.ticker = days.ticker
join cutoffs on cutoffs.calendar = listed.calendar and cutoffs.trading_day = days.trading_day
left join cutoffs as entries on entries.calendar = listed.calendar and entries.trading_day = days.entry_session
where moves.known_at >= days.cutoff_at
    or days.cutoff_at <> cutoffs.cutoff_at
    or moves.known_at < cutoffs.last_cutoff_at
    or entries.open_at < days.cutoff_at
