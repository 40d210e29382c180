-- One row per ticker, trading day s and scorer: what was said after the cut-off of s-1 and before the cut-off of s (the close, unless CROWDTAPE_CUTOFF says otherwise), beside the price moves. The link table.
-- ticker: The ticker.
-- trading_day: Session s, the exchange's date.
-- scorer: Whose reading.
-- session_number: Counts sessions of the ticker's calendar: s+h is session_number + h.
-- cutoff_at: Cut-off of s (UTC): all that stands here of talk was known before it.
-- is_covered: We hold texts, on whatever ticker, known in the session; else that day may never have been fetched or built, and text_count 0 says nothing.
-- text_count: Texts with an opinion on the ticker known in the session; 0 = we hold none (sentiment is NULL then, never 0). Rows start at the ticker's first text; a session without text has a row only where the ticker has prices.
-- scored_count: Of these, the ones that count in the sentiment: scored, saying something, by a person, no repost.
-- author_count: Different authors; a text without an author counts as one.
-- source_count: Different services.
-- post_count: Posts and articles among the texts.
-- comment_count: Comments among the texts.
-- repost_count: Retweets, shares and crossposts among the texts; left out of all sentiment columns.
-- low_information_count: Texts that say nothing ("thnx for sharing"); left out of all sentiment columns.
-- low_information_share: low_information_count / text_count; NULL without text.
-- automatic_count: Texts that a machine posted; left out of all sentiment columns.
-- copy_count: Texts with the same or nearly the same words as one in the 24 hours before.
-- mean_sentiment: Mean of the opinions, -1 to 1; one whose ticker is inherited from its thread weighs half, here and in the other means.
-- bullish_count: Opinions of 0.05 or more.
-- bearish_count: Opinions of -0.05 or less.
-- bullishness: ln((1 + bullish_count) / (1 + bearish_count)) (Antweiler and Frank 2004).
-- agreement: 1 - sqrt(1 - ((bullish - bearish) / (bullish + bearish))^2): 1 = all one way; NULL when nobody takes a side.
-- novelty_weighted_sentiment: Mean in which the k-th copy of a text within 24 h weighs 0.75^(k-1).
-- author_weighted_sentiment: Mean of the authors' means: one author, one vote.
-- decayed_sentiment: Sum of the opinions that count of the 24 h before the cut-off, each weighing 2^(-its age / 16 h), an inherited one half of that; NULL where none is that young. A sum: it grows with the number of texts.
-- engagement_weighted_sentiment: Mean in which a text weighs 1 + ln(1 + likes + replies + reposts) as last seen before the cut-off; 1 where nobody had counted by then.
-- post_sentiment: Mean of posts and articles.
-- comment_sentiment: Mean of comments.
-- post_comment_gap: post_sentiment minus comment_sentiment; NULL where either is silent.
-- sentiment_change: mean_sentiment minus that of session s-1; NULL where either is silent.
-- sentiment_z: (mean_sentiment - its mean over the 20 sessions before s) / their standard deviation; NULL with fewer than 10 of them.
-- volume_z: Buzz: ln(1 + text_count) against its mean and standard deviation over the covered ones of the 20 sessions before s; NULL with fewer than 10 of them, and where s is not covered. The same for every scorer.
-- volume_share: Share of text_count in that of all tickers of the same calendar and session.
-- return_1d: close(s)/close(s-1) - 1, a fraction. Contemporaneous: it began before the texts, and with a cut-off before the close it ends after them.
-- abnormal_return_1d: return_1d minus the benchmark's.
-- entry_session: First session that opens at or after the cut-off: e. With the cut-off at the close it is s+1, at the open s.
-- forward_return_1d: close(e)/open(e) - 1, a fraction: entered at the first open after the cut-off. Looks ahead.
-- forward_return_2d: close(e+1)/open(e) - 1. Looks ahead.
-- forward_return_5d: close(e+4)/open(e) - 1. Looks ahead.
-- forward_return_10d: close(e+9)/open(e) - 1. Looks ahead.
-- forward_return_20d: close(e+19)/open(e) - 1. Looks ahead.
-- abnormal_forward_return_1d: forward_return_1d minus the benchmark's.
-- abnormal_forward_return_2d: forward_return_2d minus the benchmark's.
-- abnormal_forward_return_5d: forward_return_5d minus the benchmark's.
-- abnormal_forward_return_10d: forward_return_10d minus the benchmark's.
-- abnormal_forward_return_20d: forward_return_20d minus the benchmark's.
with listed as (
    select distinct ticker, calendar
    from core.instruments
),

voices as (
    select
        moves.ticker,
        listed.calendar,
        sessions.session_number,
        sessions.cutoff_at,
        moves.signal_session as trading_day,
        moves.scorer,
        moves.text_id,
        moves.kind,
        texts.source,
        coalesce(texts.author_id, texts.text_id) as author_id,
        texts.is_repost,
        texts.is_automatic,
        texts.is_low_information,
        texts.copy_number,
        moves.known_at,
        case when texts.is_counted then moves.sentiment end as sentiment,
        case when texts.is_counted and moves.sentiment is not null then moves.weight end as weight,
        case when texts.is_counted and moves.sentiment is not null then moves.weight * texts.novelty end as novel_weight
    from mart.text_moves as moves
    join core.texts using (text_id)
    join listed on listed.ticker = moves.ticker
    join core.sessions on sessions.calendar = listed.calendar and sessions.trading_day = moves.signal_session
),

-- What could be seen of a text's counts by the cut-off: likes that came later are not known yet.
counted as (
    select
        asked.text_id,
        asked.cutoff_at,
        1 + ln(1 + greatest(coalesce(seen.likes, 0), 0) + coalesce(seen.replies, 0) + coalesce(seen.reposts, 0)) as reach
    from (select distinct text_id, cutoff_at from voices) as asked
    asof join raw.engagement as seen on seen.text_id = asked.text_id and seen.observed_at < asked.cutoff_at
),

-- Sums are of whole numbers, in units of 1e-12: floats added in another order give another last digit.
weighed as (
    select
        voices.*,
        (1e12 * weight)::bigint as weight_units,
        (1e12 * weight * sentiment)::bigint as sentiment_units,
        (1e12 * novel_weight)::bigint as novel_weight_units,
        (1e12 * novel_weight * sentiment)::bigint as novel_sentiment_units,
        (1e12 * weight * coalesce(reach, 1))::bigint as reach_weight_units,
        (1e12 * weight * coalesce(reach, 1) * sentiment)::bigint as reach_sentiment_units
    from voices
    left join counted using (text_id, cutoff_at)
),

votes as (
    select ticker, trading_day, scorer, author_id,
        (1e12 * sum(sentiment_units) / sum(weight_units))::bigint as vote_units
    from weighed
    group by all
),

authors as (
    select ticker, trading_day, scorer, count(*) as author_count,
        sum(vote_units) / count(vote_units) / 1e12 as author_weighted_sentiment
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
        sum(sentiment_units) / sum(weight_units) as mean_sentiment,
        count(*) filter (sentiment >= 0.05) as bullish_count,
        count(*) filter (sentiment <= -0.05) as bearish_count,
        sum(novel_sentiment_units) / sum(novel_weight_units) as novelty_weighted_sentiment,
        sum(reach_sentiment_units) / sum(reach_weight_units) as engagement_weighted_sentiment,
        sum(sentiment_units) filter (kind <> 'comment') / sum(weight_units) filter (kind <> 'comment') as post_sentiment,
        sum(sentiment_units) filter (kind = 'comment') / sum(weight_units) filter (kind = 'comment') as comment_sentiment
    from weighed
    group by all
),

-- A text is heard in its own session, and in the next one while it is younger than 24 hours at that cut-off.
heard as (
    select ticker, scorer, trading_day, sentiment * weight as sentiment, cutoff_at - known_at as age
    from voices
    where sentiment is not null
    union all
    select voices.ticker, voices.scorer, sessions.trading_day,
        voices.sentiment * voices.weight as sentiment, sessions.cutoff_at - voices.known_at as age
    from voices
    join core.sessions
        on sessions.calendar = voices.calendar and sessions.session_number = voices.session_number + 1
    where voices.sentiment is not null
),

decayed as (
    select ticker, trading_day, scorer,
        sum((1e12 * sentiment * pow(2, -epoch(age) / (16 * 3600)))::bigint) / 1e12 as decayed_sentiment
    from heard
    where age < interval 24 hours
    group by all
),

covered as (
    select distinct sessions.calendar, sessions.trading_day
    from (select distinct known_at from core.texts) as moments
    cross join (select distinct calendar from core.sessions) as calendars
    asof join core.sessions on sessions.calendar = calendars.calendar and moments.known_at < sessions.cutoff_at
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
        listed.calendar,
        sessions.session_number,
        sessions.cutoff_at,
        sessions.entry_session_number,
        scorers.scorer,
        covered.trading_day is not null as is_covered,
        coalesce(said.text_count, 0) as text_count,
        coalesce(said.scored_count, 0) as scored_count,
        coalesce(authors.author_count, 0) as author_count,
        coalesce(said.source_count, 0) as source_count,
        coalesce(said.post_count, 0) as post_count,
        coalesce(said.comment_count, 0) as comment_count,
        coalesce(said.repost_count, 0) as repost_count,
        coalesce(said.low_information_count, 0) as low_information_count,
        said.low_information_count / said.text_count as low_information_share,
        coalesce(said.automatic_count, 0) as automatic_count,
        coalesce(said.copy_count, 0) as copy_count,
        said.mean_sentiment,
        coalesce(said.bullish_count, 0) as bullish_count,
        coalesce(said.bearish_count, 0) as bearish_count,
        said.novelty_weighted_sentiment,
        authors.author_weighted_sentiment,
        decayed.decayed_sentiment,
        said.engagement_weighted_sentiment,
        said.post_sentiment,
        said.comment_sentiment
    from spine
    cross join (select scorer from core.scorers where is_current) as scorers
    join listed on listed.ticker = spine.ticker
    join core.sessions on sessions.calendar = listed.calendar and sessions.trading_day = spine.trading_day
    left join covered on covered.calendar = listed.calendar and covered.trading_day = spine.trading_day
    left join said
        on said.ticker = spine.ticker and said.trading_day = spine.trading_day and said.scorer = scorers.scorer
    left join authors
        on authors.ticker = spine.ticker and authors.trading_day = spine.trading_day and authors.scorer = scorers.scorer
    left join decayed
        on decayed.ticker = spine.ticker and decayed.trading_day = spine.trading_day and decayed.scorer = scorers.scorer
),

-- As lists, whose statistics are taken in order: a windowed average has another last digit when later rows come.
remembered as (
    select
        days.*,
        list(mean_sentiment) over before_today as earlier_sentiments,
        list(case when is_covered then ln(1 + text_count) end) over before_today as earlier_volumes,
        any_value(mean_sentiment) over yesterday as last_sentiment
    from days
    window
        before_today as (
            partition by ticker, scorer
            order by session_number
            range between 20 preceding and 1 preceding
        ),
        yesterday as (
            partition by ticker, scorer
            order by session_number
            range between 1 preceding and 1 preceding
        )
)

select
    days.ticker,
    days.trading_day,
    days.scorer,
    days.session_number,
    days.cutoff_at,
    days.is_covered,
    days.text_count,
    days.scored_count,
    days.author_count,
    days.source_count,
    days.post_count,
    days.comment_count,
    days.repost_count,
    days.low_information_count,
    days.low_information_share,
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
    days.decayed_sentiment,
    days.engagement_weighted_sentiment,
    days.post_sentiment,
    days.comment_sentiment,
    days.post_sentiment - days.comment_sentiment as post_comment_gap,
    days.mean_sentiment - days.last_sentiment as sentiment_change,
    case
        when list_count(days.earlier_sentiments) >= 10
        then (days.mean_sentiment - list_avg(days.earlier_sentiments))
            / nullif(list_stddev_samp(days.earlier_sentiments), 0)
    end as sentiment_z,
    case
        when days.is_covered and list_count(days.earlier_volumes) >= 10
        then (ln(1 + days.text_count) - list_avg(days.earlier_volumes))
            / nullif(list_stddev_samp(days.earlier_volumes), 0)
    end as volume_z,
    days.text_count
        / nullif(sum(days.text_count) over (partition by days.calendar, days.trading_day, days.scorer), 0)
        as volume_share,
    returns.return_1d,
    returns.abnormal_return_1d,
    entries.trading_day as entry_session,
    -- core.returns looks ahead from the close of its session: the one before the entry.
    ahead.forward_return_1d,
    ahead.forward_return_2d,
    ahead.forward_return_5d,
    ahead.forward_return_10d,
    ahead.forward_return_20d,
    ahead.abnormal_forward_return_1d,
    ahead.abnormal_forward_return_2d,
    ahead.abnormal_forward_return_5d,
    ahead.abnormal_forward_return_10d,
    ahead.abnormal_forward_return_20d
from remembered as days
left join core.returns using (ticker, trading_day)
left join core.sessions as entries
    on entries.calendar = days.calendar and entries.session_number = days.entry_session_number
left join core.sessions as before_entry
    on before_entry.calendar = days.calendar and before_entry.session_number = days.entry_session_number - 1
left join core.returns as ahead
    on ahead.ticker = days.ticker and ahead.trading_day = before_entry.trading_day
order by days.ticker, days.trading_day, days.scorer
