"""300,000 texts taken in and built in one run: the longest time for which its log says nothing, step by step.

What counts as said is what a person sees in the UI: a line of the log, or an event of a step. Baseline, in the same
run: the seconds of the step itself, which is its silence where nothing tells of its progress.
``BENCH_DAYS`` sets the days of 3,000 texts, ``BENCH_HOME`` a folder that is kept.
"""

import os
import shutil
import tempfile
from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from math import inf
from pathlib import Path

import dagster as dg

from benchmarks.incremental import NEW_DAY, TEXTS_A_DAY, fill, launch

DAYS = int(os.environ.get("BENCH_DAYS", "100"))
SHOWN_SECONDS = 1.0  # of a step: shorter ones have nothing to tell


def said(home: Path) -> dict[str, list[float]]:
    """The moments (seconds since 1970) at which the last run said something, by step."""
    with dg.DagsterInstance.from_config(str(home)) as instance:
        run_id = next(iter(instance.get_run_records(limit=1))).dagster_run.run_id
        entries = instance.all_logs(run_id)
    began = {e.step_key: e.timestamp for e in entries if e.is_dagster_event and e.dagster_event.is_step_start}
    moments: dict[str, list[float]] = defaultdict(list)
    for entry in entries:
        if entry.timestamp >= began.get(entry.step_key, inf):
            moments[entry.step_key].append(entry.timestamp)
    return {step: sorted(found) for step, found in moments.items()}


def silences(moments: list[float]) -> list[float]:
    """Seconds between one thing said and the next."""
    return [after - before for before, after in pairwise(moments)]


def main(shared: Path) -> None:
    """Print the figures."""
    folder = Path(os.environ.get("BENCH_HOME") or tempfile.mkdtemp(prefix="crowdtape-progress-"))
    try:
        shutil.rmtree(folder, ignore_errors=True)
        fill(folder / "inbox", DAYS)
        print(f"{DAYS * TEXTS_A_DAY:,} texts: dg launch ", end="", flush=True)
        print(launch(folder, NEW_DAY - timedelta(days=DAYS), NEW_DAY - timedelta(days=1)))
        print("  silence  lines  of step")
        for step, moments in said(folder).items():
            if (took := moments[-1] - moments[0]) >= SHOWN_SECONDS:
                print(f"  {max(silences(moments)):5.1f} s  {len(moments):5}  {took:5.1f} s  {step}")
    finally:
        if "BENCH_HOME" not in os.environ:
            shutil.rmtree(folder)
