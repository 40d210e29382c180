-- Which tickers are named together, and on the same side?
--
-- For whoever thinks two positions are two bets, or looks for the other leg of a trade.
--
-- Mind: one text that names both, by its own words (not inherited from the thread). same_side is the share of texts
-- that lean the same way on both, of those that take a side on both; "long A, short B" leans two ways. Where a
-- sentence on both cannot be divided, both get its reading, and that is the same side. returns: the correlation of
-- the two's returns over all common days, to compare (a coin's day and a stock's are not the same hours).
with asked as (
    select 'finance' as scorer
),

named as (
    select moves.text_id, moves.ticker, moves.sentiment
    from mart.text_moves as moves
    join asked using (scorer)
    where moves.is_counted and moves.basis <> 'thread'
),

pairs as (
    select
        one.ticker as ticker,
        two.ticker as other,
        count(*) as texts,
        count(*) filter (abs(one.sentiment) >= 0.05 and abs(two.sentiment) >= 0.05) as both_sided,
        count(*) filter (abs(one.sentiment) >= 0.05 and abs(two.sentiment) >= 0.05
            and sign(one.sentiment) = sign(two.sentiment)) as same_side
    from named as one
    join named as two on two.text_id = one.text_id and two.ticker > one.ticker
    group by one.ticker, two.ticker
),

moved as (
    select one.ticker, two.ticker as other, corr(one.return_1d, two.return_1d) as returns
    from core.returns as one
    join core.returns as two on two.trading_day = one.trading_day and two.ticker > one.ticker
    group by one.ticker, two.ticker
)

select
    pairs.ticker,
    pairs.other,
    pairs.texts,
    pairs.both_sided,
    round(pairs.same_side / nullif(pairs.both_sided, 0), 2) as same_side,
    round(moved.returns, 2) as returns
from pairs
left join moved using (ticker, other)
order by pairs.texts desc, pairs.ticker, pairs.other
limit 10

-- On the bundled sample:
--
-- ticker  other  texts  both_sided  same_side  returns
-- ------  -----  -----  ----------  ---------  -------
-- GME     NVDA     103          77       0.52     0.25
-- AAPL    GME       80          52       0.62     0.38
-- AAPL    MU        78          52       0.62     0.44
-- BTC     GME       78          45       0.38     0.05
-- GME     MU        78          54       0.52     0.13
-- AMD     NVDA      75          59       0.56     0.54
-- GME     INTC      74          53       0.55     0.14
-- MU      NVDA      73          51       0.51     0.53
-- AMD     MU        72          55       0.45     0.45
-- AAPL    NVDA      71          51       0.57      0.5
