"""A user's own events: a CSV of tickers and moments or days, and the session in which each was first tradable.

Here: reading and refusing the file, mapping its rows to sessions. Not here: events of sentiment (``events.py``).
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipelines.evidence.events import EVENTS
from pipelines.prices.vendors import TICKER
from pipelines.sources.fields import from_iso
from pipelines.sources.own_tables import DELIMITERS, csv_rows
from pipelines.sources.rows import Limits
from pipelines.sources.streams import Line, lines

COLUMNS = ("ticker", "moment", "day", "label")
MOST_ROWS = 100_000
CELL_CHARACTERS = 100
LINE_BYTES = 4_096
SHOWN_CHARACTERS = 60  # of a refused cell
LAST_DAY = np.datetime64("9999-12-31", "us")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
EXPECTED = "expected ticker, moment and/or day, and label if you like"


class BadEvents(ValueError):
    """The file of events breaks a rule; the message names the file, the line and the column, and the way out."""


def listed_events(path: Path) -> pd.DataFrame:
    """The events of a CSV file: columns line, ticker, moment, day, label; in file order.

    The header names ``ticker``, ``moment`` (ISO 8601 with a zone) and/or ``day`` (2014-01-02), of which each row
    fills one, and, if wanted, ``label``, by which the study groups. ``moment`` comes back as UTC, NaT where the row
    has a day, and the other way round. Raises ``BadEvents`` at the first row that breaks a rule, at more than
    100,000 rows or a cell of more than 100 characters; ``BrokenFile`` for an archive that is cut or a bomb.
    """
    rows: list[dict[str, Any]] = []
    for where, number, cells in _rows(path):
        if len(rows) == MOST_ROWS:
            raise BadEvents(f"{where}: more than {MOST_ROWS:,} events; split the file")
        rows.append({"line": number} | _checked(cells, where))
    table = pd.DataFrame(rows, columns=["line", *COLUMNS], dtype=object)
    moments = pd.to_numeric(table["moment"]).astype("Int64").astype("datetime64[us]")
    return table.assign(
        line=table["line"].astype("int64"),
        moment=moments.dt.tz_localize("UTC"),
        day=pd.to_datetime(table["day"]).astype("datetime64[us]"),
    )


def on_sessions(listed: pd.DataFrame, sessions: pd.DataFrame, calendars: Mapping[str, str]) -> pd.DataFrame:
    """The listed events as rows of ``EVENTS``: each on the first session that could react to it.

    ``sessions``: columns calendar, trading_day, session_number, close_at (UTC); ``calendars``: the calendar of each
    ticker. A moment belongs to the first session that closes after it, a moment at the close itself to the next one.
    A day belongs to its session, or, where the exchange is shut, to the next. Where the ticker is unknown, or the day
    lies before the first or after the last session given, ``session_number`` is NULL and ``trading_day`` the day as
    written (UTC).
    """
    calendar = listed["ticker"].map(dict(calendars)).to_numpy(dtype=object)
    written = listed["day"].fillna(listed["moment"].dt.tz_localize(None).dt.normalize())
    written = written.to_numpy(dtype="datetime64[us]")
    trading_day = written.copy()
    session_number = np.full(len(listed), np.nan)
    closes = pd.to_datetime(sessions["close_at"], utc=True).dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    days = pd.to_datetime(sessions["trading_day"]).to_numpy(dtype="datetime64[us]")
    numbers = sessions["session_number"].to_numpy(dtype="float64")
    moment = listed["moment"].dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    for name in sorted(set(calendars.values())):  # a handful: exchanges, not tickers
        own = np.flatnonzero((sessions["calendar"] == name).to_numpy())
        own = own[np.argsort(days[own])]
        mine = np.flatnonzero(calendar == name)
        at = np.where(
            np.isnat(moment[mine]),
            np.searchsorted(days[own], written[mine], side="left"),
            np.searchsorted(closes[own], moment[mine], side="right"),
        )
        is_covered = (at < len(own)) & (written[mine] >= days[own[:1]].min(initial=LAST_DAY))
        mine, at = mine[is_covered], at[is_covered]
        trading_day[mine], session_number[mine] = days[own[at]], numbers[own[at]]
    return pd.DataFrame(
        {
            "ticker": listed["ticker"],
            "trading_day": trading_day,
            "session_number": pd.array(session_number, dtype="Int64"),
            "scorer": "",
            "origin": "listed",
            "direction": None,
            "label": listed["label"],
            "sentiment_z": np.nan,
            "text_count": pd.array([None] * len(listed), dtype="Int64"),
            "voice": None,
            "newness": None,
        },
        columns=list(EVENTS),
    ).astype(dict.fromkeys(("scorer", "origin", "direction", "voice", "newness"), object))


def _rows(path: Path) -> Iterator[tuple[str, int, Mapping[str, str]]]:
    """Each row that is not blank, with the words that name it in an error."""
    given = lines(path, Limits(line_bytes=LINE_BYTES))
    header = next((line for line in given if line.text.strip() or line.reason), None)
    if header is None:
        raise BadEvents(f"{path.name}: an empty file; {EXPECTED}")
    mark = _delimiter(header, path.name)
    for row in csv_rows(_from(header, given), mark):
        where = f"{path.name}, line {row.number:,}"
        if row.reason:
            raise BadEvents(f"{where}: {row.reason}; quote a cell that holds {mark!r} or a line break")
        yield where, row.number, row.cells


def _from(header: Line, others: Iterator[Line]) -> Iterator[Line]:
    yield header
    yield from others


def _delimiter(header: Line, name: str) -> str:
    """What separates the columns; an error when they are not ours."""
    where = f"{name}, line {header.number:,}"
    if header.reason:
        raise BadEvents(f"{where}: {header.reason}")
    for mark in DELIMITERS:
        columns = [cell.strip(' "').lower() for cell in header.text.split(mark)]
        if "ticker" in columns and ("moment" in columns or "day" in columns):
            break
    else:
        raise BadEvents(f"{where}: the columns are {_shown(header.text)}; {EXPECTED}")
    for column in columns:
        if column not in COLUMNS:
            raise BadEvents(f"{where}, column {_shown(column)}: unknown; {EXPECTED}")
        if columns.count(column) > 1:
            raise BadEvents(f"{where}, column {column}: named twice; keep one")
    return mark


def _checked(row: Mapping[str, str], where: str) -> dict[str, Any]:
    """One row with its values converted."""
    cells = {column: row.get(column, "").strip() for column in COLUMNS}
    for column, cell in cells.items():
        if len(cell) > CELL_CHARACTERS:
            long = f"{len(cell):,} characters, more than the {CELL_CHARACTERS} allowed"
            raise BadEvents(f"{where}, column {column}: {_shown(cell)} has {long}; shorten it")
        if not cell.isprintable():
            raise BadEvents(f"{where}, column {column}: {_shown(cell)} holds control characters; remove them")
    ticker = cells["ticker"].removeprefix("$").upper()
    if not TICKER.fullmatch(ticker):
        raise BadEvents(f"{where}, column ticker: {_shown(cells['ticker'])} is no ticker; write it like NVDA or BRK.B")
    if bool(cells["moment"]) == bool(cells["day"]):
        raise BadEvents(f"{where}, columns moment and day: fill exactly one of them")
    if cells["label"] == "all":
        raise BadEvents(f"{where}, column label: 'all' is the study's name for all events; choose another")
    return {
        "ticker": ticker,
        "moment": _moment(cells["moment"], where) if cells["moment"] else None,
        "day": _day(cells["day"], where) if cells["day"] else None,
        "label": cells["label"] or None,
    }


def _moment(cell: str, where: str) -> int:
    try:
        return from_iso(cell)
    except (ValueError, OverflowError) as error:
        way = "write a time with its zone, like 2014-01-02T15:04:05Z, or use the column day"
        raise BadEvents(f"{where}, column moment: {_shown(cell)} is no moment; {way}") from error


def _day(cell: str, where: str) -> date:
    try:
        if DAY.fullmatch(cell):
            return date.fromisoformat(cell)
    except ValueError:
        pass
    raise BadEvents(f"{where}, column day: {_shown(cell)} is no day; write it like 2014-01-02")


def _shown(cell: str) -> str:
    """The cell in quotes, its control characters escaped, cut where it is long."""
    return repr(cell[:SHOWN_CHARACTERS]) + ("…" if len(cell) > SHOWN_CHARACTERS else "")
