-- Mentions in the texts from $low to $high of the days $first to $last.
select text_id, position, ticker, matched, start, relevance
from core.mentions
where day between $first and $last and text_id between $low and $high
order by text_id, position, start, ticker
