-- The next session's return by fifths of sentiment, and texts a day by time; a gap is a time of which we hold none.
-- panel: returns or coverage; the columns of the other are NULL.
-- scorer: Whose reading.
-- fifth: 1 is the gloomiest fifth of all ticker days, 5 the most cheerful.
-- return_bps: Mean forward_return_1d of the fifth, basis points.
-- day_count: Ticker days in it.
-- week: First day of the time: a day, or a week where there are over 60 days, or several weeks.
-- texts_per_day: Texts per trading day; NULL where no text is held at all.
with paired as (
    select scorer, mean_sentiment, forward_return_1d
    from mart.ticker_days
    where mean_sentiment is not null and forward_return_1d is not null
),

-- not ntile, which would sort all of them and part equals by chance
ends as (
    select scorer, quantile_disc(mean_sentiment, [0.2, 0.4, 0.6, 0.8]) as limits
    from paired
    group by scorer
),

sorted as (
    select
        paired.scorer,
        paired.forward_return_1d,
        1 + (mean_sentiment > limits[1])::integer + (mean_sentiment > limits[2])::integer
            + (mean_sentiment > limits[3])::integer + (mean_sentiment > limits[4])::integer as fifth
    from paired
    join ends using (scorer)
),

span as (
    select
        max(trading_day) - min(trading_day) as day_count,
        if(day_count <= 60, 1, 7 * ceil(day_count / 700)::integer) as step
    from mart.ticker_days
),

-- the scorers are given the same texts: one of them is enough
days as (
    select trading_day, sum(text_count) filter (is_covered) as text_count
    from mart.ticker_days
    where scorer = (select min(scorer) from mart.ticker_days)
    group by trading_day
),

coverage as (
    select time_bucket(to_days(span.step), days.trading_day)::date as week, avg(days.text_count) as texts_per_day
    from days
    cross join span
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
