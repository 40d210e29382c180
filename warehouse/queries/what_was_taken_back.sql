-- What was edited or deleted afterwards?
--
-- For whoever wonders whether the record is rewritten once the price has spoken.
--
-- Mind: a signal of the past keeps the words that were known then; nothing here changes it. An edit that gives no
-- time is known when it was seen, so hours may be too long. A deletion may be the service's, not the author's.
-- went_against is the share, of those whose first version leaned one way, after which the first session went the
-- other way: compare it with the row "kept", in give_or_take (95 %, of independent texts, which they are not). In the
-- sample edits fall by lot, and still look clever: of many such comparisons one does.
with asked as (
    select 'finance' as scorer
),

versions as (
    select text_id, known_at, is_deleted from raw.posts
    union all by name
    select text_id, known_at, is_deleted from raw.comments
),

fates as (
    select
        text_id,
        case when bool_or(is_deleted) then 'deleted' when count(*) > 1 then 'edited' else 'kept' end as fate,
        date_diff('second', min(known_at), max(known_at)) / 3600 as hours
    from versions
    group by text_id
),

leaned as (
    select moves.text_id, avg((moves.sentiment * moves.forward_return_1d < 0)::integer) as went_against
    from mart.text_moves as moves
    join asked using (scorer)
    where abs(moves.sentiment) >= 0.05 and moves.forward_return_1d is not null
    group by moves.text_id
)

select
    fates.fate,
    count(*) as texts,
    round(median(fates.hours) filter (fates.fate <> 'kept'), 1) as median_hours,
    count(leaned.went_against) as with_a_side,
    round(avg(leaned.went_against), 2) as went_against,
    round(0.98 / sqrt(nullif(count(leaned.went_against), 0)), 2) as give_or_take
from fates
left join leaned using (text_id)
group by fates.fate
order by fates.fate

-- On the bundled sample:
--
-- fate     texts  median_hours  with_a_side  went_against  give_or_take
-- -------  -----  ------------  -----------  ------------  ------------
-- deleted    260          30.6          172          0.44          0.07
-- edited     334           2.2          231          0.36          0.06
-- kept     23365          NULL        16181          0.46          0.01
