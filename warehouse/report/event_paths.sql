-- One row per ticker (NULL: all whose model is the market's), direction and session from five before to twenty after an event of sentiment: its mean cumulated abnormal return.
with events as (
    select ticker, session_number, direction, model, alpha, beta
    from mart.events
    where scorer = $scorer and origin = 'sentiment' and is_used and model is not null
),

around as (
    select
        events.ticker,
        events.session_number as event,
        events.direction,
        events.model,
        steps.step,
        case events.model
            when 'mean' then returns.return_1d - events.alpha
            else returns.return_1d - events.alpha - events.beta * benchmark.return_1d
        end as abnormal_return
    from events
    cross join (select unnest(range(-5, 21)) as step) as steps
    join (select distinct ticker, calendar from core.instruments) as listed using (ticker)
    left join core.sessions
        on sessions.calendar = listed.calendar and sessions.session_number = events.session_number + steps.step
    left join core.returns on returns.ticker = events.ticker and returns.trading_day = sessions.trading_day
    left join core.returns as benchmark
        on benchmark.ticker = returns.benchmark and benchmark.trading_day = sessions.trading_day
),

cumulated as (
    select
        ticker,
        direction,
        model,
        step,
        case when count(abnormal_return) over so_far = step + 6 then sum(abnormal_return) over so_far end as car
    from around
    window so_far as (partition by ticker, event, direction order by step)
)
select
    ticker,
    direction,
    step,
    count(car) as n,
    avg(car) as car,
    stddev_samp(car) / sqrt(count(car)) as error
from cumulated
group by grouping sets ((ticker, direction, step), (model, direction, step))
having ticker is not null or model = 'market'
order by ticker, direction, step
