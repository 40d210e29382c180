-- One row per ticker with 50 sessions or more and fifth of its sessions by mean_sentiment: the mean return from the next open to the next close.
with pairs as (
    select
        ticker,
        trading_day,
        mean_sentiment,
        case
            when bool_or(abnormal_return_1d is not null) over (partition by ticker) then abnormal_forward_return_1d
            else forward_return_1d
        end as ahead
    from mart.ticker_days
    where scorer = $scorer and ticker in (select unnest($tickers))
),

sorted as (
    select ticker, ahead, mean_sentiment,
        ntile(5) over (partition by ticker order by mean_sentiment, trading_day) as fifth,
        count(*) over (partition by ticker) as session_count
    from pairs
    where mean_sentiment is not null and ahead is not null
)
select
    ticker,
    fifth,
    count(*) as n,
    avg(mean_sentiment) as sentiment,
    1e4 * avg(ahead) as bps,
    1e4 * stddev_samp(ahead) / sqrt(count(*)) as error
from sorted
where session_count >= 50
group by all
order by ticker, fifth
