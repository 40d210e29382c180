-- One row per ticker and decided claim, the five newest confirmed and contradicted: the words, and what the tape shows.
select
    checks.ticker,
    checks.status,
    checks.known_at,
    checks.matched,
    checks.claimed,
    checks.actual,
    checks.price_used,
    checks.kind,
    checks.reason,
    checks.author_id,
    checks.source,
    left(texts.url, 2000) as url
from mart.claim_checks as checks
join core.texts using (text_id)
where checks.is_counted and checks.status in ('confirmed', 'contradicted') and checks.ticker in (select unnest($tickers))
qualify row_number() over (
    partition by checks.ticker, checks.status order by checks.known_at desc, checks.text_id, checks.position, checks.claim_number
) <= 5
order by checks.ticker, checks.status desc, checks.known_at desc, checks.text_id, checks.position, checks.claim_number
