"""What happens to runs: each fault as a function that yields, for every trial, what was not as it should be after it.

Nothing yielded twice means the same home: a trial is a home of its own. Not here: the homes (``run_faults.py``), a
power loss (``power_losses.py``).
"""

import os
import random
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from dagster._core.test_utils import freeze_time

from pipelines.settings import ROOT
from pipelines.warehouse import WarehouseClosed
from tests.conftest import Home
from tests.run_faults import DAYS, Away, Trials, failures, run, state

MB = 2**20


def run_holding(folder: Path) -> list[str]:
    """The same with the file held open, so that the write-ahead log of all steps lies beside it."""
    return failures(Home(folder).run(*DAYS, raise_on_error=False))


def killed(trials: Trials, count: int, folder: Path) -> Iterator[list[str]]:
    """``kill -9`` at a random moment of each of ``count`` equal parts of the run; twice in each home, then it is left."""
    chance = random.Random("kills")
    for number in range(0, count, 2):
        home, wrong = trials.home(f"killed-{number}", folder), []
        for what, part in ((run, number), (run_holding, number + 1)):
            kill(what, home, (part + chance.random()) / count * trials.seconds)
            wrong += [] if trials.is_readable(home) else ["published file while disturbed"]
        yield wrong + trials.wrong(home)
        shutil.rmtree(home.folder)


def kill(what: Callable[[Path], list[str]], home: Home, moment: float) -> None:
    """Kill the run of a home ``moment`` seconds after it began; where it is done by then, another one sooner."""
    while moment > 0.01:
        away = Away(what, home.folder)
        time.sleep(moment)
        if away.kill():
            return
        moment *= 0.8
    pytest.fail("no run could be killed")


def run_with_history(folder: Path) -> list[str]:
    """The job with Dagster's history in the home, so that it claims the pool of the database."""
    home = Home(folder)
    config = (ROOT / "dagster.yaml").read_text(encoding="utf-8")
    (folder / "dagster.yaml").write_text(config.replace(": .dagster", f": {folder / '.dagster'}"), encoding="utf-8")
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        return failures(home.run_by_step(*DAYS, raise_on_error=False, instance=instance))


def slot_holders(folder: Path) -> list[str]:
    """The runs that hold the pool."""
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        return [slot.run_id for slot in instance.event_log_storage.get_concurrency_info("warehouse").claimed_slots]


def killed_with_the_pool(trials: Trials, count: int, folder: Path) -> Iterator[list[str]]:
    """The same while the run holds the pool in a history that outlives it; the next run uses that history."""
    chance = random.Random("pools")
    for number in range(count):
        home = trials.home(f"pool-{number}", folder)
        for _ in range(20):
            away = Away(run_with_history, home.folder)
            while not list(home.folder.glob(".dagster/alive/*")) and away.process.is_alive():  # before its first step
                time.sleep(0.01)
            time.sleep(chance.uniform(0.1, 0.6) * trials.seconds)
            away.kill()
            if slot_holders(home.folder):  # else it was between two steps
                break
        else:
            pytest.fail("no run held the pool when it was killed")
        wrong = Away(run_with_history, home.folder).end(max(60, 20 * trials.seconds))
        with dg.DagsterInstance.from_config(str(home.folder)) as instance:
            wrong += [f"still running: {one.run_id}" for one in instance.get_runs() if not one.is_finished]
        yield wrong + trials.differences(home)


@contextmanager
def disk(folder: Path) -> Iterator[Path]:
    """A disk of its own, to be filled up or made read-only; skips where this user may not mount one."""
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1g", "tmpfs", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"only root can mount a disk: {done.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def remount(folder: Path, options: str) -> None:
    """Change a mounted disk."""
    subprocess.run(["mount", "-o", f"remount,{options}", folder], check=True)


def full_disk(trials: Trials, spares: dict[str, int], folder: Path) -> Iterator[list[str]]:
    """The disk has ``spares`` bytes left, so that it is full in a step of that name; then there is room."""
    for name, spare in spares.items():
        with disk(folder / name) as mounted:
            home = trials.home("home", mounted)
            used = shutil.disk_usage(mounted).used
            remount(mounted, f"size={(used + spare) // 4096 * 4096}")
            said = Away(run, home.folder).end()
            first = said[0].partition(":")[0] if said else "nothing failed"
            wrong = [] if first.startswith(name) else [f"{name}: failed first: {first}"]
            if not all("No space left" in one or "full" in one for one in said):
                wrong += said
            if not trials.is_readable(home) or state(home.warehouse.published) != trials.old:
                wrong.append("published file while the disk is full")
            remount(mounted, "size=1g")
            yield wrong + trials.wrong(home)


def read_only(trials: Trials, folder: Path) -> Iterator[list[str]]:
    """The home cannot be written; then it can."""
    with disk(folder / "read-only") as mounted:
        home = trials.home("home", mounted)
        before = state(home.warehouse.database)
        remount(mounted, "ro")
        said = Away(run, home.folder).end()
        clear = [one for one in said if str(home.folder) in one and "CROWDTAPE_HOME" in one]
        wrong = [] if clear else ["no clear error", *said]
        if state(home.warehouse.database) != before or state(home.warehouse.published) != trials.old:
            wrong.append("changed while read-only")
        remount(mounted, "rw")
        yield wrong + trials.wrong(home)


def run_at(folder: Path, moment: datetime) -> list[str]:
    """The job with the clocks of this process at ``moment``."""

    from pipelines.defs import ingest, market  # not above: they are Dagster's to load, which warns of what is in beta

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment

    ingest.datetime = market.datetime = Clock
    with freeze_time(moment):
        return run(folder)


def clock_set_back(trials: Trials, moments: list[datetime], folder: Path) -> Iterator[list[str]]:
    """The clock is wrong for one run, to which all files come from the future; then it is right."""
    for number, moment in enumerate(moments):
        home = trials.home(f"clock-{number}", folder)
        later = datetime.now(UTC).timestamp() + 86_400
        for path in home.inbox.rglob("second*"):
            os.utime(path, (later, later))
        wrong = Away(run_at, home.folder, moment).end()
        yield wrong + trials.wrong(home)


def run_within(folder: Path, more: int) -> list[str]:
    """The job with ``more`` bytes of memory than the process has at its start."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    data = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmData"))
    resource.setrlimit(resource.RLIMIT_DATA, (data + more, data + more))
    return run(folder)


def out_of_memory(trials: Trials, sizes: list[int], folder: Path) -> Iterator[list[str]]:
    """The process may have a few MiB more than at its start, and fails or dies of it."""
    for size in sizes:
        home = trials.home(f"memory-{size}", folder)
        said = Away(run_within, home.folder, size * MB).end()
        wrong = [] if said else [f"{size} MiB were enough"]
        wrong += [] if trials.is_readable(home) else ["published file"]
        yield wrong + trials.wrong(home)


def two_at_once(trials: Trials, what: Callable[[Path], list[str]], folder: Path) -> Iterator[list[str]]:
    """Two runs of the same days in the same home."""
    home = trials.home("twice", folder)
    both = [Away(what, home.folder), Away(what, home.folder)]
    said = [one.end() for one in both]
    wrong = [one for ended in said for one in ended if WarehouseClosed.__name__ not in one]
    if all(said):
        wrong += ["neither ended well", *said[0], *said[1]]
    wrong += [] if trials.is_readable(home) else ["published file"]
    yield wrong + trials.wrong(home)


def published_lost(trials: Trials, folder: Path) -> Iterator[list[str]]:
    """The published file is torn, or gone."""
    for name, damage in (("torn", lambda path: path.write_bytes(b"\0" * 10_000)), ("gone", Path.unlink)):
        home = trials.home(name, folder)
        damage(home.warehouse.published)
        yield trials.wrong(home)


SORT = "create table sorted as select range as n, md5(range::varchar) as digest from range(5000000) order by digest"


def sort(database: Path) -> list[str]:
    """Sort more than fits into DuckDB's memory."""
    with duckdb.connect(database, config={"memory_limit": "60MB", "threads": "2"}) as con:
        con.execute(SORT)
    return []


def killed_while_spilling(trials: Trials, folder: Path) -> Iterator[list[str]]:
    """``kill -9`` while DuckDB has spilled to disk, whose files nobody clears then."""
    home = trials.home("spilling", folder)
    away = Away(sort, home.warehouse.database)
    spilled = Path(f"{home.warehouse.database}.tmp")
    while not list(spilled.glob("*")) and away.process.is_alive():
        time.sleep(0.01)
    away.kill()
    yield ([] if list(spilled.glob("*")) else ["nothing was spilled"]) + trials.wrong(home)
