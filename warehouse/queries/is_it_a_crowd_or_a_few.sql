-- Is it a crowd, or a few who write a lot?
--
-- For whoever hears "everybody says so".
--
-- Mind: of texts that count in the sentiment, over the whole database. author_weighted_sentiment gives each author
-- one vote a session; where the few say otherwise than the rest, it parts from mean_sentiment: apart is the mean
-- distance between the two. One person with two handles is two authors; texts without an author are left out.
with asked as (
    select 'finance' as scorer, 10 as few, 50 as least_texts
),

written as (
    select moves.ticker, texts.author_id, count(*) as texts, avg(moves.sentiment) as sentiment
    from mart.text_moves as moves
    join asked using (scorer)
    join core.texts using (text_id)
    where moves.is_counted and moves.sentiment is not null and texts.author_id is not null
    group by moves.ticker, texts.author_id
),

ranked as (
    select *, row_number() over (partition by ticker order by texts desc, author_id) as place from written
),

apart as (
    select days.ticker, avg(abs(days.author_weighted_sentiment - days.mean_sentiment)) as apart
    from mart.ticker_days as days
    join asked using (scorer)
    group by days.ticker
)

select
    ranked.ticker,
    count(*) as authors,
    sum(ranked.texts)::bigint as texts,
    max(ranked.texts) as most_by_one,
    round(sum(ranked.texts) filter (ranked.place <= asked.few) / sum(ranked.texts), 3) as share_of_first_10,
    count(*) filter (ranked.texts = 1) as wrote_once,
    round(sum(ranked.sentiment * ranked.texts) filter (ranked.place <= asked.few)
        / sum(ranked.texts) filter (ranked.place <= asked.few), 2) as mood_of_first_10,
    round(avg(ranked.sentiment), 2) as mood_of_authors,
    round(any_value(apart.apart), 3) as apart
from ranked
cross join asked
join apart using (ticker)
group by ranked.ticker
having sum(ranked.texts) >= any_value(asked.least_texts)
order by share_of_first_10 desc, ranked.ticker
limit 10

-- On the bundled sample:
--
-- ticker  authors  texts  most_by_one  share_of_first_10  wrote_once  mood_of_first_10  mood_of_authors  apart
-- ------  -------  -----  -----------  -----------------  ----------  ----------------  ---------------  -----
-- SOXX        465    606           13              0.107         385              0.12             0.01  0.004
-- SPY         997   1636           27              0.084         658              0.05            -0.01  0.009
-- INTC       1148   1949           36              0.079         723              0.02              0.0  0.009
-- AAPL       1147   2064           32              0.076         660              0.02             0.03  0.011
-- BTC        1496   3383           55              0.074         674              0.06             0.03   0.01
-- GME        1454   3274           49              0.073         650             -0.02            -0.05  0.011
-- MU         1308   2561           37              0.072         712              0.09             0.01  0.013
-- AMD        1124   2085           28              0.069         637               0.1             0.03  0.009
-- NVDA       1477   3218           57              0.069         700             -0.01              0.0   0.01
