-- In which threads do author and commenters disagree most?
--
-- For whoever wants to read an argument, not an echo: both sides of one ticker, in one place.
--
-- Mind: titles are other people's words. A mean of two commenters is two people, and an answer such as "no way" is
-- read for its tone. Commenters write later and may have seen more. No return is shown; crowd_against_author.sql sets
-- all threads against the price.
with asked as (
    select 'finance' as scorer, 3 as least_commenters, 30 as last_days
)

select
    threads.ticker,
    threads.started_at::date as day,
    printf('%+.2f', threads.author_sentiment) as author,
    printf('%+.2f', threads.commenter_sentiment) as crowd,
    threads.commenter_count as commenters,
    threads.bullish_commenter_count as bullish,
    threads.bearish_commenter_count as bearish,
    left(regexp_replace(coalesce(threads.title, texts.body), '\s+', ' ', 'g'), 40) as begins
from mart.threads
join asked on asked.scorer = threads.scorer and threads.commenter_count >= asked.least_commenters
left join core.texts on texts.text_id = threads.thread_id
where threads.started_at >= (select max(known_at) from core.texts) - to_days(asked.last_days)
    and threads.author_sentiment * threads.commenter_sentiment < 0
order by abs(threads.disagreement) desc, threads.thread_id, threads.ticker
limit 8

-- On the bundled sample:
--
-- ticker  day         author  crowd  commenters  bullish  bearish  begins
-- ------  ----------  ------  -----  ----------  -------  -------  ----------------------------------------
-- INTC    2025-07-30  -0.45   +0.49           5        4        1  Intel: A Weak Business Priced Like a Str
-- NVDA    2025-07-11  -0.43   +0.38           4        3        0  Nvidia: the GPU backlog
-- GME     2025-07-07  +0.29   -0.51           3        0        3  $GME: the float
-- AAPL    2025-07-30  +0.23   -0.57           4        0        4  $AAPL: the upgrade cycle
-- GME     2025-07-29  -0.67   +0.04           4        2        2  The Crowded Exit: What GameStop Owners F
-- GME     2025-07-07  +0.10   -0.58           3        0        3  $GME: the cash pile
-- INTC    2025-07-07  +0.21   -0.46           4        1        3  Intel: A Strong Business Priced Like a W
-- SPY     2025-07-09  -0.39   +0.28           5        3        0  SPY: market breadth
