-- Tables of core that hold the market: instruments, sessions, returns.
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
