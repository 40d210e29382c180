-- Are long reads worth more than short posts?
--
-- For whoever has ten minutes: one essay, or fifty posts?
--
-- Mind: its_way is how often the first session after the text (open to close) went the way it leaned, 0.50 is chance.
-- Texts of one session share its return, so sessions is the n to think of, and give_or_take (95 %, of that n) is
-- still too narrow. A long text is read by sentence: its mean is milder, because it weighs both sides.
with asked as (
    select 'finance' as scorer
),

judged as (
    select
        moves.text_id,
        moves.ticker,
        moves.entry_session,
        moves.sentiment,
        case
            when scores.sentence_count <= 1 then '1 one sentence'
            when scores.sentence_count <= 4 then '2 two to four'
            when scores.sentence_count <= 9 then '3 five to nine'
            else '4 ten and more'
        end as length,
        abs(moves.sentiment) >= 0.05 and moves.forward_return_1d is not null as is_judged,
        moves.sentiment * moves.forward_return_1d > 0 as went_its_way
    from mart.text_moves as moves
    join asked using (scorer)
    join mart.text_scores as scores using (text_id, scorer)
    where moves.is_counted and moves.basis <> 'thread' and moves.sentiment is not null
)

select
    length,
    count(distinct text_id) as texts,
    round(avg(abs(sentiment)), 2) as strength,
    round(count(*) filter (abs(sentiment) < 0.05) / count(*), 2) as neutral_share,
    count(*) filter (is_judged) as judged,
    count(distinct (ticker, entry_session)) filter (is_judged) as sessions,
    round(count(*) filter (is_judged and went_its_way) / nullif(count(*) filter (is_judged), 0), 3) as its_way,
    round(0.98 / sqrt(nullif(count(distinct (ticker, entry_session)) filter (is_judged), 0)), 3) as give_or_take
from judged
group by length
order by length

-- On the bundled sample:
--
-- length          texts  strength  neutral_share  judged  sessions  its_way  give_or_take
-- --------------  -----  --------  -------------  ------  --------  -------  ------------
-- 1 one sentence   5068      0.47           0.13    5100      2047    0.537         0.022
-- 2 two to four   11039      0.36           0.26    8522      2272    0.539         0.021
-- 3 five to nine     53      0.23           0.09      50        50      0.6         0.139
-- 4 ten and more    590      0.33           0.13     997       766    0.531         0.035
