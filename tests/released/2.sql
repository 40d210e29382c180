-- Tables of raw and core: columns, units, comments. Marts make themselves (warehouse/marts/).
-- Must also run on DuckLake: no primary keys, indexes, sequences or enums; keys are kept by the writer and proved by checks.

create schema if not exists raw;
create schema if not exists core;
create schema if not exists mart;

-- raw ---------------------------------------------------------------------------------------------------------------

create table if not exists raw.fetches (
    source varchar not null,
    path varchar not null,
    content_hash varchar not null,
    size_bytes bigint not null,
    modified_at timestamptz not null,
    fetched_at timestamptz not null,
    status varchar not null,
    row_count bigint not null,
    reject_count bigint not null,
    error varchar
);
comment on table raw.fetches is 'One row per input file as last read (by path): what came of it. A source that was not asked has no row; an empty one has row_count 0.';
comment on column raw.fetches.source is 'Where it was asked: inbox/texts or inbox/prices.';
comment on column raw.fetches.path is 'File, relative to the inbox.';
comment on column raw.fetches.content_hash is 'BLAKE2b (128 bit, hex) of the bytes as stored; a file already taken in by this hash is not read again.';
comment on column raw.fetches.size_bytes is 'Size of the file and its sidecar as stored, bytes.';
comment on column raw.fetches.modified_at is 'Latest modification of the file or its sidecar; for a page that does not say it, the file''s own is the moment it was seen.';
comment on column raw.fetches.fetched_at is 'When this row was written (wall clock, UTC).';
comment on column raw.fetches.status is 'ok; partial (it broke in the middle, what came before is kept); failed (nothing taken).';
comment on column raw.fetches.row_count is 'Rows read: texts, or price bars. Duplicates count.';
comment on column raw.fetches.reject_count is 'Lines kept in raw.rejects.';
comment on column raw.fetches.error is 'What was wrong with the file and what to do; NULL when ok.';

create table if not exists raw.rejects (
    path varchar not null,
    content_hash varchar not null,
    line bigint,
    reason varchar not null,
    excerpt varchar
);
comment on table raw.rejects is 'One row per line or record that could not be taken in; nothing is dropped silently.';
comment on column raw.rejects.path is 'File, relative to the inbox.';
comment on column raw.rejects.content_hash is 'Which content of that file (raw.fetches.content_hash).';
comment on column raw.rejects.line is 'Line or record number from 1; NULL where the format has none.';
comment on column raw.rejects.reason is 'Why it was refused, naming the field.';
comment on column raw.rejects.excerpt is 'Its first 500 characters.';

create table if not exists raw.posts (
    text_id varchar not null,
    version_id varchar not null,
    source varchar not null,
    kind varchar not null,
    author varchar,
    community varchar,
    title varchar,
    body varchar,
    body_format varchar,
    url varchar,
    language varchar,
    published_at timestamptz,
    edited_at timestamptz,
    fetched_at timestamptz,
    known_at timestamptz not null,
    time_precision varchar not null,
    is_deleted boolean not null,
    repost_of varchar,
    symbols varchar[],
    declared_stance varchar,
    day date not null,
    path varchar not null
);
comment on table raw.posts is 'One row per post or article and version seen, as the source gave it.';
comment on column raw.posts.text_id is 'Source and native id, e.g. reddit:t3_k48sqm; a saved page has a hash of its words.';
comment on column raw.posts.version_id is 'Hash of title, body, edit time and deletion: two sightings of one version are one row.';
comment on column raw.posts.source is 'Service it came from, e.g. twitter, reddit, gate.';
comment on column raw.posts.kind is 'post or article.';
comment on column raw.posts.author is 'Handle as shown; NULL where deleted or not given.';
comment on column raw.posts.community is 'Subreddit, stream or section.';
comment on column raw.posts.title is 'Title as given.';
comment on column raw.posts.body is 'Body as given; NULL where there is none or it was deleted.';
comment on column raw.posts.body_format is 'plain, html or markdown.';
comment on column raw.posts.url is 'Address as the source gave it; untrusted.';
comment on column raw.posts.language is 'Language as the source declares it (ISO 639-1).';
comment on column raw.posts.published_at is 'When the author posted (UTC); NULL where the page does not say.';
comment on column raw.posts.edited_at is 'Moment of the edit whose body this is (UTC); NULL for a first version.';
comment on column raw.posts.fetched_at is 'When this version was seen (UTC), where known.';
comment on column raw.posts.known_at is 'Earliest moment this version could have been acted on (UTC): publication or edit plus latency where exact, else when it was seen.';
comment on column raw.posts.time_precision is 'exact; relative ("1h ago"); absent.';
comment on column raw.posts.is_deleted is 'The source has blanked it.';
comment on column raw.posts.repost_of is 'text_id of the original of a retweet, share or crosspost.';
comment on column raw.posts.symbols is 'Tickers the source itself declares, upper case.';
comment on column raw.posts.declared_stance is 'bullish or bearish where the author tagged it so.';
comment on column raw.posts.day is 'UTC date of published_at, or of known_at where that is absent: the partition.';
comment on column raw.posts.path is 'File that first brought it, relative to the inbox.';

create table if not exists raw.comments (
    text_id varchar not null,
    version_id varchar not null,
    source varchar not null,
    kind varchar not null,
    parent_id varchar,
    thread_id varchar,
    author varchar,
    community varchar,
    body varchar,
    body_format varchar,
    url varchar,
    language varchar,
    published_at timestamptz,
    edited_at timestamptz,
    fetched_at timestamptz,
    known_at timestamptz not null,
    time_precision varchar not null,
    is_deleted boolean not null,
    repost_of varchar,
    symbols varchar[],
    declared_stance varchar,
    day date not null,
    path varchar not null
);
comment on table raw.comments is 'One row per comment and version seen, as the source gave it. Its parent may never have been seen.';
comment on column raw.comments.text_id is 'Source and native id, e.g. reddit:t1_ge7etj8.';
comment on column raw.comments.version_id is 'Hash of body, edit time and deletion: two sightings of one version are one row.';
comment on column raw.comments.source is 'Service it came from.';
comment on column raw.comments.kind is 'Always comment.';
comment on column raw.comments.parent_id is 'text_id it answers.';
comment on column raw.comments.thread_id is 'text_id of the first post of its thread, where the source says it.';
comment on column raw.comments.author is 'Handle as shown; NULL where deleted or not given.';
comment on column raw.comments.community is 'Subreddit, stream or section.';
comment on column raw.comments.body is 'Body as given; NULL where deleted.';
comment on column raw.comments.body_format is 'plain, html or markdown.';
comment on column raw.comments.url is 'Address as the source gave it; untrusted.';
comment on column raw.comments.language is 'Language as the source declares it (ISO 639-1).';
comment on column raw.comments.published_at is 'When the author posted (UTC); from its age at the fetch where only that is shown.';
comment on column raw.comments.edited_at is 'Moment of the edit whose body this is (UTC).';
comment on column raw.comments.fetched_at is 'When this version was seen (UTC), where known.';
comment on column raw.comments.known_at is 'Earliest moment this version could have been acted on (UTC); see raw.posts.known_at.';
comment on column raw.comments.time_precision is 'exact; relative ("1h ago"); absent.';
comment on column raw.comments.is_deleted is 'The source has blanked it.';
comment on column raw.comments.repost_of is 'text_id of the original where this repeats one.';
comment on column raw.comments.symbols is 'Tickers the source itself declares, upper case.';
comment on column raw.comments.declared_stance is 'bullish or bearish where the author tagged it so.';
comment on column raw.comments.day is 'UTC date of published_at, or of known_at where that is absent: the partition.';
comment on column raw.comments.path is 'File that first brought it, relative to the inbox.';

create table if not exists raw.engagement (
    text_id varchar not null,
    observed_at timestamptz not null,
    likes bigint,
    replies bigint,
    reposts bigint,
    rewards bigint,
    views bigint,
    path varchar not null
);
comment on table raw.engagement is 'One row per text and moment its counts were seen; append-only. A count is known when observed, never earlier.';
comment on column raw.engagement.text_id is 'The text counted; it may be one we hold no text of (the original of a retweet).';
comment on column raw.engagement.observed_at is 'When the counts were seen (UTC).';
comment on column raw.engagement.likes is 'Likes, or score (ups minus downs) on Reddit. NULL = not shown.';
comment on column raw.engagement.replies is 'Comments or replies shown by the source; may exceed the comments we hold.';
comment on column raw.engagement.reposts is 'Retweets, reposts or shares.';
comment on column raw.engagement.rewards is 'Rewards or tips.';
comment on column raw.engagement.views is 'Views.';
comment on column raw.engagement.path is 'File that first brought it, relative to the inbox.';

create table if not exists raw.prices (
    ticker varchar not null,
    bar varchar not null,
    trading_day date not null,
    start_at timestamptz,
    open double,
    high double,
    low double,
    close double,
    adjusted_close double,
    volume double,
    dividend double,
    split_ratio double,
    vendor varchar,
    path varchar not null
);
comment on table raw.prices is 'One row per file, instrument and bar, as the vendor gave it. Files of other vintages stay side by side.';
comment on column raw.prices.ticker is 'Symbol, class after a dot (BRK.B).';
comment on column raw.prices.bar is '1d or 1min.';
comment on column raw.prices.trading_day is 'Date of the session on its exchange.';
comment on column raw.prices.start_at is 'Start of the bar (UTC); NULL for daily bars.';
comment on column raw.prices.open is 'First price of the bar, vendor''s basis; NULL where missing or not positive.';
comment on column raw.prices.high is 'Highest price of the bar.';
comment on column raw.prices.low is 'Lowest price of the bar.';
comment on column raw.prices.close is 'Last price of the bar.';
comment on column raw.prices.adjusted_close is 'Close adjusted by the vendor for splits and dividends; NULL where the vendor gives none.';
comment on column raw.prices.volume is 'Shares or coins traded.';
comment on column raw.prices.dividend is 'Cash dividend with ex-date on this day, per share.';
comment on column raw.prices.split_ratio is 'New shares per old with effect on this day.';
comment on column raw.prices.vendor is 'Format it came in: yahoo, nasdaq, alphavantage, polygon, own …';
comment on column raw.prices.path is 'File that brought it, relative to the inbox. Reading a path again replaces its rows.';

-- core --------------------------------------------------------------------------------------------------------------

create table if not exists core.instruments (
    ticker varchar not null,
    instrument_id varchar not null,
    name varchar,
    other_names varchar,
    kind varchar,
    calendar varchar not null,
    benchmark varchar,
    is_word boolean not null,
    name_is_word varchar,
    other_meanings varchar,
    valid_from date,
    valid_to date
);
comment on table core.instruments is 'One row per ticker that texts or prices may name: warehouse/reference/instruments.csv, and every ticker that has a price file.';
comment on column core.instruments.ticker is 'Symbol, class after a dot.';
comment on column core.instruments.instrument_id is 'Stable across changes of symbol (FB and META share one).';
comment on column core.instruments.name is 'Name; NULL for a ticker known only from a price file.';
comment on column core.instruments.other_names is 'Other names it goes by, separated by |.';
comment on column core.instruments.kind is 'stock, adr, etf or crypto; NULL for a ticker known only from a price file.';
comment on column core.instruments.calendar is 'Trading calendar (exchange-calendars name; 24/7 for crypto).';
comment on column core.instruments.benchmark is 'Ticker whose return is subtracted for abnormal returns; NULL for none.';
comment on column core.instruments.is_word is 'The bare symbol is also an English word or a common abbreviation.';
comment on column core.instruments.name_is_word is 'Names that are everyday words, and what each needs: Apple=capital|Gap=context.';
comment on column core.instruments.other_meanings is 'Longer phrases that hold a name and mean something else, separated by |: apple pie.';
comment on column core.instruments.valid_from is 'First day of this symbol; NULL = always.';
comment on column core.instruments.valid_to is 'Last day of this symbol; NULL = still valid.';

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
    copy_number integer,
    novelty double,
    is_low_information boolean not null,
    low_information_reason varchar,
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
comment on column core.texts.author_id is 'Source and handle; NULL where deleted or not given.';
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
comment on column core.texts.copy_of is 'text_id of the first text with the same words in the 24 h before; NULL for an original.';
comment on column core.texts.copy_number is 'k: this is the k-th text with these words within 24 h; 1 for an original.';
comment on column core.texts.novelty is '0.75^(k-1), weight of a copy.';
comment on column core.texts.is_low_information is 'Says nothing ("thnx for sharing"); kept, left out of signals.';
comment on column core.texts.low_information_reason is 'Which rule says so.';
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
comment on table core.scores is 'One row per sentence, scorer and version. Re-scoring adds, never overwrites. No row for text that is not English.';
comment on column core.scores.text_id is 'The text.';
comment on column core.scores.position is 'The sentence within it.';
comment on column core.scores.scorer is 'Which scorer.';
comment on column core.scores.scorer_version is 'Its version: package and lexicon hash.';
comment on column core.scores.neg is 'Share of negative words by weight, 0 to 1.';
comment on column core.scores.neu is 'Share of neutral words, 0 to 1.';
comment on column core.scores.pos is 'Share of positive words by weight, 0 to 1.';
comment on column core.scores.compound is 'Sentiment of the sentence, -1 to 1.';
comment on column core.scores.day is 'The text''s day: the partition.';

create table if not exists core.mentions (
    text_id varchar not null,
    position integer,
    ticker varchar not null,
    instrument_id varchar not null,
    rule varchar not null,
    matched varchar,
    start integer,
    confidence double not null,
    relevance double not null,
    known_at timestamptz not null,
    day date not null
);
comment on table core.mentions is 'One row per text, ticker, rule and place: why we think the text speaks of that ticker (the audit row).';
comment on column core.mentions.text_id is 'The text.';
comment on column core.mentions.position is 'Sentence within it; NULL where the whole text is meant (declared by the source, or inherited).';
comment on column core.mentions.ticker is 'Symbol as listed in core.instruments.';
comment on column core.mentions.instrument_id is 'Stable id of the instrument.';
comment on column core.mentions.rule is 'cashtag, name_and_ticker, exchange_and_ticker, company_name, hashtag, pair, symbol, source_symbol, or thread (inherited from the first post).';
comment on column core.mentions.matched is 'The words as written.';
comment on column core.mentions.start is 'Where they start in the sentence, characters from 0.';
comment on column core.mentions.confidence is 'Of the rule, 0 to 1.';
comment on column core.mentions.relevance is 'How much the whole text is about this ticker, 0 to 1.';
comment on column core.mentions.known_at is 'When this could be known (UTC): the text, and for rule thread also its first post.';
comment on column core.mentions.day is 'The text''s day: the partition.';

create table if not exists core.opinions (
    text_id varchar not null,
    ticker varchar not null,
    scorer varchar not null,
    scorer_version varchar not null,
    sentiment double,
    basis varchar not null,
    sentence_count integer not null,
    positive_share double,
    negative_share double,
    dispersion double,
    relevance double not null,
    known_at timestamptz not null,
    day date not null
);
comment on table core.opinions is 'One row per text, ticker and scorer: what the text says of that ticker, and on which sentences that stands.';
comment on column core.opinions.text_id is 'The text.';
comment on column core.opinions.ticker is 'The ticker.';
comment on column core.opinions.scorer is 'Which scorer.';
comment on column core.opinions.scorer_version is 'Its version.';
comment on column core.opinions.sentiment is 'Mean compound of those sentences, -1 to 1; NULL where nothing could be scored (never 0 for missing).';
comment on column core.opinions.basis is 'own: sentences naming only it; shared: sentences naming it with others; text: the whole text; thread: the whole text, ticker inherited from the first post.';
comment on column core.opinions.sentence_count is 'Sentences it stands on.';
comment on column core.opinions.positive_share is 'Share of them with compound >= 0.05.';
comment on column core.opinions.negative_share is 'Share of them with compound <= -0.05.';
comment on column core.opinions.dispersion is 'Population standard deviation of their compound.';
comment on column core.opinions.relevance is 'How much the text is about this ticker, 0 to 1.';
comment on column core.opinions.known_at is 'When this opinion could be known (UTC).';
comment on column core.opinions.day is 'The text''s day: the partition.';

create table if not exists core.sessions (
    calendar varchar not null,
    trading_day date not null,
    open_at timestamptz not null,
    close_at timestamptz not null,
    is_half_day boolean not null,
    session_number integer not null
);
comment on table core.sessions is 'One row per calendar and trading day, from exchange-calendars.';
comment on column core.sessions.calendar is 'XNYS, 24/7, …';
comment on column core.sessions.trading_day is 'The exchange''s date.';
comment on column core.sessions.open_at is 'Regular open (UTC).';
comment on column core.sessions.close_at is 'Regular close (UTC), earlier on half days.';
comment on column core.sessions.is_half_day is 'Closes before its usual hour.';
comment on column core.sessions.session_number is 'Counts sessions of the calendar from 1: s+h is session_number + h.';

create table if not exists core.returns (
    ticker varchar not null,
    trading_day date not null,
    calendar varchar not null,
    benchmark varchar,
    open double,
    high double,
    low double,
    close double,
    volume double,
    adjustment_factor double,
    vendor varchar,
    return_1d double,
    return_5d double,
    return_20d double,
    overnight_return double,
    open_to_close_return double,
    forward_return_1d double,
    forward_return_2d double,
    forward_return_5d double,
    forward_return_10d double,
    forward_return_20d double,
    abnormal_return_1d double,
    abnormal_forward_return_1d double,
    abnormal_forward_return_2d double,
    abnormal_forward_return_5d double,
    abnormal_forward_return_10d double,
    abnormal_forward_return_20d double
);
comment on table core.returns is 'One row per ticker and session s, from the session before its first bar to its last. A missing bar is NULL, never filled.';
comment on column core.returns.ticker is 'The ticker.';
comment on column core.returns.trading_day is 'Session s, the exchange''s date.';
comment on column core.returns.calendar is 'Its trading calendar.';
comment on column core.returns.benchmark is 'Ticker subtracted in the abnormal_ columns.';
comment on column core.returns.open is 'Open, adjusted for splits and dividends.';
comment on column core.returns.high is 'High, adjusted.';
comment on column core.returns.low is 'Low, adjusted.';
comment on column core.returns.close is 'Close, adjusted.';
comment on column core.returns.volume is 'Shares or coins traded, as the vendor gave it.';
comment on column core.returns.adjustment_factor is 'adjusted price / vendor''s price.';
comment on column core.returns.vendor is 'Whose bars these are; one vendor per ticker, the one with most bars.';
comment on column core.returns.return_1d is 'close(s)/close(s-1) - 1, a fraction. Looks back.';
comment on column core.returns.return_5d is 'close(s)/close(s-5) - 1, a fraction. Looks back.';
comment on column core.returns.return_20d is 'close(s)/close(s-20) - 1, a fraction. Looks back.';
comment on column core.returns.overnight_return is 'open(s)/close(s-1) - 1, a fraction.';
comment on column core.returns.open_to_close_return is 'close(s)/open(s) - 1, a fraction.';
comment on column core.returns.forward_return_1d is 'close(s+1)/open(s+1) - 1, a fraction: entered at the next open. Looks ahead.';
comment on column core.returns.forward_return_2d is 'close(s+2)/open(s+1) - 1, a fraction. Looks ahead.';
comment on column core.returns.forward_return_5d is 'close(s+5)/open(s+1) - 1, a fraction. Looks ahead.';
comment on column core.returns.forward_return_10d is 'close(s+10)/open(s+1) - 1, a fraction. Looks ahead.';
comment on column core.returns.forward_return_20d is 'close(s+20)/open(s+1) - 1, a fraction. Looks ahead.';
comment on column core.returns.abnormal_return_1d is 'return_1d minus the benchmark''s; NULL without a benchmark.';
comment on column core.returns.abnormal_forward_return_1d is 'forward_return_1d minus the benchmark''s.';
comment on column core.returns.abnormal_forward_return_2d is 'forward_return_2d minus the benchmark''s.';
comment on column core.returns.abnormal_forward_return_5d is 'forward_return_5d minus the benchmark''s.';
comment on column core.returns.abnormal_forward_return_10d is 'forward_return_10d minus the benchmark''s.';
comment on column core.returns.abnormal_forward_return_20d is 'forward_return_20d minus the benchmark''s.';

-- which schema this is --------------------------------------------------------------------------------------------

create table if not exists raw.schema_versions (
    digest varchar not null,
    applied_at timestamptz not null
);
comment on table raw.schema_versions is 'One row per schema.sql applied to this file, newest last.';
comment on column raw.schema_versions.digest is 'BLAKE2b (128 bit, hex) of schema.sql.';
comment on column raw.schema_versions.applied_at is 'When (UTC).';
