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
