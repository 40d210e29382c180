-- How soon after a text does the price go its way: minutes, hours, days?
--
-- For whoever asks whether there is time left to act on it.
--
-- Mind: every move begins at the first price that could be had after the text, so none of it had been seen.
-- its_way_bps is the mean move, turned round for bearish texts. The first three steps need one-minute bars and a text
-- of the regular hours; without, texts is 0 and the move NULL: not known, not nothing. Texts of one session share its
-- moves, so the error counts sessions, not texts; below twice that error nothing is shown, and it is still too small:
-- tickers move together, and moves of five sessions overlap. All tickers together: those where the mood is worth
-- something hide among those where it is not.
with asked as (
    select 'finance' as scorer
),

steps as (
    select
        unnest(['1 in 5 minutes', '2 in 1 hour', '3 to the close', '4 first session', '5 five sessions']) as step,
        sign(sentiment) * unnest([return_5m, return_1h, return_to_close, forward_return_1d, forward_return_5d]) as move,
        ticker,
        entry_session
    from mart.text_moves
    join asked using (scorer)
    where is_counted and abs(sentiment) >= 0.05
),

with_mean as (
    select *, avg(move) over (partition by step) as mean_move from steps
),

by_session as (
    select
        step,
        any_value(mean_move) as mean_move,
        count(move) as texts,
        count(*) filter (move > 0) as its_way,
        sum(move - mean_move) as away
    from with_mean
    group by step, ticker, entry_session
)

select
    step,
    sum(texts)::bigint as texts,
    count(*) filter (texts > 0) as sessions,
    round(1e4 * any_value(mean_move), 1) as its_way_bps,
    round(1e4 * sqrt(sum(away * away)) / nullif(sum(texts), 0), 1) as standard_error,
    round(sum(its_way) / nullif(sum(texts), 0), 3) as share_its_way
from by_session
group by step
order by step

-- On the bundled sample:
--
-- step             texts  sessions  its_way_bps  standard_error  share_its_way
-- ---------------  -----  --------  -----------  --------------  -------------
-- 1 in 5 minutes       0         0         NULL            NULL           NULL
-- 2 in 1 hour          0         0         NULL            NULL           NULL
-- 3 to the close       0         0         NULL            NULL           NULL
-- 4 first session  16734      2465         22.2             3.1          0.541
-- 5 five sessions  16556      2430         62.5             9.2          0.537
