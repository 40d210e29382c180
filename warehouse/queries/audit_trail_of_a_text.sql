-- How did one text become a number beside a price?
--
-- For whoever does not believe a figure: from the words to the opinion, the session it counts in, and the return
-- after it.
--
-- Mind: set text_id and ticker in the first lines (mart.text_moves has them). The order is that of time: known_at is
-- when the text could first be acted on; "same session" had begun before it, "after it" begins at the first open it
-- could have been traded at. What is missing has no line.
with asked as (
    select 'chirper:18000001813' as text_id, 'NVDA' as ticker, 'finance' as scorer
),

moves as (
    select text_moves.* from mart.text_moves join asked using (text_id, ticker, scorer)
),

sentences as (
    select sentences.position, sentences.sentence, scores.compound
    from core.sentences
    join asked using (text_id)
    left join core.scorers on scorers.scorer = asked.scorer and scorers.is_current
    left join core.scores
        on scores.text_id = sentences.text_id and scores.position = sentences.position
        and scores.scorer = scorers.scorer and scores.scorer_version = scorers.scorer_version
),

clauses as (
    select clauses.position, clauses.rule, clauses.clause, clauses.compound
    from core.clauses
    join asked using (text_id, ticker, scorer)
    join core.scorers using (scorer, scorer_version)
    where scorers.is_current
),

steps as (
    select 1 as step, 'written' as what,
        concat_ws(', ', source, kind, published_at::varchar, author_id) as found
    from core.texts
    join asked using (text_id)
    union all by name
    select 2 as step, if(is_counted, 'counts', 'does not count') as what,
        concat_ws(
            ', ', 'number ' || copy_number || ' with these words', low_information_reason, automatic_reason,
            if(is_repost, 'repost', null)
        ) as found
    from core.texts
    join asked using (text_id)
    union all by name
    select 3 as step, 'mention by ' || rule as what,
        concat_ws(', ', '"' || matched || '"', 'confidence ' || confidence, 'relevance ' || round(relevance, 2))
            as found
    from core.mentions
    join asked using (text_id, ticker)
    union all by name
    select 4 as step, 'sentence ' || position as what,
        concat_ws(' → ', left(regexp_replace(sentence, '\s+', ' ', 'g'), 80), compound) as found
    from sentences
    union all by name
    select 5 as step, rule as what,
        concat_ws(' → ', left(regexp_replace(clause, '\s+', ' ', 'g'), 80), compound) as found
    from clauses
    union all by name
    select 6 as step, 'opinion of ' || ticker as what,
        concat_ws(', ', sentiment, 'basis ' || basis, 'weight ' || weight) as found
    from moves
    union all by name
    select 7 as step, 'known at' as what, known_at || ', counts in session ' || signal_session as found
    from moves
    union all by name
    select 8 as step, 'same session' as what,
        printf('%+.0f bps close to close, begun before the text', 1e4 * react_return) as found
    from moves
    union all by name
    select 9 as step, 'after it' as what,
        printf('%+.0f bps from the open of %s to the close', 1e4 * forward_return_1d, entry_at::varchar) as found
    from moves
)

select what, found
from steps
where found is not null
order by step, what, found
limit 20

-- On the bundled sample:
--
-- what                     found
-- -----------------------  --------------------------------------------------------------------------------
-- written                  chirper, post, 2024-07-10 14:56:12+00, chirper:braveanchor_x
-- counts                   number 1 with these words
-- mention by company_name  "Nvidia", confidence 0.9, relevance 0.71
-- sentence 1               would rather hold GameStop through a crash than Nvidia through a rally → -0.1531
-- passed_over              would rather hold GameStop through a crash than Nvidia through a rally → -0.3
-- opinion of NVDA          -0.3, basis clause, weight 1.0
-- known at                 2024-07-10 14:56:12+00, counts in session 2024-07-10
-- same session             +334 bps close to close, begun before the text
-- after it                 +90 bps from the open of 2024-07-11 13:30:00+00 to the close
