-- How far are the price targets, and how many were reached?
--
-- For whoever reads "target $1,500" and wonders what such targets were worth.
--
-- Mind: up and down are the median way from the last close before the target was known, in the prices quoted then (a
-- split later does not count). A target is settled once it is reached, but only at its end, mostly a year on, when it
-- is not: of_settled leans up while many are open, of_all leans down. What lies between the two is not known yet.
with said as (
    select checks.ticker, checks.status, checks.claimed * bars.adjustment_factor / bars.close - 1 as way
    from mart.claim_checks as checks
    join (select distinct ticker, calendar from core.instruments) as listed using (ticker)
    asof left join core.sessions on sessions.calendar = listed.calendar and sessions.close_at <= checks.known_at
    left join core.returns as bars on bars.ticker = checks.ticker and bars.trading_day = sessions.trading_day
    where checks.kind = 'target' and checks.is_counted and not checks.is_hedged
        and checks.status <> 'cannot_be_checked'
)

select
    ticker,
    count(*) as targets,
    count(*) filter (way > 0) as above,
    round(100 * median(way) filter (way > 0))::integer as up_percent,
    round(100 * median(way) filter (way < 0))::integer as down_percent,
    count(*) filter (status = 'confirmed') as reached,
    count(*) filter (status = 'contradicted') as missed,
    count(*) filter (status = 'not_yet_due') as still_open,
    round(
        count(*) filter (status = 'confirmed')
        / nullif(count(*) filter (status in ('confirmed', 'contradicted')), 0), 2
    ) as of_settled,
    round(count(*) filter (status = 'confirmed') / count(*), 2) as of_all
from said
group by ticker
order by targets desc, ticker
limit 10

-- On the bundled sample:
--
-- ticker  targets  above  up_percent  down_percent  reached  missed  still_open  of_settled  of_all
-- ------  -------  -----  ----------  ------------  -------  ------  ----------  ----------  ------
-- BTC         107     61          41           -32       27       5          75        0.84    0.25
-- NVDA         71     30          40           -29       22       5          44        0.81    0.31
-- GME          58     30          36           -23       23       0          35         1.0     0.4
-- AAPL         55     30          37           -29        1       2          52        0.33    0.02
-- MU           55     31          37           -29       28       1          26        0.97    0.51
-- AMD          53     27          38           -35        6       2          45        0.75    0.11
-- INTC         42     23          30           -28       13       7          22        0.65    0.31
-- SPY          34     12          38           -26        0       1          33         0.0     0.0
-- SOXX          7      6          41           -20        0       0           7        NULL     0.0
