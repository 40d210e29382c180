-- core.texts gained stated_stance. It is a function of raw: made anew, and its days count as not built.
drop table if exists core.texts;
