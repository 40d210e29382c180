"""A run whose process died is ended and gives its pool back; one that lives is left alone."""

import multiprocessing
import time
from pathlib import Path

import dagster as dg
import pytest

from pipelines.dead_runs import alive, end_dead_runs
from pipelines.defs.dead_runs import dead_runs

POOL = "warehouse"


@dg.job
def nothing() -> None:
    pass


@pytest.fixture
def instance(tmp_path: Path):
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        instance.event_log_storage.set_concurrency_slots(POOL, 1)
        yield instance


def begun(instance: dg.DagsterInstance) -> str:
    """A run in the middle of a step: its id."""
    run = instance.create_run_for_job(nothing, status=dg.DagsterRunStatus.STARTED)
    assert instance.event_log_storage.claim_concurrency_slot(POOL, run.run_id, "step").is_claimed
    return run.run_id


def holders(instance: dg.DagsterInstance) -> list[str]:
    return [slot.run_id for slot in instance.event_log_storage.get_concurrency_info(POOL).claimed_slots]


def live(folder: Path, run_id: str) -> None:
    with dg.DagsterInstance.local_temp(str(folder)) as instance, alive(instance, run_id):
        time.sleep(600)


def test_a_run_that_lives_keeps_its_pool_and_one_that_was_killed_loses_it(instance, tmp_path: Path):
    run_id = begun(instance)
    process = multiprocessing.get_context("forkserver").Process(target=live, args=(tmp_path, run_id))
    process.start()
    while not (tmp_path / "alive" / run_id).exists():
        assert process.is_alive()
        time.sleep(0.01)
    assert end_dead_runs(instance) == []
    assert holders(instance) == [run_id]
    assert instance.get_run_by_id(run_id).status == dg.DagsterRunStatus.STARTED
    process.kill()
    process.join(60)
    assert end_dead_runs(instance) == [run_id]
    assert holders(instance) == []
    assert instance.get_run_by_id(run_id).status == dg.DagsterRunStatus.FAILURE
    assert list((tmp_path / "alive").iterdir()) == []


def test_a_run_whose_lock_was_lost_in_a_power_loss_gives_its_pool_back(instance):
    run_id = begun(instance)
    assert end_dead_runs(instance) == [run_id]
    assert holders(instance) == []


def test_a_run_that_ended_leaves_no_lock_and_is_not_touched(instance, tmp_path: Path):
    run = instance.create_run_for_job(nothing, status=dg.DagsterRunStatus.SUCCESS)
    with alive(instance, run.run_id):
        pass
    assert list((tmp_path / "alive").iterdir()) == []
    assert end_dead_runs(instance) == []


def test_the_sensor_says_which_runs_it_ended(instance):
    run_id = begun(instance)
    said = [dead_runs(dg.build_sensor_context(instance)).skip_message for _ in range(2)]
    assert said == [f"ended: {run_id}", "every run is alive"]
