-- By what is a text taken to speak of a ticker?
--
-- For whoever found a text under the wrong ticker, and asks how often that may be.
--
-- Mind: a rule's confidence is set by us, not measured on these texts; texts is that of each rule, and one text may
-- have several. Where thread is the only rule, the ticker is inherited from the first post, and the opinion weighs
-- half. an_example is the newest, in other people's words.
with ruled as (
    select
        mentions.rule,
        mentions.text_id,
        mentions.ticker,
        mentions.matched,
        mentions.confidence,
        mentions.relevance,
        mentions.known_at,
        count(distinct mentions.rule) over (partition by mentions.text_id, mentions.ticker) = 1 as is_only
    from core.mentions
)

select
    rule,
    count(distinct text_id) as texts,
    count(distinct ticker) as tickers,
    count(distinct text_id) filter (is_only) as by_this_alone,
    round(avg(confidence), 2) as confidence,
    round(avg(relevance), 2) as relevance,
    left(arg_max(matched || ' → ' || ticker, (known_at, text_id, ticker)), 40) as an_example
from ruled
group by rule
order by texts desc, rule

-- On the bundled sample:
--
-- rule             texts  tickers  by_this_alone  confidence  relevance  an_example
-- ---------------  -----  -------  -------------  ----------  ---------  -------------------------
-- cashtag          12187        9           2606        0.98       0.87  $BTC → BTC
-- source_symbol     9180        9              0         1.0       0.86  BTC → BTC
-- company_name      5594        9           5220         0.9       0.71  AMD → AMD
-- thread            4515        9           4515         0.5       0.41  NULL
-- symbol            1049        8            902         0.7       0.83  NVDA → NVDA
-- name_and_ticker    379        7              4        0.99       0.78  Apple (AAPL) → AAPL
-- hashtag             42        7              0        0.85       0.65  #MarketNotesBitcoin → BTC
