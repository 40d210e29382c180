-- How much of the talk is copies, bots and empty words?
--
-- For whoever counts texts and calls them people.
--
-- Mind: nothing of it is deleted; reposts, machines and texts that say nothing count in no sentiment, and a copy (the
-- same or nearly the same words within 24 hours) weighs less each time. A text may be several of these, so the shares
-- do not add up to those that count. A bot that nobody has recognised is a person here.
select
    source,
    count(*) as texts,
    count(distinct author_id) as authors,
    round(count(*) filter (copy_kind = 'exact') / count(*), 3) as exact_copies,
    round(count(*) filter (copy_kind = 'near') / count(*), 3) as near_copies,
    round(count(*) filter (is_repost) / count(*), 3) as reposts,
    round(count(*) filter (is_automatic) / count(*), 3) as by_machines,
    round(count(*) filter (is_low_information) / count(*), 3) as empty_words,
    round(count(*) filter (is_deleted) / count(*), 3) as deleted,
    round(count(*) filter (is_counted) / count(*), 3) as counted
from core.texts
group by source
order by texts desc, source
limit 10

-- On the bundled sample:
--
-- source      texts  authors  exact_copies  near_copies  reposts  by_machines  empty_words  deleted  counted
-- ----------  -----  -------  ------------  -----------  -------  -----------  -----------  -------  -------
-- chirper      9567      701         0.082        0.007    0.028        0.016          0.0      0.0    0.956
-- boardroom    7906      699         0.132        0.003      0.0        0.047        0.182      0.0    0.772
-- tickertalk   6108      695         0.058        0.007      0.0        0.017          0.0      0.0    0.983
-- dailywire     168        0           0.0          0.0      0.0          0.0          0.0      0.0      1.0
-- square        150       78         0.087          0.0      0.0          0.0         0.14      0.0     0.86
-- bulletin       60        0           0.0          0.0      0.0          0.0          0.0      0.0      1.0
