-- One row per ticker, kind of claim and verdict: how many of a person's own claims the prices bore out.
select ticker, kind, status, count(*) as claims
from mart.claim_checks
where is_counted and ticker in (select unnest($tickers))
group by all
order by ticker, kind, status
