"""Records into batches: each line, array element or table row read by its shape, good and bad ones counted.

Here: one record, the wrappings around it, the rows waiting for their batch.
Not here: where records come from (``inbox_texts.py``), what is in them (one file per service).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from types import ModuleType
from typing import Any

import msgspec

from pipelines.sources import own, shapes
from pipelines.sources.answers import Answer
from pipelines.sources.fields import Found, from_datetime, repaired, without_nul
from pipelines.sources.own_tables import TableRow
from pipelines.sources.rows import Batch, BrokenFile, Limits, batch, excerpt
from pipelines.sources.streams import Line

BATCH_CHARACTERS = 32 * 2**20
# An answer within an answer: three for each level of a tree of Reddit's, of which one answer sends some ten.
DEEPEST_WRAPPING = 100
# A file with more refused records than this, and with ten of them to a good one, is given up.
MOST_REJECTS = 100_000
# The ways in which a stranger's record fails.
BAD_RECORD = (ValueError, RecursionError)


class Pile:
    """Rows that wait for their batch, and how many records so far were JSON, of a known shape, good, bad."""

    def __init__(self, name: str, limits: Limits, saved_at: datetime) -> None:
        """Empty, for the file ``name``, whose texts were seen at ``saved_at`` unless they say otherwise."""
        self.json_count = self.known_count = self.good_count = self.reject_count = 0
        self.first_reject: dict[str, Any] | None = None
        self.broken: BrokenFile | None = None
        self.guess: ModuleType | None = None
        self.saved_at = from_datetime(saved_at)
        self._name = name
        self._most = limits.batch_rows
        self._ready: list[Batch] = []
        self._texts: list[dict[str, Any]] = []
        self._engagement: list[dict[str, Any]] = []
        self._rejects: list[dict[str, Any]] = []
        self._size = 0

    def add(self, found: Found, size: int) -> None:
        """Keep the rows of one good record of ``size`` characters."""
        self.good_count += 1
        self._texts += found.texts
        self._engagement += found.engagement
        self._size += size
        if self._size >= BATCH_CHARACTERS or max(len(self._texts), len(self._engagement)) >= self._most:
            self._close()

    def refuse(self, line: int, reason: str, record: str) -> None:
        """Keep the beginning of one bad record; ``BrokenFile`` when there is hardly a good one among them."""
        self.reject_count += 1
        if self.reject_count > max(MOST_REJECTS, 10 * self.good_count):
            raise BrokenFile(f"{self._name}: line {line}: given up, {MOST_REJECTS:,} bad records ({reason})")
        self._rejects.append({"line": line, "reason": reason, "excerpt": excerpt(record)})
        self.first_reject = self.first_reject or self._rejects[0]
        if len(self._rejects) >= self._most:
            self._close()

    def ready(self) -> Iterator[Batch]:
        """The batches that are full."""
        ready, self._ready = self._ready, []
        yield from ready

    def rest(self) -> Iterator[Batch]:
        """Everything that still waits."""
        self._close()
        yield from self.ready()

    def _close(self) -> None:
        texts, engagement, rejects = self._texts, self._engagement, self._rejects
        self._texts, self._engagement, self._rejects, self._size = [], [], [], 0
        # One record may hold more texts than a batch.
        for start in range(0, max(len(texts), len(engagement), len(rejects)), self._most):
            part = slice(start, start + self._most)
            self._ready.append(batch(texts[part], engagement[part], rejects[part]))


def read_records(answers: Iterable[Answer], limits: Limits) -> Iterator[Batch]:
    """Texts of the JSON answers of a service, counts seen when it was asked; the line of a reject is its answer."""
    pile = None
    for number, answer in enumerate(answers, 1):
        pile = pile or Pile(answer.url, limits, answer.asked_at)
        pile.saved_at = from_datetime(answer.asked_at)
        take_line(Line(number, answer.text), pile)
        yield from pile.ready()
    if pile:
        yield from pile.rest()


def take_line(line: Line, pile: Pile) -> None:
    """Read a JSON record, or every record of an interface's answer, into the pile; a bad one as a reject."""
    if line.reason:
        pile.refuse(line.number, line.reason, line.text)
        return
    if not line.text or line.text.isspace():
        return
    waiting = [(line.text, 0)]
    while waiting:
        record, depth = waiting.pop()
        try:
            inner = _take(record, pile)
            if inner and depth == DEEPEST_WRAPPING:
                raise ValueError(f"answers wrapped more than {DEEPEST_WRAPPING} deep")
        except BAD_RECORD as error:
            pile.refuse(line.number, _reason(error), record)
        else:
            waiting += [(part, depth + 1) for part in reversed(inner)]


def take_row(row: TableRow, pile: Pile) -> None:
    """Read one row of a table of our own shape into the pile; a bad one as a reject."""
    pile.known_count += 1
    if row.reason:
        pile.refuse(row.number, row.reason, row.text)
        return
    try:
        size = sum(len(cell) for cell in row.cells.values() if isinstance(cell, str))
        pile.add(own.parse_row(row.cells, pile.saved_at), size)
    except BAD_RECORD as error:
        pile.refuse(row.number, _reason(error), row.text or str(row.cells))


def _take(record: str, pile: Pile) -> list[str]:
    """Add what one record says to the pile; the records that it only wraps are returned."""
    try:
        fields = shapes.telling(record)
    except msgspec.ValidationError:
        return _opened(shapes.listed(record), pile)
    except msgspec.DecodeError as error:
        record = _mended(record, error)
        fields = shapes.telling(record)
    pile.json_count += 1
    shape = shapes.recognise(fields, pile.guess)
    if shape is None:
        return _opened(shapes.unwrap(fields), pile)
    pile.guess = shape
    pile.known_count += 1
    found = shape.parse(record, pile.saved_at)
    if "\\u0000" in record:
        found = Found(*([without_nul(row) for row in rows] for rows in found))
    pile.add(found, len(record))
    return []


def _mended(record: str, error: msgspec.DecodeError) -> str:
    try:
        return repaired(record)
    except ValueError:
        raise ValueError(f"not JSON: {error}") from None


def _opened(wrapped: list[str], pile: Pile) -> list[str]:
    """The same records; a wrapping around nothing is an answer that found nothing, and known as such."""
    if not wrapped:
        pile.known_count += 1
    return wrapped


def _reason(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)[:300]
