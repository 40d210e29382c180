-- Tables of core that hold texts: their sentences and scores.
-- Must also run on DuckLake: no primary keys, indexes, sequences or enums; keys are kept by the writer and proved by checks.

create table if not exists core.texts (
    text_id varchar not null,
    source varchar not null,
    kind varchar not null,
    thread_id varchar not null,
    parent_id varchar,
    depth integer,
    is_orphan boolean not null,
    author_id varchar,
    community varchar,
    title varchar,
    body varchar,
    url varchar,
    language varchar,
    published_at timestamptz,
    known_at timestamptz not null,
    time_precision varchar not null,
    is_deleted boolean not null,
    repost_of varchar,
    symbols varchar[],
    declared_stance varchar,
    stated_stance varchar,
    content_hash varchar,
    copy_of varchar,
    copy_kind varchar,
    copy_number integer,
    novelty double,
    is_low_information boolean not null,
    low_information_reason varchar,
    is_automatic boolean not null,
    automatic_reason varchar,
    is_repost boolean not null,
    is_counted boolean not null,
    version_id varchar not null,
    day date not null
);
comment on table core.texts is 'One row per post, article or comment, cleaned, as first seen.';
comment on column core.texts.text_id is 'Source and native id.';
comment on column core.texts.source is 'Service it came from.';
comment on column core.texts.kind is 'post, article or comment.';
comment on column core.texts.thread_id is 'text_id of the first post of the thread; its own for a post.';
comment on column core.texts.parent_id is 'text_id it answers; NULL for a post.';
comment on column core.texts.depth is 'Answers between it and the first post: 0 for a post; NULL while a parent in between is missing.';
comment on column core.texts.is_orphan is 'Its parent has not been seen (yet); it joins the thread when the parent arrives.';
comment on column core.texts.author_id is 'Source and handle (a salted hash of them where CROWDTAPE_AUTHOR_SALT is set); NULL where deleted or not given.';
comment on column core.texts.community is 'Subreddit, stream or section.';
comment on column core.texts.title is 'Title, cleaned.';
comment on column core.texts.body is 'Body without markup, cleaned; NULL where deleted.';
comment on column core.texts.url is 'Address; untrusted.';
comment on column core.texts.language is 'ISO 639-1, declared or detected; NULL where undecidable.';
comment on column core.texts.published_at is 'When the author posted (UTC); NULL where unknown.';
comment on column core.texts.known_at is 'Earliest moment it could have been acted on (UTC). Every signal uses this, never published_at.';
comment on column core.texts.time_precision is 'exact; relative; absent.';
comment on column core.texts.is_deleted is 'No version with its words was seen.';
comment on column core.texts.repost_of is 'text_id of the original of a retweet, share or crosspost.';
comment on column core.texts.symbols is 'Tickers the source itself declares.';
comment on column core.texts.declared_stance is 'bullish or bearish where the author tagged it so.';
comment on column core.texts.stated_stance is 'bullish or bearish where the author''s own words state a position ("I''m long", "bought puts"); NULL where they do not.';
comment on column core.texts.content_hash is 'Hash of the bare words (no addresses, handles, case, punctuation); NULL where none are left.';
comment on column core.texts.copy_of is 'text_id of the first text with the same or nearly the same words in the 24 h before; NULL for an original.';
comment on column core.texts.copy_kind is 'exact: the same bare words; near: nearly the same (a word changed, a tag added); NULL for an original.';
comment on column core.texts.copy_number is 'k: this is the k-th text with these words within 24 h; 1 for an original.';
comment on column core.texts.novelty is '0.75^(k-1), weight of a copy.';
comment on column core.texts.is_low_information is 'Says nothing ("thnx for sharing"); kept, left out of signals.';
comment on column core.texts.low_information_reason is 'Which rule says so.';
comment on column core.texts.is_automatic is 'Posted by a machine; kept, left out of signals.';
comment on column core.texts.automatic_reason is 'Which rule says so: known automatic author, author named bot, says that it is a bot, command to a bot, identical posting.';
comment on column core.texts.is_repost is 'Retweet, share or crosspost: somebody else''s words again. Kept, left out of signals.';
comment on column core.texts.is_counted is 'Its opinions count in signals: it says something, a person wrote it, and it is no repost.';
comment on column core.texts.version_id is 'Which version of raw this is.';
comment on column core.texts.day is 'UTC date of published_at, or of known_at where that is absent: the partition.';

create table if not exists core.sentences (
    text_id varchar not null,
    position integer not null,
    sentence varchar not null,
    section varchar,
    stance varchar,
    is_title boolean not null,
    is_quote boolean not null,
    has_words boolean not null,
    day date not null
);
comment on table core.sentences is 'One row per sentence of a text; headings are not sentences but name the section.';
comment on column core.sentences.text_id is 'The text.';
comment on column core.sentences.position is 'Order within the text; 0 is the title.';
comment on column core.sentences.sentence is 'The words.';
comment on column core.sentences.section is 'Heading it stands under; NULL before the first.';
comment on column core.sentences.stance is 'bullish, bearish or risk where the heading announces it.';
comment on column core.sentences.is_title is 'It is the title.';
comment on column core.sentences.is_quote is 'Somebody else''s words, quoted in a reply.';
comment on column core.sentences.has_words is 'It says something beside cashtags, addresses and handles, in words or emoji; one that does not is not scored.';
comment on column core.sentences.day is 'The text''s day: the partition.';

create table if not exists core.scorers (
    scorer varchar not null,
    scorer_version varchar not null,
    is_current boolean not null
);
comment on table core.scorers is 'One row per scorer and version that ever scored; the marts use the current ones.';
comment on column core.scorers.scorer is 'vader, …';
comment on column core.scorers.scorer_version is 'Package version and hash of the lexicon.';
comment on column core.scorers.is_current is 'The version that runs now.';

create table if not exists core.scores (
    text_id varchar not null,
    position integer not null,
    scorer varchar not null,
    scorer_version varchar not null,
    neg double,
    neu double,
    pos double,
    compound double,
    day date not null
);
comment on table core.scores is 'One row per sentence, scorer and version. Re-scoring adds, never overwrites. No row for text that is not English, nor for a sentence without words.';
comment on column core.scores.text_id is 'The text.';
comment on column core.scores.position is 'The sentence within it.';
comment on column core.scores.scorer is 'Which scorer.';
comment on column core.scores.scorer_version is 'Its version: package and lexicon hash.';
comment on column core.scores.neg is 'Share of negative words by weight, 0 to 1.';
comment on column core.scores.neu is 'Share of neutral words, 0 to 1.';
comment on column core.scores.pos is 'Share of positive words by weight, 0 to 1.';
comment on column core.scores.compound is 'Sentiment of the sentence, -1 to 1.';
comment on column core.scores.day is 'The text''s day: the partition.';
