-- One row per ticker and session with 40 pairs among the 60 sessions up to it: the correlation of their sentiment with the return from the next open to the next close.
with pairs as (
    select
        ticker,
        trading_day as day,
        session_number,
        mean_sentiment as sentiment,
        case
            when bool_or(abnormal_return_1d is not null) over (partition by ticker) then abnormal_forward_return_1d
            else forward_return_1d
        end as ahead
    from mart.ticker_days
    where scorer = $scorer and ticker in (select unnest($tickers))
),

rolled as (
    select
        ticker,
        day,
        corr(sentiment, ahead) over sixty as correlation,
        count(sentiment + ahead) over sixty as n
    from pairs
    window sixty as (partition by ticker order by session_number range between 59 preceding and current row)
)
select
    ticker,
    day,
    n,
    correlation,
    -- Fisher 1921: atanh(r) is nearly normal with variance 1 / (n - 3); tanh(x) = 1 - 2 / (exp(2x) + 1)
    1 - 2 / (exp(2 * (atanh(correlation) - 1.959964 / sqrt(n - 3))) + 1) as low,
    1 - 2 / (exp(2 * (atanh(correlation) + 1.959964 / sqrt(n - 3))) + 1) as high
from rolled
where n >= 40 and abs(correlation) < 1
qualify row_number() over (partition by ticker order by day desc) <= 504
order by ticker, day
