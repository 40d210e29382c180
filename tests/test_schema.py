"""Every table and column says what it is, in the database; and the SQL stays within what a lake can run."""

import re

import pytest

from pipelines.schema import OtherSchema
from pipelines.sql_files import SQL, header, marts_in_order, sql_file
from pipelines.tables import transaction

MARTS = sorted(path.stem for path in (SQL / "marts").glob("*.sql"))
EVERY_SQL = sorted(path.relative_to(SQL).as_posix() for path in SQL.rglob("*.sql"))


@pytest.fixture
def built(home):
    """A database with all tables, empty."""
    with home.warehouse.connect() as con:
        for name in marts_in_order():
            home.warehouse.build_mart(con, name)
        yield con


def test_every_table_has_a_comment(built):
    silent = built.execute(
        "select schema_name, table_name from duckdb_tables() where not internal and coalesce(comment, '') = ''"
    ).fetchall()
    assert silent == []


def test_every_column_has_a_comment(built):
    silent = built.execute(
        """select schema_name, table_name, column_name from duckdb_columns()
        where not internal and schema_name in ('raw', 'core', 'mart') and coalesce(comment, '') = ''"""
    ).fetchall()
    assert silent == []


@pytest.mark.parametrize("name", MARTS)
def test_a_mart_comments_just_its_own_columns(built, name):
    columns = built.execute(
        "select column_name from duckdb_columns() where schema_name = 'mart' and table_name = ?", [name]
    ).fetchall()
    assert [column for (column,) in columns] == list(header(sql_file(f"marts/{name}"))[1])


@pytest.mark.parametrize("name", EVERY_SQL)
def test_sql_runs_on_a_lake_too(name):
    code = re.sub(r"--.*", "", (SQL / name).read_text(encoding="utf-8")).lower()
    assert not re.search(
        r"\b(primary key|unique\s*\(|create (unique )?index|create sequence|as enum|references)\b", code
    )


@pytest.mark.parametrize("name", [name for name in EVERY_SQL if name.startswith(("marts/", "core/", "checks/"))])
def test_every_query_starts_with_its_grain_or_rule(name):
    assert header((SQL / name).read_text(encoding="utf-8"))[0].endswith((".", ":"))


def test_a_second_look_at_the_schema_writes_nothing(home):
    with home.warehouse.connect():
        pass
    before = home.warehouse.database.stat().st_mtime_ns
    with home.warehouse.connect() as con:
        assert con.execute("select count(*) from raw.schema_versions").fetchall() == [(1,)]
    assert home.warehouse.database.stat().st_mtime_ns == before


def test_a_database_of_another_schema_is_refused_and_left_alone(home):
    with home.warehouse.connect() as con, transaction(con):
        con.execute("update raw.schema_versions set digest = 'of another version'")
    before = home.warehouse.database.read_bytes()
    with pytest.raises(OtherSchema, match="or move the file away"), home.warehouse.connect():
        pass
    assert home.warehouse.database.read_bytes() == before
