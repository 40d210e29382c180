-- One row per ticker, trading day s and scorer: what was said after the close of s-1 and before the close of s, beside the price moves. The link table.
-- ticker: The ticker.
-- trading_day: Session s, the exchange's date.
-- scorer: Whose reading.
-- text_count: Texts with an opinion on the ticker known in the session; 0 = we hold none (sentiment is NULL then, never 0). Rows start at the ticker's first text; a session without text has a row only where the ticker has prices.
-- scored_count: Of these, the ones that count in the sentiment: scored, saying something, by a person, no repost.
-- author_count: Different authors; a text without an author counts as one.
-- source_count: Different services.
-- post_count: Posts and articles among the texts.
-- comment_count: Comments among the texts.
-- repost_count: Retweets, shares and crossposts among the texts; left out of all sentiment columns.
-- low_information_count: Texts that say nothing ("thnx for sharing"); left out of all sentiment columns.
-- automatic_count: Texts that a machine posted; left out of all sentiment columns.
-- copy_count: Texts with the same or nearly the same words as one in the 24 hours before.
-- mean_sentiment: Mean of the opinions, -1 to 1; one whose ticker is inherited from its thread weighs half, here and in the other means.
-- bullish_count: Opinions of 0.05 or more.
-- bearish_count: Opinions of -0.05 or less.
-- bullishness: ln((1 + bullish_count) / (1 + bearish_count)) (Antweiler and Frank 2004).
-- agreement: 1 - sqrt(1 - ((bullish - bearish) / (bullish + bearish))^2): 1 = all one way; NULL when nobody takes a side.
-- novelty_weighted_sentiment: Mean in which the k-th copy of a text within 24 h weighs 0.75^(k-1).
-- author_weighted_sentiment: Mean of the authors' means: one author, one vote.
-- post_sentiment: Mean of posts and articles.
-- comment_sentiment: Mean of comments.
-- sentiment_z: (mean_sentiment - its mean over the 20 sessions before s) / their standard deviation; NULL with fewer than 10 of them.
-- return_1d: close(s)/close(s-1) - 1, a fraction. Contemporaneous: it began before the texts.
-- abnormal_return_1d: return_1d minus the benchmark's.
-- forward_return_1d: close(s+1)/open(s+1) - 1, a fraction: entered at the next open, after the last text. Looks ahead.
-- forward_return_2d: close(s+2)/open(s+1) - 1. Looks ahead.
-- forward_return_5d: close(s+5)/open(s+1) - 1. Looks ahead.
-- forward_return_10d: close(s+10)/open(s+1) - 1. Looks ahead.
-- forward_return_20d: close(s+20)/open(s+1) - 1. Looks ahead.
-- abnormal_forward_return_1d: forward_return_1d minus the benchmark's.
-- abnormal_forward_return_5d: forward_return_5d minus the benchmark's.
-- abnormal_forward_return_20d: forward_return_20d minus the benchmark's.
with voices as (
    select
        moves.ticker,
        moves.react_session as trading_day,
        moves.scorer,
        moves.text_id,
        moves.kind,
        texts.source,
        coalesce(texts.author_id, texts.text_id) as author_id,
        texts.is_repost,
        texts.is_automatic,
        texts.is_low_information,
        texts.copy_number,
        moves.weight,
        moves.weight * texts.novelty as novel_weight,
        case when texts.is_counted then moves.sentiment end as sentiment
    from mart.text_moves as moves
    join core.texts using (text_id)
),

-- Ordered sums throughout: adding floats in another order gives another last digit.
votes as (
    select ticker, trading_day, scorer, author_id,
        sum(sentiment * weight order by text_id) / sum(weight order by text_id) filter (sentiment is not null) as sentiment
    from voices
    group by all
),

authors as (
    select ticker, trading_day, scorer, count(*) as author_count,
        avg(sentiment order by author_id) as author_weighted_sentiment
    from votes
    group by all
),

said as (
    select
        ticker,
        trading_day,
        scorer,
        count(*) as text_count,
        count(sentiment) as scored_count,
        count(distinct source) as source_count,
        count(*) filter (kind <> 'comment') as post_count,
        count(*) filter (kind = 'comment') as comment_count,
        count(*) filter (is_repost) as repost_count,
        count(*) filter (is_low_information) as low_information_count,
        count(*) filter (is_automatic) as automatic_count,
        count(*) filter (copy_number > 1) as copy_count,
        sum(sentiment * weight order by text_id) / sum(weight order by text_id) filter (sentiment is not null)
            as mean_sentiment,
        count(*) filter (sentiment >= 0.05) as bullish_count,
        count(*) filter (sentiment <= -0.05) as bearish_count,
        sum(sentiment * novel_weight order by text_id) / sum(novel_weight order by text_id) filter (sentiment is not null)
            as novelty_weighted_sentiment,
        sum(sentiment * weight order by text_id) filter (kind <> 'comment')
            / sum(weight order by text_id) filter (kind <> 'comment' and sentiment is not null) as post_sentiment,
        sum(sentiment * weight order by text_id) filter (kind = 'comment')
            / sum(weight order by text_id) filter (kind = 'comment' and sentiment is not null) as comment_sentiment
    from voices
    group by all
),

-- Every session with text, and every priced session since the ticker's first text: silence is a row too.
spine as (
    select ticker, trading_day
    from said
    union
    select returns.ticker, returns.trading_day
    from core.returns
    join (select ticker, min(trading_day) as first_day from said group by ticker) as firsts using (ticker)
    where returns.trading_day >= firsts.first_day
),

days as (
    select
        spine.ticker,
        spine.trading_day,
        sessions.session_number,
        scorers.scorer,
        coalesce(said.text_count, 0) as text_count,
        coalesce(said.scored_count, 0) as scored_count,
        coalesce(authors.author_count, 0) as author_count,
        coalesce(said.source_count, 0) as source_count,
        coalesce(said.post_count, 0) as post_count,
        coalesce(said.comment_count, 0) as comment_count,
        coalesce(said.repost_count, 0) as repost_count,
        coalesce(said.low_information_count, 0) as low_information_count,
        coalesce(said.automatic_count, 0) as automatic_count,
        coalesce(said.copy_count, 0) as copy_count,
        said.mean_sentiment,
        coalesce(said.bullish_count, 0) as bullish_count,
        coalesce(said.bearish_count, 0) as bearish_count,
        said.novelty_weighted_sentiment,
        authors.author_weighted_sentiment,
        said.post_sentiment,
        said.comment_sentiment
    from spine
    cross join (select scorer from core.scorers where is_current) as scorers
    join (select distinct ticker, calendar from core.instruments) as listed on listed.ticker = spine.ticker
    join core.sessions on sessions.calendar = listed.calendar and sessions.trading_day = spine.trading_day
    left join said
        on said.ticker = spine.ticker and said.trading_day = spine.trading_day and said.scorer = scorers.scorer
    left join authors
        on authors.ticker = spine.ticker and authors.trading_day = spine.trading_day and authors.scorer = scorers.scorer
)

select
    days.ticker,
    days.trading_day,
    days.scorer,
    days.text_count,
    days.scored_count,
    days.author_count,
    days.source_count,
    days.post_count,
    days.comment_count,
    days.repost_count,
    days.low_information_count,
    days.automatic_count,
    days.copy_count,
    days.mean_sentiment,
    days.bullish_count,
    days.bearish_count,
    case when days.scored_count > 0 then ln((1 + days.bullish_count) / (1 + days.bearish_count)) end as bullishness,
    1 - sqrt(
        1 - pow(
            (days.bullish_count - days.bearish_count) / nullif(days.bullish_count + days.bearish_count, 0),
            2
        )
    ) as agreement,
    days.novelty_weighted_sentiment,
    days.author_weighted_sentiment,
    days.post_sentiment,
    days.comment_sentiment,
    case
        when count(days.mean_sentiment) over before_today >= 10
        then (days.mean_sentiment - avg(days.mean_sentiment) over before_today)
            / nullif(stddev_samp(days.mean_sentiment) over before_today, 0)
    end as sentiment_z,
    returns.return_1d,
    returns.abnormal_return_1d,
    returns.forward_return_1d,
    returns.forward_return_2d,
    returns.forward_return_5d,
    returns.forward_return_10d,
    returns.forward_return_20d,
    returns.abnormal_forward_return_1d,
    returns.abnormal_forward_return_5d,
    returns.abnormal_forward_return_20d
from days
left join core.returns using (ticker, trading_day)
window before_today as (
    partition by days.ticker, days.scorer
    order by days.session_number
    range between 20 preceding and 1 preceding
)
order by days.ticker, days.trading_day, days.scorer
