"""Runs that are disturbed: a small home where every table has rows, runs in processes of their own, what must hold.

Here: the state before a fault, the state after the next run, and how they are compared. Not here: the faults
(``test_run_faults.py``, ``benchmarks/run_faults.py``).
"""

import json
import multiprocessing
import shutil
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import dagster as dg
import duckdb

from pipelines.warehouse import Warehouse
from tests.conftest import Home, post
from tests.test_daily_job import PRICES

DAYS = ("2024-07-01", "2024-07-08")
EARLIER_DAYS = ("2024-07-01", "2024-07-03")
FRESH = multiprocessing.get_context("forkserver")
FRESH.set_forkserver_preload(["tests.loaded_job"])  # once, in the server from which every process is forked

EARLIER = [
    post("1", "2024-07-02T14:00:00Z", "I love $MU", likes=3),
    post("2", "2024-07-02T15:00:00Z", "a great company", kind="comment", parent_id="1", language="en"),
    post("3", "2024-07-02T21:00:00Z", "$MU closed 10.00% higher. My price target for $MU is $111."),
    post("4", "2024-07-03T15:00:00Z", "long $MU, short $SOXX", fetched_at="2024-07-03T16:00:00Z"),
    post("5", "2024-07-03T15:30:00Z", "I hate $MU and its terrible, awful chips, which everybody dumps now"),
]
SEEN = {"fetched_at": "2024-07-09T00:00:00Z"}
LATER = [
    post("1", "2024-07-02T14:00:00Z", "I love $MU", likes=30, **SEEN),
    post("4", "2024-07-03T15:00:00Z", "long $MU, long $SOXX", **SEEN),  # edited
    post("6", "2024-07-03T17:00:00Z", "no, it is bad", kind="comment", parent_id="4", language="en", **SEEN),
    post("7", "2024-07-05T14:00:00Z", "I hate $MU and its terrible, awful chips, which everyone dumps now", **SEEN),
    post("8", "2024-07-08T14:00:00Z", "$MU will rise 5% tomorrow, what a great day", **SEEN),
    post("9", "2024-07-05T15:00:00Z", "long $SOXX, short $MU", **SEEN),
]
MINUTES = "ticker,datetime,open,close\n" + "".join(
    f"MU,2024-07-{day:02} 10:{minute:02}:00,{day},{day + minute / 10}\n" for day in (2, 3, 5, 8) for minute in range(5)
)
NOT_COMPARED = {"files": "fetched_at, modified_at"}  # of each table what another moment of running changes

EMPTY = (
    "mart.event_returns",
    "raw.fetches",
    "raw.forgotten",
)  # too few sessions; of live services, of people who asked
SAME = (
    *("raw.author_salts", "raw.schema_versions", "core.scorers", "core.instruments", "core.sessions"),
    "mart.granger",  # too few sessions: the same reasons
)

State = dict[str, tuple[int, int]]  # of each table its rows and the sum of their digests


def fill(home: Home) -> None:
    """Some days built, and files dropped since, which change rows and add some."""
    rows = PRICES.splitlines(keepends=True)
    home.drop("prices/first.csv", "".join(row for row in rows if "-07-08" not in row))
    home.drop("texts/first.ndjson", EARLIER)
    home.run(*EARLIER_DAYS)
    home.drop("prices/all.csv", PRICES)
    home.drop("prices/minutes.csv", MINUTES)
    home.drop("prices/minutes.csv.json", '{"bar_stamp": "start"}')
    home.drop("texts/second.ndjson", "".join(f"{json.dumps(row)}\n" for row in LATER) + "{\n")
    home.drop("texts/broken.ndjson", '{"id": 1\n')
    home.drop("events/mine.csv", "ticker,day\nMU,2024-07-02\n")


def state(database: Path) -> State:
    """What stands in a database file, whatever the order of its rows."""
    found = {}
    with duckdb.connect(database, read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        # Not `built`, what the marts were built of: a disturbed run may have built more of them than an undisturbed one.
        named = "select schema_name || '.' || table_name from duckdb_tables() where schema_name <> 'built' order by all"
        for (table,) in con.execute(named).fetchall():
            left_out = NOT_COMPARED.get(table.partition(".")[2])
            columns = f"* exclude ({left_out})" if left_out else "*"
            digests = (
                f"select md5_number_lower(line::varchar)::hugeint as digest from (select {columns} from {table}) line"
            )
            query = f"select count(*), sum(digest) from ({digests})"
            found[table] = con.execute(query).fetchall()[0]
    return found


def run(folder: Path) -> list[str]:
    """The whole job, each step opening the database, as in ``dg launch``; what failed and why."""
    home = Home(folder)
    home.warehouse = Warehouse(home=str(folder), lock_wait_seconds=60)
    return failures(home.run_by_step(*DAYS, raise_on_error=False))


def failures(result: dg.ExecuteInProcessResult) -> list[str]:
    """Each step that failed, with its error to the last cause."""
    return [
        f"{event.step_key}: {event.step_failure_data.error_display_string}"
        for event in result.all_events
        if event.is_step_failure
    ]


class Away:
    """A function of a folder in a process of its own, begun when this is made."""

    def __init__(self, what: Callable[..., list[str]], *given: object) -> None:
        self._ours, theirs = FRESH.Pipe()
        self.process = FRESH.Process(target=_tell, args=(theirs, what, *given))
        self.process.start()
        theirs.close()
        assert self._ours.recv() == "begun"
        self._began = time.monotonic()

    def end(self, seconds: float = 1200) -> list[str]:
        """Wait for it: what it returned, or how it died."""
        self.process.join(seconds)
        if self.process.is_alive():
            self.kill()
            return [f"not done after {seconds} s"]
        self.seconds = time.monotonic() - self._began
        return self._ours.recv() if self.process.exitcode == 0 else [f"died with {self.process.exitcode}"]

    def kill(self) -> bool:
        """``kill -9``; whether it was still at work."""
        self.process.kill()
        self.process.join(60)
        return self.process.exitcode == -signal.SIGKILL


def _tell(to: Connection, what: Callable[..., list[str]], *given: object) -> None:
    to.send("begun")
    to.send(what(*given))


class Trials:
    """Homes in one state, to be disturbed, and what the run must have made of them in the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.before = Home(folder / "before")
        fill(self.before)
        self.old = state(self.before.warehouse.published)
        undisturbed = self.home("undisturbed")
        away = Away(run, undisturbed.folder)
        assert away.end() == []
        self.seconds = away.seconds
        self.new = state(undisturbed.warehouse.database)
        assert state(undisturbed.warehouse.published) == self.new
        assert all(rows for table, (rows, _) in self.new.items() if table not in EMPTY), self.new
        assert [table for table in self.old if self.old[table] == self.new[table]] == sorted([*EMPTY, *SAME])

    def home(self, name: str, folder: Path | None = None) -> Home:
        """A home as it was before the run."""
        folder = (folder or self.folder) / name
        shutil.copytree(self.before.folder, folder)
        return Home(folder)

    def is_readable(self, home: Home) -> bool:
        """Whether the published file is whole: the old one, or the new one where the run came so far."""
        try:
            return state(home.warehouse.published) in (self.old, self.new)
        except duckdb.Error:
            return False

    def wrong(self, home: Home) -> list[str]:
        """What is not as it should be after one more run, which nobody disturbs."""
        return failures(home.run(*DAYS, raise_on_error=False)) + self.differences(home)

    def differences(self, home: Home) -> list[str]:
        """Tables that are not those of the undisturbed run, and files that should not be there."""
        found = [f"left over: {path.name}" for path in leftovers(home.folder)]
        for path in (home.warehouse.database, home.warehouse.published):
            try:
                there = state(path)
            except duckdb.Error as error:
                found.append(str(error))
            else:
                found += [f"{path.name}: {table}" for table in self.new if there.get(table) != self.new[table]]
        return found


def leftovers(folder: Path) -> list[Path]:
    """What a run should not leave in its home."""
    return sorted({*folder.rglob("*.part"), *folder.rglob("*.tmp"), *folder.rglob("*.wal"), *folder.rglob("*.new")})
