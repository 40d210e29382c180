"""Dagster's own history, kept from growing for ever: runs that ended long ago go, what they say of the tables stays.

Dagster keeps every run: a file of its events (about a megabyte) and as much again in ``index.db``, which is what the UI
knows of assets. Here: removing both, and the logs. Kept is the last materialisation of every asset and of every day of
``core.texts`` (else built days would look missing), and the last answer of every check. Not here: the rows of ticks,
which ``dagster.yaml`` has purged; shrinking ``index.db``, which would make runs wait for its lock: it fills its free
pages before it grows.
"""

import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import sqlalchemy as sa
from dagster._core.storage.event_log import SqliteEventLogStorage  # no public name leads to its files

from pipelines.defs.resources import SETTINGS

ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
AT_ONCE = 50  # runs in one transaction of a few milliseconds, so that no run waits for the lock
SECONDS = 600.0  # the rest is for the next night
ORPHANED_AFTER = timedelta(days=1)

# Statements on index.db; :runs are the runs that go.
STATEMENTS = (
    """delete from event_logs where run_id in :runs and id not in (
        select max(id) from event_logs where dagster_event_type = 'ASSET_MATERIALIZATION'
        group by asset_key, partition)""",
    """delete from asset_check_executions where run_id in :runs and id not in (
        select max(id) from asset_check_executions group by asset_key, check_name)""",
    "delete from asset_event_tags where event_id not in (select id from event_logs)",
)


def remove_old_runs(instance: dg.DagsterInstance, before: datetime, seconds: float = SECONDS) -> int:
    """Remove the runs that ended before a moment (aware), the oldest first, for at most so many seconds; how many.

    A run that has not ended is never removed, however old it is.
    """
    give_up, removed = time.monotonic() + seconds, 0
    old = dg.RunsFilter(statuses=ENDED, updated_before=before)
    while time.monotonic() < give_up:
        records = instance.get_run_records(old, limit=AT_ONCE, order_by="update_timestamp", ascending=True)
        if not records:
            break
        _remove(instance, [record.dagster_run.run_id for record in records])
        removed += len(records)
    return removed


def remove_orphans(instance: dg.DagsterInstance, now: datetime) -> int:
    """Remove files and logs of runs that Dagster no longer knows, as when a person has deleted them; how many."""
    storage = instance.event_log_storage
    if not isinstance(storage, SqliteEventLogStorage):
        return 0
    orphans = [
        run_id
        for run_id in storage.get_all_run_ids()
        if not instance.has_run(run_id) and _modified_at(storage, run_id) < now - ORPHANED_AFTER
    ]
    for run_id in orphans:
        _remove_files(instance, storage, run_id)
    return len(orphans)


def _remove(instance: dg.DagsterInstance, run_ids: list[str]) -> None:
    storage = instance.event_log_storage
    if not isinstance(storage, SqliteEventLogStorage):  # another storage than that of dagster.yaml
        for run_id in run_ids:
            instance.delete_run(run_id)
        return
    with storage.index_connection() as con:
        for statement in STATEMENTS:
            query = sa.text(statement)
            named = {"runs": run_ids} if ":runs" in statement else {}
            con.execute(query.bindparams(*(sa.bindparam(name, expanding=True) for name in named)), named)
    for run_id in run_ids:
        # Not instance.delete_run: it would take the last materialisations along. Last, so that what is interrupted is
        # found again.
        _remove_files(instance, storage, run_id)
        instance.run_storage.delete_run(run_id)


def _remove_files(instance: dg.DagsterInstance, storage: SqliteEventLogStorage, run_id: str) -> None:
    instance.compute_log_manager.delete_logs(prefix=[run_id])
    for path in _files(storage, run_id):
        path.unlink(missing_ok=True)


def _files(storage: SqliteEventLogStorage, run_id: str) -> Iterable[Path]:
    shard = storage.path_for_shard(run_id)
    return (Path(f"{shard}{end}") for end in ("", "-wal", "-shm"))


def _modified_at(storage: SqliteEventLogStorage, run_id: str) -> datetime:
    written = [path.stat().st_mtime for path in _files(storage, run_id) if path.exists()]
    return datetime.fromtimestamp(max(written, default=0), UTC)


@dg.op
def old_runs(context: dg.OpExecutionContext) -> None:
    """Remove what ended more than ``CROWDTAPE_HISTORY_DAYS`` ago."""
    now = datetime.now(UTC)
    removed = remove_old_runs(context.instance, now - timedelta(days=SETTINGS.history_days))
    orphans = remove_orphans(context.instance, now)
    context.log.info(f"removed {removed:,} runs that ended over {SETTINGS.history_days} days ago, {orphans:,} orphans")


@dg.job(description="Removes Dagster's records of runs that ended long ago; the tables know nothing of it.")
def housekeeping() -> None:
    """Keeps Dagster's history small."""
    old_runs()


@dg.schedule(
    name="housekeeping",
    description="Removes old runs from Dagster's history, at an hour when little closes.",
    job=housekeeping,
    cron_schedule="20 3 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def housekeeping_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Removes old runs from Dagster's history, at an hour when little closes."""
    return dg.RunRequest(run_key=context.scheduled_execution_time.date().isoformat())
