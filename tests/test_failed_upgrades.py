"""An upgrade that cannot be, fails or is killed leaves the database as it was, whole."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines import schema
from pipelines.schema import OtherSchema
from pipelines.tables import transaction
from tests.old_databases import OLD, TODAY, as_left, make_old, rows_of, shape, shape_of_today, undated

# The first goes through every migration; the others are for the nights.
EACH = pytest.mark.parametrize("version", [1, *(pytest.param(version, marks=pytest.mark.slow) for version in OLD[1:])])


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
    with pytest.raises(OtherSchema, match=r"differ from a new one in raw\.posts\.note\. Nothing was changed"):
        home.ask("select 1")
    assert as_left(home.warehouse.database, 3) == before


@pytest.fixture
def migrations(tmp_path, monkeypatch):
    """A copy of the migrations to add one to."""
    folder = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, folder)
    monkeypatch.setattr(schema, "MIGRATIONS", folder)
    return folder


@EACH
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


@EACH
def test_an_upgrade_that_is_killed_leaves_the_old_database_or_the_new_one(version, home, migrations):
    database = home.warehouse.database
    make_old(database, version)
    before = as_left(database, version)
    (migrations / f"{TODAY:04d}_zz.sql").write_text("delete from raw.posts; select die();")
    killed(database, migrations)
    assert as_left(database, version) == before
    killed(database, "")
    with duckdb.connect(database) as con:
        assert shape(con) == shape_of_today()
        assert undated(rows_of(con, TODAY)) == undated(before[1])
