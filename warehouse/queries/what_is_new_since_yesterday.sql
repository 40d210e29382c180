-- What is new since yesterday?
--
-- For whoever was here yesterday: is there more to read than usual, do new people speak, was a claim decided?
--
-- Mind: days are UTC days by known_at, and today is the newest one in the database: it may not be over, so a smaller
-- figure there is not yet a fall. before is the mean of the seven days before yesterday, weekends among them; NULL
-- where the database does not reach back so far.
with newest as (
    select max(known_at)::date as today, min(known_at)::date as first_day from core.texts
),

named as (
    select unnest([
        'texts', 'threads begun', 'authors never seen before', 'copies and reposts', 'claims made', 'claims confirmed',
        'claims contradicted', 'edits and deletions'
    ]) as what
),

known as (
    select 'texts' as what, known_at::date as day from core.texts
    union all by name
    select 'threads begun' as what, known_at::date as day from core.texts where kind <> 'comment'
    union all by name
    select 'authors never seen before' as what, min(known_at)::date as day
    from core.texts
    where author_id is not null
    group by author_id
    union all by name
    select 'copies and reposts' as what, known_at::date as day from core.texts where copy_number > 1 or is_repost
    union all by name
    select 'claims made' as what, known_at::date as day from mart.claim_checks
    union all by name
    select 'claims confirmed' as what, decided_at::date as day from mart.claim_checks where status = 'confirmed'
    union all by name
    select 'claims contradicted' as what, decided_at::date as day from mart.claim_checks where status = 'contradicted'
    union all by name
    select 'edits and deletions' as what, known_at::date as day
    from (
        select text_id, known_at from raw.posts
        union all by name
        select text_id, known_at from raw.comments
    )
    qualify row_number() over (partition by text_id order by known_at) > 1
)

select
    named.what,
    count(*) filter (known.day = newest.today) as today,
    count(*) filter (known.day = newest.today - 1) as yesterday,
    case
        when max(newest.first_day) < max(newest.today) - 7
            then round(count(*) filter (known.day between newest.today - 8 and newest.today - 2) / 7, 1)
    end as before,
    max(newest.today) as today_is
from named
left join known using (what)
cross join newest
group by named.what
order by today desc, named.what

-- On the bundled sample:
--
-- what                       today  yesterday  before  today_is
-- -------------------------  -----  ---------  ------  ----------
-- texts                         71         88    47.1  2025-07-31
-- threads begun                 48         65    37.4  2025-07-31
-- copies and reposts             9         14     3.9  2025-07-31
-- claims confirmed               4          6     2.4  2025-07-31
-- claims made                    2          7     2.9  2025-07-31
-- authors never seen before      1          1     0.1  2025-07-31
-- claims contradicted            1          0     1.0  2025-07-31
-- edits and deletions            1          1     1.4  2025-07-31
