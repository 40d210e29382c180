"""When things run: one job over everything, and its schedule."""

from datetime import timedelta

import dagster as dg

from pipelines.defs.marts import EVIDENCE as EVIDENCE_TABLES
from pipelines.defs.resources import FIRST_DAY, LAST_DAY, SETTINGS
from pipelines.sources.windows import DAY, LATE_DAYS

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


EVIDENCE = dg.AssetSelection.assets(*(["mart", name] for name in EVIDENCE_TABLES))

hourly = dg.define_asset_job(
    "hourly",
    selection=dg.AssetSelection.all() - EVIDENCE,
    description="As daily, but for the evidence: for texts and prices as they come in.",
)


@dg.schedule(
    name="hourly",
    job=hourly,
    cron_schedule="5 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING if SETTINGS.sources else dg.DefaultScheduleStatus.STOPPED,
)
def hourly_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Asks live services for today and again for the three days before it: late comments, counts, edits, deletions."""
    moment = context.scheduled_execution_time
    days = {FIRST_DAY: moment - LATE_DAYS * DAY, LAST_DAY: moment}
    return dg.RunRequest(run_key=moment.isoformat(), tags={tag: day.date().isoformat() for tag, day in days.items()})
