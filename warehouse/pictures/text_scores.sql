-- How texts sound to each scorer: the share of them in each band of sentiment.
-- scorer: Whose reading.
-- sentiment: Middle of the band, a twentieth wide.
-- text_share: Share of the scorer's texts.
with banded as (
    select scorer, least(floor(sentiment * 20), 19) / 20 + 0.025 as sentiment, count(*) as text_count
    from mart.text_scores
    where sentiment is not null
    group by all
)

select scorer, sentiment, text_count / sum(text_count) over (partition by scorer) as text_share
from banded
order by all
