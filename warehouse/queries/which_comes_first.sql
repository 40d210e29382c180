-- Which comes first, the mood or the price?
--
-- For whoever saw the two lines rise together on a chart.
--
-- Mind: returns are close to close. before: the mood against the return of the session before it (the crowd follows);
-- same: that return began before the texts, so it predicts nothing; after: the session after the mood. A star:
-- evidence at q <= 0.05, over all tests with the same question. after counts from the last close, which cannot be had
-- any more at the cut-off; which_tickers_have_evidence.sql counts from the next open.
with asked as (
    select 'finance' as scorer
),

shown as (
    select
        lead_lag.universe,
        lead_lag.lag,
        lead_lag.session_count,
        lead_lag.correlation,
        printf('%+.2f', lead_lag.correlation) || if(lead_lag.q <= 0.05, ' *', '') as words
    from mart.lead_lag
    join asked using (scorer)
    where lead_lag.lag between -2 and 2
)

select
    universe,
    max(session_count) as n,
    any_value(words) filter (lag = -2) as two_before,
    any_value(words) filter (lag = -1) as before,
    any_value(words) filter (lag = 0) as same,
    any_value(words) filter (lag = 1) as after,
    any_value(words) filter (lag = 2) as two_after
from shown
where universe in (select universe from mart.signal_quality where method = 'regression')
group by universe
order by any_value(correlation) filter (lag = 1) desc nulls last, universe
limit 12

-- On the bundled sample:
--
-- universe    n  two_before  before   same     after    two_after
-- --------  ---  ----------  -------  -------  -------  ---------
-- NVDA      271  +0.03       +0.27 *  +0.33 *  +0.36 *  +0.32 *
-- MU        271  -0.03       +0.21 *  +0.31 *  +0.27 *  +0.17
-- BTC       395  +0.10       +0.28 *  +0.33 *  +0.24 *  +0.15 *
-- GME       268  +0.14       +0.21 *  +0.38 *  +0.24 *  +0.22 *
-- AMD       271  -0.09       +0.18 *  +0.20 *  +0.07    -0.02
-- SPY       270  +0.19 *     +0.31 *  +0.11    +0.04    +0.13
-- AAPL      271  -0.01       +0.23 *  +0.09    +0.02    -0.04
-- INTC      269  -0.05       +0.15    +0.12    +0.01    -0.00
-- SOXX      233  +0.04       +0.20 *  +0.15 *  -0.01    -0.05
