"""Ends runs whose process died, while Dagster's daemon runs: else they would count as running and keep others queued.

Not here: how they are told from living ones (``pipelines/dead_runs.py``). Each run looks as well when it starts, since
``dg launch`` needs no daemon.
"""

import dagster as dg

from pipelines.dead_runs import end_dead_runs


@dg.sensor(minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def dead_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Marks runs failed whose process was killed, and gives back the pools that they held."""
    ended = end_dead_runs(context.instance)
    return dg.SkipReason(f"ended: {', '.join(ended)}" if ended else "every run is alive")
