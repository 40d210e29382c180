-- What the first post of its thread names, for each comment from $low to $high of the days $first to $last that came after it.
select distinct texts.text_id, start_mentions.ticker
from core.texts
join start_mentions on start_mentions.text_id = texts.thread_id
where texts.day between $first and $last
    and texts.text_id between $low and $high
    and texts.kind = 'comment'
    and start_mentions.known_at <= texts.known_at
order by texts.text_id, start_mentions.ticker
