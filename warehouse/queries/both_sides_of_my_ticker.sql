-- What do the bulls and the bears say of my ticker?
--
-- For whoever holds it and has only read those who agree.
--
-- Mind: the newest three days of talk on it, of texts that count and are about it (relevance at least 0.5), the
-- strongest of each side by the scorer's reading: a strong word is no strong argument, and irony is read as it is
-- written. likes are those last seen, NULL where nobody looked. begins is other people's words.
with asked as (
    select 'MU' as ticker, 'finance' as scorer, 3 as last_days, 4 as texts_a_side
),

spoken as (
    select moves.*, if(moves.sentiment > 0, 'bull', 'bear') as side
    from mart.text_moves as moves
    join asked using (ticker, scorer)
    where moves.is_counted and moves.relevance >= 0.5 and abs(moves.sentiment) >= 0.05
    qualify moves.known_at >= max(moves.known_at) over () - to_days(asked.last_days)
),

strongest as (
    select *
    from spoken
    qualify row_number() over (partition by side order by abs(sentiment) desc, known_at desc, text_id)
        <= (select texts_a_side from asked)
)

select
    strongest.side,
    strftime(strongest.known_at, '%m-%d %H:%M') as known_at,
    printf('%+.2f', strongest.sentiment) as sentiment,
    strongest.source,
    seen.likes,
    left(regexp_replace(coalesce(texts.title, texts.body), '\s+', ' ', 'g'), 62) as begins
from strongest
join core.texts using (text_id)
left join (
    select text_id, likes
    from raw.engagement
    qualify row_number() over (partition by text_id order by observed_at desc, path) = 1
) as seen using (text_id)
order by strongest.side, abs(strongest.sentiment) desc, strongest.known_at desc, strongest.text_id

-- On the bundled sample:
--
-- side  known_at     sentiment  source      likes  begins
-- ----  -----------  ---------  ----------  -----  --------------------------------------------------------------
-- bear  07-31 12:36  -0.55      tickertalk     53  So really disappointed with $MU lately. Ugh.
-- bear  07-31 19:38  -0.51      tickertalk     14  So rug pull loading on Micron. DRAM pricing puts it at a disad
-- bear  07-31 19:29  -0.46      chirper        56  ok dead cat bounce on $MU. rip to the longs
-- bear  07-31 13:33  -0.38      chirper         6  After a long walk: Micron keeps losing. The smart sellers care
-- bull  07-30 14:22  +0.72      chirper        28  JUST SAYING, $MU TURNED OUT TO BE A WONDERFUL BUY. THANK ME LA
-- bull  07-29 17:28  +0.38      chirper         2  raised my price target on Micron to $217
-- bull  07-29 14:54  +0.36      chirper        46  $MU is trading 1.51% higher
-- bull  07-31 14:17  +0.34      chirper        46  Fwiw excited for what comes next at $mu. Watching 159.30
