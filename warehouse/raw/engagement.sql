-- Counts as seen at a moment; two sightings of one moment are one row, the higher count stands.
select
    text_id,
    observed_at,
    max(likes) as likes,
    max(replies) as replies,
    max(reposts) as reposts,
    max(rewards) as rewards,
    max(views) as views,
    $path as path
from staged_engagement
where coalesce(likes, replies, reposts, rewards, views) is not null
group by text_id, observed_at
