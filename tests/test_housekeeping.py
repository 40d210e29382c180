"""Old runs leave Dagster's history, and what it says of the tables stays; on a real instance with its files."""

import time
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

with warnings.catch_warnings():  # Dagster says of its own options that they are beta
    warnings.simplefilter("ignore", dg.BetaWarning)
    from pipelines.defs.housekeeping import housekeeping, remove_old_runs, remove_orphans

DAYS = dg.DailyPartitionsDefinition(start_date="2024-01-01", end_date="2024-02-01")
TEXTS, MART = dg.AssetKey(["core", "texts"]), dg.AssetKey(["mart", "ticker_days"])


@dg.asset(key=TEXTS, partitions_def=DAYS)
def texts(context: dg.AssetExecutionContext) -> None:
    print("a line of the compute log " * 100)
    if context.partition_key == "2024-01-09":
        raise RuntimeError("a run that fails")


@dg.asset(key=MART)
def ticker_days() -> None: ...


@dg.asset_check(asset=TEXTS)
def texts_are_unique() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True)


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        yield instance


def run(instance: dg.DagsterInstance, day: str) -> str:
    steps = [texts, texts_are_unique, ticker_days]
    return dg.materialize(steps, instance=instance, partition_key=day, raise_on_error=False).run_id


def later() -> datetime:
    """A moment after all that was done so far, and before all that is done next."""
    time.sleep(0.01)
    now = datetime.now(UTC)
    time.sleep(0.01)
    return now


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def files_of(folder: Path, run_id: str) -> list[Path]:
    return [path for path in folder.rglob("*") if run_id in path.as_posix()]


def test_old_runs_are_gone_and_every_built_day_still_shows(instance: dg.DagsterInstance, tmp_path: Path):
    old = [run(instance, day) for day in ("2024-01-01", "2024-01-02", "2024-01-02")]
    failed = run(instance, "2024-01-09")
    before = later()
    new = run(instance, "2024-01-01")
    materialised = instance.get_materialized_partitions(TEXTS)
    latest = instance.get_latest_materialization_event(MART).run_id
    checked = instance.event_log_storage.get_latest_asset_check_execution_by_key([texts_are_unique.check_key])
    whole = size(tmp_path)

    assert remove_old_runs(instance, before) == 4
    assert [record.dagster_run.run_id for record in instance.get_run_records()] == [new]
    assert all(files_of(tmp_path, run_id) == [] for run_id in [*old, failed])
    assert files_of(tmp_path, new)
    assert instance.get_materialized_partitions(TEXTS) == materialised == {"2024-01-01", "2024-01-02"}
    assert instance.get_latest_materialization_event(MART).run_id == latest == new
    assert len(instance.fetch_materializations(MART, limit=9).records) == 1
    after = instance.event_log_storage.get_latest_asset_check_execution_by_key([texts_are_unique.check_key])
    assert after.keys() == checked.keys()
    assert size(tmp_path) < whole - 4 * 100_000
    assert remove_old_runs(instance, before) == 0


def test_the_last_of_everything_is_kept_where_nothing_ran_since(instance: dg.DagsterInstance):
    for day in ("2024-01-01", "2024-01-02"):
        run(instance, day)
    assert remove_old_runs(instance, later()) == 2
    assert instance.get_run_records() == []
    assert instance.get_materialized_partitions(TEXTS) == {"2024-01-01", "2024-01-02"}
    assert instance.get_latest_materialization_event(MART) is not None
    assert instance.event_log_storage.get_latest_asset_check_execution_by_key([texts_are_unique.check_key])
    run(instance, "2024-01-02")  # and history goes on
    assert remove_old_runs(instance, later()) == 1
    assert instance.get_materialized_partitions(TEXTS) == {"2024-01-01", "2024-01-02"}


def test_a_run_that_has_not_ended_and_one_that_ended_lately_stay(instance: dg.DagsterInstance):
    young = run(instance, "2024-01-01")
    running = instance.create_run_for_job(housekeeping, status=dg.DagsterRunStatus.STARTED).run_id
    assert remove_old_runs(instance, datetime.now(UTC) - timedelta(days=30)) == 0
    assert remove_old_runs(instance, later() + timedelta(days=999), seconds=0) == 0  # the time is bounded
    assert remove_old_runs(instance, later() + timedelta(days=999)) == 1
    assert instance.has_run(running)
    assert not instance.has_run(young)


def test_what_a_deleted_run_left_on_the_disk_goes_too(instance: dg.DagsterInstance, tmp_path: Path):
    deleted, kept = run(instance, "2024-01-01"), run(instance, "2024-01-02")
    instance.delete_run(deleted)  # as in the UI
    assert files_of(tmp_path, deleted)
    assert remove_orphans(instance, datetime.now(UTC)) == 0  # it may be a run that just begins
    assert remove_orphans(instance, datetime.now(UTC) + timedelta(days=2)) == 1
    assert not files_of(tmp_path, deleted)
    assert housekeeping.execute_in_process(instance=instance).success
    assert instance.has_run(kept)
    assert files_of(tmp_path, kept)
