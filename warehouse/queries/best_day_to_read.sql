-- Which day of the week is the best to read?
--
-- For whoever has one evening a week: when is most said that is new, and does it matter afterwards?
--
-- Mind: a session's texts are those since the cut-off of the one before, so Monday's hold the weekend's. right is the
-- share of ticker-sessions whose mood and next return (from the next open) lie on the same side of the ticker's own
-- means; 0.50 is chance, give_or_take 95 % of it if all were independent, which tickers of one day are not. Of seven
-- days one looks best in any case.
with asked as (
    select 'finance' as scorer
),

judged as (
    select
        days.*,
        days.mean_sentiment - avg(days.mean_sentiment) over (partition by days.ticker) as mood,
        days.forward_return_1d - avg(days.forward_return_1d) over (partition by days.ticker) as move
    from mart.ticker_days as days
    join asked using (scorer)
    where days.is_covered
)

select
    dayname(trading_day) as weekday,
    count(distinct trading_day) as days,
    round(sum(text_count) / count(*), 1) as texts_per_ticker,
    round(sum(scored_count) / nullif(sum(text_count), 0), 2) as counted_share,
    round(1 - sum(copy_count) / nullif(sum(text_count), 0), 2) as novel_share,
    count(mood * move) as n,
    round(count(*) filter (mood * move > 0) / nullif(count(mood * move), 0), 2) as "right",
    round(0.98 / sqrt(nullif(count(mood * move), 0)), 2) as give_or_take
from judged
group by weekday, isodow(trading_day)
order by isodow(trading_day)

-- On the bundled sample:
--
-- weekday    days  texts_per_ticker  counted_share  novel_share    n  right  give_or_take
-- ---------  ----  ----------------  -------------  -----------  ---  -----  ------------
-- Monday       57              10.0            0.9         0.92  475   0.57          0.04
-- Tuesday      57               9.8           0.88          0.9  501   0.52          0.04
-- Wednesday    57               8.6           0.89          0.9  488   0.59          0.04
-- Thursday     57               8.8           0.89          0.9  463   0.58          0.05
-- Friday       56               9.3           0.89          0.9  481   0.52          0.04
-- Saturday     56               9.9           0.86          0.9   56   0.63          0.13
-- Sunday       56               9.4           0.88         0.94   56   0.59          0.13
