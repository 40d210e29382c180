"""STEP 1. Raw tables: everything new in the inbox."""

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from pipelines.defs.metadata import shown
from pipelines.defs.resources import IN_ONE_RUN, Inbox
from pipelines.settings import Settings
from pipelines.sources.inbox import SIDECAR_OF, take_in_new, troubles
from pipelines.warehouse import Warehouse

FILES_READ = dg.AssetCheckSpec(
    name="every_inbox_file_is_read",
    asset=dg.AssetKey(["raw", "fetches"]),
    description="Every file in the inbox was read whole. Red names the file, what is wrong and what to do.",
)


def raw(name: str, grain: str) -> dg.AssetSpec:
    """One table of the raw layer."""
    return dg.AssetSpec(["raw", name], group_name="raw", description=grain, kinds={"duckdb"})


@dg.multi_asset(
    name="inbox",
    specs=[
        raw("posts", "One row per post or article and version seen."),
        raw("comments", "One row per comment and version seen."),
        raw("engagement", "One row per text and moment its counts were seen."),
        raw("prices", "One row per file, instrument and bar."),
        raw("fetches", "One row per input file as last read; what was refused stands in raw.rejects."),
    ],
    check_specs=[FILES_READ],
    **IN_ONE_RUN,
)
def take_in(
    context: dg.AssetExecutionContext, warehouse: Warehouse, inbox: Inbox
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Take every new file below the inbox into the raw tables, whichever days it speaks of."""
    for folder in SIDECAR_OF:
        (inbox.path / folder).mkdir(parents=True, exist_ok=True)
    with warehouse.connect() as con:
        salt = Settings().author_salt  # read here and not configured: the UI shows what resources are configured with
        taken = take_in_new(
            con,
            inbox.path,
            datetime.now(UTC),
            inbox.limits,
            inbox.latency_seconds,
            context.log.info,
            author_salt=salt and salt.get_secret_value(),
        )
        rows = sum(one.row_count for one in taken)
        context.log.info(f"inbox {inbox.path}: {len(taken)} new files, {rows:,} rows")
        for name in ("posts", "comments", "engagement", "prices"):
            yield dg.MaterializeResult(["raw", name], metadata=shown(con, f"raw.{name}"))
        wrong = troubles(con, inbox.path)
        for path, status, error in wrong:
            context.log.error(f"inbox {path}: {status}: {error}")
        yield dg.MaterializeResult(
            ["raw", "fetches"], metadata={**shown(con, "raw.fetches", "raw.rejects"), "new files": len(taken)}
        )
        yield dg.AssetCheckResult(
            passed=not wrong,
            check_name=FILES_READ.name,
            asset_key=FILES_READ.asset_key,
            metadata={
                "files not read": len(wrong),
                **{path: dg.MetadataValue.text(f"{status}: {error}") for path, status, error in wrong[:50]},
            },
        )
