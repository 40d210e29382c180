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
select
    scores.text_id,
    scores.scorer,
    texts.source,
    texts.kind,
    texts.known_at,
    count(*) as sentence_count,
    avg(scores.compound order by scores.position) as sentiment,
    avg((scores.compound >= 0.05)::integer) as positive_share,
    avg((scores.compound <= -0.05)::integer) as negative_share,
    stddev_pop(scores.compound order by scores.position) as dispersion,
    avg(scores.compound order by scores.position) filter (sentences.stance = 'bullish') as bullish_section_sentiment,
    avg(scores.compound order by scores.position) filter (sentences.stance in ('bearish', 'risk')) as bearish_section_sentiment
from core.scores
join core.scorers using (scorer, scorer_version)
join core.sentences using (text_id, position)
join core.texts using (text_id)
where scorers.is_current and not sentences.is_quote
group by scores.text_id, scores.scorer, texts.source, texts.kind, texts.known_at
order by texts.known_at, scores.text_id, scores.scorer
