"""The published copy is never torn, never half there, and can be had anew."""

import os
import resource
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest
from conftest import Home

from pipelines import publishing, sql
from pipelines.database_copy import NotCopied, copy_database
from pipelines.publishing import published_anew

ROOT = Path(__file__).parents[1]


def note(home: Home, word: str) -> None:
    with home.warehouse.connect() as con:
        con.execute("delete from raw.author_salts")
        con.execute("insert into raw.author_salts values (?, now())", [word])


def noted(path: Path) -> list[tuple]:
    with duckdb.connect(path, read_only=True) as con:
        return con.execute("select fingerprint from raw.author_salts").fetchall()


def can_write(database: Path) -> bool:
    """Whether another process gets to write the file now."""
    script = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('create or replace table raw.torn as select 1')"
    done = subprocess.run([sys.executable, "-c", script, database], capture_output=True, text=True, check=False)
    assert done.returncode == 0 or "Conflicting lock" in done.stderr
    return done.returncode == 0


def copier() -> int | None:
    """The process that copies for this one, as soon as there is one."""
    for children in Path("/proc/self/task").glob("*/children"):
        for child in children.read_text().split():
            with suppress(OSError):
                if b"file_copy.py" in Path(f"/proc/{child}/cmdline").read_bytes():
                    return int(child)
    return None


@pytest.mark.skipif(sys.platform != "linux", reason="finds the process that copies in /proc")
def test_nobody_writes_the_database_while_it_is_copied(home):
    note(home, "whole")
    with ThreadPoolExecutor() as pool:
        publishing_it = pool.submit(home.warehouse.publish)
        found = None
        while found is None and not publishing_it.done():
            found = copier()
        os.kill(found, signal.SIGSTOP)
        try:
            assert not can_write(home.warehouse.database)
        finally:
            os.kill(found, signal.SIGCONT)
        publishing_it.result()
    assert noted(home.warehouse.published) == [("whole",)]
    assert can_write(home.warehouse.database)


def test_the_lock_is_still_there_after_the_copy(home, tmp_path):
    """It would not be, had this process opened the file to read it."""
    note(home, "whole")
    with home.warehouse.connect() as con:
        copy_database(con, home.warehouse.database, tmp_path / "copy")
        assert not can_write(home.warehouse.database)
    assert (tmp_path / "copy").read_bytes() == home.warehouse.database.read_bytes()


def test_what_killed_runs_left_half_written_is_removed_and_nothing_else(home):
    note(home, "whole")
    for name in ("published.1.part", "crowdtape.4194304.part", "crowdtape.7.part.wal", "other.1.part", "notes.txt"):
        (home.folder / name).write_text("half")
    home.warehouse.publish()
    names = sorted(path.name for path in home.folder.iterdir())
    assert names == ["crowdtape.duckdb", "notes.txt", "other.1.part", "published.duckdb"]


def test_a_publisher_that_is_killed_leaves_the_old_copy_and_the_next_one_cleans_up(home):
    note(home, "old")
    home.warehouse.publish()
    note(home, "new")
    part = home.folder / "published.1.part"
    script = (
        "import duckdb, sys, time; from pathlib import Path; from pipelines.database_copy import copy_database\n"
        "database, part = map(Path, sys.argv[1:])\n"
        "con = duckdb.connect(database); copy_database(con, database, part); time.sleep(60)"
    )
    publisher = subprocess.Popen([sys.executable, "-c", script, home.warehouse.database, part], cwd=ROOT)
    while not part.exists() and publisher.poll() is None:
        time.sleep(0.001)
    publisher.kill()
    publisher.wait()
    assert noted(home.warehouse.published) == [("old",)]
    home.warehouse.publish()
    assert noted(home.warehouse.published) == [("new",)]
    assert list(home.folder.glob("*.part")) == []


def test_what_somebody_wrote_into_the_published_copy_does_not_outlive_it(home):
    note(home, "ours")
    home.warehouse.publish()
    script = (
        "import duckdb, os, sys; con = duckdb.connect(sys.argv[1])\n"
        "con.execute(\"update raw.author_salts set fingerprint = 'theirs'\"); os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", script, home.warehouse.published], check=False)
    assert Path(f"{home.warehouse.published}.wal").exists()
    home.warehouse.publish()
    assert noted(home.warehouse.published) == [("ours",)]


def test_where_there_is_no_room_the_old_copy_stays_and_the_file_and_the_way_out_are_named(home):
    note(home, "old")
    home.warehouse.publish()
    note(home, "new")

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, limits[1]))  # a full disk, for this process and its children
    try:
        with pytest.raises(NotCopied, match=r"published\.\d+\.part could not be written \(File too large\).*make room"):
            home.warehouse.publish()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert noted(home.warehouse.published) == [("old",)]
    assert list(home.folder.glob("*.part")) == []


def test_a_published_file_that_cannot_be_replaced_is_told(home):
    note(home, "new")
    home.warehouse.published.mkdir(parents=True)
    with pytest.raises(NotCopied, match=r"published\.duckdb could not be replaced \(Is a directory\)"):
        home.warehouse.publish()
    assert list(home.folder.glob("*.part")) == []


@pytest.mark.parametrize(
    "content, was", [(None, "was missing"), (b"", "could not be read"), (b"x" * 9999, "could not be read")]
)
def test_a_missing_or_broken_published_file_is_written_anew(home, content, was):
    note(home, "whole")
    if content is not None:
        home.warehouse.published.write_bytes(content)
    assert f"the one before {was}" in published_anew(home.warehouse)
    assert noted(home.warehouse.published) == [("whole",)]
    assert "was replaced" in published_anew(home.warehouse)


def test_without_a_database_nothing_is_published_and_none_is_made(home, monkeypatch):
    monkeypatch.setenv("CROWDTAPE_HOME", str(home.folder))
    with pytest.raises(SystemExit, match="nothing to publish"):
        publishing.main([])
    assert not home.folder.exists()


@pytest.mark.parametrize("content", [None, b"x" * 9999])
def test_make_sql_says_what_to_do_with_a_missing_or_broken_file(tmp_path, content):
    database = tmp_path / "published.duckdb"
    if content:
        database.write_bytes(content)
    with pytest.raises(SystemExit, match=rf"{database}.*make publish"):
        sql.main(["select 1", "--database", str(database)])
