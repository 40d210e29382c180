"""STEP 1. Raw tables: everything new in the inbox and in the landing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb

from pipelines.defs.checks import checks_on
from pipelines.defs.live import Landing, Live
from pipelines.defs.metadata import built, described
from pipelines.defs.resources import IN_ONE_RUN, SETTINGS, Inbox, days_named
from pipelines.leftovers import remove_spilled
from pipelines.printable import printable
from pipelines.settings import Settings
from pipelines.sources.inbox import FOLDERS, inbox_files, no_longer_written
from pipelines.sources.intake import InputFile, forget_files, take_in_new, troubles
from pipelines.sources.landing import FOLDER as LANDING
from pipelines.sources.landing import landed_files, of_days, remove_old
from pipelines.sources.services import SERVICES
from pipelines.sql_files import sql_file
from pipelines.warehouse import Warehouse

FILES_READ = dg.AssetCheckSpec(
    name="every_inbox_file_is_read",
    asset=dg.AssetKey(["raw", "files"]),
    description="Every file in the inbox was read whole. Red names the file, what is wrong and what to do.",
)
ANSWERS_READ = dg.AssetCheckSpec(
    name="every_landed_answer_is_read",
    asset=dg.AssetKey(["raw", "files"]),
    description="Every answer of a live service was understood. Red: one could not be read at all; yellow: some of its "
    "records could not, and stand in raw.rejects. Both mean that a service has changed: see its page in docs/sources.",
)
REFUSED = "not read"
TABLES = ("posts", "comments", "engagement", "prices", "fetches")  # beside raw.files


def raw(name: str, grain: str) -> dg.AssetSpec:
    """One table of the raw layer."""
    deps = [["landing", source] for source in SETTINGS.source_names]
    return dg.AssetSpec(
        ["raw", name],
        group_name="raw",
        description=grain,
        deps=deps,
        kinds={"duckdb"},
        metadata=described(f"raw.{name}"),
    )


@dg.multi_asset(
    name="raw",
    specs=[
        raw("posts", "One row per post or article and version seen."),
        raw("comments", "One row per comment and version seen."),
        raw("engagement", "One row per text and moment its counts were seen."),
        raw("prices", "One row per file, instrument and bar."),
        raw("files", "One row per input file as last read; what was refused stands in raw.rejects."),
        raw("fetches", "One row per live source, subject and window, as last asked."),
    ],
    check_specs=[FILES_READ, ANSWERS_READ, *checks_on(*(f"raw.{name}" for name in TABLES), "raw.files")],
    **IN_ONE_RUN,
)
def take_in(
    context: dg.AssetExecutionContext, warehouse: Warehouse, inbox: Inbox, live: Live, landing: Landing
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Take every new file of the inbox and the landing into the raw tables, whichever days it speaks of."""
    now, home = datetime.now(UTC), Path(warehouse.home)
    for folder in FOLDERS:
        (inbox.path / folder).mkdir(parents=True, exist_ok=True)
    dropped = no_longer_written(inbox_files(inbox.path), now, lambda line: context.log.info(printable(line)))
    landed = landed_files(home, SERVICES)
    with warehouse.at_work() as (con, progress):
        remove_spilled(warehouse.database)
        again = None
        if landing.refetch is False and (days := days_named(context)):
            again = of_days(landed, *days)
            forget_files(con, again)
        salt = Settings().author_salt  # read here and not configured: the UI shows what resources are configured with
        taken = take_in_new(
            con,
            [*dropped, *landed],
            now,
            inbox.limits,
            inbox.latency_seconds,
            progress,
            author_salt=salt and salt.get_secret_value(),
        )
        rows = sum(one.row_count for one in taken)
        context.log.info(f"inbox {inbox.path} and landing: {len(taken)} new files, {rows:,} rows")
        for one in taken:
            if one.forgotten_count and one.file.source.startswith(LANDING):
                one.file.path.unlink(missing_ok=True)  # read, and nobody who asked to be forgotten stays in it
        con.execute(sql_file("raw/fetched_rows"))
        for name in TABLES:
            yield built(con, f"raw.{name}")
        yield built(con, "raw.files", "raw.rejects", **{"new files": len(taken)})
        yield files_read(context, troubles(con, dropped), FILES_READ)
        yield answers_read(context, con, landed, is_nothing_left=again == [])
        read = {path for (path,) in con.execute("select path from raw.files where status = 'ok'").fetchall()}
    old = now - timedelta(days=live.landing_days)
    remove_old(home, [file for file in landed if file.name in read], old, now)


def files_read(
    context: dg.AssetExecutionContext, wrong: list[tuple[str, str, str]], check: dg.AssetCheckSpec
) -> dg.AssetCheckResult:
    """The check, with (path, status, error) of what is ``wrong``, as strangers may have named and filled it."""
    told = [(printable(path), printable(f"{status}: {error}")) for path, status, error in wrong]
    for path, said in told:
        context.log.error(f"{path}: {said}")
    return dg.AssetCheckResult(
        passed=not wrong,
        check_name=check.name,
        asset_key=check.asset_key,
        severity=dg.AssetCheckSeverity.ERROR
        if any(status != REFUSED for _, status, _ in wrong)
        else dg.AssetCheckSeverity.WARN,
        metadata={
            "files not read": len(wrong),
            **{path: dg.MetadataValue.text(said) for path, said in told[:50]},
        },
    )


def answers_read(
    context: dg.AssetExecutionContext, con: duckdb.DuckDBPyConnection, landed: list[InputFile], *, is_nothing_left: bool
) -> dg.AssetCheckResult:
    """The check of the landed files, their refused records among it, and of days that were to be read again."""
    names = [file.name for file in landed]
    refused = con.execute(
        """select path, first(concat(reason, ': ', excerpt) order by line), count(*)
        from raw.rejects where list_contains(?, path) group by path order by path""",
        [names],
    ).fetchall()
    wrong = [(path, REFUSED, f"{count:,} records; the first: {reason[:300]!r}") for path, reason, count in refused]
    if is_nothing_left:
        said = "no landed answer of these days is left (CROWDTAPE_LANDING_DAYS); refetch true asks for them again"
        wrong.append(("landing", REFUSED, said))
    return files_read(context, [*troubles(con, landed), *wrong], ANSWERS_READ)
