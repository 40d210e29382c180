"""What assets are given: the warehouse, the inbox, and the days that can be built."""

from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.settings import Settings
from pipelines.sources.rows import Limits
from pipelines.warehouse import Warehouse

SETTINGS = Settings()

# Today is a partition too (end_offset): texts of the running day are worth reading before midnight.
DAYS = dg.DailyPartitionsDefinition(start_date=SETTINGS.start_day.isoformat(), timezone="UTC", end_offset=1)

# Every asset of the job takes a range in one run; Dagster asks that of the unpartitioned ones too.
IN_ONE_RUN: dict[str, Any] = {"pool": "warehouse", "backfill_policy": dg.BackfillPolicy.single_run()}


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
        }
    )
