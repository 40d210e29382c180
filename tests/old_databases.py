"""What the tests of upgrades share: databases as the released versions left them, and what is found in one.

``tests/released/<version>.sql`` is the script that the version ran on a new file, to the letter: its digest is known.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from pipelines.schema import digest_of, known_versions, schema_script

RELEASED = {int(path.stem): path for path in Path(__file__).with_name("released").glob("*.sql")}
OLD, TODAY = sorted(RELEASED), max(known_versions().values())
TEXTS_STAY_FROM = 3  # core.texts has had its columns since
FILES_WERE_FETCHES = 4  # up to this version raw.files was called raw.fetches
UNSEEN_CHANGES_WERE_KNOWN = 4  # up to this version a change without a time was known from the publication on
PRECIOUS = ("posts", "comments", "engagement", "prices", "rejects", "files")
# Rows as every version wrote them: a post, the same seen later with other words and no time of its own, an answer.
ROWS = """
insert into raw.posts by name
select 'test:1' as text_id, version_id, 'test' as source, 'post' as kind, 'a1' as author, body,
    timestamptz '2024-07-02 14:00:00Z' as published_at, fetched_at, timestamptz '2024-07-02 14:00:00Z' as known_at,
    'exact' as time_precision, false as is_deleted, ['MU'] as symbols, date '2024-07-02' as day, 'texts/a' as path
from (values ('v1', 'I love $MU', timestamptz '2024-07-02 15:00:00Z'),
    ('v2', 'I hate $MU', timestamptz '2024-07-04 15:00:00Z')) as seen (version_id, body, fetched_at);
insert into raw.comments by name
select 'test:2' as text_id, 'v1' as version_id, 'test' as source, 'comment' as kind, 'test:1' as parent_id, 'So?' as body,
    timestamptz '2024-07-02 14:30:00Z' as known_at, 'absent' as time_precision, false as is_deleted,
    date '2024-07-02' as day, 'texts/a' as path;
insert into raw.engagement by name
select 'test:1' as text_id, timestamptz '2024-07-02 15:00:00Z' as observed_at, 7 as likes, 'texts/a' as path;
insert into raw.prices by name
select 'MU' as ticker, '1d' as bar, date '2024-07-02' as trading_day, 102 as open, 110 as close, 'prices/MU' as path;
insert into raw.rejects by name
select 'texts/a' as path, 'c0ffee' as content_hash, 3 as line, 'no body' as reason;
insert into raw.{files} by name
select 'inbox/texts' as source, 'texts/a' as path, 'c0ffee' as content_hash, 9 as size_bytes, now() as modified_at,
    now() as fetched_at, 'ok' as status, 3 as row_count, 1 as reject_count;
insert into core.scorers values ('vader', 'of old', true);
insert into core.scores values ('test:1', 1, 'vader', 'of old', 0, 0.4, 0.6, 0.6, date '2024-07-02');
"""


def files_in(version: int) -> str:
    """What the table of files read was called."""
    return "fetches" if version <= FILES_WERE_FETCHES else "files"


def make_old(database: Path, version: int) -> None:
    """A database as that version left it, with ``ROWS``."""
    script = RELEASED[version].read_text(encoding="utf-8")
    database.parent.mkdir(parents=True)
    with duckdb.connect(database) as con:
        con.execute(script)
        con.execute("insert into raw.schema_versions values (?, now())", [digest_of(script)])
        con.execute(ROWS.format(files=files_in(version)))


def rows_of(con: duckdb.DuckDBPyConnection, version: int) -> dict[str, list[dict[str, Any]]]:
    """What is precious, by the names of its columns: their order does not count."""
    con.execute("set TimeZone = 'UTC'")
    names = {table: files_in(version) if table == "files" else table for table in PRECIOUS}
    return {
        table: [
            json.loads(row)
            for (row,) in con.execute(f"select to_json(held) from raw.{name} as held order by 1").fetchall()
        ]
        for table, name in names.items()
    }


def undated(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The same without ``known_at``, the one column that an upgrade may put right."""
    return {
        table: [{name: value for name, value in row.items() if name != "known_at"} for row in held]
        for table, held in rows.items()
    }


def shape(con: duckdb.DuckDBPyConnection) -> list[tuple]:
    """Every table and column with its type and comment."""
    tables = "select schema_name, table_name, comment from duckdb_tables() where not internal order by all"
    columns = """select schema_name, table_name, column_name, data_type, is_nullable, comment
        from duckdb_columns() where not internal order by all"""
    return con.execute(tables).fetchall() + con.execute(columns).fetchall()


@cache
def shape_of_today() -> list[tuple]:
    """That of a new file."""
    with duckdb.connect() as new:
        new.execute(schema_script())
        return shape(new)


def as_left(database: Path, version: int) -> tuple[list, dict, list]:
    """All that the clone which made the file finds in it."""
    with duckdb.connect(database) as con:
        return shape(con), rows_of(con, version), con.execute("select * from raw.schema_versions").fetchall()
