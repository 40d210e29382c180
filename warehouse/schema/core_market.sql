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
