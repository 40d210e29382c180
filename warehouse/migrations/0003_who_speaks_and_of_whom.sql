-- core.texts, sentences and opinions gained columns (machines, reposts, words, weight); core.clauses, core.claims,
-- raw.forgotten and raw.author_salts came. Scores stay: those of an older scorer are kept beside the new.
-- A page of Gate in raw keeps the id made of its words: the number in its address is the id of pages read since.
drop table if exists core.texts;
drop table if exists core.sentences;
drop table if exists core.opinions;
