"""What assets are given: the warehouse, the inbox, how to study, and the days that can be built."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from pipelines.defs.live import Landing, live
from pipelines.settings import read_settings
from pipelines.sources.rows import Limits
from pipelines.warehouse import Warehouse

SETTINGS = read_settings()

# Today is a partition too (end_offset): texts of the running day are worth reading before midnight.
DAYS = dg.DailyPartitionsDefinition(start_date=SETTINGS.start_day.isoformat(), timezone="UTC", end_offset=1)

# Every asset of the job takes a range in one run; Dagster asks that of the unpartitioned ones too.
IN_ONE_RUN: dict[str, Any] = {"pool": "warehouse", "backfill_policy": dg.BackfillPolicy.single_run()}

# What a day without a run makes stale. It looks at the last materialisation only, also where that was of an old day;
# whether the data themselves are new says the check followed_sources_are_fresh. The runs of a day may end an hour late.
EACH_DAY = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=26), warn_window=timedelta(hours=25))

# Dagster's tags of a run over one day, or over a range of days.
ONE_DAY = "dagster/partition"
FIRST_DAY, LAST_DAY = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


def whole(key: Sequence[str]) -> dg.AssetDep:
    """All of a table as input of one that has no partitions.

    Dagster would list every day since the first for each such input to compare versions, 0.1 s each; one day is enough
    for it to know that the table is read.
    """
    mapping = dg.LastPartitionMapping() if list(key) == ["core", "texts"] else None
    return dg.AssetDep(dg.AssetKey(key), partition_mapping=mapping)


def days_named(context: dg.AssetExecutionContext) -> tuple[date, date] | None:
    """First and last UTC day that the run names, if it does."""
    tags = context.run.tags
    first, last = tags.get(FIRST_DAY, tags.get(ONE_DAY)), tags.get(LAST_DAY, tags.get(ONE_DAY))
    return (date.fromisoformat(first), date.fromisoformat(last)) if first and last else None


def days_of_run(context: dg.AssetExecutionContext, con: duckdb.DuckDBPyConnection) -> dict[str, date]:
    """First and last UTC day that the run is about; all days of ``core.texts`` where it names none.

    Only ``core.texts`` is partitioned. Dagster writes two events of about 8 ms for every partition of every asset, so
    five partitioned tables cost a year 30 s of bookkeeping around 10 s of work.
    """
    if named := days_named(context):
        return {"first": named[0], "last": named[1]}
    known = con.execute("select min(day), max(day) from core.texts").fetchall()
    first_known, last_known = known[0]
    return {"first": first_known or date.min, "last": last_known or date.min}


class Inbox(dg.ConfigurableResource):
    """The folder whose files are input, and how much of a file is believed."""

    folder: str
    latency_seconds: int = 0
    line_bytes: int = Limits.line_bytes
    page_bytes: int = Limits.page_bytes
    expanded_bytes: int = Limits.expanded_bytes
    expansion_ratio: int = Limits.expansion_ratio

    @property
    def path(self) -> Path:
        """The folder."""
        return Path(self.folder)

    @property
    def limits(self) -> Limits:
        """The limits as the readers take them."""
        return Limits(
            line_bytes=self.line_bytes,
            page_bytes=self.page_bytes,
            expanded_bytes=self.expanded_bytes,
            expansion_ratio=self.expansion_ratio,
        )


class Study(dg.ConfigurableResource):
    """How talk is set against prices: where a session's talk ends, what an event is, what a trade costs."""

    cutoff: str = "close"
    cost_bps: float = 10.0
    event_z: float = 2.0
    event_texts: int = 5
    event_windows: str = "-5:-1 0:0 1:1 1:5 1:20 -1:1"
    stale_minutes: int = 5


class Reports(dg.ConfigurableResource):
    """How many tickers get a page of their own, those most spoken of first."""

    tickers: int = 100


@dg.definitions
def resources() -> dg.Definitions:
    """The resources as the environment sets them."""
    limits = SETTINGS.limits
    return dg.Definitions(
        resources={
            "warehouse": Warehouse(
                home=str(SETTINGS.home),
                memory_limit=SETTINGS.memory_limit,
                lock_wait_seconds=SETTINGS.lock_wait_seconds,
            ),
            "inbox": Inbox(
                folder=str(SETTINGS.inbox_folder),
                latency_seconds=SETTINGS.latency_seconds,
                line_bytes=limits.line_bytes,
                page_bytes=limits.page_bytes,
                expanded_bytes=limits.expanded_bytes,
                expansion_ratio=limits.expansion_ratio,
            ),
            "live": live(SETTINGS),
            "landing": Landing(),
            "reports": Reports(tickers=SETTINGS.report_tickers),
            "study": Study(
                cutoff=SETTINGS.cutoff,
                cost_bps=SETTINGS.cost_bps,
                event_z=SETTINGS.event_z,
                event_texts=SETTINGS.event_texts,
                event_windows=SETTINGS.event_windows,
                stale_minutes=SETTINGS.stale_minutes,
            ),
        }
    )
