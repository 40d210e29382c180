-- Do comments follow the price?
--
-- For whoever takes a cheerful comment section for a reason to buy.
--
-- Mind: correlations of a session's mood with the return of the session before, of the same session (which began
-- before the texts) and of the next one, from its open, the only one that could be traded. noise is what chance alone
-- stays within nineteen times in twenty: 1.96 / sqrt(n), for comments. What stands up to all tests together says
-- mart.lead_lag.
with asked as (
    select 'finance' as scorer
),

spoken as (
    select
        days.ticker,
        days.comment_sentiment,
        days.post_sentiment,
        days.return_1d,
        days.forward_return_1d,
        before.return_1d as return_before
    from mart.ticker_days as days
    join asked using (scorer)
    left join mart.ticker_days as before
        on before.ticker = days.ticker and before.scorer = days.scorer
        and before.session_number = days.session_number - 1
)

select
    ticker,
    count(comment_sentiment) as n,
    round(1.96 / sqrt(count(comment_sentiment)), 2) as noise,
    round(corr(comment_sentiment, return_before), 2) as comments_before,
    round(corr(comment_sentiment, return_1d), 2) as comments_same,
    round(corr(comment_sentiment, forward_return_1d), 2) as comments_next,
    count(post_sentiment) as n_posts,
    round(corr(post_sentiment, return_before), 2) as posts_before,
    round(corr(post_sentiment, return_1d), 2) as posts_same,
    round(corr(post_sentiment, forward_return_1d), 2) as posts_next
from spoken
group by ticker
having count(comment_sentiment) >= 30
order by comments_same desc, ticker
limit 10

-- On the bundled sample:
--
-- ticker    n  noise  comments_before  comments_same  comments_next  n_posts  posts_before  posts_same  posts_next
-- ------  ---  -----  ---------------  -------------  -------------  -------  ------------  ----------  ----------
-- SOXX     41   0.31              0.3           0.39            0.0      234          0.18        0.15         0.0
-- MU      135   0.17             0.24           0.32           0.17      272          0.26        0.33         0.2
-- AMD     106   0.19             0.17           0.31           0.04      272          0.21        0.23       -0.03
-- GME     152   0.16              0.2           0.31           0.14      271          0.21        0.38        0.22
-- BTC     175   0.15             0.21           0.28           0.22      396          0.29        0.33        0.23
-- NVDA    152   0.16              0.3           0.23           0.22      272          0.35        0.38        0.24
-- AAPL    117   0.18             0.29           0.15            0.0      272          0.22        0.15         0.0
-- INTC    112   0.19             0.17           0.09           0.13      270           0.2        0.17        0.03
-- SPY      95    0.2             0.29           0.09           0.16      270           0.3        0.11        0.06
