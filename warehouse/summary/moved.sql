-- What stands out in the newest session of each ticker up to a day: three by return, three by sentiment, three by texts.
-- scorer: Whose reading (given).
-- last: The day (given); a ticker whose newest session is more than four days older than the newest of all is not shown.
with day as (
    select max(trading_day) as newest_day
    from mart.ticker_days
    where trading_day <= $last::date
),

newest as (
    select distinct on (ticker)
        ticker,
        trading_day,
        return_1d,
        abnormal_return_1d,
        mean_sentiment,
        scored_count,
        sentiment_z,
        if(is_covered, text_count, null) as text_count,
        volume_z
    from mart.ticker_days
    cross join day
    where scorer = $scorer
        and trading_day between day.newest_day - 10 and day.newest_day
        and (return_1d is not null or text_count > 0)
    order by ticker, trading_day desc
),

ranked as (
    select
        newest.*,
        row_number() over (order by abs(coalesce(abnormal_return_1d, return_1d)) desc nulls last, ticker) as by_return,
        row_number() over (order by abs(sentiment_z) desc nulls last, ticker) as by_sentiment,
        row_number() over (order by volume_z desc nulls last, ticker) as by_texts
    from newest
    where trading_day >= (select max(trading_day) from newest) - 4
)

select
    ticker,
    trading_day,
    return_1d,
    abnormal_return_1d,
    mean_sentiment,
    scored_count,
    sentiment_z,
    text_count,
    volume_z
from ranked
where (by_return <= 3 and coalesce(abnormal_return_1d, return_1d) is not null)
    or (by_sentiment <= 3 and sentiment_z is not null)
    or (by_texts <= 3 and volume_z is not null)
order by by_return
