-- Which claims did the prices contradict lately?
--
-- For whoever checks facts, or wants to know how a false figure reads.
--
-- Mind: claimed and actual are fractions for a move, prices for a level or a target; said is other people's words. A
-- claim is contradicted only where what it speaks of is certain. decided_on is when that could be known at the
-- earliest: no signal may use it before. Copies of a claim stand here as often as they were posted; bots and reposts
-- do not.
select
    decided_at::date as decided_on,
    ticker,
    kind,
    left(matched, 32) as said,
    round(claimed, 4) as claimed,
    round(actual, 4) as actual,
    first_bar,
    last_bar
from mart.claim_checks
where status = 'contradicted' and is_counted
order by decided_at desc, text_id, position, claim_number
limit 10

-- On the bundled sample:
--
-- decided_on  ticker  kind    said                         claimed    actual  first_bar   last_bar
-- ----------  ------  ------  ---------------------------  -------  --------  ----------  ----------
-- 2025-07-31  NVDA    target  price target $695              695.0     864.6  2024-08-01  2025-07-31
-- 2025-07-29  INTC    target  price target $42                42.0     32.01  2024-07-30  2025-07-29
-- 2025-07-29  NVDA    target  $nvda to $585                  585.0     864.6  2024-07-30  2025-07-29
-- 2025-07-25  BTC     target  $btc to $39086               39086.0  56249.03  2024-07-25  2025-07-24
-- 2025-07-25  BTC     target  Bitcoin to $34079            34079.0  56249.03  2024-07-25  2025-07-24
-- 2025-07-24  INTC    target  fair value for $INTC is $21     21.0     22.42  2024-07-25  2025-07-24
-- 2025-07-24  GME     move    drops 1.62%                  -0.0162   -0.0055  2025-07-22  2025-07-23
-- 2025-07-23  GME     move    drops 1.62%                  -0.0162   -0.0055  2025-07-22  2025-07-23
-- 2025-07-22  AAPL    target  $AAPL to $276                  276.0    229.49  2024-07-23  2025-07-22
-- 2025-07-21  BTC     target  price target $51109          51109.0  55402.93  2024-07-21  2025-07-20
