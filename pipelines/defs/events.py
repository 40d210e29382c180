"""STEP 5. Evidence: events, of sentiment and of the user's own list, and what prices did around them.

Here: gathering the events, writing the three tables. Not here: any statistic (``pipelines/evidence``).
"""

import re
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import duckdb
import pandas as pd

from pipelines.defs.checks import checks_on
from pipelines.defs.metadata import built, described
from pipelines.defs.resources import IN_ONE_RUN, Inbox, Study
from pipelines.evidence.event_returns import TIMELINE
from pipelines.evidence.event_study import by_window
from pipelines.evidence.event_study import study as study_events
from pipelines.evidence.event_verdicts import judged_events
from pipelines.evidence.events import sentiment_events, without_overlaps
from pipelines.evidence.listed_events import BadEvents, listed_events, on_sessions
from pipelines.evidence.windows import parsed_windows
from pipelines.printable import printable
from pipelines.sources.rows import BrokenFile
from pipelines.sql_files import sql_file
from pipelines.tables import frame, replace_tables
from pipelines.warehouse import Warehouse

FILES_READ = dg.AssetCheckSpec(
    name="every_event_file_is_read",
    asset=dg.AssetKey(["mart", "events"]),
    description="Every CSV below the inbox's events/ was read. Red names the file, the line and what to do.",
)
FOLDER = "events"
NAMED = re.compile(r"^[^.].*\.csv(\.gz|\.zst)?$")  # no lock files and backups of editors


def mart(name: str, grain: str) -> dg.AssetSpec:
    """One table of the event study."""
    deps = [["mart", "ticker_days"], ["core", "returns"], ["raw", "files"]]
    return dg.AssetSpec(
        ["mart", name],
        group_name="mart",
        description=grain,
        deps=deps,
        kinds={"duckdb", "python"},
        metadata=described(f"mart.{name}"),
    )


@dg.multi_asset(
    name="event_study",
    specs=[
        mart("events", "One row per event: a session of unusual sentiment, or one that the user listed."),
        mart("event_returns", "One row per event with a model and window: its cumulated abnormal return."),
        mart("event_study", "One row per group of events, model and window: the mean abnormal return with its tests."),
    ],
    check_specs=[FILES_READ, *checks_on("mart.events", "mart.event_returns", "mart.event_study")],
    **IN_ONE_RUN,
)
def event_study(
    context: dg.AssetExecutionContext, warehouse: Warehouse, inbox: Inbox, study: Study
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Find the events, and what prices did around them."""
    listed, found_wrong = read_listed(inbox.path / FOLDER)
    troubles = [printable(trouble) for trouble in found_wrong]
    for trouble in troubles:
        context.log.error(trouble)
    with warehouse.at_work() as (con, _):
        said = frame(con, sql_file("evidence/said"), {"z": study.event_z})
        market = frame(con, sql_file("evidence/market"))
        parts = [sentiment_events(said, study.event_z, study.event_texts), on_its_sessions(con, listed)]
        windows = parsed_windows(study.event_windows)
        whole = min(first for first, _ in windows), max(last for _, last in windows)
        found = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
        kept = without_overlaps(found, whole, first_estimable(market))
        found = study_events(kept, market, windows)
        events, cumulated = by_window(found.events, windows)
        replace_tables(
            con,
            {
                "mart.events": unread(events),
                "mart.event_returns": unread(cumulated),
                "mart.event_study": unread(judged_events(found.groups)),
            },
        )
        for name in ("events", "event_returns", "event_study"):
            yield built(con, f"mart.{name}")
    yield dg.AssetCheckResult(
        passed=not troubles,
        check_name=FILES_READ.name,
        asset_key=FILES_READ.asset_key,
        metadata={"files not read": dg.MetadataValue.json(troubles)},
    )


def first_estimable(market: pd.DataFrame) -> pd.Series:
    """By ticker, the first session whose event leaves room for an estimate before it."""
    priced = market[market["return_1d"].notna()]
    room = TIMELINE.least + TIMELINE.gap - TIMELINE.first
    return priced.groupby("ticker")["session_number"].min() + room


def read_listed(folder: Path) -> tuple[list[pd.DataFrame], list[str]]:
    """The events of every CSV (also .gz, .zst) below ``folder``, and what is wrong with those that cannot be read."""
    listed, troubles = [], []
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and NAMED.search(path.name)):
        try:
            listed.append(listed_events(path))
        except (BadEvents, BrokenFile) as error:
            troubles.append(f"{error}; the file is left out until then")
        except OSError as error:
            troubles.append(f"{path.name}: cannot be read ({error.strerror}); the file is left out until then")
    return listed, troubles


def unread(table: pd.DataFrame) -> pd.DataFrame:
    """``table`` with NULL for the scorer of a listed event, which nobody has read."""
    return table.assign(scorer=table["scorer"].where(table["scorer"] != "", None))


def on_its_sessions(con: duckdb.DuckDBPyConnection, listed: list[pd.DataFrame]) -> pd.DataFrame:
    """Listed events on the sessions of their tickers' calendars."""
    if not listed:
        return pd.DataFrame()
    sessions = frame(con, "select calendar, trading_day, session_number, close_at from core.sessions")
    calendars = dict(con.execute("select distinct ticker, calendar from core.instruments").fetchall())
    return on_sessions(pd.concat(listed, ignore_index=True), sessions, calendars)
