"""STEP 6. Report: the tear sheets, from the published file. Not here: what is on them (``pipelines/report``)."""

import time

import dagster as dg

from pipelines.defs.resources import IN_ONE_RUN, Reports
from pipelines.report.tear_sheets import SYNTHETIC, write_tear_sheets
from pipelines.warehouse import Warehouse

MANIFEST = "sample.json"  # `python -m warehouse.sample` leaves it where it wrote the sample


@dg.asset(
    key_prefix="report",
    group_name="report",
    deps=[["published"]],
    kinds={"html"},
    description="One page per ticker and one of all, to look at and to send: `reports/index.html` in the home.",
    **IN_ONE_RUN,
)
def tear_sheets(context: dg.AssetExecutionContext, warehouse: Warehouse, reports: Reports) -> dg.MaterializeResult:
    """One page per ticker and one of all, each a file that needs nothing else."""
    began = time.monotonic()
    notice = SYNTHETIC if (warehouse.published.parent / MANIFEST).exists() else None
    written = write_tear_sheets(warehouse.published, reports.tickers, context.log.info, notice)
    return dg.MaterializeResult(
        metadata={
            "page of all tickers": dg.MetadataValue.path(str(written.index.resolve())),
            "to open": dg.MetadataValue.text(written.index.resolve().as_uri()),
            "pages": written.pages,
            "bytes": written.size,
            "seconds": round(time.monotonic() - began, 1),
        }
    )
