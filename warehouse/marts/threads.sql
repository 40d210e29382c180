-- One row per thread, ticker and scorer: what the author says, what the commenters say, and how far apart they are.
-- thread_id: text_id of the first post, which may be missing when only its comments were seen.
-- ticker: The ticker.
-- scorer: Whose reading.
-- source: Service of the thread.
-- title: Title of the first post; untrusted text.
-- author_id: Author of the first post; NULL where unknown.
-- started_at: When the first post could be known (UTC); NULL where it is missing.
-- last_known_at: When the latest opinion of the thread could be known (UTC).
-- author_sentiment: Mean of the opinions by the author of the first post, there and in answers.
-- commenter_sentiment: Mean of the other authors' means, one vote each; low-information answers are left out.
-- disagreement: author_sentiment - commenter_sentiment; NULL where either is missing.
-- commenter_count: Other authors with an opinion on the ticker.
-- comment_count: Comments of the thread with an opinion on the ticker, the author's own included.
-- low_information_count: Comments among them that say nothing.
-- max_depth: Deepest answer among them; NULL where the chain to the first post is broken.
with voices as (
    select
        texts.thread_id,
        opinions.ticker,
        opinions.scorer,
        texts.source,
        texts.text_id,
        texts.kind,
        texts.depth,
        texts.is_low_information,
        coalesce(texts.author_id, texts.text_id) as author_id,
        opinions.known_at,
        case when not texts.is_low_information then opinions.sentiment end as sentiment,
        starts.author_id as thread_author_id,
        starts.title,
        starts.known_at as started_at,
        texts.text_id = texts.thread_id or coalesce(texts.author_id = starts.author_id, false) as is_thread_author
    from core.opinions
    join core.scorers using (scorer, scorer_version)
    join core.texts using (text_id)
    left join core.texts as starts on starts.text_id = texts.thread_id
    where scorers.is_current
),

votes as (
    select thread_id, ticker, scorer, author_id, avg(sentiment order by text_id) as sentiment
    from voices
    where not is_thread_author
    group by all
),

commenters as (
    select thread_id, ticker, scorer, count(*) as commenter_count,
        avg(sentiment order by author_id) as commenter_sentiment
    from votes
    group by all
),

threads as (
    select
        thread_id,
        ticker,
        scorer,
        min(source) as source,
        min(title) as title,
        min(thread_author_id) as author_id,
        min(started_at) as started_at,
        max(known_at) as last_known_at,
        avg(sentiment order by text_id) filter (is_thread_author) as author_sentiment,
        count(*) filter (kind = 'comment') as comment_count,
        count(*) filter (kind = 'comment' and is_low_information) as low_information_count,
        max(depth) as max_depth
    from voices
    group by all
)

select
    threads.thread_id,
    threads.ticker,
    threads.scorer,
    threads.source,
    threads.title,
    threads.author_id,
    threads.started_at,
    threads.last_known_at,
    threads.author_sentiment,
    commenters.commenter_sentiment,
    threads.author_sentiment - commenters.commenter_sentiment as disagreement,
    coalesce(commenters.commenter_count, 0) as commenter_count,
    threads.comment_count,
    threads.low_information_count,
    threads.max_depth
from threads
left join commenters using (thread_id, ticker, scorer)
order by threads.thread_id, threads.ticker, threads.scorer
