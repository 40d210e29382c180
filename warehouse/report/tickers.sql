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

-- The later sessions that the out-of-sample figure is of: after seven tenths of the calendar's, and twenty more.
later as (
    select calendar, min(session_number) + floor(0.7::double * (max(session_number) - min(session_number) + 1))::bigint + 20
        as first_session
    from mart.ticker_days
    join named using (ticker)
    where ticker in (select ticker from core.returns)
    group by calendar
),

held_out as (
    select days.ticker, count(*) as session_count
    from mart.ticker_days as days
    join named using (ticker)
    join later on later.calendar = named.calendar and days.session_number >= later.first_session
    join (
        select ticker, count(abnormal_return_1d) > 0 as is_abnormal from core.returns group by ticker
    ) as kinds on kinds.ticker = days.ticker
    where days.scorer = $scorer and days.mean_sentiment is not null
        and if(kinds.is_abnormal, days.abnormal_forward_return_1d, days.forward_return_1d) is not null
    group by days.ticker
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
    case when priced.return_count > 0 and not priced.is_abnormal then named.benchmark end as missing_benchmark,
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
    held_out.session_count as n_out_of_sample,
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
left join held_out using (ticker)
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
