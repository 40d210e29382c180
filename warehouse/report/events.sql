-- One row per ticker and event, its twelve newest: when the sentiment of a session, or the user's list, stood out, and what prices did.
select
    events.ticker,
    events.trading_day as day,
    events.origin,
    coalesce(events.label, events.direction) as direction,
    events.sentiment_z as z,
    events.text_count as texts,
    events.voice,
    events.is_used,
    -- The market model's and the mean's own reason are the same where sessions are too few.
    regexp_replace(events.reason, '^(\d+ estimation sessions).*; (\d+ needed); .*$', '\1; \2') as reason,
    days.return_1d,
    days.forward_return_1d
from mart.events
left join mart.ticker_days as days
    on days.ticker = events.ticker and days.trading_day = events.trading_day and days.scorer = $scorer
where events.ticker in (select unnest($tickers)) and coalesce(events.scorer, $scorer) = $scorer
qualify row_number() over (partition by events.ticker order by events.trading_day desc, events.origin) <= 12
order by events.ticker, events.trading_day desc, events.origin
