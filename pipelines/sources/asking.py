"""Asking one service for every window that is due, each landed whole or not at all.

Here: which windows are due, the circuit that opens after repeated failure, one round of a service. Not here: HTTP
(``web.py``), the service's own questions (one file each), files (``landing.py``), what is said of it (``fetches.py``).
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import duckdb

from pipelines.prices.finished import last_bar_at
from pipelines.progress import SAY_SECONDS, Progress, every, one
from pipelines.sources.answers import Answer, FetchFailed, Incomplete, Refused
from pipelines.sources.fetches import (
    Fetch,
    Known,
    fetch_of,
    known_fetches,
    landed_addresses,
    record,
    remembered,
    unrecorded,
)
from pipelines.sources.landing import FOLDER, Head, land
from pipelines.sources.services import SERVICES, service
from pipelines.sources.web import Web
from pipelines.sources.windows import Subject, Window, is_due

OPEN_AFTER = 3  # failed windows in a row: the service is down, and the rest waits for the next run
MOST_SAID = 2_000  # characters of an error


@dataclass
class Round:
    """What a run asked of one service: the looks that were made, and the windows that were left for the next run."""

    fetches: list[Fetch]
    left: list[tuple[Subject, Window]]
    why_left: str = ""


def ask_source(
    connect: Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]],
    home: Path,
    web: Web,
    subjects: list[Subject],
    days: tuple[date, date],
    seconds: float,
    is_refetch: bool = False,
) -> Round:
    """Ask a service for what is due of ``days`` and land it below ``home``; the database is open only before and after.

    With ``is_refetch`` everything of the days is asked, also what was answered before. Raises only what the database
    raises; what was landed is then written down by the next round.
    """
    with connect() as con:
        record(con, unrecorded(con, home, web.source))
        known = known_fetches(con, web.source)
    if not is_refetch:
        web = replace(web, remembered=remembered(known, subjects), landed=landed_addresses(known, home))
    done = ask_all(web, home, due(web, subjects, days, known, is_refetch), known, seconds)
    with connect() as con:
        record(con, done.fetches)
    return done


def due(
    web: Web, subjects: Iterable[Subject], days: tuple[date, date], known: Known, is_refetch: bool
) -> list[tuple[Subject, Window]]:
    """Windows to ask: of the days and subjects, those that are due, or all with ``is_refetch``.

    Newest first, and of one day those that wait longest: where the time does not suffice, everyone has their turn.
    """
    asked, now, found = service(web.source), web.now(), []
    gives_prices = SERVICES[web.source].gives == "prices"
    for subject in subjects:
        barred_at = last_bar_at(asked.calendar(subject), now) if gives_prices else None
        for window in asked.windows(subject, *days, now):
            last = known.get((str(subject), *window))
            if is_refetch or is_due(window, last and last.looked_at, now, asked.EVERY, barred_at):
                waiting = now - last.asked_at if last else timedelta.max
                found.append((window.start, waiting, subject, window))
    found.sort(key=lambda one: one[:2], reverse=True)
    return [(subject, window) for _, _, subject, window in found]


def ask_all(web: Web, home: Path, wanted: list[tuple[Subject, Window]], known: Known, seconds: float) -> Round:
    """Ask for the windows in their order, for at most so many ``seconds``.

    A window that fails stops no other, until ``OPEN_AFTER`` in a row did or the service asks to wait. What a service
    refuses, such as a name that is not there, says nothing about the next window.
    """
    until = max((one.next_allowed_at for one in known.values() if one.next_allowed_at), default=None)
    if until is not None and until > web.now():
        return Round([], wanted, f"{web.source} asked not to be asked before {until:%Y-%m-%d %H:%M:%S} UTC")
    fetches: list[Fetch] = []
    give_up, failed_in_a_row = time.monotonic() + seconds, 0
    for number, (subject, window) in enumerate(wanted):
        if fetches and time.monotonic() > give_up:
            return Round(fetches, wanted[number:], f"the {seconds / 60:.0f} minutes of {web.source} were used up")
        last = known.get((str(subject), *window))
        try:
            fetch, failed_in_a_row = ask_one(web, home, subject, window, last, give_up), 0
        except Exception as error:  # a stranger's service must not stop the others; the check shows it in red
            fetch = _failed(web, subject, window, last, error)
            failed_in_a_row += not isinstance(error, Refused)
        fetches.append(fetch)
        what = f"{web.source} {number + 1}/{len(wanted)} {subject} {window.first}"
        web.say(f"{what}: {fetch.status}, {fetch.page_count} pages")
        if fetch.next_allowed_at is not None or failed_in_a_row == OPEN_AFTER:
            return Round(fetches, wanted[number + 1 :], f"left after: {fetch.error}")
    return Round(fetches, [])


def ask_one(web: Web, home: Path, subject: Subject, window: Window, last: Fetch | None, give_up: float) -> Fetch:
    """Ask for one window and land the answers; its row. Raises what the service or the disk raises."""
    asked_at = web.now()
    head = Head(web.source, subject.kind, subject.name, window.start, window.end, asked_at)
    what, progress = f"{web.source} {subject} {window.first}", Progress()
    answers = progress.of(service(web.source).ask(web, subject, window), "pages", size=one)
    with every(SAY_SECONDS, lambda: web.say(f"{what}: {progress.line()}")):
        landed = land(home / FOLDER, head, _in_time(answers, what, give_up), web.now)
    if landed is not None:
        return fetch_of(landed, home)
    # Answered, and with nothing: or the feed has not changed.
    same = web.remembered.get(subject.name, {})
    fetch = Fetch(web.source, str(subject), *window, asked_at, web.now(), "ok", 0, path=last and last.path)
    return replace(fetch, etag=same.get("etag"), last_modified=same.get("last-modified"))


def _failed(web: Web, subject: Subject, window: Window, last: Fetch | None, error: Exception) -> Fetch:
    """The row of a window that could not be asked; what was answered before still holds."""
    is_told = isinstance(error, FetchFailed)
    said = web.hide(str(error) if is_told else f"{type(error).__name__}: {error}")[:MOST_SAID]
    fetch = last or Fetch(web.source, str(subject), *window, web.now(), None, "failed", 0)
    next_allowed_at = error.next_allowed_at if is_told else None
    return replace(
        fetch, asked_at=web.now(), status="failed", page_count=0, error=said, next_allowed_at=next_allowed_at
    )


def _in_time(answers: Iterator[Answer], what: str, give_up: float) -> Iterator[Answer]:
    """The answers; ``Incomplete`` when the time of the service is used up."""
    for number, answer in enumerate(answers, 1):
        yield answer
        if time.monotonic() > give_up:
            raise Incomplete(
                f"{what}: after {number} pages the time was used up, which is not all; follow something "
                "narrower, or give it more with CROWDTAPE_SOURCE_MINUTES"
            )
