"""When things run: one job over everything, and its schedule."""

from datetime import timedelta

import dagster as dg

daily = dg.define_asset_job(
    "daily",
    selection=dg.AssetSelection.all(),
    description="Everything: take in the inbox, build the days asked for, rebuild the marts, publish.",
)


# Not build_schedule_from_partitioned_job: with end_offset=1 it would ask for the day that has just begun.
@dg.schedule(
    name="daily",
    job=daily,
    cron_schedule="30 0 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def daily_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Builds yesterday's texts (UTC) and everything after them, half an hour into the day."""
    yesterday = (context.scheduled_execution_time - timedelta(days=1)).date().isoformat()
    return dg.RunRequest(run_key=yesterday, partition_key=yesterday)
