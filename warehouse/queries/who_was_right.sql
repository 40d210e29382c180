-- Who was right?
--
-- For whoever is about to believe somebody: whose checkable claims did the prices bear out, and could that be luck?
--
-- Mind: at_least and at_most are the ends of the 95 % interval; ranked by the lower one, or a lucky claim comes
-- first. Who has the share of everyone within the interval is not known to be better than everyone. Most claims tell
-- what has happened ("closed 2% higher"): who reports rightly need not foresee anything. A target is confirmed once
-- it is reached and contradicted only at its end, so those that are open flatter.
with everyone as (
    select sum(confirmed_count) / sum(decided_count) as share from mart.author_records
)

select
    author_id,
    claim_count as claims,
    decided_count as decided,
    confirmed_count as confirmed,
    not_yet_due_count as still_open,
    round(confirmed_share, 2) as confirmed_share,
    round(confirmed_share_low, 2) as at_least,
    round(confirmed_share_high, 2) as at_most,
    round(everyone.share, 2) as everyone
from mart.author_records
cross join everyone
where decided_count > 0
order by confirmed_share_low desc, decided_count desc, author_id
limit 10

-- On the bundled sample:
--
-- author_id                claims  decided  confirmed  still_open  confirmed_share  at_least  at_most  everyone
-- -----------------------  ------  -------  ---------  ----------  ---------------  --------  -------  --------
-- boardroom:sunnyharbor7       10        8          8           2              1.0      0.68      1.0      0.88
-- tickertalk:plainlantern       6        6          6           0              1.0      0.61      1.0      0.88
-- tickertalk:sunnyharbor7      17       14         12           3             0.86       0.6     0.96      0.88
-- boardroom:oddharbor           5        5          5           0              1.0      0.57      1.0      0.88
-- chirper:coppercandle99        6        5          5           1              1.0      0.57      1.0      0.88
-- chirper:plainlantern          5        5          5           0              1.0      0.57      1.0      0.88
-- boardroom:copperbadger        4        4          4           0              1.0      0.51      1.0      0.88
-- boardroom:cosmicwalnut7       4        4          4           0              1.0      0.51      1.0      0.88
-- boardroom:earlyledger         5        4          4           1              1.0      0.51      1.0      0.88
-- boardroom:grumpyotter         5        4          4           1              1.0      0.51      1.0      0.88
