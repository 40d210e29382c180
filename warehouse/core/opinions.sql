-- What each text of the days $first to $last says of each ticker it mentions, by every current scorer.
-- Sentences that name a ticker and say something; somebody else's quoted words are not the author's opinion.
with named as (
    select distinct mentions.text_id, mentions.position, mentions.ticker
    from core.mentions
    join core.sentences using (text_id, position)
    where mentions.day between $first and $last and sentences.has_words and not sentences.is_quote
),

sharing as (
    select text_id, position, ticker, count(*) over (partition by text_id, position) > 1 as is_shared
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

divided as (
    select distinct text_id, ticker
    from core.clauses
    where day between $first and $last
),

footing as (
    select
        spoken.text_id, spoken.ticker, spoken.day, spoken.known_at, spoken.relevance,
        case
            when spoken.is_inherited then 'thread'
            when not bool_and(sharing.is_shared) then 'own'
            when bool_and(sharing.is_shared) and bool_or(divided.ticker is not null) then 'clause'
            when bool_and(sharing.is_shared) then 'shared'
            else 'text'
        end as basis
    from spoken
    left join sharing using (text_id, ticker)
    left join divided using (text_id, ticker)
    group by spoken.text_id, spoken.ticker, spoken.day, spoken.known_at, spoken.relevance, spoken.is_inherited
),

-- The scores it stands on: of the ticker's own clause where a shared sentence could be divided, else of the sentence.
standing as (
    select
        footing.text_id,
        footing.ticker,
        scores.scorer,
        scores.scorer_version,
        scores.position,
        coalesce(clauses.compound, scores.compound) as compound
    from footing
    join core.scores using (text_id)
    join core.sentences using (text_id, position)
    left join sharing
        on sharing.text_id = footing.text_id
        and sharing.position = scores.position
        and sharing.ticker = footing.ticker
    left join core.clauses
        on clauses.text_id = footing.text_id
        and clauses.position = scores.position
        and clauses.ticker = footing.ticker
        and clauses.scorer = scores.scorer
        and clauses.scorer_version = scores.scorer_version
    where not sentences.is_quote
        and scores.compound is not null
        and case footing.basis
            when 'own' then not sharing.is_shared
            when 'clause' then sharing.is_shared
            when 'shared' then sharing.is_shared
            else true
        end
),

-- Ordered sums: adding floats in another order gives another last digit.
evidence as (
    select
        text_id,
        ticker,
        scorer,
        scorer_version,
        avg(compound order by position) as sentiment,
        count(*)::integer as sentence_count,
        avg((compound >= 0.05)::integer) as positive_share,
        avg((compound <= -0.05)::integer) as negative_share,
        stddev_pop(compound order by position) as dispersion
    from standing
    group by text_id, ticker, scorer, scorer_version
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
    case when footing.basis = 'thread' then $inherited_weight else 1 end as weight,
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
