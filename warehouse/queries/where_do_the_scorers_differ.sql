-- Where do the two scorers read a text the other way round?
--
-- For whoever wonders what a word list does to slang, and which of the two to believe.
--
-- Mind: the ten texts furthest apart of the newest thirty days, so the worst, not the usual: share is how often any
-- two readings take opposite sides at all. Read them and judge; where authors tagged their stance,
-- which_scorer_is_better_on_my_ticker.sql counts it. begins is other people's words.
with asked as (
    select 'vader' as one, 'finance' as other, 30 as last_days
),

both_read as (
    select one.text_id, one.known_at, one.sentiment as one, other.sentiment as other
    from mart.text_scores as one
    join mart.text_scores as other using (text_id)
    join asked on asked.one = one.scorer and asked.other = other.scorer
),

apart as (
    select *, avg((one * other < 0)::integer) over () as share, count(*) over () as n
    from both_read
    qualify known_at >= max(known_at) over () - to_days((select last_days from asked))
),

distinct_words as (
    select apart.*, texts.source, regexp_replace(coalesce(texts.title, texts.body), '\s+', ' ', 'g') as words
    from apart
    join core.texts using (text_id)
    where texts.is_counted and texts.copy_number = 1 and apart.one * apart.other < 0
)

select
    source,
    printf('%+.2f', one) as vader,
    printf('%+.2f', other) as finance,
    n as texts_read,
    round(share, 3) as share_opposite,
    left(words, 54) as begins
from distinct_words
order by abs(one - other) desc, known_at desc, text_id
limit 10

-- On the bundled sample:
--
-- source      vader  finance  texts_read  share_opposite  begins
-- ----------  -----  -------  ----------  --------------  ------------------------------------------------------
-- tickertalk  -0.49  +0.82         23597           0.043  look, $NVDA higher lows all month - AI capex gives it
-- chirper     -0.49  +0.82         23597           0.043  Quick thought: Bitcoin higher lows all month. 🔥📈
-- chirper     +0.85  -0.13         23597           0.043  just saying, Micron looks strong to me - good luck to
-- chirper     +0.88  -0.03         23597           0.043  my two cents: nothing but love for BTC - the hash rate
-- chirper     +0.53  -0.33         23597           0.043  tbh nothing but fear around $NVDA, let it bleed
-- boardroom   -0.03  +0.80         23597           0.043  $NVDA has a real advantage now - estimates are too low
-- chirper     +0.30  -0.51         23597           0.043  ok put buyers are all over Micron. 🩸📉
-- tickertalk  -0.30  +0.49         23597           0.043  After a long walk: bullish on S&P 500 ETF, full stop.
-- tickertalk  +0.62  -0.17         23597           0.043  guys my favorite holding is $AMD and it is not close.
-- chirper     +0.35  -0.41         23597           0.043  HOT TAKE: ADDING GME ON EVERY DIP. GOOD LUCK TO THE SH
