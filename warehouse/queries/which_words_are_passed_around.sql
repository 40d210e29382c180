-- Which words are passed around most?
--
-- For whoever smells a campaign: the same words, by how many authors, within how long?
--
-- Mind: copies, near copies and reposts of one first text together, those of machines left out (copies_and_bots.sql
-- has them). Words that come again more than 24 hours later begin a new row. One author who repeats himself is a
-- nuisance, many authors with the same words may be a campaign, a headline that everyone shares, or a phrase that
-- anybody would use. begins is other people's words.
with repeated as (
    select
        coalesce(copy_of, repost_of) as first_id,
        count(*) as repeats,
        count(*) filter (is_repost) as reposts,
        count(distinct author_id) as authors,
        max(known_at) as last_known_at
    from core.texts
    where (copy_of is not null or repost_of is not null) and not is_automatic
    group by first_id
)

select
    texts.day,
    texts.source,
    repeated.repeats,
    repeated.reposts,
    repeated.authors,
    round(date_diff('second', texts.known_at, repeated.last_known_at) / 3600, 1) as hours,
    left(regexp_replace(coalesce(texts.title, texts.body), '\s+', ' ', 'g'), 50) as begins
from repeated
join core.texts on texts.text_id = repeated.first_id
order by repeated.repeats desc, repeated.first_id
limit 8

-- On the bundled sample:
--
-- day         source     repeats  reposts  authors  hours  begins
-- ----------  ---------  -------  -------  -------  -----  --------------------------------------------------
-- 2024-08-16  boardroom        4        0        4   10.9  best idea on this board in weeks
-- 2025-06-25  boardroom        4        0        4   19.2  honest numbers and strong growth, what is not to l
-- 2024-09-12  boardroom        3        0        3   22.3  Cutting my position, feels dangerous here
-- 2024-09-26  boardroom        3        0        3   15.3  selling above here, thesis dead
-- 2024-10-27  boardroom        3        0        3   12.5  Bad logic, the downside here is huge!
-- 2024-11-12  boardroom        3        0        3   20.9  Worst idea on this board in weeks.
-- 2024-11-18  boardroom        3        0        3   17.0  good points, the upside here is huge
-- 2025-01-14  boardroom        3        0        3   20.8  This thing wants to break down
