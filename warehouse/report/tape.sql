-- One row per ticker and session of its calendar, the newest 504 (two years): price, what was said, and whether anything was read at all.
with listed as (
    select distinct ticker, calendar
    from core.instruments
    where ticker in (select unnest($tickers))
),

span as (
    select ticker, calendar, min(trading_day) as first_day, max(trading_day) as last_day
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
    days.author_count as authors
from span
join core.sessions on sessions.calendar = span.calendar and sessions.trading_day between span.first_day and span.last_day
left join mart.ticker_days as days
    on days.ticker = span.ticker and days.trading_day = sessions.trading_day and days.scorer = $scorer
left join core.returns on returns.ticker = span.ticker and returns.trading_day = sessions.trading_day
qualify row_number() over (partition by span.ticker order by sessions.trading_day desc) <= 504
order by span.ticker, sessions.trading_day
