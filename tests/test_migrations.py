"""A database of every released schema becomes one of today's, with all that was in raw; or it stays as it was."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines import schema
from pipelines.demo import drop_other_schema
from pipelines.schema import OtherSchema, digest_of, known_versions, schema_script
from pipelines.sql_files import sql_file
from pipelines.tables import insert, transaction
from tests.conftest import Home, post

RELEASED = {int(path.stem): path for path in Path("tests/released").glob("*.sql")}
OLD, TODAY = sorted(RELEASED), max(known_versions().values())
TEXTS_STAY_FROM = 3  # core.texts has had its columns since
FILES_WERE_FETCHES = 4  # up to this version raw.files was called raw.fetches
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


def rows_of(con: duckdb.DuckDBPyConnection, version: int) -> dict[str, list[tuple]]:
    """What is precious, as text: by name, so that the order of the columns does not count."""
    names = {table: files_in(version) if table == "files" else table for table in PRECIOUS}
    return {
        table: con.execute(f"select to_json(held)::varchar from raw.{name} as held order by 1").fetchall()
        for table, name in names.items()
    }


def shape(con: duckdb.DuckDBPyConnection) -> list[tuple]:
    """Every table and column with its type and comment."""
    tables = "select schema_name, table_name, comment from duckdb_tables() where not internal order by all"
    columns = """select schema_name, table_name, column_name, data_type, is_nullable, comment
        from duckdb_columns() where not internal order by all"""
    return con.execute(tables).fetchall() + con.execute(columns).fetchall()


def as_left(database: Path, version: int) -> tuple[list, dict, list]:
    """All that the clone which made the file finds in it."""
    with duckdb.connect(database) as con:
        return shape(con), rows_of(con, version), con.execute("select * from raw.schema_versions").fetchall()


def test_the_schema_is_known_by_its_version():
    digest = digest_of(schema_script())
    assert known_versions().get(digest) == TODAY, (
        f"warehouse/schema has changed: databases that stand need a migration, and warehouse/migrations/versions.csv "
        f"the digest {digest}; CONTRIBUTING.md, 'Change the schema', says how"
    )
    assert max(int(path.name[:4]) for path in schema.MIGRATIONS.glob("*.sql")) == TODAY


def test_every_schema_before_is_kept_and_known():
    assert list(range(1, TODAY)) == OLD, (
        "CONTRIBUTING.md, 'Change the schema': the schema before goes to tests/released"
    )
    known = {version: known_versions().get(digest_of(path.read_text("utf-8"))) for version, path in RELEASED.items()}
    assert known == {version: version for version in OLD}


@pytest.mark.parametrize("version", OLD)
def test_a_database_of_every_released_schema_becomes_as_a_new_one(version, home):
    make_old(home.warehouse.database, version)
    with duckdb.connect(home.warehouse.database) as con:
        before = rows_of(con, version)
    with home.warehouse.connect() as con, duckdb.connect() as new:
        new.execute(schema_script())
        assert shape(con) == shape(new)
        assert con.execute("select version, digest from raw.schema_versions").fetchall() == [
            (TODAY, digest_of(schema_script()))
        ]
        after = rows_of(con, TODAY)
        assert {**after, "posts": []} == {**before, "posts": []}
        assert len(after["posts"]) == len(before["posts"]) == 2
        assert con.execute("select scorer_version from core.scores").fetchall() == [("of old",)]
        # What nobody dates is known when it was seen; up to schema 4 it was known from the publication on.
        if version <= FILES_WERE_FETCHES:
            assert con.execute(sql_file("checks/a_change_without_a_time_is_known_when_seen")).fetchall() == []
        else:
            assert after == before
    written = home.warehouse.database.stat().st_mtime_ns
    with home.warehouse.connect():
        pass
    assert home.warehouse.database.stat().st_mtime_ns == written


@pytest.mark.parametrize("version", [1, *(pytest.param(version, marks=pytest.mark.slow) for version in OLD[1:])])
def test_an_upgraded_home_has_what_a_new_one_builds(version, make_home):
    new, old = make_home("new"), make_home("old")
    for one in (new, old):
        one.drop("prices/MU.csv", "ticker,day,open,close\nMU,2024-07-02,100,110\nMU,2024-07-03,108,111\n")
        one.drop(
            "texts/a.ndjson",
            [
                post("1", "2024-07-02T14:00:00Z", "I love $MU. Bought calls!", likes=3),
                post("2", "2024-07-02T15:00:00Z", "Thnx for sharing", kind="comment", parent_id="test:1"),
                post("3", "2024-07-03T15:00:00Z", "$MU jumps over 5%. https://example.org"),
            ],
        )
    new.run("2024-07-02", "2024-07-03")
    copy_to_old(new, old, version)
    named = [command for *_, command in old.ask(sql_file("checks/every_day_is_built"))]
    is_emptied = version < TEXTS_STAY_FROM
    assert [command.endswith("2024-07-02...2024-07-03") for command in named] == [True] * is_emptied
    old.run("2024-07-02", "2024-07-03")
    assert old.tables("raw", "core", "mart") == new.tables("raw", "core", "mart")
    read = "select fetched_at from raw.files order by path"
    assert old.ask(read) == new.ask(read)  # no file was read again


def copy_to_old(new: Home, old: Home, version: int) -> None:
    """Fill a database of an old version with all that ``new`` has and the version had a column for."""
    script = RELEASED[version].read_text(encoding="utf-8")
    with new.warehouse.connect() as source, duckdb.connect(old.warehouse.database) as target:
        target.execute(script)
        target.execute("insert into raw.schema_versions values (?, now())", [digest_of(script)])
        theirs = source.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        for folder, table in set(theirs) - {("raw", "schema_versions"), ("raw", "fetches")}:
            there = files_in(version) if table == "files" else table
            columns = target.execute(
                "select column_name from duckdb_columns() where schema_name = ? and table_name = ?", [folder, there]
            ).fetchall()
            if columns:
                rows = source.execute(f"select * from {folder}.{table}").to_arrow_table()
                insert(target, f"{folder}.{there}", rows.select([column for (column,) in columns]))


def test_an_upgrade_says_what_is_empty_after_it_and_says_it_once(tmp_path):
    said = []
    for version in (1, 5):
        database = tmp_path / str(version) / "crowdtape.duckdb"
        make_old(database, version)
        with duckdb.connect(database) as con:
            if version == 1:
                con.execute("insert into core.sessions values ('XNYS', '2024-07-02', now(), now(), false, 1)")
            schema.apply_schema(con, said.append)
            schema.apply_schema(con, said.append)
    emptied, kept = said
    assert emptied.startswith(f"upgraded the database from schema 1 to {TODAY} in ")
    assert "Empty until they are built again: core.sessions. " in emptied
    assert "every_day_is_built" in emptied
    assert kept.endswith("raw is kept whole")


def test_a_file_that_the_first_two_versions_both_opened_is_of_the_second(home):
    make_old(home.warehouse.database, 2)
    with duckdb.connect(home.warehouse.database) as con:
        con.execute("insert into raw.schema_versions values (?, now())", [digest_of(RELEASED[1].read_text("utf-8"))])
    said = []
    with duckdb.connect(home.warehouse.database) as con:
        schema.apply_schema(con, said.append)
    assert "from schema 2 to" in said[0]


def test_a_newer_database_is_refused_and_left_alone(home):
    with home.warehouse.connect() as con, transaction(con):
        con.execute("update raw.schema_versions set version = 4711, digest = 'of tomorrow'")
    before = home.warehouse.database.read_bytes()
    with pytest.raises(OtherSchema, match=rf"newer Crowdtape \(schema 4711, this one knows {TODAY}\)"):
        home.ask("select 1")
    assert home.warehouse.database.read_bytes() == before


def test_a_table_altered_by_hand_stops_the_upgrade_and_is_named(home):
    make_old(home.warehouse.database, 3)
    with duckdb.connect(home.warehouse.database) as con:
        con.execute("alter table raw.posts add column note varchar")
    before = as_left(home.warehouse.database, 3)
    with pytest.raises(OtherSchema, match=r"by hand: raw\.posts\.note\. Nothing was changed"):
        home.ask("select 1")
    assert as_left(home.warehouse.database, 3) == before


@pytest.fixture
def migrations(tmp_path, monkeypatch):
    """A copy of the migrations to add one to."""
    folder = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, folder)
    monkeypatch.setattr(schema, "MIGRATIONS", folder)
    return folder


@pytest.mark.parametrize("version", OLD)
def test_an_upgrade_that_fails_leaves_the_old_database(version, home, migrations):
    make_old(home.warehouse.database, version)
    before = as_left(home.warehouse.database, version)
    (migrations / f"{TODAY:04d}_zz.sql").write_text("delete from raw.posts; select 1 / no_such_column from raw.files;")
    with pytest.raises(
        OtherSchema, match=rf"of schema {version} and could not be upgraded to {TODAY}: .*no_such_column"
    ):
        home.ask("select 1")
    assert as_left(home.warehouse.database, version) == before


KILLED_IN_AN_UPGRADE = """
import os, signal, sys
from pathlib import Path
import duckdb
from pipelines import schema
con = duckdb.connect(sys.argv[1])
if sys.argv[2]:
    schema.MIGRATIONS = Path(sys.argv[2])
    con.create_function("die", lambda: os.kill(os.getpid(), signal.SIGKILL), [], "integer", side_effects=True)
schema.apply_schema(con)
os.kill(os.getpid(), signal.SIGKILL)  # nothing is closed: what was committed is still in the log beside the file
"""


def killed(database: Path, migrations: Path | str) -> None:
    """Upgrade the file in a process that is killed, in its last migration or right after."""
    ended = subprocess.run([sys.executable, "-c", KILLED_IN_AN_UPGRADE, database, migrations], check=False)
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.parametrize("version", [1, *(pytest.param(version, marks=pytest.mark.slow) for version in OLD[1:])])
def test_an_upgrade_that_is_killed_leaves_the_old_database_or_the_new_one(version, home, migrations):
    database = home.warehouse.database
    make_old(database, version)
    before = as_left(database, version)
    (migrations / f"{TODAY:04d}_zz.sql").write_text("delete from raw.posts; select die();")
    killed(database, migrations)
    assert as_left(database, version) == before
    killed(database, "")
    with duckdb.connect(database) as con, duckdb.connect() as new:
        new.execute(schema_script())
        assert shape(con) == shape(new)
        assert {**rows_of(con, TODAY), "posts": []} == {**before[1], "posts": []}


def test_the_demo_upgrades_its_old_database_and_drops_one_it_does_not_know(home):
    make_old(home.warehouse.database, 4)
    drop_other_schema(home.warehouse)
    assert home.ask("select count(*) from raw.posts") == [(2,)]
    with home.warehouse.connect() as con, transaction(con):
        con.execute("update raw.schema_versions set digest = 'of a branch'")
    drop_other_schema(home.warehouse)
    assert not home.warehouse.database.exists()
