-- All sentences of the texts from $low to $high of the days $first to $last.
select text_id, position, sentence, section, stance, is_title, is_quote, day
from core.sentences
where day between $first and $last and text_id between $low and $high
order by text_id, position
