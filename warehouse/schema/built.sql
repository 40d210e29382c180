-- What tables were built from, and which rows of the marts are due. Kept by pipelines/due.py and marts.py; of no interest to readers.
-- Must also run on DuckLake: no primary keys, indexes, sequences or enums; keys are kept by the writer and proved by checks.

create schema if not exists built;

create table if not exists built.tables (
    table_name varchar not null,
    digest varchar not null,
    row_count bigint not null
);
comment on table built.tables is 'One row per table that is not always built whole, as it was left; one that stands otherwise is.';
comment on column built.tables.table_name is 'The table.';
comment on column built.tables.digest is 'What it was made of beside what is noted in built.due: its query, its small inputs.';
comment on column built.tables.row_count is 'Rows it had.';

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
