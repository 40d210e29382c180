-- When the commenters disagree with the author of a thread, whom does the price follow?
--
-- For whoever reads a bold post and wonders whether the replies are the better part of it.
--
-- Mind: a thread is judged after its last comment: the return runs from the first open after it to that session's
-- close, which nobody here had seen. Threads of one ticker and session share their return, so sessions is the n to
-- think of (and tickers move together, so even that is too large); a mean below twice its standard error is as good
-- as none.
with asked as (
    select 'finance' as scorer, 2 as least_commenters
),

told as (
    select
        threads.thread_id,
        threads.ticker,
        case
            when threads.author_sentiment >= 0.05 and threads.commenter_sentiment <= -0.05 then 'author up, crowd down'
            when threads.author_sentiment <= -0.05 and threads.commenter_sentiment >= 0.05 then 'author down, crowd up'
            when threads.author_sentiment >= 0.05 and threads.commenter_sentiment >= 0.05 then 'both up'
            when threads.author_sentiment <= -0.05 and threads.commenter_sentiment <= -0.05 then 'both down'
        end as sides
    from mart.threads
    join asked on asked.scorer = threads.scorer and threads.commenter_count >= asked.least_commenters
),

judged as (
    select told.sides, told.ticker, moves.entry_session, moves.forward_return_1d
    from told
    join core.texts on texts.thread_id = told.thread_id
    join mart.text_moves as moves on moves.text_id = texts.text_id and moves.ticker = told.ticker
    join asked on asked.scorer = moves.scorer
    where told.sides is not null
    qualify row_number() over (partition by told.thread_id, told.ticker order by moves.known_at desc, texts.text_id) = 1
),

by_session as (
    select sides, ticker, entry_session, count(*) as threads, any_value(forward_return_1d) as next_return
    from judged
    where forward_return_1d is not null
    group by sides, ticker, entry_session
)

select
    sides,
    sum(threads)::bigint as threads,
    count(*) as sessions,
    round(1e4 * avg(next_return))::integer as mean_next_bps,
    round(1e4 * stddev_samp(next_return) / sqrt(count(*)))::integer as standard_error_bps,
    round(avg((next_return > 0)::integer), 2) as share_rising
from by_session
group by sides
order by sides

-- On the bundled sample:
--
-- sides                  threads  sessions  mean_next_bps  standard_error_bps  share_rising
-- ---------------------  -------  --------  -------------  ------------------  ------------
-- author down, crowd up       99        98             48                  25          0.54
-- author up, crowd down      113       108              4                  18           0.5
-- both down                  266       238            -42                  13          0.41
-- both up                    308       275             31                  11          0.55
