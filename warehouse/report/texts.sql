-- One row per ticker, session (its events' and its newest with text) and text, the five that weigh most: |sentiment| x weight x novelty x (1 + ln(1 + likes, replies and reposts seen by the cut-off)).
with wanted as (
    select ticker, trading_day as day
    from mart.events
    where ticker in (select unnest($tickers)) and coalesce(scorer, $scorer) = $scorer
    qualify row_number() over (partition by ticker order by trading_day desc, origin) <= 12
    union
    select ticker, max(trading_day)
    from mart.ticker_days
    where ticker in (select unnest($tickers)) and scorer = $scorer and scored_count > 0
    group by ticker
),

spoken as (
    select moves.ticker, wanted.day, moves.text_id, moves.sentiment, moves.basis, moves.weight, moves.known_at,
        sessions.cutoff_at
    from wanted
    join mart.text_moves as moves on moves.ticker = wanted.ticker and moves.signal_session = wanted.day
    join (select distinct ticker, calendar from core.instruments) as listed on listed.ticker = wanted.ticker
    join core.sessions on sessions.calendar = listed.calendar and sessions.trading_day = wanted.day
    where moves.scorer = $scorer and moves.is_counted and moves.sentiment <> 0
),

counted as (
    select asked.text_id, asked.cutoff_at, seen.likes, seen.replies, seen.reposts
    from (select distinct text_id, cutoff_at from spoken) as asked
    asof join raw.engagement as seen on seen.text_id = asked.text_id and seen.observed_at < asked.cutoff_at
),

weighed as (
    select
        spoken.ticker,
        spoken.day,
        spoken.text_id,
        spoken.sentiment,
        spoken.basis,
        spoken.known_at,
        counted.likes,
        counted.replies,
        counted.reposts,
        abs(spoken.sentiment) * spoken.weight * texts.novelty * (1 + ln(
            1 + greatest(coalesce(counted.likes, 0), 0) + coalesce(counted.replies, 0) + coalesce(counted.reposts, 0)
        )) as influence
    from spoken
    join core.texts using (text_id)
    left join counted using (text_id, cutoff_at)
    qualify row_number() over (partition by spoken.ticker, spoken.day order by influence desc, spoken.text_id) <= 5
),

-- Where a long text first names the ticker: what stands before it may be about others.
named as (
    select weighed.ticker, weighed.text_id, arg_min(sentences.sentence, sentences.position) as sentence
    from (select distinct ticker, text_id from weighed) as weighed
    join core.mentions using (ticker, text_id)
    join core.sentences on sentences.text_id = mentions.text_id and sentences.position = mentions.position
    where not sentences.is_title
    group by weighed.ticker, weighed.text_id
)
select
    weighed.ticker,
    weighed.day,
    weighed.text_id,
    weighed.sentiment,
    weighed.basis,
    weighed.known_at,
    weighed.likes,
    weighed.replies,
    weighed.reposts,
    weighed.influence,
    texts.kind,
    texts.source,
    texts.author_id,
    texts.title,
    case
        when contains(left(texts.body, 600), named.sentence) is false then '… ' || left(named.sentence, 600)
        else left(texts.body, 600)
    end as body,
    length(texts.body) > 600 as is_cut,
    left(texts.url, 2000) as url
from weighed
join core.texts using (text_id)
left join named on named.ticker = weighed.ticker and named.text_id = weighed.text_id
order by weighed.ticker, weighed.day desc, weighed.influence desc, weighed.text_id
