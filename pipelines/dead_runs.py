"""Runs whose process died: known by a lock that ends with the process, marked failed, what they held given back.

A run that is killed, or that a power loss ends, stands in Dagster's history as started, and holds the pool of the
database: the next run would wait for it until ``run_monitoring`` gives it up after hours, and without Dagster's daemon
for ever. Not here: what a killed run left in the home (``leftovers.py``).
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

WAY_ON = "Its process ended without a word (killed, out of memory, power loss). Nothing is half written: run it again."

UNLOCKED = ".new"


@contextmanager
def alive(instance: dg.DagsterInstance, run_id: str) -> Iterator[None]:
    """Hold a lock in this run's name while the block lasts; whoever finds it free knows that the process is gone.

    A lock, not a process id: ids come again after a restart, and in containers soon. It lies with the history, which
    several homes may share.
    """
    folder = _folder(instance)
    folder.mkdir(parents=True, exist_ok=True)
    path, unlocked = folder / run_id, folder / f"{run_id}{UNLOCKED}"
    with unlocked.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        unlocked.rename(path)  # so that nobody finds it before it is locked
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def end_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Mark the runs failed whose process is gone, and free the pools they held; their ids."""
    folder = _folder(instance)
    dead = {path.name for path in folder.glob("*") if path.suffix != UNLOCKED and _is_free(path)}
    # A power loss may have taken the lock, too. Asked twice: a run gives its pool back before its lock goes.
    dead |= {run_id for run_id in _holders(instance) if not (folder / run_id).exists()} & _holders(instance)
    for run_id in sorted(dead):
        run = instance.get_run_by_id(run_id)
        if run is not None and not run.is_finished:
            instance.report_run_failed(run, WAY_ON)
        instance.event_log_storage.free_concurrency_slots_for_run(run_id)
        (folder / run_id).unlink(missing_ok=True)
    return sorted(dead)


def _holders(instance: dg.DagsterInstance) -> set[str]:
    """The runs that hold a place in a pool."""
    storage = instance.event_log_storage
    if not storage.supports_global_concurrency_limits:
        return set()
    pools = map(storage.get_concurrency_info, storage.get_concurrency_keys())
    return {slot.run_id for pool in pools for slot in pool.claimed_slots}


def _folder(instance: dg.DagsterInstance) -> Path:
    return Path(instance.root_directory) / "alive"


def _is_free(path: Path) -> bool:
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, FileNotFoundError):  # it lives, or has just ended well
        return False
    return True
