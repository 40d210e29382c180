-- Which scorer is better on my ticker?
--
-- For whoever has to pick one: which reads the words as their authors meant them, and which goes before the price?
--
-- Mind: two judges, and they need not agree. reads_right: of the texts whose author tagged them Bullish or Bearish
-- and which the scorer takes a side on, the share read that way; reads_a_side: how many of them it takes a side on at
-- all. The other columns are the next session's return per standard deviation of mood, with its test. Choosing the
-- scorer that did better here is itself a look ahead: its edge will be smaller than it looks. Scorers whose intervals
-- overlap are not told apart.
with asked as (
    select 'MU' as ticker
),

tagged as (
    select
        moves.scorer,
        count(*) as tagged,
        count(*) filter (abs(moves.sentiment) >= 0.05) as sided,
        count(*) filter (moves.sentiment >= 0.05 and texts.declared_stance = 'bullish')
        + count(*) filter (moves.sentiment <= -0.05 and texts.declared_stance = 'bearish') as agreeing
    from mart.text_moves as moves
    join asked using (ticker)
    join core.texts using (text_id)
    where texts.declared_stance is not null and moves.sentiment is not null and moves.is_counted
    group by moves.scorer
)

select
    quality.universe as ticker,
    quality.scorer,
    tagged.tagged,
    round(tagged.sided / tagged.tagged, 2) as reads_a_side,
    round(tagged.agreeing / nullif(tagged.sided, 0), 2) as reads_right,
    quality.session_count as sessions,
    round(quality.slope_bps)::integer as bps_per_sd,
    round(quality.slope_low_bps)::integer as at_least,
    round(quality.slope_high_bps)::integer as at_most,
    round(quality.q, 4) as q,
    round(quality.out_of_sample_ic, 2) as out_of_sample
from mart.signal_quality as quality
join asked on asked.ticker = quality.universe
left join tagged using (scorer)
where quality.method = 'regression' and quality.source = 'all' and quality.signal = 'mean_sentiment'
    and quality.horizon = 1
order by quality.q nulls last, quality.scorer

-- On the bundled sample:
--
-- ticker  scorer   tagged  reads_a_side  reads_right  sessions  bps_per_sd  at_least  at_most       q  out_of_sample
-- ------  -------  ------  ------------  -----------  --------  ----------  --------  -------  ------  -------------
-- MU      finance     204          0.93         0.96       271          46        27       66     0.0           0.32
-- MU      vader       204          0.76         0.95       271          41        22       61  0.0003           0.35
