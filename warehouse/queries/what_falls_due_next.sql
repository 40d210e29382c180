-- Which claims fall due next?
--
-- For whoever keeps a diary of promises: which targets come to their end, and how far is the price from them?
--
-- Mind: today is the newest close in the database. to_go is from that close, in the prices quoted on that day; a
-- target set before a split was meant for other prices and looks far off. Many targets say no date and get twelve
-- months, so the date is often ours, not the author's.
with newest as (
    select
        ticker,
        max(trading_day) as trading_day,
        arg_max(close / adjustment_factor, trading_day) as close
    from core.returns
    where close is not null
    group by ticker
)

select
    checks.due_on,
    checks.ticker,
    left(checks.matched, 34) as said,
    checks.known_at::date as said_on,
    left(checks.author_id, 24) as author_id,
    round(newest.close, 2) as close,
    printf('%+.1f', 100 * (checks.claimed / newest.close - 1)) as to_go_percent
from mart.claim_checks as checks
join newest using (ticker)
where checks.status = 'not_yet_due' and checks.due_on >= newest.trading_day and checks.is_counted
order by checks.due_on, checks.text_id, checks.position, checks.claim_number
limit 8

-- On the bundled sample:
--
-- due_on      ticker  said                            said_on     author_id                  close  to_go_percent
-- ----------  ------  ------------------------------  ----------  ----------------------  --------  -------------
-- 2025-08-06  BTC     price target $52260             2024-08-07  chirper:lazyfalcon      97736.05  -46.5
-- 2025-08-07  MU      $MU to $155                     2024-08-07  boardroom:quietcomet99    149.73  +3.5
-- 2025-08-07  AMD     AMD to $212                     2024-08-07  chirper:saltygamma99      191.19  +10.9
-- 2025-08-08  MU      price target on Micron to $158  2024-08-08  chirper:rustytulip99      149.73  +5.5
-- 2025-08-08  MU      price target on Micron to $158  2024-08-08  chirper:latebadger_x      149.73  +5.5
-- 2025-08-08  AAPL    Apple to $299                   2024-08-08  tickertalk:odddelta7      203.61  +46.8
-- 2025-08-09  BTC     price target on $BTC to $49943  2024-08-09  chirper:earlywalnut_x   97736.05  -48.9
-- 2025-08-09  SPY     price target on SPY to $424     2024-08-09  chirper:oddfalcon7        556.76  -23.8
