-- What each text of the days $first to $last says of each ticker it mentions, by every current scorer.
with named as (
    select distinct text_id, position, ticker
    from core.mentions
    where day between $first and $last and position is not null
),

sharing as (
    select text_id, position, ticker, count(*) over (partition by text_id, position) as ticker_count
    from named
),

-- Per text and ticker: when it could be known, and whether only its thread says so.
spoken as (
    select text_id, ticker, day, max(known_at) as known_at, max(relevance) as relevance,
        bool_and(rule = 'thread') as is_inherited
    from core.mentions
    where day between $first and $last
    group by all
),

footing as (
    select
        spoken.text_id, spoken.ticker, spoken.day, spoken.known_at, spoken.relevance,
        case
            when spoken.is_inherited then 'thread'
            when min(sharing.ticker_count) = 1 then 'own'
            when min(sharing.ticker_count) > 1 then 'shared'
            else 'text'
        end as basis
    from spoken
    left join sharing using (text_id, ticker)
    group by spoken.text_id, spoken.ticker, spoken.day, spoken.known_at, spoken.relevance, spoken.is_inherited
),

-- The sentences it stands on; somebody else's quoted words are not the author's opinion.
-- Ordered sums: adding floats in another order gives another last digit.
evidence as (
    select
        footing.text_id,
        footing.ticker,
        scores.scorer,
        scores.scorer_version,
        avg(scores.compound order by scores.position) as sentiment,
        count(*)::integer as sentence_count,
        avg((scores.compound >= 0.05)::integer) as positive_share,
        avg((scores.compound <= -0.05)::integer) as negative_share,
        stddev_pop(scores.compound order by scores.position) as dispersion
    from footing
    join core.scores using (text_id)
    join core.sentences using (text_id, position)
    left join sharing
        on sharing.text_id = footing.text_id
        and sharing.position = scores.position
        and sharing.ticker = footing.ticker
    where not sentences.is_quote
        and scores.compound is not null
        and case footing.basis
            when 'own' then sharing.ticker_count = 1
            when 'shared' then sharing.ticker_count > 1
            else true
        end
    group by footing.text_id, footing.ticker, scores.scorer, scores.scorer_version
)

select
    footing.text_id,
    footing.ticker,
    scorers.scorer,
    scorers.scorer_version,
    evidence.sentiment,
    footing.basis,
    coalesce(evidence.sentence_count, 0) as sentence_count,
    evidence.positive_share,
    evidence.negative_share,
    evidence.dispersion,
    footing.relevance,
    footing.known_at,
    footing.day
from footing
cross join core.scorers
left join evidence
    on evidence.text_id = footing.text_id
    and evidence.ticker = footing.ticker
    and evidence.scorer = scorers.scorer
    and evidence.scorer_version = scorers.scorer_version
where scorers.is_current
