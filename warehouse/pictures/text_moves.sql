-- What prices did after texts, by what the texts said: mean return of the session they fell into, which began before them, and of the next.
-- scorer: Whose reading.
-- sentiment: Middle of a band of sentiment, an eighth of -1 to 1.
-- session: "same" (react_return) or "next" (forward_return_1d).
-- return_bps: Mean return, basis points; NULL where fewer than 5 texts have one.
with banded as (
    select
        scorer,
        least(floor(sentiment * 4), 3) / 4 + 0.125 as sentiment,
        avg(react_return) as same,
        count(react_return) as same_count,
        avg(forward_return_1d) as next,
        count(forward_return_1d) as next_count
    from mart.text_moves
    where is_counted and sentiment is not null
    group by all
)

select scorer, sentiment, 'same' as session, if(same_count >= 5, 1e4 * same, null) as return_bps from banded
union all by name
select scorer, sentiment, 'next' as session, if(next_count >= 5, 1e4 * next, null) as return_bps from banded
order by all
