create schema if not exists raw;
create schema if not exists core;
create schema if not exists mart;
-- Tables of core that hold the market: instruments, sessions, price files, bars, returns.
-- Must also run on DuckLake: no primary keys, indexes, sequences or enums; keys are kept by the writer and proved by checks.

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
comment on column core.instruments.name_is_word is 'Names that may mean something else, and what each needs or is: Apple=capital, Gap=context; Facebook=place ("on Facebook" is no mention), UBS Group=house (a bank as the source of a rating is none).';
comment on column core.instruments.other_meanings is 'Longer phrases that hold a name and mean something else, separated by |: apple pie.';
comment on column core.instruments.valid_from is 'First day of this symbol; NULL = always.';
comment on column core.instruments.valid_to is 'Last day of this symbol; NULL = still valid.';

create table if not exists core.sessions (
    calendar varchar not null,
    trading_day date not null,
    open_at timestamptz not null,
    close_at timestamptz not null,
    is_half_day boolean not null,
    session_number integer not null,
    cutoff_at timestamptz not null,
    entry_session_number integer
);
comment on table core.sessions is 'One row per calendar and trading day, from exchange-calendars.';
comment on column core.sessions.calendar is 'XNYS, 24/7, …';
comment on column core.sessions.trading_day is 'The exchange''s date.';
comment on column core.sessions.open_at is 'Regular open (UTC).';
comment on column core.sessions.close_at is 'Regular close (UTC), earlier on half days.';
comment on column core.sessions.is_half_day is 'Closes before its usual hour.';
comment on column core.sessions.session_number is 'Counts sessions of the calendar from 1: s+h is session_number + h.';
comment on column core.sessions.cutoff_at is 'Texts known before it count in this session of mart.ticker_days (UTC); CROWDTAPE_CUTOFF: the close, the open, or minutes before the close.';
comment on column core.sessions.entry_session_number is 'First session that opens at or after cutoff_at: forward returns of mart.ticker_days begin at its open. NULL for the last session.';

create table if not exists core.price_files (
    instrument_id varchar not null,
    ticker varchar not null,
    path varchar not null,
    vendor varchar,
    first_day date not null,
    last_day date not null,
    bar_count bigint not null,
    used_bar_count bigint not null,
    is_adjusted boolean not null,
    common_day_count bigint,
    factor double,
    status varchar not null,
    reason varchar
);
comment on table core.price_files is 'One row per file, vendor and ticker with daily bars: how it joins the series of its instrument, or why it is kept out.';
comment on column core.price_files.instrument_id is 'The instrument (core.instruments).';
comment on column core.price_files.ticker is 'Symbol the bars are filed under.';
comment on column core.price_files.path is 'File, relative to the inbox.';
comment on column core.price_files.vendor is 'Format it came in; empty where unknown.';
comment on column core.price_files.first_day is 'Its first bar, of those up to the last day of the symbol.';
comment on column core.price_files.last_day is 'Its last bar, likewise.';
comment on column core.price_files.bar_count is 'Its daily bars with a close.';
comment on column core.price_files.used_bar_count is 'Bars of it in core.bars; on common days the newest vintage is taken, one with adjusted closes first.';
comment on column core.price_files.is_adjusted is 'Its vendor gives closes adjusted for splits and dividends.';
comment on column core.price_files.common_day_count is 'Days in common with the series when it was joined or refused; 0 for the file that the series is built on.';
comment on column core.price_files.factor is 'Its prices (adjusted where given) times this are on the basis of the newest file, on its last day; NULL where refused.';
comment on column core.price_files.status is 'used; spare (agrees but for dividends, adds no day); refused.';
comment on column core.price_files.reason is 'Why it is refused or spare, or what is not known of one that is used.';

create table if not exists core.bars (
    instrument_id varchar not null,
    trading_day date not null,
    ticker varchar not null,
    open double,
    high double,
    low double,
    close double,
    volume double,
    adjustment_factor double,
    price_flag varchar,
    vendor varchar,
    path varchar not null
);
comment on table core.bars is 'One row per instrument and day with a bar: the files of all its symbols on one basis. The vendor''s own prices stay in raw.prices.';
comment on column core.bars.instrument_id is 'The instrument (core.instruments).';
comment on column core.bars.trading_day is 'The exchange''s date, as the vendor gave it.';
comment on column core.bars.ticker is 'Symbol the bar is filed under.';
comment on column core.bars.open is 'Open, adjusted for splits and dividends; NULL where flagged.';
comment on column core.bars.high is 'High, adjusted.';
comment on column core.bars.low is 'Low, adjusted.';
comment on column core.bars.close is 'Close, adjusted.';
comment on column core.bars.volume is 'Shares or coins traded, as the vendor gave it.';
comment on column core.bars.adjustment_factor is 'adjusted price / price of that file.';
comment on column core.bars.price_flag is 'unit_error_100x: 100 times above or below the prices around it. missed_split: before a split that was not taken off. NULL: none.';
comment on column core.bars.vendor is 'Format of the file.';
comment on column core.bars.path is 'File it comes from.';

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
    price_flag varchar,
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
comment on table core.returns is 'One row per ticker and session s, from the session before its first bar to its last. A missing bar is NULL, never filled. An instrument that changed its symbol has its rows under each: under one with a price file of its own all days, under another those on which it was the symbol; none after its last day.';
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
comment on column core.returns.price_flag is 'unit_error_100x, missed_split, or NULL for none (core.bars). A flagged bar has no prices and makes no return.';
comment on column core.returns.vendor is 'Whose bar this is.';
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

-- The table of core that links texts to one-minute bars.
-- Must also run on DuckLake: no primary keys, indexes, sequences or enums; keys are kept by the writer and proved by checks.

create table if not exists core.minute_moves (
    text_id varchar not null,
    ticker varchar not null,
    known_at timestamptz not null,
    trading_day date not null,
    is_market_open boolean not null,
    vendor varchar,
    price_at_known double,
    price_age_seconds double,
    entry_at timestamptz,
    entry_price double,
    return_5m double,
    return_1h double,
    return_to_close double,
    reason varchar,
    day date not null
);
comment on table core.minute_moves is 'One row per text and ticker whose session has one-minute bars, or that has a price at known_at: that price, and the moves after it. Prices in the vendor''s basis, which may differ from core.returns'': compare ratios only. A text spoken while the market is closed has no moves here; mart.text_moves has its daily ones.';
comment on column core.minute_moves.text_id is 'The text.';
comment on column core.minute_moves.ticker is 'The ticker it speaks of; bars of another symbol of the same instrument (FB, META) serve too.';
comment on column core.minute_moves.known_at is 'Earliest moment this opinion could have been acted on (UTC).';
comment on column core.minute_moves.trading_day is 'First session whose close is after known_at: the one it falls into, or the next.';
comment on column core.minute_moves.is_market_open is 'known_at lies in that session''s regular hours: from the open on, before the close.';
comment on column core.minute_moves.vendor is 'Whose bars: one vendor per instrument and trading day, the one with the fullest file; NULL without a price.';
comment on column core.minute_moves.price_at_known is 'Close of the last bar whose minute had ended at known_at, also outside regular hours; NULL where that is more than CROWDTAPE_STALE_MINUTES ago. The reference to compare with; no move starts at it.';
comment on column core.minute_moves.price_age_seconds is 'Seconds from the end of that bar to known_at.';
comment on column core.minute_moves.entry_at is 'Start of the first bar that starts at or after known_at (UTC), in regular hours and at most CROWDTAPE_STALE_MINUTES later; else NULL.';
comment on column core.minute_moves.entry_price is 'Open of that bar: the first price that could really be had, NULL where the file has no opens. Moves start here.';
comment on column core.minute_moves.return_5m is 'Price at known_at + 5 minutes / entry_price - 1, a fraction; the price is the close of the last bar ended by then, none staler than CROWDTAPE_STALE_MINUTES. NULL beyond the close. Looks ahead.';
comment on column core.minute_moves.return_1h is 'The same at known_at + 1 hour. NULL beyond the close (of a market that never closes there is none). Looks ahead.';
comment on column core.minute_moves.return_to_close is 'Close of the session''s last regular bar / entry_price - 1; NULL where that bar ended more than CROWDTAPE_STALE_MINUTES before the close. Looks ahead.';
comment on column core.minute_moves.reason is 'Why a price or a move is NULL, all reasons in order; NULL where nothing is missing.';
comment on column core.minute_moves.day is 'The text''s day: the partition.';

-- Tables of core that say whom texts are about, what they say of each, and what they claim.
-- Must also run on DuckLake: no primary keys, indexes, sequences or enums; keys are kept by the writer and proved by checks.

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
comment on column core.mentions.rule is 'cashtag, name_and_ticker, exchange_and_ticker, company_name, hashtag, pair, symbol, source_symbol, quoted (only in words of somebody else), or thread (inherited from the first post).';
comment on column core.mentions.matched is 'The words as written.';
comment on column core.mentions.start is 'Where they start in the sentence, characters from 0.';
comment on column core.mentions.confidence is 'Of the rule, 0 to 1.';
comment on column core.mentions.relevance is 'How much the whole text is about this ticker, 0 to 1.';
comment on column core.mentions.known_at is 'When this could be known (UTC): the text, and for rule thread also its first post.';
comment on column core.mentions.day is 'The text''s day: the partition.';

create table if not exists core.clauses (
    text_id varchar not null,
    position integer not null,
    ticker varchar not null,
    rule varchar not null,
    clause varchar not null,
    scorer varchar not null,
    scorer_version varchar not null,
    compound double,
    day date not null
);
comment on table core.clauses is 'One row per sentence that names several tickers, ticker and scorer: the words of the sentence that are about this ticker, and their score. A sentence that cannot be divided has no rows.';
comment on column core.clauses.text_id is 'The text.';
comment on column core.clauses.position is 'The sentence within it.';
comment on column core.clauses.ticker is 'The ticker.';
comment on column core.clauses.rule is 'clause: its own part of the sentence; preferred or passed_over: the sentence prefers one to the other.';
comment on column core.clauses.clause is 'The words about this ticker.';
comment on column core.clauses.scorer is 'Which scorer.';
comment on column core.clauses.scorer_version is 'Its version.';
comment on column core.clauses.compound is 'Sentiment of the clause with the names in it read as cashtags, -1 to 1. For preferred and passed_over its size, 0.3 at least, with the sign of the preference.';
comment on column core.clauses.day is 'The text''s day: the partition.';

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
    weight double not null,
    known_at timestamptz not null,
    day date not null
);
comment on table core.opinions is 'One row per text, ticker and scorer: what the text says of that ticker, and on which sentences that stands.';
comment on column core.opinions.text_id is 'The text.';
comment on column core.opinions.ticker is 'The ticker.';
comment on column core.opinions.scorer is 'Which scorer.';
comment on column core.opinions.scorer_version is 'Its version.';
comment on column core.opinions.sentiment is 'Mean compound of those sentences, -1 to 1; NULL where nothing could be scored (never 0 for missing).';
comment on column core.opinions.basis is 'own: sentences naming only it; clause: sentences naming others too, of which its own clauses (core.clauses); shared: such sentences, none of which can be divided; text: the whole text; thread: the whole text, ticker inherited from the first post.';
comment on column core.opinions.sentence_count is 'Sentences it stands on.';
comment on column core.opinions.positive_share is 'Share of them with compound >= 0.05.';
comment on column core.opinions.negative_share is 'Share of them with compound <= -0.05.';
comment on column core.opinions.dispersion is 'Population standard deviation of their compound.';
comment on column core.opinions.relevance is 'How much the text is about this ticker, 0 to 1.';
comment on column core.opinions.weight is 'Weight in means over opinions: 1; 0.5 for basis thread, where the text itself names no ticker.';
comment on column core.opinions.known_at is 'When this opinion could be known (UTC).';
comment on column core.opinions.day is 'The text''s day: the partition.';

create table if not exists core.claims (
    text_id varchar not null,
    position integer not null,
    claim_number integer not null,
    ticker varchar,
    kind varchar not null,
    measure varchar,
    value double,
    unit varchar,
    direction varchar,
    bound varchar not null,
    basis varchar,
    period varchar,
    period_from date,
    period_to date,
    due_on date,
    said_by varchar,
    is_hedged boolean not null,
    hedge varchar,
    matched varchar not null,
    start integer not null,
    known_at timestamptz not null,
    day date not null
);
comment on table core.claims is 'One row per stated fact: what a sentence claims of a price, a figure or a date, as said. What the tape shows stands in mart.claim_checks.';
comment on column core.claims.text_id is 'The text.';
comment on column core.claims.position is 'The sentence within it.';
comment on column core.claims.claim_number is 'Order within the sentence, from 1.';
comment on column core.claims.ticker is 'Whom it is about; NULL where the sentence and its text do not say.';
comment on column core.claims.kind is 'move (of a price), target (price target), multiple (valuation), level (price or index level), event (with a date), amount (of money), ratio (margin, share, growth of a business figure).';
comment on column core.claims.measure is 'What is measured: price, forward earnings, gross margin, revenue, market value, earnings report …; NULL where not said.';
comment on column core.claims.value is 'The figure as said (5.58 for 5.58%; 65e9 for $65 billion); NULL for an event.';
comment on column core.claims.unit is 'percent, usd, times, points; NULL for an event.';
comment on column core.claims.direction is 'up or down; of a target whether it was raised or cut; NULL where it has none.';
comment on column core.claims.bound is 'exact, about, at_least ("over 5%") or at_most ("under 5%").';
comment on column core.claims.basis is 'close, or intraday where the words speak of a price within the session ("jumps over", "as much as"); NULL for what is no price, and for trading outside the session (premarket).';
comment on column core.claims.period is 'What a move is over: session, last_close (the last session that had closed), week, month, quarter, half, year, year_to_date, since, several_days; NULL where not said.';
comment on column core.claims.period_from is 'First day that it speaks of; NULL where open.';
comment on column core.claims.period_to is 'Last day that it speaks of; NULL where open.';
comment on column core.claims.due_on is 'Day on which an event happens, or by which a target should be reached (12 months where no horizon is said); NULL otherwise.';
comment on column core.claims.said_by is 'Who set the target, as written; NULL where the text itself says it.';
comment on column core.claims.is_hedged is 'Said with a hedge: could, may, if, looks achievable.';
comment on column core.claims.hedge is 'The hedging words; NULL without one.';
comment on column core.claims.matched is 'The words of the claim.';
comment on column core.claims.start is 'Where they start in the sentence, characters from 0.';
comment on column core.claims.known_at is 'When the claim was made, as far as could be known (UTC).';
comment on column core.claims.day is 'The text''s day: the partition.';

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

-- Tables of mart that hold the evidence: computed in pipelines/evidence, not by a query.
-- Must also run on DuckLake: no primary keys, indexes, sequences or enums; keys are kept by the writer and proved by checks.

create table if not exists mart.signal_quality (
    scorer varchar,
    source varchar,
    universe varchar,
    method varchar,
    signal varchar,
    horizon integer,
    return_kind varchar,
    ic double,
    pearson_ic double,
    icir double,
    hit_rate double,
    slope_bps double,
    slope_low_bps double,
    slope_high_bps double,
    spread_bps double,
    net_spread_bps double,
    turnover double,
    t_hac double,
    p_hac double,
    p_fixed_b double,
    p_reverse double,
    non_overlapping_ic double,
    p_non_overlapping double,
    ic_low double,
    ic_high double,
    in_sample_ic double,
    out_of_sample_ic double,
    p_out_of_sample double,
    session_count bigint,
    name_count double,
    p double,
    q double,
    q_by double,
    family_size bigint,
    verdict varchar,
    reason varchar
);
comment on table mart.signal_quality is 'One row per scorer, source, universe, signal and horizon: how well the signal of a session orders, or predicts, the returns that begin after it. A figure that cannot be had is NULL and reason says why.';
comment on column mart.signal_quality.scorer is 'Whose reading.';
comment on column mart.signal_quality.source is 'all, or one service.';
comment on column mart.signal_quality.universe is 'A calendar (its tickers of 30 sessions or more), or one ticker: by mean_sentiment, and by every signal where its calendar has fewer than 5 tickers for a cross-section.';
comment on column mart.signal_quality.method is 'cross-section: correlation across tickers, session by session; regression: of one ticker over time.';
comment on column mart.signal_quality.signal is 'Column of mart.ticker_days.';
comment on column mart.signal_quality.horizon is 'Sessions ahead: the forward return of that many sessions, entered at the first open after the cut-off.';
comment on column mart.signal_quality.return_kind is 'abnormal (minus the benchmark), raw where there is no benchmark with prices, or mixed.';
comment on column mart.signal_quality.ic is 'Information coefficient: mean over sessions of Spearman''s correlation across tickers; for one ticker Spearman''s over time.';
comment on column mart.signal_quality.pearson_ic is 'The same with Pearson''s.';
comment on column mart.signal_quality.icir is 'ic / standard deviation of the session''s coefficients, per session; NULL for one ticker.';
comment on column mart.signal_quality.hit_rate is 'Share of sessions with a coefficient above 0; for one ticker of sessions with signal and return on the same side of their means.';
comment on column mart.signal_quality.slope_bps is 'Basis points of return per 1 standard deviation of the signal; NULL for a cross-section.';
comment on column mart.signal_quality.slope_low_bps is 'Lower end of its 95 % interval.';
comment on column mart.signal_quality.slope_high_bps is 'Upper end of its 95 % interval.';
comment on column mart.signal_quality.spread_bps is 'Mean forward return of the top fifth minus the bottom fifth (thirds below 10 tickers), basis points; NULL for one ticker.';
comment on column mart.signal_quality.net_spread_bps is 'The same after the cost of trading it (CROWDTAPE_COST_BPS a side, by turnover, a horizon''s part of the book each session).';
comment on column mart.signal_quality.turnover is 'Share of the names of both ends that are new against the book of horizon sessions before, divided by the horizon: what a session renews, as each holds for the horizon. spread - net = 4 x cost x horizon x turnover.';
comment on column mart.signal_quality.t_hac is 't with HAC errors (Bartlett, 2 x horizon lags, small-sample correction).';
comment on column mart.signal_quality.p_hac is 'Its two-sided p by the t distribution. Too small at long horizons.';
comment on column mart.signal_quality.p_fixed_b is 'Its p by fixed-b asymptotics (Kiefer and Vogelsang 2005), which long lags do not fool.';
comment on column mart.signal_quality.p_reverse is 'Its p by reverse regression (Hodrick 1992): one-session returns against the signal summed over the horizon''s sessions before, which has no overlap. With the cut-off at the open its later sessions are one too late: the level holds, the power is less.';
comment on column mart.signal_quality.non_overlapping_ic is 'Estimate over every horizon-th session only, so that no two returns overlap; Pearson''s for one ticker.';
comment on column mart.signal_quality.p_non_overlapping is 'Its two-sided p.';
comment on column mart.signal_quality.ic_low is 'Lower end of the 95 % interval of ic: block bootstrap; fixed-b for one ticker.';
comment on column mart.signal_quality.ic_high is 'Upper end of it.';
comment on column mart.signal_quality.in_sample_ic is 'Over the first 70 % of the calendar''s sessions in the table; Pearson''s for one ticker.';
comment on column mart.signal_quality.out_of_sample_ic is 'Over the rest, after an embargo of 20 sessions, the longest horizon; NULL below 30 sessions.';
comment on column mart.signal_quality.p_out_of_sample is 'Its two-sided p.';
comment on column mart.signal_quality.session_count is 'n: sessions with a coefficient, or with signal and return.';
comment on column mart.signal_quality.name_count is 'Tickers in a session, on average.';
comment on column mart.signal_quality.p is 'The p-value that the verdict rests on: the larger of p_fixed_b and p_reverse; 1 where the two point in different directions.';
comment on column mart.signal_quality.q is 'False discovery rate at which this test would be called evidence (Benjamini and Hochberg 1995), over its family; NULL where nothing was tested.';
comment on column mart.signal_quality.q_by is 'The same without any assumption about how the tests depend on each other (Benjamini and Yekutieli 2001).';
comment on column mart.signal_quality.family_size is 'Tests in the family: every row of this table that has a p.';
comment on column mart.signal_quality.verdict is 'In words, at q <= 0.05, with n sessions: evidence: …, no evidence (…), or not tested: why.';
comment on column mart.signal_quality.reason is 'Why there are no figures; NULL where there are.';

create table if not exists mart.lead_lag (
    scorer varchar,
    signal varchar,
    calendar varchar,
    universe varchar,
    lag integer,
    question varchar,
    return_kind varchar,
    ticker_count bigint,
    correlation double,
    correlation_low double,
    correlation_high double,
    t_hac double,
    p_hac double,
    hac_lags integer,
    p double,
    q double,
    q_by double,
    family_size bigint,
    verdict varchar,
    session_count bigint,
    reason varchar
);
comment on table mart.lead_lag is 'One row per scorer, universe and lag: correlation of mean_sentiment of session t with the return of session t + lag. Which comes first?';
comment on column mart.lead_lag.scorer is 'Whose reading.';
comment on column mart.lead_lag.signal is 'Column of mart.ticker_days.';
comment on column mart.lead_lag.calendar is 'Trading calendar.';
comment on column mart.lead_lag.universe is 'One ticker, or the calendar: its tickers together, each standardised by itself.';
comment on column mart.lead_lag.lag is 'Sessions by which the return follows the sentiment: -5 to 5.';
comment on column mart.lead_lag.question is 'sentiment first (lag > 0), same session (0: that return began before the texts, and with a cut-off before the close it ends after them), returns first (< 0).';
comment on column mart.lead_lag.return_kind is 'abnormal, raw or mixed; close to close.';
comment on column mart.lead_lag.ticker_count is 'Tickers it stands on.';
comment on column mart.lead_lag.correlation is 'Pearson''s correlation, -1 to 1.';
comment on column mart.lead_lag.correlation_low is 'Lower end of its 95 % interval (HAC, fixed-b).';
comment on column mart.lead_lag.correlation_high is 'Upper end of it.';
comment on column mart.lead_lag.t_hac is 't with HAC errors; of a calendar from the series of its sessions, so that tickers may move together.';
comment on column mart.lead_lag.p_hac is 'Its two-sided p by the t distribution.';
comment on column mart.lead_lag.hac_lags is 'Lags of the HAC errors.';
comment on column mart.lead_lag.p is 'The p-value that the verdict rests on: fixed-b asymptotics (Kiefer and Vogelsang 2005), with the larger of the HAC and the ordinary error for one ticker.';
comment on column mart.lead_lag.q is 'False discovery rate at which this test would be called evidence (Benjamini and Hochberg 1995), over its family; NULL where nothing was tested.';
comment on column mart.lead_lag.q_by is 'The same without any assumption about how the tests depend on each other (Benjamini and Yekutieli 2001).';
comment on column mart.lead_lag.family_size is 'Tests in the family: every row of this table with the same question that has a p.';
comment on column mart.lead_lag.verdict is 'In words, at q <= 0.05, with n sessions: evidence: …, no evidence (…), or not tested: why.';
comment on column mart.lead_lag.session_count is 'n: sessions with a pair.';
comment on column mart.lead_lag.reason is 'Why there are no figures; NULL where there are.';

create table if not exists mart.granger (
    scorer varchar,
    signal varchar,
    calendar varchar,
    universe varchar,
    direction varchar,
    lag_count integer,
    return_kind varchar,
    f double,
    p double,
    f_classical double,
    p_classical double,
    effect double,
    effect_unit varchar,
    q double,
    q_by double,
    family_size bigint,
    verdict varchar,
    session_count bigint,
    reason varchar
);
comment on table mart.granger is 'One row per scorer, ticker and direction: does the past of the one add to the past of the other? (Granger 1969)';
comment on column mart.granger.scorer is 'Whose reading.';
comment on column mart.granger.signal is 'Column of mart.ticker_days.';
comment on column mart.granger.calendar is 'Trading calendar.';
comment on column mart.granger.universe is 'The ticker.';
comment on column mart.granger.direction is 'sentiment to returns, or returns to sentiment.';
comment on column mart.granger.lag_count is 'Lags of each series, in sessions.';
comment on column mart.granger.return_kind is 'abnormal or raw; close to close.';
comment on column mart.granger.f is 'Wald F that all lags of the other series have no effect, with HC3 errors.';
comment on column mart.granger.p is 'The p-value that the verdict rests on: of f.';
comment on column mart.granger.f_classical is 'The same F with one variance for all sessions.';
comment on column mart.granger.p_classical is 'Its p.';
comment on column mart.granger.effect is 'Sum of the lags'' slopes, in effect_unit.';
comment on column mart.granger.effect_unit is 'bps per sd of sentiment, or sd of sentiment per 1 % of return.';
comment on column mart.granger.q is 'False discovery rate at which this test would be called evidence (Benjamini and Hochberg 1995), over its family; NULL where nothing was tested.';
comment on column mart.granger.q_by is 'The same without any assumption about how the tests depend on each other (Benjamini and Yekutieli 2001).';
comment on column mart.granger.family_size is 'Tests in the family: every row of this table with the same direction that has a p.';
comment on column mart.granger.verdict is 'In words, at q <= 0.05, with n sessions: evidence: …, no evidence (…), or not tested: why.';
comment on column mart.granger.session_count is 'n: sessions in which neither series lacks a value or a lag.';
comment on column mart.granger.reason is 'Why there are no figures; NULL where there are.';

create table if not exists mart.events (
    ticker varchar,
    trading_day date,
    session_number bigint,
    scorer varchar,
    origin varchar,
    direction varchar,
    label varchar,
    sentiment_z double,
    text_count bigint,
    voice varchar,
    newness varchar,
    is_used boolean,
    model varchar,
    alpha double,
    beta double,
    sigma double,
    estimation_count bigint,
    reason varchar
);
comment on table mart.events is 'One row per event: a session in which a ticker''s sentiment stood far from its usual level, or one that the user listed.';
comment on column mart.events.ticker is 'The ticker.';
comment on column mart.events.trading_day is 'Session of the event; the day as written where no session was found.';
comment on column mart.events.session_number is 'Its number in core.sessions; NULL where the ticker is unknown or its calendar ends before.';
comment on column mart.events.scorer is 'Whose reading; NULL for an event listed by the user.';
comment on column mart.events.origin is 'sentiment: |sentiment_z| beyond CROWDTAPE_EVENT_Z with enough texts; listed: of a file in the inbox''s events/.';
comment on column mart.events.direction is 'positive or negative; NULL for a listed event.';
comment on column mart.events.label is 'The user''s own group of a listed event.';
comment on column mart.events.sentiment_z is 'mart.ticker_days.sentiment_z of the session.';
comment on column mart.events.text_count is 'Texts of the session.';
comment on column mart.events.voice is 'author against crowd: posts and comments take opposite sides; together: the same side; NULL where either takes none.';
comment on column mart.events.newness is 'copied: at least half of the texts repeat an earlier one; novel: fewer.';
comment on column mart.events.is_used is 'False where its window (from the first to the last session of all windows set) overlaps that of an earlier event of the ticker, which is kept instead. An event with too few sessions before it displaces none; it has no model and is in no figure.';
comment on column mart.events.model is 'market (alpha + beta x benchmark), or mean (the ticker''s own) where there is no benchmark with prices; NULL where neither can be estimated.';
comment on column mart.events.alpha is 'Of the model, per session, a fraction.';
comment on column mart.events.beta is 'Of the market model; NULL for the mean.';
comment on column mart.events.sigma is 'Standard deviation of the residuals, RSS/(L - 2) for the market model, RSS/(L - 1) for the mean.';
comment on column mart.events.estimation_count is 'L: sessions that the model was estimated on; they end 20 sessions before the event, 10 before the widest window that can be set.';
comment on column mart.events.reason is 'Why it is dropped, or which figures are missing; NULL where all is well.';

create table if not exists mart.event_returns (
    ticker varchar,
    trading_day date,
    scorer varchar,
    origin varchar,
    window_start integer,
    window_end integer,
    car double,
    scar double
);
comment on table mart.event_returns is 'One row per event with a model and window: its cumulated abnormal return.';
comment on column mart.event_returns.ticker is 'The ticker.';
comment on column mart.event_returns.trading_day is 'Session of the event; the day as written where no session was found.';
comment on column mart.event_returns.scorer is 'Whose reading; NULL for an event listed by the user.';
comment on column mart.event_returns.origin is 'sentiment: |sentiment_z| beyond CROWDTAPE_EVENT_Z with enough texts; listed: of a file in the inbox''s events/.';
comment on column mart.event_returns.window_start is 'First session of the window, relative to the event.';
comment on column mart.event_returns.window_end is 'Last session of it.';
comment on column mart.event_returns.car is 'Cumulated abnormal return, a fraction: close to close, model of mart.events. NULL where a session is missing.';
comment on column mart.event_returns.scar is 'car over its own standard deviation, the error of the estimated model included.';

create table if not exists mart.event_study (
    scorer varchar,
    origin varchar,
    event_group varchar,
    model varchar,
    window_start integer,
    window_end integer,
    question varchar,
    event_count bigint,
    dropped_count bigint,
    excluded_count bigint,
    ticker_count bigint,
    day_count bigint,
    mean_car double,
    car_se double,
    car_low double,
    car_high double,
    naive_t double,
    naive_p double,
    patell_z double,
    patell_p double,
    bmp_t double,
    bmp_p double,
    kp_t double,
    kp_p double,
    rank_t double,
    rank_p double,
    sign_z double,
    sign_p double,
    positive_share double,
    mean_correlation double,
    p double,
    q double,
    q_by double,
    family_size bigint,
    verdict varchar,
    reason varchar
);
comment on table mart.event_study is 'One row per scorer, origin, group of events, model and window: mean cumulated abnormal return with its tests (MacKinlay 1997). Overlapping events are dropped and counted.';
comment on column mart.event_study.scorer is 'Whose reading; NULL for listed events.';
comment on column mart.event_study.origin is 'sentiment or listed.';
comment on column mart.event_study.event_group is 'all (negative events turned round: above 0 means that prices went the way of the talk), positive, negative, each by voice and newness; of listed events all and the user''s labels.';
comment on column mart.event_study.model is 'market or mean.';
comment on column mart.event_study.window_start is 'First session of the window, relative to the event.';
comment on column mart.event_study.window_end is 'Last session of it.';
comment on column mart.event_study.question is 'before (the window ends before the event), around (it holds the event''s session), after.';
comment on column mart.event_study.event_count is 'N: events in the figures.';
comment on column mart.event_study.dropped_count is 'Overlapping events left out.';
comment on column mart.event_study.excluded_count is 'Events without an estimate or with a session missing.';
comment on column mart.event_study.ticker_count is 'Different tickers among the N.';
comment on column mart.event_study.day_count is 'Different sessions among the N.';
comment on column mart.event_study.mean_car is 'Mean cumulated abnormal return, a fraction.';
comment on column mart.event_study.car_se is 'Its standard error, which allows for events that move together.';
comment on column mart.event_study.car_low is 'Lower end of its 95 % interval.';
comment on column mart.event_study.car_high is 'Upper end of it.';
comment on column mart.event_study.naive_t is 't as if the events were independent: far too large where they share their days.';
comment on column mart.event_study.naive_p is 'Its two-sided p.';
comment on column mart.event_study.patell_z is 'Patell 1976.';
comment on column mart.event_study.patell_p is 'Its two-sided p.';
comment on column mart.event_study.bmp_t is 'Boehmer, Musumeci and Poulsen 1991: allows for variance that the event brings.';
comment on column mart.event_study.bmp_p is 'Its two-sided p.';
comment on column mart.event_study.kp_t is 'Kolari and Pynnönen 2010: the same, and allows for events that move together.';
comment on column mart.event_study.kp_p is 'Its two-sided p.';
comment on column mart.event_study.rank_t is 'Generalised rank test (Kolari and Pynnönen 2011).';
comment on column mart.event_study.rank_p is 'Its two-sided p.';
comment on column mart.event_study.sign_z is 'Generalised sign test (Cowan 1992).';
comment on column mart.event_study.sign_p is 'Its two-sided p.';
comment on column mart.event_study.positive_share is 'Share of events with a car above 0.';
comment on column mart.event_study.mean_correlation is 'Mean correlation between the residuals of two events; below 0 it counts as 0 in the tests.';
comment on column mart.event_study.p is 'The p-value that the verdict rests on: kp_p.';
comment on column mart.event_study.q is 'False discovery rate at which this test would be called evidence (Benjamini and Hochberg 1995), over its family; NULL where nothing was tested.';
comment on column mart.event_study.q_by is 'The same without any assumption about how the tests depend on each other (Benjamini and Yekutieli 2001).';
comment on column mart.event_study.family_size is 'Tests in the family: every row of this table with the same question that has a p.';
comment on column mart.event_study.verdict is 'In words, at q <= 0.05, with n events: evidence: …, no evidence (…), or not tested: why.';
comment on column mart.event_study.reason is 'Why there are no figures; NULL where there are.';

-- Tables of raw: columns, units, comments.
-- Must also run on DuckLake: no primary keys, indexes, sequences or enums; keys are kept by the writer and proved by checks.

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
    digest varchar not null,
    applied_at timestamptz not null
);
comment on table raw.schema_versions is 'One row: the schema that this file was made with.';
comment on column raw.schema_versions.digest is 'BLAKE2b (128 bit, hex) of warehouse/schema/*.sql.';
comment on column raw.schema_versions.applied_at is 'When (UTC).';
