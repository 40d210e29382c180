-- Whose claims did the prices contradict most often?
--
-- For whoever decides whom to stop reading.
--
-- Mind: who is more often wrong than right is known only where even the upper end of the 95 % interval, at_most, is
-- below half; and of many authors some get there by chance. A false word about a session whose price did pass through
-- the figure cannot be contradicted by daily bars, and passes.
select
    author_id,
    decided_count as decided,
    contradicted_count as contradicted,
    confirmed_count as confirmed,
    round(confirmed_share, 2) as confirmed_share,
    round(confirmed_share_low, 2) as at_least,
    round(confirmed_share_high, 2) as at_most,
    confirmed_share_high < 0.5 as is_known
from mart.author_records
where contradicted_count > 0
order by confirmed_share_high, contradicted_count desc, author_id
limit 10

-- On the bundled sample:
--
-- author_id                 decided  contradicted  confirmed  confirmed_share  at_least  at_most  is_known
-- ------------------------  -------  ------------  ---------  ---------------  --------  -------  --------
-- chirper:plainfalcon_x           2             2          0              0.0       0.0     0.66  False
-- chirper:lategamma               3             2          1             0.33      0.06     0.79  False
-- chirper:northcandle99           3             2          1             0.33      0.06     0.79  False
-- boardroom:braveanchor_x         1             1          0              0.0       0.0     0.79  False
-- boardroom:bravebroker_x         1             1          0              0.0       0.0     0.79  False
-- boardroom:cosmicotter7          1             1          0              0.0       0.0     0.79  False
-- boardroom:earlyharbor7          1             1          0              0.0       0.0     0.79  False
-- boardroom:honestharbor_x        1             1          0              0.0       0.0     0.79  False
-- boardroom:lazybroker99          1             1          0              0.0       0.0     0.79  False
-- boardroom:lazymuffin_x          1             1          0              0.0       0.0     0.79  False
