-- One row per ticker, trading day s, source and scorer: what one service said in the session, for a comparison of services. Only where it said something.
-- ticker: The ticker.
-- trading_day: Session s, the exchange's date.
-- source: Service.
-- scorer: Whose reading.
-- text_count: Texts with an opinion on the ticker known in the session (mart.text_moves.signal_session).
-- scored_count: Of these, the ones that count in the sentiment: scored, saying something, by a person, no repost.
-- author_count: Different authors; a text without an author counts as one.
-- mean_sentiment: Mean of the opinions, -1 to 1; an inherited ticker weighs half. NULL where none counts.
select
    moves.ticker,
    moves.signal_session as trading_day,
    moves.source,
    moves.scorer,
    count(*) as text_count,
    count(moves.sentiment) filter (moves.is_counted) as scored_count,
    count(distinct coalesce(texts.author_id, texts.text_id)) as author_count,
    -- Sums of whole numbers are the same in any order.
    sum((1e12 * moves.sentiment * moves.weight)::bigint) filter (moves.is_counted)
        / sum((1e12 * moves.weight)::bigint) filter (moves.is_counted and moves.sentiment is not null) as mean_sentiment
from mart.text_moves as moves
join core.texts using (text_id)
group by moves.ticker, moves.signal_session, moves.source, moves.scorer
order by moves.ticker, moves.signal_session, moves.source, moves.scorer
