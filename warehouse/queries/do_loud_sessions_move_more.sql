-- Does the price move more after loud sessions than after quiet ones?
--
-- For whoever sizes positions: noise may say nothing of the direction and still announce a wild session.
--
-- Mind: a move is that from the next open to the next close, after all the texts. Its size is set against the
-- ticker's own mean over all its sessions, the later ones too, so that a wild ticker does not pass for a loud one:
-- this describes and forecasts nothing. Wild sessions come in rows and tickers move together, so give_or_take (95 %)
-- is too narrow.
with asked as (
    select 'finance' as scorer
),

moved as (
    select
        days.ticker,
        days.volume_z,
        days.forward_return_1d,
        abs(days.forward_return_1d) / avg(abs(days.forward_return_1d)) over (partition by days.ticker) as move
    from mart.ticker_days as days
    join asked using (scorer)
    where days.volume_z is not null and days.forward_return_1d is not null
),

grouped as (
    select
        *,
        case
            when volume_z >= 2 then '1 very loud: 2 or more'
            when volume_z >= 1 then '2 loud: 1 to 2'
            when volume_z > -1 then '3 as usual: -1 to 1'
            else '4 quiet: -1 or less'
        end as volume_z_group
    from moved
)

select
    volume_z_group,
    count(*) as n,
    count(distinct ticker) as tickers,
    round(avg(move), 2) as next_move_against_usual,
    round(1.96 * stddev_samp(move) / sqrt(count(*)), 2) as give_or_take,
    round(1e4 * avg(forward_return_1d))::integer as next_bps
from grouped
group by volume_z_group
order by volume_z_group

-- On the bundled sample:
--
-- volume_z_group             n  tickers  next_move_against_usual  give_or_take  next_bps
-- ----------------------  ----  -------  -----------------------  ------------  --------
-- 1 very loud: 2 or more    61        9                     1.05          0.21       -18
-- 2 loud: 1 to 2           363        9                      1.0           0.1        12
-- 3 as usual: -1 to 1     1614        9                     1.02          0.04         7
-- 4 quiet: -1 or less      434        9                     0.92          0.07        11
