"""STEP 1. The landing: what live services answered, as it came. One asset and one check for each service followed.

Not here: any service (``pipelines/sources``, ``pipelines/prices``), reading what was landed (``ingest.py``).
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg

from pipelines.defs.live import Landing, Live
from pipelines.defs.resources import EACH_DAY, IN_ONE_RUN, SETTINGS, days_named
from pipelines.printable import printable
from pipelines.settings import Settings
from pipelines.sources.asking import Round, ask_source
from pipelines.sources.fetches import Trouble, troubles
from pipelines.sources.follow import BadFollow
from pipelines.sources.services import SERVICES
from pipelines.warehouse import Warehouse

SHOWN_TROUBLES = 20


def answers(source: str) -> dg.AssetSpec:
    """The landed answers of one service."""
    words = f"{SERVICES[source].title}: its answers as they came, one file for each look at a window; see raw.fetches."
    return dg.AssetSpec(
        ["landing", source], group_name="landing", description=words, kinds={"file"}, freshness_policy=EACH_DAY
    )


def answered(source: str) -> dg.AssetCheckSpec:
    """The check of one service."""
    return dg.AssetCheckSpec(
        name=f"{source}_answered",
        asset=dg.AssetKey(["landing", source]),
        description=f"Every window asked of {SERVICES[source].title} was answered whole. Red says what is missing, "
        "why, and what to do; yellow what the service does not have. The rest of the run goes on.",
    )


def asked_of(sources: list[str]) -> dg.AssetsDefinition:
    """The step that asks these services, one after the other."""

    @dg.multi_asset(
        name="landing",
        specs=[answers(source) for source in sources],
        check_specs=[answered(source) for source in sources],
        # Not the warehouse's pool: the database is open only for moments. Two runs shall not ask the same at once.
        pool="landing",
        backfill_policy=IN_ONE_RUN["backfill_policy"],
    )
    def ask(
        context: dg.AssetExecutionContext, warehouse: Warehouse, live: Live, landing: Landing
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        """Ask for what is due of the run's days, and land it."""
        today = datetime.now(UTC).date()
        days = days_named(context) or (today, today)
        for source in sources:
            yield from ask_one(context, warehouse, live, landing.refetch, source, days)

    return ask


def ask_one(
    context: dg.AssetExecutionContext,
    warehouse: Warehouse,
    live: Live,
    refetch: bool | None,
    source: str,
    days: tuple[date, date],
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Ask one service; what went wrong is its check's and nobody else's."""
    done, found = Round([], []), []

    def say(line: str) -> None:
        context.log.info(printable(line))

    try:
        follow = live.followed()
        subjects = follow.subjects(source)
        if refetch is not False:
            web = live.web(source, follow.section(source), Settings().keys, say)
            home = Path(warehouse.home)
            done = ask_source(
                warehouse.connect, home, web, subjects, days, live.source_seconds, is_refetch=refetch is True
            )
        with warehouse.connect() as con:
            found = troubles(con, source, subjects, datetime.now(UTC))
        if done.left:
            found.append(Trouble(f"{len(done.left):,} windows", "left for the next run", done.why_left, True))
    except BadFollow as error:
        found = [Trouble("what to follow", "cannot be used", str(error), is_error=True)]
    told = [(printable(one.what), printable(f"{one.status}: {one.error}")) for one in found[:SHOWN_TROUBLES]]
    for what, said in told:
        context.log.warning(f"{source}: {what}: {said}")
    pages = sum(one.page_count for one in done.fetches)
    yield dg.MaterializeResult(["landing", source], metadata={"windows asked": len(done.fetches), "answers": pages})
    yield dg.AssetCheckResult(
        passed=not found,
        check_name=f"{source}_answered",
        asset_key=dg.AssetKey(["landing", source]),
        severity=dg.AssetCheckSeverity.ERROR if any(one.is_error for one in found) else dg.AssetCheckSeverity.WARN,
        metadata={
            "windows missing": len(found),
            **{what: dg.MetadataValue.text(said) for what, said in told},
        },
    )


@dg.definitions
def sources() -> dg.Definitions:
    """The step for the services that ``CROWDTAPE_SOURCES`` names; none where it names none."""
    return dg.Definitions(assets=[asked_of(SETTINGS.source_names)] if SETTINGS.source_names else [])
