-- One row per text and scorer: what the whole text sounds like, whoever it is about; the mean of its sentences.
-- text_id: The text (core.texts).
-- scorer: Whose reading.
-- source: Service it came from.
-- kind: post, article or comment.
-- known_at: Earliest moment it could have been acted on (UTC).
-- sentence_count: Scored sentences, those quoted from others left out; a text without any (not English, deleted) has no row.
-- sentiment: Mean compound of the sentences, -1 to 1. A long text scored in one piece saturates near 1; its mean does not.
-- positive_share: Share of sentences with compound >= 0.05.
-- negative_share: Share of sentences with compound <= -0.05.
-- dispersion: Population standard deviation of the sentences' compound.
-- bullish_section_sentiment: Mean of the sentences under a bullish heading; NULL without one. A heading's stance never enters a score.
-- bearish_section_sentiment: Mean of the sentences under a bearish heading or one of risks; NULL without one.
with scored as (
    -- In units of 1e-9: sums of whole numbers are the same in any order, and need none.
    select
        scores.text_id,
        scores.scorer,
        (1e9 * scores.compound)::bigint as compound_units,
        scores.compound >= 0.05 as is_positive,
        scores.compound <= -0.05 as is_negative,
        sentences.stance
    from core.scores
    join core.scorers using (scorer, scorer_version)
    join core.sentences using (text_id, position)
    where scorers.is_current and not sentences.is_quote
),

summed as (
    select
        text_id,
        scorer,
        count(*) as sentence_count,
        count(compound_units) as compound_count,
        sum(compound_units) as compound_sum,
        sum(compound_units * compound_units) as square_sum,
        avg(is_positive::integer) as positive_share,
        avg(is_negative::integer) as negative_share,
        sum(compound_units) filter (stance = 'bullish') / count(compound_units) filter (stance = 'bullish') / 1e9
            as bullish_section_sentiment,
        sum(compound_units) filter (stance in ('bearish', 'risk'))
            / count(compound_units) filter (stance in ('bearish', 'risk')) / 1e9 as bearish_section_sentiment
    from scored
    group by text_id, scorer
)

select
    summed.text_id,
    summed.scorer,
    texts.source,
    texts.kind,
    texts.known_at,
    summed.sentence_count,
    summed.compound_sum / summed.compound_count / 1e9 as sentiment,
    summed.positive_share,
    summed.negative_share,
    sqrt(summed.compound_count * summed.square_sum - summed.compound_sum * summed.compound_sum)
        / summed.compound_count / 1e9 as dispersion,
    summed.bullish_section_sentiment,
    summed.bearish_section_sentiment
from summed
join core.texts using (text_id)
order by texts.known_at, summed.text_id, summed.scorer
