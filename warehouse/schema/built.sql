-- What the marts were built from, and which of their rows are due. Kept by pipelines/marts.py; of no interest to readers.
-- Must also run on DuckLake: no primary keys, indexes, sequences or enums; keys are kept by the writer and proved by checks.

create schema if not exists built;

create table if not exists built.marts (
    mart varchar not null,
    digest varchar not null,
    row_count bigint not null
);
comment on table built.marts is 'One row per mart as it was last built; one that stands otherwise is built whole.';
comment on column built.marts.mart is 'The mart.';
comment on column built.marts.digest is 'Hash of its query and of its small inputs (instruments, sessions, scorers).';
comment on column built.marts.row_count is 'Rows it had.';

create table if not exists built.due (
    mart varchar not null,
    key varchar,
    ticker varchar,
    since date
);
comment on table built.due is 'What has changed under a mart since it was built; written together with the change, removed together with the rows it asked for.';
comment on column built.due.mart is 'The mart.';
comment on column built.due.key is 'Text or thread whose rows are due.';
comment on column built.due.ticker is 'Ticker whose returns have changed; NULL for all.';
comment on column built.due.since is 'First day that has changed.';

create table if not exists built.counted_days (
    day date not null,
    digest varchar not null
);
comment on table built.counted_days is 'One row per UTC day on which counts were seen (raw.engagement), as mart.ticker_days was last built from them.';
comment on column built.counted_days.day is 'UTC date of observed_at.';
comment on column built.counted_days.digest is 'Hash of that day''s rows.';
