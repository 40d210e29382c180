-- The mentions found in the texts of the days $first to $last, and what a comment that names nothing takes over from its thread.
-- Known when the text was known; an inherited one not before the first post was.
with main_tickers as (
    select distinct on (text_id) text_id as thread_id, ticker, instrument_id, relevance, known_at
    from start_mentions
    order by text_id, relevance desc, ticker
)
select
    found.text_id, found.position, found.ticker, found.instrument_id, found.rule, found.matched, found.start,
    found.confidence, found.relevance, texts.known_at, texts.day
from found_mentions as found
join core.texts using (text_id)
union all by name
select
    texts.text_id,
    main_tickers.ticker,
    main_tickers.instrument_id,
    'thread' as rule,
    $inherited_confidence as confidence,
    main_tickers.relevance * $inherited_confidence as relevance,
    greatest(texts.known_at, main_tickers.known_at) as known_at,
    texts.day
from core.texts
join main_tickers using (thread_id)
anti join found_mentions using (text_id)
where texts.kind = 'comment' and texts.day between $first and $last
