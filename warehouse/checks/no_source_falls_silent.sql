-- No source says in a session less than a fifth of the median of its 20 sessions before; else it has stopped, was not fetched whole, or its shape has changed.
-- on: mart.source_days
-- severity: warn
with said as (
    select days.source, listed.calendar, days.trading_day, sum(days.text_count) as text_count
    from mart.source_days as days
    join (select distinct ticker, calendar from core.instruments) as listed using (ticker)
    -- every scorer counts the same texts
    where days.scorer = (select min(scorer) from mart.source_days)
    group by all
),

-- A session is over and built where texts known after its cut-off are there, or the source was asked beyond it.
spans as (
    select
        said.source,
        said.calendar,
        min(said.trading_day) as first_day,
        greatest(
            (select max(known_at) from core.texts),
            (select max(least(window_end, answered_at)) from raw.fetches where fetches.source = said.source)
        ) as heard_until
    from said
    group by said.source, said.calendar
),

-- Per source and not per ticker, which would be noise. Where weekends are sessions, they are compared with weekends.
compared as (
    select
        spans.source,
        spans.calendar,
        sessions.session_number,
        sessions.trading_day,
        coalesce(said.text_count, 0) as text_count,
        count(*) over before_it as earlier_count,
        median(coalesce(said.text_count, 0)) over before_it as usual_count,
        avg(coalesce(said.text_count, 0)) over before_it as mean_count,
        stddev_samp(coalesce(said.text_count, 0)) over before_it as deviation
    from spans
    join core.sessions
        on sessions.calendar = spans.calendar
        and sessions.trading_day >= spans.first_day
        and sessions.cutoff_at <= spans.heard_until
    left join said
        on said.source = spans.source and said.calendar = spans.calendar and said.trading_day = sessions.trading_day
    window before_it as (
        partition by spans.source, spans.calendar, isodow(sessions.trading_day) > 5
        order by sessions.session_number
        rows between 20 preceding and 1 preceding
    )
),

low as (
    select
        *,
        lag(session_number) over (partition by source, calendar order by session_number) = session_number - 1 as is_again,
        lead(session_number) over (partition by source, calendar order by session_number) = session_number + 1 as is_followed
    from compared
    where earlier_count = 20 and usual_count >= 20 and text_count < 0.2 * usual_count
),

-- A source that talks in bursts has such a session now and then, but hardly two in a row.
fallen as (
    select
        *,
        session_number - row_number() over (partition by source, calendar order by session_number) as island
    from low
    where is_again or is_followed or text_count < mean_count - 3 * deviation
)

select
    source,
    calendar,
    min(trading_day) as first_session,
    max(trading_day) as last_session,
    count(*) as session_count,
    sum(text_count) as text_count,
    max(usual_count) as usual_count
from fallen
group by source, calendar, island
order by first_session desc, source, calendar
