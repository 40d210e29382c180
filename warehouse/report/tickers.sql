-- One row per ticker, the most spoken of first: who it is, how much is said of it, its newest session, and what the tests say of it. Newest: of which any text was read.
with said as (
    select
        ticker,
        min(trading_day) filter (text_count > 0) as first_day,
        max(trading_day) filter (text_count > 0) as last_day,
        sum(text_count)::bigint as text_count,
        count(*) filter (text_count > 0) as session_count,
        max(trading_day) filter (is_covered) as newest_day,
        arg_max(struct_pack(
            text_count := text_count, author_count := author_count, mean_sentiment := mean_sentiment,
            sentiment_z := sentiment_z, return_1d := return_1d
        ), trading_day) filter (is_covered) as newest
    from mart.ticker_days
    where scorer = $scorer
    group by ticker
),

unread as (
    select days.ticker, count(*) as session_count
    from mart.ticker_days as days
    join said on said.ticker = days.ticker and days.trading_day between said.first_day and said.last_day
    where days.scorer = $scorer and not days.is_covered
    group by days.ticker
),

named as (
    select ticker, max(calendar) as calendar, arg_max(name, coalesce(valid_to, date '9999-12-31')) as name,
        arg_max(benchmark, coalesce(valid_to, date '9999-12-31')) as benchmark
    from core.instruments
    group by ticker
),

priced as (
    select ticker, count(return_1d) as return_count, count(abnormal_return_1d) > 0 as is_abnormal
    from core.returns
    group by ticker
)
select
    said.ticker,
    named.name,
    named.calendar,
    case when priced.is_abnormal then named.benchmark end as benchmark,
    coalesce(priced.return_count, 0) as return_count,
    said.first_day,
    said.last_day,
    said.text_count,
    said.session_count,
    coalesce(unread.session_count, 0) as uncovered_count,
    said.newest_day,
    said.newest.text_count as newest_text_count,
    said.newest.author_count as newest_author_count,
    said.newest.mean_sentiment as newest_sentiment,
    said.newest.sentiment_z as newest_z,
    said.newest.return_1d as newest_return,
    quality.slope_bps,
    quality.slope_low_bps,
    quality.slope_high_bps,
    quality.out_of_sample_ic,
    quality.p_out_of_sample,
    quality.q,
    quality.session_count as n,
    coalesce(quality.verdict, 'not tested: no prices') as verdict,
    same.correlation as same_correlation,
    same.q as same_q,
    same.session_count as same_n
from said
left join unread using (ticker)
left join named using (ticker)
left join priced using (ticker)
left join mart.signal_quality as quality
    on quality.universe = said.ticker
    and quality.scorer = $scorer
    and quality.source = 'all'
    and quality.signal = 'mean_sentiment'
    and quality.horizon = 1
left join mart.lead_lag as same on same.universe = said.ticker and same.scorer = $scorer and same.lag = 0
where said.text_count > 0
order by said.text_count desc, said.ticker
limit $most
