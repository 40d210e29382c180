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
-- commenter_sentiment: Mean of the other authors' means, one vote each; answers that say nothing, of machines and reposts are left out.
-- disagreement: author_sentiment - commenter_sentiment; NULL where either is missing.
-- bullish_commenter_count: Other authors whose mean is 0.05 or more.
-- bearish_commenter_count: Other authors whose mean is -0.05 or less.
-- agreement: 1 - sqrt(1 - ((bullish - bearish) / (bullish + bearish))^2) over the commenters: 1 = all one way; NULL when nobody takes a side.
-- commenter_count: Other authors who say something of the ticker.
-- comment_count: Comments of the thread with an opinion on the ticker, the author's own included.
-- low_information_count: Comments among them that say nothing ("thnx for sharing").
-- low_information_share: low_information_count / comment_count; NULL without comments.
-- automatic_count: Comments among them that a machine posted.
-- moved_at: First close (UTC), within 20 sessions, that lay more than two daily standard deviations (of the 20 sessions before) from the last close before the first post; NULL where none did before last_known_at. With daily bars the move itself may have come earlier that day.
-- after_move_count: Comments among them known at moved_at or later: they saw the price first. NULL without prices.
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
        texts.is_automatic,
        coalesce(texts.author_id, texts.text_id) as author_id,
        opinions.known_at,
        -- In units of 1e-12: sums of whole numbers are the same in any order, and need none.
        case when texts.is_counted then (1e12 * opinions.sentiment)::bigint end as sentiment_units,
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
    select thread_id, ticker, scorer, author_id, sum(sentiment_units) / count(sentiment_units) / 1e12 as sentiment
    from voices
    where not is_thread_author
    group by all
),

commenters as (
    select
        thread_id,
        ticker,
        scorer,
        count(sentiment) as commenter_count,
        count(*) filter (sentiment >= 0.05) as bullish_commenter_count,
        count(*) filter (sentiment <= -0.05) as bearish_commenter_count,
        sum((1e12 * sentiment)::bigint) / count(sentiment) / 1e12 as commenter_sentiment
    from votes
    group by all
),

-- Per thread and ticker the last close before the first post, and how far a day usually goes.
priced as (
    select
        ticker,
        calendar,
        trading_day,
        close,
        stddev_samp(return_1d) over (
            partition by ticker order by trading_day rows between 19 preceding and current row
        ) as daily_deviation
    from core.returns
),

closes as (
    select priced.ticker, priced.close, priced.daily_deviation, sessions.session_number, sessions.close_at
    from priced
    join core.sessions using (calendar, trading_day)
    where priced.close is not null
),

started as (
    select thread_id, ticker, min(started_at) as started_at, max(known_at) as last_known_at
    from voices
    where started_at is not null
    group by all
),

before as (
    select started.*, closes.close, closes.daily_deviation, closes.session_number
    from started
    asof join closes on closes.ticker = started.ticker and closes.close_at <= started.started_at
),

moves as (
    select
        before.thread_id,
        before.ticker,
        min(closes.close_at) filter (abs(closes.close / before.close - 1) > 2 * before.daily_deviation) as moved_at
    from before
    left join closes
        on closes.ticker = before.ticker
        and closes.session_number between before.session_number + 1 and before.session_number + 20
        and closes.close_at <= before.last_known_at
    where before.daily_deviation is not null
    group by all
),

threads as (
    select
        voices.thread_id,
        voices.ticker,
        voices.scorer,
        min(voices.source) as source,
        min(voices.title) as title,
        min(voices.thread_author_id) as author_id,
        min(voices.started_at) as started_at,
        max(voices.known_at) as last_known_at,
        sum(voices.sentiment_units) filter (voices.is_thread_author)
            / count(voices.sentiment_units) filter (voices.is_thread_author) / 1e12 as author_sentiment,
        count(*) filter (voices.kind = 'comment') as comment_count,
        count(*) filter (voices.kind = 'comment' and voices.is_low_information) as low_information_count,
        count(*) filter (voices.kind = 'comment' and voices.is_automatic) as automatic_count,
        count(moves.thread_id) > 0 as has_prices,
        min(moves.moved_at) as moved_at,
        count(*) filter (voices.kind = 'comment' and voices.known_at >= moves.moved_at) as after_move_count,
        max(voices.depth) as max_depth
    from voices
    left join moves using (thread_id, ticker)
    group by voices.thread_id, voices.ticker, voices.scorer
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
    coalesce(commenters.bullish_commenter_count, 0) as bullish_commenter_count,
    coalesce(commenters.bearish_commenter_count, 0) as bearish_commenter_count,
    1 - sqrt(
        1 - pow(
            (commenters.bullish_commenter_count - commenters.bearish_commenter_count)
                / nullif(commenters.bullish_commenter_count + commenters.bearish_commenter_count, 0),
            2
        )
    ) as agreement,
    coalesce(commenters.commenter_count, 0) as commenter_count,
    threads.comment_count,
    threads.low_information_count,
    threads.low_information_count / nullif(threads.comment_count, 0) as low_information_share,
    threads.automatic_count,
    threads.moved_at,
    case when threads.has_prices then threads.after_move_count end as after_move_count,
    threads.max_depth
from threads
left join commenters using (thread_id, ticker, scorer)
order by threads.thread_id, threads.ticker, threads.scorer
