-- What did prices do after a session of unusual mood, by whose mood it was?
--
-- For whoever waits for the extreme: does it matter whether author and crowd agree, whether the news is new?
--
-- Mind: cars are cumulated abnormal returns (market model) of the window of sessions after the event, close to close.
-- A few dozen events find only what is large: half_width is how far from 0 a mean must lie to be seen at all. naive_p
-- takes events of one day for independent and is there as a warning; q is the one to believe. Dropped events overlap
-- an earlier one.
with asked as (
    select 'finance' as scorer, 'market' as model, 1 as window_start, 5 as window_end
)

select
    study.event_group,
    study.event_count as n,
    study.day_count as days,
    study.dropped_count as dropped,
    round(1e4 * study.mean_car)::integer as mean_bps,
    round(1e4 * (study.car_high - study.car_low) / 2)::integer as half_width,
    round(study.naive_p, 2) as naive_p,
    round(study.p, 2) as p,
    round(study.q, 2) as q,
    coalesce(study.reason, nullif(regexp_extract(study.verdict, '^[^(:]+'), '')) as verdict
from mart.event_study as study
join asked using (scorer, model, window_start, window_end)
where study.origin = 'sentiment'
order by study.event_group

-- On the bundled sample:
--
-- event_group          n  days  dropped  mean_bps  half_width  naive_p     p     q  verdict
-- ------------------  --  ----  -------  --------  ----------  -------  ----  ----  ------------------
-- all                 14    13       11        -4         235     0.97  0.64  0.89  no evidence
-- negative             9     8        6       -44         364     0.78  0.39  0.89  no evidence
-- negative, novel      9     8        6       -44         364     0.78  0.39  0.89  no evidence
-- negative, together   4     4        4      NULL        NULL     NULL  NULL  NULL  4 events; 5 needed
-- positive             5     5        5       -90         348     0.51  0.55  0.89  no evidence
-- positive, novel      5     5        5       -90         348     0.51  0.55  0.89  no evidence
-- positive, together   5     5        4       -90         348     0.51  0.55  0.89  no evidence
