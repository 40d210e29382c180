-- Author against crowd: how many threads stand where; off the diagonal the commenters disagree with the author.
-- scorer: Whose reading.
-- author: Middle of a band of author_sentiment, a fifth wide.
-- crowd: The same of commenter_sentiment.
-- thread_count: Threads and tickers with both.
select
    scorer,
    least(floor(author_sentiment * 5), 4) / 5 + 0.1 as author,
    least(floor(commenter_sentiment * 5), 4) / 5 + 0.1 as crowd,
    count(*)::integer as thread_count
from mart.threads
where author_sentiment is not null and commenter_sentiment is not null
group by all
order by all
