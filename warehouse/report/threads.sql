-- One row per ticker: in how many threads author and commenters can be compared, and in how many they take opposite sides.
select
    ticker,
    count(disagreement) as compared,
    count(*) filter (author_sentiment * commenter_sentiment < 0) as opposed,
    sum(after_move_count)::bigint as after_move,
    sum(comment_count) filter (after_move_count is not null)::bigint as comments
from mart.threads
where scorer = $scorer and ticker in (select unnest($tickers))
group by ticker
order by ticker
