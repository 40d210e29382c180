-- How often authors were right: authors by the share of their claims that prices confirmed, and by how many were decided.
-- share: Middle of a band of confirmed_share, a tenth wide.
-- decided: Claims decided: 1–2, 3–9, 10 or more. A share of one or two is luck.
-- author_count: Authors.
select
    least(floor(confirmed_share * 10), 9) / 10 + 0.05 as share,
    case when decided_count < 3 then '1–2' when decided_count < 10 then '3–9' else '10 or more' end as decided,
    count(*)::integer as author_count
from mart.author_records
where confirmed_share is not null
group by all
order by all
