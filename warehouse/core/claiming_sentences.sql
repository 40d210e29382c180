-- The authors' own sentences of the days $first to $last in English, with the moment they were written or, where that is unknown, seen.
select sentences.text_id, sentences.position, sentences.sentence, sentences.is_title, sentences.is_quote,
    texts.published_at, texts.known_at
from core.sentences
join core.texts using (text_id)
where sentences.day between $first and $last
    and not sentences.is_quote
    and coalesce(texts.language, 'en') = 'en'
order by sentences.text_id, sentences.position
