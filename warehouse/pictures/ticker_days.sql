-- Next session's return by fifth of a scorer's mean sentiment; texts and silent tickers by time.
-- panel: returns or coverage; the columns of the other are NULL.
-- scorer: Whose reading.
-- fifth: 1 is the gloomiest fifth of all ticker days, 5 the most cheerful.
-- return_bps: Mean forward_return_1d of the fifth, basis points.
-- day_count: Ticker days in it.
-- week: First day of the time: a day, or a week where there are over 60 days, or several weeks.
-- texts_per_day: Texts per trading day; NULL where no text is held at all.
with sorted as (
    select scorer, forward_return_1d, ntile(5) over (partition by scorer order by mean_sentiment) as fifth
    from mart.ticker_days
    where mean_sentiment is not null and forward_return_1d is not null
),

span as (
    select
        max(trading_day) - min(trading_day) as day_count,
        if(day_count <= 60, 1, 7 * ceil(day_count / 700)::integer) as step
    from mart.ticker_days
),

-- the scorers are given the same texts: one of them is enough
coverage as (
    select
        time_bucket(to_days(span.step), ticker_days.trading_day)::date as week,
        sum(ticker_days.text_count) filter (ticker_days.is_covered)
            / count(distinct ticker_days.trading_day) filter (ticker_days.is_covered) as texts_per_day
    from mart.ticker_days
    cross join span
    where ticker_days.scorer = (select min(scorer) from mart.ticker_days)
    group by week
)

select
    'returns' as panel,
    scorer,
    fifth::integer as fifth,
    1e4 * avg(forward_return_1d) as return_bps,
    count(*)::integer as day_count,
    null::date as week,
    null::double as texts_per_day
from sorted
group by scorer, fifth
union all by name
select 'coverage' as panel, week, texts_per_day from coverage
order by all
