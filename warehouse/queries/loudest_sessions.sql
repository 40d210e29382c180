-- Which sessions were the loudest, and what did the price do then and afterwards?
--
-- For whoever wants to see what a stir looks like before believing in one.
--
-- Mind: volume_z sets the number of texts against the 20 sessions before, so it was known at the cut-off; a ticker
-- that is seldom spoken of is loud with a dozen. same_bps is the return of that session, which began before the
-- texts: they may be about it. Only next_bps comes after them. Ten sessions make no rule;
-- do_loud_sessions_move_more.sql asks all.
with asked as (
    select 'finance' as scorer, 5 as least_texts
)

select
    days.ticker,
    days.trading_day,
    days.text_count as texts,
    round(days.volume_z, 1) as volume_z,
    days.author_count as authors,
    days.copy_count as copies,
    days.automatic_count as by_machines,
    round(days.mean_sentiment, 2) as sentiment,
    round(1e4 * days.return_1d)::integer as same_bps,
    round(1e4 * days.forward_return_1d)::integer as next_bps
from mart.ticker_days as days
join asked using (scorer)
where days.volume_z is not null and days.text_count >= asked.least_texts
order by days.volume_z desc, days.ticker, days.trading_day
limit 10

-- On the bundled sample:
--
-- ticker  trading_day  texts  volume_z  authors  copies  by_machines  sentiment  same_bps  next_bps
-- ------  -----------  -----  --------  -------  ------  -----------  ---------  --------  --------
-- SOXX    2024-09-06      12       3.4       12       5            1      -0.22      -262        -6
-- GME     2024-11-29      63       3.3       58       5            2       0.31      -133       180
-- SOXX    2025-06-25      12       3.1       12       2            0       0.25       195      -104
-- BTC     2024-07-20      49       3.1       46       2            1      -0.17       -51        -6
-- SPY     2025-04-01      18       2.9       18       2            0      -0.33        -3        -3
-- SOXX    2025-01-22       8       2.9        7       1            1      -0.05       -18       170
-- SOXX    2025-02-24      11       2.8       11       4            1       0.35       287       -10
-- SOXX    2024-11-19      21       2.8       20       6            2       0.39        -5       -28
-- SPY     2024-09-09      30       2.8       27       4            2      -0.34         2        39
-- SPY     2025-02-11      27       2.7       26       6            1      -0.32        14        70
