-- How many comments were written after the price had already moved?
--
-- For whoever counts comments as agreement with the post above them.
--
-- Mind: moved means a close beyond two of the 20 sessions' standard deviations from the last close before the post,
-- within 20 sessions; with daily bars the move may have come earlier in that day, so the true share is higher. In a
-- thread that never saw such a move no comment is late. Threads without prices are left out.
with asked as (
    select 'finance' as scorer
)

select
    threads.ticker,
    count(*) as threads,
    count(threads.moved_at) as saw_a_move,
    sum(threads.comment_count)::bigint as comments,
    sum(threads.after_move_count)::bigint as after_the_move,
    round(sum(threads.after_move_count) / sum(threads.comment_count), 3) as share_after
from mart.threads
join asked using (scorer)
where threads.comment_count > 0 and threads.after_move_count is not null
group by threads.ticker
order by comments desc, threads.ticker
limit 10

-- On the bundled sample:
--
-- ticker  threads  saw_a_move  comments  after_the_move  share_after
-- ------  -------  ----------  --------  --------------  -----------
-- BTC         234           5      1122              16        0.014
-- NVDA        217           1      1103               1        0.001
-- GME         198           2      1034               2        0.002
-- MU          171           2       865               7        0.008
-- AAPL        139           2       682               2        0.003
-- AMD         127           2       590               5        0.008
-- INTC        126           1       588               4        0.007
-- SPY         114           1       569               3        0.005
-- SOXX         41           2       194               2         0.01
