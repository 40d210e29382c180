"""A database of every released schema becomes one of today's, with all that was in raw."""

import duckdb
import pytest

from pipelines import schema
from pipelines.demo import drop_other_schema
from pipelines.schema import digest_of, known_versions, schema_script
from pipelines.sql_files import sql_file
from pipelines.tables import insert, transaction
from tests.conftest import Home, at, post
from tests.old_databases import (
    OLD,
    RELEASED,
    TEXTS_STAY_FROM,
    TODAY,
    UNSEEN_CHANGES_WERE_KNOWN,
    files_in,
    make_old,
    rows_of,
    shape,
    shape_of_today,
    undated,
)


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
    with home.warehouse.connect() as con:
        assert shape(con) == shape_of_today()
        assert con.execute("select version, digest from raw.schema_versions").fetchall() == [
            (TODAY, digest_of(schema_script()))
        ]
        after = rows_of(con, TODAY)
        assert undated(after) == undated(before)
        assert con.execute("select scorer_version from core.scores").fetchall() == [("of old",)]
        assert after == before or version <= UNSEEN_CHANGES_WERE_KNOWN
        if version <= UNSEEN_CHANGES_WERE_KNOWN:
            known = con.execute("select known_at from raw.posts order by version_id").fetchall()
            assert known == [(at("2024-07-02T14:00:00"),), (at("2024-07-04T15:00:00"),)]
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


def test_the_demo_upgrades_its_old_database_and_drops_one_it_does_not_know(home):
    make_old(home.warehouse.database, 4)
    drop_other_schema(home.warehouse)
    assert home.ask("select count(*) from raw.posts") == [(2,)]
    with home.warehouse.connect() as con, transaction(con):
        con.execute("update raw.schema_versions set digest = 'of a branch'")
    drop_other_schema(home.warehouse)
    assert not home.warehouse.database.exists()
