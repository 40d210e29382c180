-- Sentences of the days $first to $last that name several tickers, to be divided among them.
select sentences.text_id, sentences.position, sentences.sentence, sentences.day
from core.sentences
join core.texts using (text_id)
where sentences.day between $first and $last
    and sentences.has_words
    and not sentences.is_quote
    and coalesce(texts.language, 'en') = 'en'
    and (sentences.text_id, sentences.position) in (
        select (text_id, position)
        from core.mentions
        where day between $first and $last and position is not null
        group by text_id, position
        having count(distinct ticker) > 1
    )
order by sentences.text_id, sentences.position
