-- How many tests were made, and how many findings would chance alone have brought?
--
-- For whoever is shown one fine result and wants to know out of how many.
--
-- Mind: by_chance is 5 % of the tests: so many come out at p <= 0.05 where nothing is there at all. evidence counts
-- those at q <= 0.05, of which about one in twenty is false, and q_by asks for more: it stands however the tests
-- depend on each other. "same session" and "before" are no predictions.
with tests as (
    select 'signal_quality' as study, 'sentiment first' as question, p, q, q_by from mart.signal_quality
    union all by name
    select 'lead_lag' as study, question, p, q, q_by from mart.lead_lag
    union all by name
    select 'granger' as study, direction as question, p, q, q_by from mart.granger
    union all by name
    select 'event_study' as study, question, p, q, q_by from mart.event_study
)

select
    study,
    question,
    count(*) as questions,
    count(p) as tests,
    round(0.05 * count(p), 1) as by_chance,
    count(*) filter (p <= 0.05) as p_below_5_percent,
    count(*) filter (q <= 0.05) as evidence,
    count(*) filter (q_by <= 0.05) as evidence_by_q_by
from tests
group by study, question
order by study desc, question

-- On the bundled sample:
--
-- study           question              questions  tests  by_chance  p_below_5_percent  evidence  evidence_by_q_by
-- --------------  --------------------  ---------  -----  ---------  -----------------  --------  ----------------
-- signal_quality  sentiment first             440    270  13.5                     118        97                82
-- lead_lag        returns first               110    100  5.0                       23        18                 9
-- lead_lag        same session                 22     20  1.0                       13        13                12
-- lead_lag        sentiment first             110    100  5.0                       21        17                14
-- granger         returns to sentiment         18     18  0.9                       10         6                 5
-- granger         sentiment to returns         18     18  0.9                        6         6                 4
-- event_study     after                        84     72  3.6                        8         0                 0
-- event_study     around                       56     51  2.6                       13         0                 0
-- event_study     before                       28     26  1.3                        0         0                 0
