"""A run that is killed, starved or struck by a power loss: after the next one the tables are as if nothing had happened.

Short profiles here, long ones marked slow; ``make bench`` prints how often each fault was tried.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.disturbances import (
    clock_set_back,
    full_disk,
    killed,
    killed_while_spilling,
    killed_with_the_pool,
    out_of_memory,
    published_lost,
    read_only,
    run_with_history,
    two_at_once,
)
from tests.power_losses import power_lost
from tests.run_faults import Trials, run

SPARES = {"raw": 0, "core": 3 * 2**20, "published": 8 * 2**20}
LONG = pytest.mark.slow


@pytest.fixture(scope="module")
def trials(tmp_path_factory) -> Trials:
    return Trials(tmp_path_factory.mktemp("trials"))


@pytest.mark.parametrize("count", [4, pytest.param(100, marks=LONG)])
def test_killed_at_any_moment(trials: Trials, count: int, tmp_path: Path):
    assert list(killed(trials, count, tmp_path)) == [[]] * (count // 2)


@LONG
def test_what_a_killed_run_spilled_to_disk_is_cleared(trials: Trials, tmp_path: Path):
    assert list(killed_while_spilling(trials, tmp_path)) == [[]]


@pytest.mark.parametrize("count", [1, pytest.param(10, marks=LONG)])
def test_a_killed_run_keeps_no_pool_from_the_next(trials: Trials, count: int, tmp_path: Path):
    assert list(killed_with_the_pool(trials, count, tmp_path)) == [[]] * count


@pytest.mark.parametrize("step", ["published", *(pytest.param(step, marks=LONG) for step in ("raw", "core"))])
def test_a_full_disk_is_told_and_changes_nothing_that_people_read(trials: Trials, step: str, tmp_path: Path):
    assert list(full_disk(trials, {step: SPARES[step]}, tmp_path)) == [[]]


def test_a_folder_that_cannot_be_written_is_named_and_unchanged(trials: Trials, tmp_path: Path):
    assert list(read_only(trials, tmp_path)) == [[]]


@LONG
def test_a_clock_that_was_set_back_does_no_lasting_harm(trials: Trials, tmp_path: Path):
    assert list(clock_set_back(trials, [datetime(2025, 1, 1, tzinfo=UTC)], tmp_path)) == [[]]


@pytest.mark.parametrize("sizes", [pytest.param([1, 5, 10, 20, 40, 80, 160], marks=LONG)])
def test_out_of_memory(trials: Trials, sizes: list[int], tmp_path: Path):
    assert list(out_of_memory(trials, sizes, tmp_path)) == [[]] * len(sizes)


@pytest.mark.parametrize("what", [run, pytest.param(run_with_history, marks=LONG)])
def test_two_runs_at_once_wait_for_each_other(trials: Trials, what, tmp_path: Path):
    assert list(two_at_once(trials, what, tmp_path)) == [[]]


@pytest.mark.parametrize("count", [1, pytest.param(60, marks=LONG)])
def test_a_power_loss_costs_no_more_than_the_run(trials: Trials, count: int, tmp_path: Path):
    assert list(power_lost(trials, count, tmp_path)) == [[]] * count


def test_a_published_file_that_is_torn_or_gone_is_made_anew(trials: Trials, tmp_path: Path):
    assert list(published_lost(trials, tmp_path)) == [[]] * 2
