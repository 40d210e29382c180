-- One row per claim on a ticker with prices: which sessions it speaks of, from its words and the moment it was written; no price is looked at.
-- text_id: The text (core.texts).
-- position: The sentence within it.
-- claim_number: Order within the sentence.
-- ticker: Whom it is about.
-- calendar: The ticker's trading calendar.
-- spoken_at: When it was written (UTC): published_at, or known_at where that is unknown, and for a target, which counts from then.
-- is_snapshot: A move said while its last session was open: any price of that session may be meant.
-- base_session: Session (core.sessions.session_number) whose close a move, or the way to a target, counts from.
-- first_session: First session whose price can bear it out.
-- last_session: Last one; NULL where it has no end, or one beyond our calendar.
-- range_session: First session of which any price from low to high will do; NULL where only the close will.
-- obstacle: Why its sessions cannot be named; NULL where they can.
-- doubt: Why they are not certain, so that a miss does not count against the claim; NULL where they are.
with said as (
    select
        claims.text_id,
        claims.position,
        claims.claim_number,
        claims.ticker,
        listed.calendar,
        claims.kind,
        claims.basis,
        claims.period,
        claims.day,
        texts.published_at is null as is_undated,
        if(claims.kind = 'target', claims.known_at, coalesce(texts.published_at, claims.known_at)) as spoken_at,
        coalesce(claims.period_from = claims.day and claims.period_to = claims.day, false) as is_today,
        case
            when claims.kind = 'target' or is_today then null
            when claims.period = 'session' then coalesce(claims.period_from, claims.period_to)
            else claims.period_from
        end as from_day,
        case
            when claims.kind = 'target' then claims.due_on
            when is_today then null
            when claims.period = 'session' then coalesce(claims.period_to, claims.period_from)
            else claims.period_to
        end as to_day
    from core.claims
    join core.texts using (text_id)
    join (select distinct ticker, calendar from core.returns) as listed using (ticker)
),

-- The session that is open when it is said, or else the last one that was.
spoken as (
    select
        said.* exclude (from_day),
        sessions.session_number as spoken_session,
        said.spoken_at < sessions.close_at as is_open,
        case
            when said.period = 'year_to_date'
            then coalesce(said.from_day, date_trunc('year', sessions.trading_day)::date)
            else said.from_day
        end as from_day
    from said
    asof left join core.sessions on sessions.calendar = said.calendar and said.spoken_at >= sessions.open_at
),

-- from_session: the first session on or after the first day; after_session: the first one after the last day.
-- A missing day is infinity, which matches none: in a sorted asof join of DuckDB 1.5, NULL matches the first session.
-- What begins on the day it is said (by the exchange's date, at most a day behind ours) and ends later is a forecast.
placed as (
    select
        spoken.*,
        from_sessions.session_number as from_session,
        after_sessions.session_number as after_session,
        coalesce(spoken.from_day >= spoken.day - 1 and spoken.to_day > spoken.day, false) as is_forecast,
        not spoken.is_open and spoken.spoken_at >= next_sessions.open_at - interval 6 hours as is_before_open,
        spoken.is_today and not spoken.is_open and next_sessions.trading_day = spoken.day as is_unopened
    from spoken
    asof left join core.sessions as from_sessions
        on from_sessions.calendar = spoken.calendar
        and coalesce(spoken.from_day, 'infinity'::date) <= from_sessions.trading_day
    asof left join core.sessions as after_sessions
        on after_sessions.calendar = spoken.calendar
        and coalesce(spoken.to_day, 'infinity'::date) < after_sessions.trading_day
    left join core.sessions as next_sessions
        on next_sessions.calendar = spoken.calendar and next_sessions.session_number = spoken.spoken_session + 1
),

bounded as (
    select
        placed.*,
        case
            when kind = 'target' then after_session - 1
            -- "closed at": a session that is open has not closed yet
            when from_day is null
            then spoken_session - (is_open and (period is not distinct from 'last_close' or kind = 'level' and basis = 'close'))::integer
            when is_forecast then after_session - 1
            else least(after_session - 1, spoken_session)
        end as last_session,
        case
            when kind = 'target' then spoken_session - is_open::integer
            when from_day is null then last_session - 1
            when is_forecast then greatest(from_session - 1, spoken_session - is_open::integer)
            -- a day without a session means the last one before it
            when from_day = to_day and from_session = after_session then from_session - 2
            else from_session - 1
        end as base_session,
        kind = 'move' and is_open and last_session = spoken_session as is_snapshot
    from placed
),

framed as (
    select
        bounded.*,
        case
            when kind = 'target' then spoken_session + 1
            when basis = 'intraday' then base_session + 1
            -- of a longer move the author may also have had the close before
            when is_snapshot then greatest(base_session + 1, last_session - 1)
            else last_session
        end as first_session,
        case
            when kind = 'target' or basis = 'intraday' then first_session
            when is_snapshot then last_session
        end as range_session
    from bounded
)

select
    text_id,
    position,
    claim_number,
    ticker,
    calendar,
    spoken_at,
    is_snapshot,
    base_session,
    first_session,
    last_session,
    range_session,
    case
        when kind in ('move', 'level') and basis is null or is_unopened
        then 'it speaks of trading outside the session, which daily bars do not hold'
        when kind = 'move' and period not in ('session', 'last_close') and from_day is null
        then concat('it does not say from which day (', replace(period, '_', ' '), ')')
        when kind in ('move', 'level') and period is null and from_day is not null and to_day is null
        then 'it looks ahead and does not say how far'
        when base_session is null or spoken_session is null then 'its days lie outside our calendar'
        when kind = 'target' and last_session < first_session then 'its horizon was over before the next session opened'
        when last_session <= base_session then 'there was no session in the days it speaks of'
    end as obstacle,
    case
        when kind = 'target' then null
        when kind = 'move' and from_day is distinct from to_day
            and not (extract(day from from_day) = 1 or (period = 'week' and extract(isodow from from_day) = 1))
        then 'which close it counts from is not certain, and it does not fit the one before its first day'
        when kind = 'move' and calendar = '24/7' and from_day is not null and last_session = spoken_session - 1
        then 'a day of a coin may end at another hour than the UTC day, which it does not fit'
        when last_session <> spoken_session then null
        when is_undated then 'when it was written is not known, and it does not fit the last session before it was seen'
        when kind = 'move' and period is null and from_day is null
        then 'over which days is not said, and it is not the move of the session'
        when kind = 'move' and is_before_open and period is distinct from 'last_close'
        then 'said shortly before an open, it may speak of the trading before it, and does not fit the session before'
    end as doubt
from framed
order by spoken_at, text_id, position, claim_number
