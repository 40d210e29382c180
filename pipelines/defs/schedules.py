"""What runs by the clock: the jobs, and their schedules. All of them start by themselves with `make ui`.

Not here: what runs because something happened (``sensors.py``), the history of runs (``housekeeping.py``).
"""

from datetime import timedelta

import dagster as dg

from pipelines.defs.marts import EVIDENCE as EVIDENCE_TABLES
from pipelines.defs.resources import FIRST_DAY, LAST_DAY, SETTINGS
from pipelines.sources.services import SERVICES
from pipelines.sources.windows import DAY, LATE_DAYS

EVERYTHING = dg.AssetSelection.all()
EVIDENCE = dg.AssetSelection.assets(*(["mart", name] for name in EVIDENCE_TABLES))
LANDING = dg.AssetSelection.groups("landing")

daily = dg.define_asset_job(
    "daily",
    selection=EVERYTHING,
    description="Everything: ask services, take in the inbox, build the days asked for, rebuild the marts, publish.",
)
hourly = dg.define_asset_job(
    "hourly",
    selection=EVERYTHING - EVIDENCE,
    description="As daily, but for the evidence: for texts and prices as they come in.",
)
# A dropped file shall not wait for services, and days that it brings are not to be asked of them.
build = dg.define_asset_job(
    "build",
    selection=EVERYTHING - LANDING,
    description="As daily, but no service is asked: for what is there already, in the inbox and in the landing.",
)


# Not build_schedule_from_partitioned_job: with end_offset=1 it would ask for the day that has just begun.
@dg.schedule(
    name="daily",
    description="Yesterday (UTC) and everything after it; coins have closed then.",
    job=daily,
    cron_schedule="30 0 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def daily_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Builds yesterday's texts (UTC) and everything after them, half an hour into the day; coins have closed then."""
    yesterday = (context.scheduled_execution_time - timedelta(days=1)).date().isoformat()
    return dg.RunRequest(run_key=yesterday, partition_key=yesterday)


@dg.schedule(
    name="hourly",
    description="Texts of today and, again, of the three days before: late comments, counts, edits, deletions.",
    job=hourly,
    cron_schedule="5 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def hourly_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Asks live services for today and again for the three days before it: late comments, counts, edits, deletions."""
    if not any(SERVICES[source].gives == "texts" for source in SETTINGS.source_names):
        return dg.SkipReason("no service with texts is followed: CROWDTAPE_SOURCES names those that are")
    if is_waiting(context.instance, hourly.name):
        return dg.SkipReason("the run of an earlier hour still waits in the queue, and asks the same")
    moment = context.scheduled_execution_time
    days = {FIRST_DAY: moment - LATE_DAYS * DAY, LAST_DAY: moment}
    return dg.RunRequest(run_key=moment.isoformat(), tags={tag: day.date().isoformat() for tag, day in days.items()})


def is_waiting(instance: dg.DagsterInstance, job: str) -> bool:
    """Whether a run of the job waits in the queue; another would do the same work, and slow runs would pile up."""
    waiting = dg.RunsFilter(job_name=job, statuses=[dg.DagsterRunStatus.QUEUED])
    return bool(instance.get_run_records(waiting, limit=1))
