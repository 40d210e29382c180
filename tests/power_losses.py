"""Power losses: a home as it was on the disk at a moment, and the end of DuckDB's log as a disk may have lost it.

Not here: other faults (``disturbances.py``).
"""

import os
import random
import re
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipelines.warehouse import WarehouseClosed
from tests.conftest import Home
from tests.disturbances import run_holding
from tests.run_faults import Away, Trials


def power_lost(trials: Trials, count: int, folder: Path) -> Iterator[list[str]]:
    """The files as they were at a moment, and what a disk may have lost of the log's end.

    The process stands still while they are copied, so all that it wrote is there, in the order in which it wrote: a
    power loss with a disk that keeps that order. Every third time the log's last bytes, any number of them, never came
    to the disk; every third time the last 4 KiB are there and empty, as some file systems leave them, which DuckDB
    refuses: then what its error says is done. Not emulated: a disk that reorders what DuckDB syncs in between (the
    blocks of the database file before the header that names them).
    """
    chance = random.Random("power")
    source = trials.home("power", folder)
    away = Away(run_holding, source.folder)
    homes = []
    for number in range(count):
        if not away.process.is_alive():  # it was faster than the run that was measured: another one
            away = Away(run_holding, source.folder)
        time.sleep(chance.random() * trials.seconds / count)
        copy = folder / f"power-{number}"
        with standing_still(away):
            shutil.copytree(source.folder, copy)
        homes.append(Home(copy))
        log = Path(f"{homes[-1].warehouse.database}.wal")
        if log.exists() and number % 3 == 0:
            os.truncate(log, chance.randrange(log.stat().st_size + 1))
        if log.exists() and number % 3 == 1:
            whole = log.read_bytes()
            log.write_bytes(whole[:-4096] + bytes(min(4096, len(whole))))
    away.end()
    for home in homes:
        wrong = [] if trials.is_readable(home) else ["published file"]
        yield wrong + the_way_out_taken(home) + trials.wrong(home)
        shutil.rmtree(home.folder)


@contextmanager
def standing_still(away: Away) -> Iterator[None]:
    """A process does nothing while the block lasts, if it is not done."""
    with suppress(ProcessLookupError):
        os.kill(away.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.kill(away.process.pid, signal.SIGCONT)


def the_way_out_taken(home: Home) -> list[str]:
    """Do what the error says where the database does not open; what is wrong with the error."""
    try:
        with home.warehouse.connect():
            return []
    except WarehouseClosed as error:
        command = re.search(r"mv '(.*)' '(.*)'\)", str(error))
        if not command:
            return [str(error)]
        Path(command[1]).rename(command[2])
        return []
