"""One file of the inbox as texts: which of the known shapes it has, by its content, and its rows in batches.

Here: telling JSON lines, a JSON document or array, CSV, Parquet and a saved page apart; sidecars of pages.
Not here: records and batches (``records.py``), the shapes (one file per service), bytes and encodings
(``streams.py``), which files there are (``inbox.py``).
"""

import json
from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from pipelines.sources import own, shapes
from pipelines.sources.documents import elements
from pipelines.sources.own_tables import csv_rows, delimiter, parquet_rows, table_columns
from pipelines.sources.pages import read_page
from pipelines.sources.records import Pile, take_line, take_row
from pipelines.sources.rows import Batch, BrokenFile, Limits, UnknownShape
from pipelines.sources.streams import Line, compression, lines, read_text, texts

Record = TypeVar("Record")

SIDECAR_FIELDS = ("url", "source", "published_at", "fetched_at")
SIDECAR_BYTES = 64 * 2**10
# Of so many first records one must have a known shape, or the file has none.
PROBED_RECORDS = 1_000
PROBED_CHARACTERS = 64 * 2**20

EXPECTED = (
    f"Expected JSON lines, a JSON array or a JSON document of: {shapes.EXPECTED};"
    f" or CSV or Parquet with the columns {', '.join(own.REQUIRED)} and {' or '.join(own.CONTENT)};"
    " or a saved page, text or HTML"
)


def read_texts(path: Path, limits: Limits, saved_at: datetime) -> Iterator[Batch]:
    """The file's texts, their engagement and its bad lines, in batches; none for an empty file.

    ``saved_at`` (aware) is when those texts and counts were seen that do not say it themselves.
    ``UnknownShape`` names the first offending line; ``BrokenFile`` comes after everything that could be read.
    """
    pile = Pile(path.name, limits, saved_at)
    try:
        yield from _batches(path, limits, saved_at, pile)
    except BrokenFile:
        yield from pile.rest()
        raise
    yield from pile.rest()


def sidecar_of(path: Path) -> Path | None:
    """The file beside a page that says where it is from, ``page.html.json`` or ``page.json``, or None."""
    for beside in (path.with_name(f"{path.name}.json"), path.with_suffix(".json")):
        if beside != path and beside.is_file() and _sidecar(beside):
            return beside
    return None


def _sidecar(path: Path) -> dict[str, Any] | None:
    """What a sidecar says; None when the file is none, but an input of its own."""
    if path.stat().st_size > SIDECAR_BYTES:
        return None
    try:
        said = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return None
    is_sidecar = isinstance(said, dict) and any(field in said for field in SIDECAR_FIELDS)
    return said if is_sidecar and not shapes.recognise(said) else None


def _batches(path: Path, limits: Limits, saved_at: datetime, pile: Pile) -> Iterator[Batch]:
    """Batches as the pile fills, of the kind of file that the beginning shows."""
    if compression(path) == "parquet":
        return _read(parquet_rows(path, limits), take_row, pile)
    first = next((line for line in lines(path, limits) if line.text and not line.text.isspace()), None)
    if first is None:
        return iter(())
    mark = delimiter(first.text)
    if mark:
        return _read(csv_rows(lines(path, limits), mark), take_row, pile)
    if _may_go_on(first):
        by_element, by_line = _both_ways(path, limits, saved_at)
        if not (by_element.json_count or by_element.reject_count or by_element.broken):
            return iter(())  # an empty array
        if _is_document(by_element, by_line):
            return _read(elements(texts(path, limits), path.name, limits.page_bytes), take_line, pile)
        if by_element.json_count and not by_line.known_count:
            raise _unknown(path, by_element.first_reject)
    by_line = _probe(lines(path, limits), Pile(path.name, limits, saved_at), enough=1)
    if by_line.known_count:
        return _read(lines(path, limits), take_line, pile)
    if by_line.broken:
        raise by_line.broken
    if first.text.lstrip()[:1] in "[{" and by_line.json_count:
        raise _unknown(path, by_line.first_reject)
    if columns := table_columns(lines(path, limits)):
        reason = f"a table with the columns {', '.join(columns)[:300]}"
        raise _unknown(path, {**by_line.first_reject, "reason": reason})
    return iter([_page(path, limits, saved_at, by_line.first_reject)])


def _read(records: Iterator[Record], take: Callable[[Record, Pile], None], pile: Pile) -> Iterator[Batch]:
    for record in records:
        take(record, pile)
        yield from pile.ready()


def _at_most(pieces: Iterator[str], most: int) -> Iterator[str]:
    size = 0
    for piece in pieces:
        yield piece
        size += len(piece)
        if size >= most:
            return


def _may_go_on(first: Line) -> bool:
    """Whether a JSON value begins on this line that is an array, or does not end here."""
    beginning = first.text.lstrip()[:1]
    if beginning != "{":
        return beginning == "["
    try:
        shapes.telling(first.text)
    except (ValueError, RecursionError):
        return True
    return False


def _both_ways(path: Path, limits: Limits, saved_at: datetime) -> tuple[Pile, Pile]:
    """What the first records say when the file is cut by its brackets, and when it is cut into lines."""
    by_element, by_line = (Pile(path.name, limits, saved_at) for _ in range(2))
    beginning = _at_most(texts(path, limits), PROBED_CHARACTERS)
    _probe(elements(beginning, path.name, limits.page_bytes), by_element, enough=PROBED_RECORDS)
    return by_element, _probe(lines(path, limits), by_line, enough=PROBED_RECORDS)


def _is_document(by_element: Pile, by_line: Pile) -> bool:
    """Whether brackets are the better cut; of an array with a record on each line only the last is a line."""
    are_lines_good = by_line.known_count > by_line.reject_count
    return by_element.known_count >= max(1, by_line.known_count) and not are_lines_good


def _probe(records: Iterator[Line], pile: Pile, enough: int) -> Pile:
    """The pile, which is not kept, with what first records say until enough are known."""
    try:
        for line in islice(records, PROBED_RECORDS):
            take_line(line, pile)
            deque(pile.ready(), maxlen=0)
            if pile.known_count >= enough:
                break
    except BrokenFile as error:
        pile.broken = error
    return pile


def _page(path: Path, limits: Limits, saved_at: datetime, bad: dict[str, Any]) -> Batch:
    """The file as a saved page; else ``UnknownShape``, which names its first line as no record."""
    beside = sidecar_of(path)
    try:
        return read_page(read_text(path, limits), saved_at, beside and _sidecar(beside))
    except ValueError as error:
        raise _unknown(path, {**bad, "reason": f"{bad['reason']}; as a page: {error}"}) from error


def _unknown(path: Path, bad: dict[str, Any]) -> UnknownShape:
    line = f"{path.name}: line {bad['line']}: {bad['excerpt'][:200]!r}"
    return UnknownShape(f"{line}: {bad['reason']}. {EXPECTED}")
