-- Over how many sessions a claim can come true, and whether its words name them.
-- sessions: Sessions from the first to the last, none where they are not named; in order.
-- named: certain, in doubt, or not named.
-- claim_count: Claims.
with sized as (
    select
        case
            when obstacle is not null then 'none'
            when last_session is null then 'no end'
            when last_session - first_session < 1 then '1'
            when last_session - first_session < 5 then '2–5'
            when last_session - first_session < 21 then '6–21'
            when last_session - first_session < 63 then '22–63'
            when last_session - first_session < 252 then '64–252'
            else 'longer'
        end as sessions,
        case when obstacle is not null then 'not named' when doubt is not null then 'in doubt' else 'certain' end
            as named
    from mart.claim_windows
),

counted as (
    select sessions, named, count(*)::integer as claim_count
    from sized
    group by all
)

select sessions, named, claim_count
from counted
order by list_position(['1', '2–5', '6–21', '22–63', '64–252', 'longer', 'no end', 'none'], sessions), named
