-- Tables of raw: columns, units, comments.
-- Must also run on DuckLake: no primary keys, indexes, sequences or enums; keys are kept by the writer and proved by checks.

create table if not exists raw.fetches (
    source varchar not null,
    subject varchar not null,
    window_start timestamptz not null,
    window_end timestamptz not null,
    asked_at timestamptz not null,
    answered_at timestamptz,
    status varchar not null,
    page_count bigint not null,
    row_count bigint,
    error varchar,
    next_allowed_at timestamptz,
    etag varchar,
    last_modified varchar,
    path varchar
);
comment on table raw.fetches is 'One row per live source, subject and window, as last asked. A window that was never asked has no row; one that was answered with nothing is ok with row_count 0.';
comment on column raw.fetches.source is 'Service asked: hackernews, reddit, rss, yfinance …';
comment on column raw.fetches.subject is 'What is followed there, by kind and name: search:micron, ticker:MU, feed:https://…';
comment on column raw.fetches.window_start is 'First moment asked for (UTC).';
comment on column raw.fetches.window_end is 'Moment before which was asked (UTC).';
comment on column raw.fetches.asked_at is 'When it was last asked (UTC).';
comment on column raw.fetches.answered_at is 'When it was last answered whole, or as far as the service goes back (UTC); NULL where it never was.';
comment on column raw.fetches.status is 'ok; partial (the service has less than was asked: kept); failed (nothing of this look was kept; what an earlier look brought stays).';
comment on column raw.fetches.page_count is 'Answers in the last look; 0 where the service said that nothing has changed.';
comment on column raw.fetches.row_count is 'Texts or bars read from the last answered look; repetitions count. NULL until it is read.';
comment on column raw.fetches.error is 'What is missing and what to do; NULL when ok.';
comment on column raw.fetches.next_allowed_at is 'The service asked not to be asked before (UTC).';
comment on column raw.fetches.etag is 'Version of the feed as its server names it, to ask only for changes.';
comment on column raw.fetches.last_modified is 'When the feed changed, as its server says it.';
comment on column raw.fetches.path is 'File below the home that holds the last answers as they came; NULL where there are none. Retention may have removed it.';

create table if not exists raw.files (
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
comment on table raw.files is 'One row per input file as last read (by path): what came of it. Files of the inbox, and the landed answers of live sources.';
comment on column raw.files.source is 'Where it lies: inbox/texts, inbox/prices, or landing/ and the service that answered.';
comment on column raw.files.path is 'File: relative to the inbox; a landed one relative to the home, landing/…, which may have been removed since.';
comment on column raw.files.content_hash is 'BLAKE2b (128 bit, hex) of the bytes as stored; a file already taken in by this hash is not read again.';
comment on column raw.files.size_bytes is 'Size of the file and its sidecar as stored, bytes.';
comment on column raw.files.modified_at is 'Latest modification of the file or its sidecar; for a page that does not say it, the file''s own is the moment it was seen.';
comment on column raw.files.fetched_at is 'When this row was written (wall clock, UTC).';
comment on column raw.files.status is 'ok; partial (it broke in the middle, what came before is kept); failed (nothing taken).';
comment on column raw.files.row_count is 'Rows read: texts, or price bars. Duplicates count.';
comment on column raw.files.reject_count is 'Lines kept in raw.rejects.';
comment on column raw.files.error is 'What was wrong with the file and what to do; NULL when ok.';

create table if not exists raw.rejects (
    path varchar not null,
    content_hash varchar not null,
    line bigint,
    reason varchar not null,
    excerpt varchar
);
comment on table raw.rejects is 'One row per line or record that could not be taken in; nothing is dropped silently.';
comment on column raw.rejects.path is 'File (raw.files.path).';
comment on column raw.rejects.content_hash is 'Which content of that file (raw.files.content_hash).';
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
comment on column raw.posts.published_at is 'When it was published (UTC); of Bluesky when the service took it in, since authors may claim any time. NULL where the page does not say.';
comment on column raw.posts.edited_at is 'Moment of the edit whose body this is (UTC); NULL for a first version.';
comment on column raw.posts.fetched_at is 'When this version was seen (UTC), where known.';
comment on column raw.posts.known_at is 'Earliest moment this version could have been acted on (UTC): publication or edit plus latency where exact, else when it was seen; a change without a time of its own is known when seen.';
comment on column raw.posts.time_precision is 'exact; relative ("1h ago", or words first seen long after their publication); absent.';
comment on column raw.posts.is_deleted is 'The source has blanked it.';
comment on column raw.posts.repost_of is 'text_id of the original of a retweet, share or crosspost.';
comment on column raw.posts.symbols is 'Tickers the source itself declares, upper case.';
comment on column raw.posts.declared_stance is 'bullish or bearish where the author tagged it so.';
comment on column raw.posts.day is 'UTC date of published_at, or of known_at where that is absent: the partition.';
comment on column raw.posts.path is 'File that first brought it (raw.files.path).';

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
comment on column raw.comments.path is 'File that first brought it (raw.files.path).';

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
comment on column raw.engagement.path is 'File that first brought it (raw.files.path).';

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
comment on column raw.prices.vendor is 'Format it came in: yahoo, nasdaq, alphavantage, polygon, ccxt-gate …; inbox for our own.';
comment on column raw.prices.path is 'File that brought it (raw.files.path). Reading a path again replaces its rows.';

create table if not exists raw.forgotten (
    kind varchar not null,
    digest varchar not null,
    forgotten_at timestamptz not null
);
comment on table raw.forgotten is 'One row per author or text that a person asked to forget: only a hash, which keeps them out when a file brings them again.';
comment on column raw.forgotten.kind is 'author or text.';
comment on column raw.forgotten.digest is 'BLAKE2b (128 bit, hex) of the kind and the author_id or text_id; keyed with the salt where one is set.';
comment on column raw.forgotten.forgotten_at is 'When (UTC).';

create table if not exists raw.author_salts (
    fingerprint varchar not null,
    first_used_at timestamptz not null
);
comment on table raw.author_salts is 'One row: a fingerprint of the CROWDTAPE_AUTHOR_SALT that this database was built with, so that another salt is refused.';
comment on column raw.author_salts.fingerprint is 'Random hex, a colon, and scrypt of the salt with it; empty where no salt is set.';
comment on column raw.author_salts.first_used_at is 'When (UTC).';

create table if not exists raw.schema_versions (
    version integer not null,
    digest varchar not null,
    applied_at timestamptz not null
);
comment on table raw.schema_versions is 'One row: the schema that this file has.';
comment on column raw.schema_versions.version is 'Counts the changes of columns: the number of the last file of warehouse/migrations that is in it.';
comment on column raw.schema_versions.digest is 'BLAKE2b (128 bit, hex) of warehouse/schema/*.sql.';
comment on column raw.schema_versions.applied_at is 'When it was made or last upgraded (UTC).';
