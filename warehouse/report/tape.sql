-- One row per ticker and session of its calendar, 504 (two years) up to the twentieth after the last text: price, what was said, and whether anything was read at all.
with listed as (
    select distinct ticker, calendar
    from core.instruments
    where ticker in (select unnest($tickers))
),

span as (
    select ticker, calendar, min(session_number) as first_session, max(trading_day) as last_day,
        20 + max(session_number) filter (text_count > 0) as last_session
    from mart.ticker_days
    join listed using (ticker)
    where scorer = $scorer
    group by all
)
select
    span.ticker,
    sessions.trading_day as day,
    returns.close,
    returns.return_1d,
    days.mean_sentiment as sentiment,
    days.sentiment_z as z,
    case when days.is_covered then days.text_count end as texts,
    case when days.is_covered then days.author_count end as authors
from span
join core.sessions
    on sessions.calendar = span.calendar
    and sessions.session_number between span.first_session and span.last_session
    and sessions.trading_day <= span.last_day
left join mart.ticker_days as days
    on days.ticker = span.ticker and days.trading_day = sessions.trading_day and days.scorer = $scorer
left join core.returns on returns.ticker = span.ticker and returns.trading_day = sessions.trading_day
qualify row_number() over (partition by span.ticker order by sessions.trading_day desc) <= 504
order by span.ticker, sessions.trading_day
