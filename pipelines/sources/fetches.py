"""The rows of ``raw.fetches``: what came of the last look at each window of a live source.

Here: reading and writing them, and what follows from them for the next look. Not here: asking (``asking.py``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb

from pipelines.sources.landing import Landed, answers_of, landed_at, landed_files
from pipelines.sources.services import service
from pipelines.sources.windows import DAY, Subject, Window
from pipelines.tables import transaction


@dataclass(frozen=True)
class Fetch:
    """One row of ``raw.fetches`` but for its rows: what came of the last look at a window."""

    source: str
    subject: str
    window_start: datetime
    window_end: datetime
    asked_at: datetime
    answered_at: datetime | None
    status: str
    page_count: int
    error: str | None = None
    next_allowed_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    path: str | None = None

    @property
    def looked_at(self) -> datetime | None:
        """When the last look that was answered began, or at latest ended: what came later, it has not seen."""
        return self.answered_at and min(self.asked_at, self.answered_at)


class Trouble(NamedTuple):
    """A window that is missing or not whole, for the check of its service; ``is_error``: it was asked and failed."""

    what: str
    status: str
    error: str
    is_error: bool


Known = Mapping[tuple[str, datetime, datetime], Fetch]


def known_fetches(con: duckdb.DuckDBPyConnection, source: str) -> dict[tuple[str, datetime, datetime], Fetch]:
    """What ``raw.fetches`` says of a service, by subject and window."""
    names = list(Fetch.__dataclass_fields__)
    rows = con.execute(f"select {', '.join(names)} from raw.fetches where source = ?", [source]).fetchall()
    return {(one.subject, one.window_start, one.window_end): one for one in (Fetch(*row) for row in rows)}


def fetch_of(landed: Landed, home: Path) -> Fetch:
    """The row for a landed file."""
    head, end = landed.head, landed.end
    return Fetch(
        head.source,
        str(head.subject),
        *head.window,
        head.asked_at,
        end.answered_at,
        "partial" if end.missing else "ok",
        end.page_count,
        error=end.missing,
        etag=landed.headers.get("etag"),
        last_modified=landed.headers.get("last-modified"),
        path=landed.path.relative_to(home).as_posix(),
    )


def record(con: duckdb.DuckDBPyConnection, fetches: Iterable[Fetch]) -> None:
    """Write the rows of ``raw.fetches``, each in the place of the one of the same window, all or none."""
    names = list(Fetch.__dataclass_fields__)
    with transaction(con):
        for one in fetches:
            con.execute(
                "delete from raw.fetches where source = ? and subject = ? and window_start = ? and window_end = ?",
                [one.source, one.subject, one.window_start, one.window_end],
            )
            con.execute(
                f"insert into raw.fetches by name select {', '.join(f'? as {name}' for name in names)}",
                [getattr(one, name) for name in names],
            )


def unrecorded(con: duckdb.DuckDBPyConnection, home: Path, source: str) -> list[Fetch]:
    """Rows for landed files that a killed run did not come to write down."""
    query = "select path from raw.files union select path from raw.fetches where path is not null"
    known = {path for (path,) in con.execute(query).fetchall()}
    files = [file for file in landed_files(home, [source]) if file.name not in known]
    return [fetch_of(landed_at(file.path), home) for file in files]


def remembered(known: Known, subjects: Iterable[Subject]) -> dict[str, dict[str, str]]:
    """By name of the subject, what its server called the version that was last answered."""
    latest = _latest(known)
    rows = {subject.name: latest[str(subject)] for subject in subjects if str(subject) in latest}
    headers = {name: {"etag": one.etag, "last-modified": one.last_modified} for name, one in rows.items()}
    return {name: {key: value for key, value in given.items() if value} for name, given in headers.items()}


def landed_addresses(known: Known, home: Path) -> frozenset[str]:
    """Addresses in the last landed file of each subject, which need not be asked again."""
    landed = {key: one for key, one in known.items() if one.path and (home / one.path).exists()}
    answers = (answer for one in _latest(landed).values() for answer in answers_of(home / one.path))
    return frozenset(address for answer in answers for address in (answer.url, answer.about.get("link")) if address)


def troubles(con: duckdb.DuckDBPyConnection, source: str, subjects: Iterable[Subject], now: datetime) -> list[Trouble]:
    """What is missing of the subjects followed now: windows that failed or are not whole, and days never asked."""
    followed = {str(subject): subject for subject in subjects}
    known = sorted(known_fetches(con, source).values(), key=lambda one: (one.window_start, one.subject))
    mine = [one for one in known if one.subject in followed]
    whole = {one.subject: one.window_start for one in mine if one.status == "ok"}  # the last one
    found = [
        Trouble(f"{one.subject} {one.window_start:%Y-%m-%d}", one.status, one.error or "", one.status == "failed")
        for one in mine
        if one.status != "ok"
        and not (one.window_start < whole.get(one.subject, one.window_start) and _is_over(one, followed, now))
    ]
    for name, subject in followed.items():
        asked = [(one.window_start, one.window_end) for one in mine if one.subject == name]
        if asked:
            first, last = asked[0][0].date(), asked[-1][0].date()
            never = sorted(set(service(source).windows(subject, first, last, now)) - {Window(*one) for one in asked})
            if never:
                command = f"dg launch --job daily --partition-range {never[0].first}...{never[-1].end - DAY:%Y-%m-%d}"
                found.append(
                    Trouble(f"{name} {never[0].first}", "never asked", f"{len(never)} windows; {command}", True)
                )
    return found


def _is_over(one: Fetch, followed: Mapping[str, Subject], now: datetime) -> bool:
    """Whether a window cannot be asked again: a feed shows what it holds now, and a later look has brought that."""
    day = one.window_start.date()
    return not service(one.source).windows(followed[one.subject], day, day, now)


def _latest(known: Known) -> dict[str, Fetch]:
    """The row that was answered last, by subject."""
    answered = sorted((one for one in known.values() if one.answered_at), key=lambda one: one.answered_at)
    return {one.subject: one for one in answered}
