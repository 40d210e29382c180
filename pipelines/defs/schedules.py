"""When things run: one job over everything, and its schedule."""

import dagster as dg

daily = dg.define_asset_job(
    "daily",
    selection=dg.AssetSelection.all(),
    description="Everything: take in the inbox, build the days asked for, rebuild the marts, publish.",
)

daily_schedule = dg.build_schedule_from_partitioned_job(
    daily,
    name="daily",
    description="Builds yesterday's texts and everything after them, at 00:30 UTC.",
    hour_of_day=0,
    minute_of_hour=30,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
