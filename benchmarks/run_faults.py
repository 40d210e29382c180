"""Runs that are killed, starved or struck by a power loss: of how many is nothing left to see after the next run.

The faults are those of the tests (``tests/disturbances.py``), tried more often. Baseline: the same run undisturbed.
"""

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests import disturbances as faults
from tests.power_losses import power_lost
from tests.run_faults import Trials, run
from tests.test_run_faults import SPARES


def main(shared: Path) -> None:
    """Print of each fault how often it was tried, how often the next run recovered, and what was wrong else."""
    with tempfile.TemporaryDirectory(prefix="crowdtape-faults-") as folder:
        there = Path(folder)
        trials = Trials(there / "trials")
        print(f"baseline: the run undisturbed, in a process of its own: {trials.seconds:.1f} s")
        print(f"{'fault':52} {'trials':>6} {'recovered':>9} {'seconds':>7}")
        tell("kill -9 at a random moment", faults.killed(trials, 100, there))
        tell("kill -9, with the pool held in Dagster's history", faults.killed_with_the_pool(trials, 10, there))
        tell("kill -9 while spilling to disk", faults.killed_while_spilling(trials, there))
        tell("disk full while taking in, in core, while publishing", faults.full_disk(trials, SPARES, there))
        tell("home read-only", faults.read_only(trials, there))
        tell("clock set back", faults.clock_set_back(trials, [datetime(2025, 1, 1, tzinfo=UTC)], there))
        tell("out of memory", faults.out_of_memory(trials, [1, 5, 10, 20, 40, 80, 160], there))
        tell("two runs at once", faults.two_at_once(trials, run, there / "plain"))
        tell("two runs at once, one pool", faults.two_at_once(trials, faults.run_with_history, there / "pool"))
        tell("power lost, end of the log too", power_lost(trials, 60, there))
        tell("published file torn, gone", faults.published_lost(trials, there))


def tell(fault: str, trials: Iterator[list[str]]) -> None:
    """One line, and the first of what was wrong."""
    began = time.perf_counter()
    try:
        outcomes = list(trials)
    except pytest.skip.Exception as reason:
        print(f"{fault:52} {reason}")
        return
    recovered = sum(not wrong for wrong in outcomes)
    print(f"{fault:52} {len(outcomes):6} {recovered:9} {time.perf_counter() - began:7.0f}", flush=True)
    for wrong in [wrong for wrong in outcomes if wrong][:3]:
        print(f"    {'; '.join(wrong)[:500]}")
