"""Our own row shape in files of rows and columns: CSV and Parquet.

Here: the files' cells as mappings from column to value. Not here: what the values mean (``own.py``).
"""

import csv
import math
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.sources import own
from pipelines.sources.rows import BrokenFile, Limits, UnknownShape
from pipelines.sources.streams import Line, decode, refuse_bomb

DELIMITERS = ",;\t|"
TABLE_LINES = 100
# One long text may stand in every row and cost next to nothing in the file: few rows are unpacked at a time, and
# a column is read through a small buffer instead of whole.
PARQUET_ROWS = 100
PARQUET_BUFFER_BYTES = 2**20
# What pyarrow raises on a damaged file: its own errors, and those of the system that it passes on.
DAMAGE = (pa.ArrowException, OSError, ValueError, OverflowError)


class TableRow(NamedTuple):
    """A row as column → value; ``text`` is its line in a CSV file, ``reason`` says why it is refused."""

    number: int
    cells: Mapping[str, Any]
    text: str = ""
    reason: str | None = None


def delimiter(header: str) -> str | None:
    """What separates the columns of a CSV file with this first line; None when they are not ours."""
    return next((mark for mark in DELIMITERS if own.recognise(_columns(header, mark))), None)


def table_columns(lines: Iterator[Line]) -> list[str]:
    """The header of a file whose first lines have the same number of cells; empty when it is no table."""
    texts = [line.text for line in islice(lines, TABLE_LINES)]
    for mark in DELIMITERS:
        try:
            rows = [row for row in csv.reader(texts, delimiter=mark) if row]
        except csv.Error:
            continue
        width = len(rows[0]) if rows else 0
        same = sum(len(row) == width for row in rows)
        # Prose has commas too, but not the same number on line after line.
        if width > 1 and same > 1 and same * width >= 10 and same >= 0.9 * len(rows):
            return rows[0]
    return []


def csv_rows(lines: Iterator[Line], mark: str) -> Iterator[TableRow]:
    """Rows of a CSV file whose first line that is not blank is the header, with the line they begin on.

    A row that is no CSV costs only itself, also where a quote is never closed. A cell holds at most 131,072
    characters.
    """
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=mark, strict=True)
    columns: list[str] | None = None
    while True:
        feed.taken = []
        try:
            cells = next(reader)
        except StopIteration:
            if not feed.taken:
                return
            yield TableRow(feed.taken[0].number, {}, feed.taken[0].text, feed.taken[0].reason)
            continue
        except csv.Error as error:
            yield TableRow(feed.taken[0].number, {}, feed.taken[0].text, f"not CSV: {error}")
            feed.give_back()
            continue
        first = feed.taken[0]
        if not any(cells):
            continue
        if columns is None:
            columns = _columns(first.text, mark)
        elif len(cells) != len(columns):
            reason = f"{len(cells)} cells where the header has {len(columns)}"
            yield TableRow(first.number, {}, first.text, reason)
            feed.give_back()
        else:
            given = {column: cell for column, cell in zip(columns, cells, strict=True) if cell}
            yield TableRow(first.number, given, first.text)


def parquet_rows(path: Path, limits: Limits) -> Iterator[TableRow]:
    """Rows of a Parquet file, from 1; ``UnknownShape`` when a column is missing or has a strange type."""
    try:
        schema = pq.read_schema(path)
    except DAMAGE as error:
        raise BrokenFile(f"{path.name}: not a whole Parquet file ({error})") from error
    columns = {name: low for name in schema.names if (low := name.strip().lower()) in own.FIELDS}
    _refuse_columns(path.name, schema, columns)
    number, expanded, size = 0, 0, path.stat().st_size
    try:
        file = pq.ParquetFile(path, pre_buffer=False, buffer_size=PARQUET_BUFFER_BYTES)
        for batch in file.iter_batches(PARQUET_ROWS, columns=list(columns), use_threads=False):
            limits.told(size * number // file.metadata.num_rows)
            values = {columns[name]: _values(batch.column(name)) for name in batch.schema.names}
            for cells in zip(*values.values(), strict=True):
                number += 1
                given = dict(zip(values, cells, strict=True))
                expanded += sum(len(cell) for cell in cells if isinstance(cell, str))
                refuse_bomb(path.name, size, expanded, limits)
                yield TableRow(number, given)
    except BrokenFile:
        raise
    except DAMAGE as error:
        raise BrokenFile(f"{path.name}: damaged after row {number:,} ({error})") from error


class _Feed:
    """Lines for ``csv.reader``, remembering those of the row that it is reading."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._waiting: deque[Line] = deque()
        self.taken: list[Line] = []

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else next(self._lines)
        if line.reason is None:
            self.taken.append(line)
            return f"{line.text}\n"
        # A refused line ends the row before it, or is one by itself.
        if self.taken:
            self._waiting.appendleft(line)
        else:
            self.taken.append(line)
        raise StopIteration

    def give_back(self) -> None:
        """Have the lines of this row read again, without its first one."""
        self._waiting.extendleft(reversed(self.taken[1:]))


def _columns(header: str, mark: str) -> list[str]:
    try:
        cells = next(csv.reader([header], delimiter=mark, strict=True), [])
    except csv.Error:
        return []
    return [cell.strip().lower() for cell in cells]


def _refuse_columns(name: str, schema: pa.Schema, columns: Mapping[str, str]) -> None:
    if not own.recognise(columns.values()):
        expected = f"expected {', '.join(own.REQUIRED)} and {' or '.join(own.CONTENT)}"
        raise UnknownShape(f"{name}: Parquet with the columns {', '.join(schema.names)[:500]}; {expected}")
    if len(set(schema.names)) < len(schema.names):
        raise UnknownShape(f"{name}: two columns of the same name among {', '.join(schema.names)[:500]}")
    for column in columns:
        if not _is_readable(schema.field(column).type):
            kind = str(schema.field(column).type)[:80]
            raise UnknownShape(f"{name}: column {column} is {kind}; expected text, a number, a time or a flag")


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _is_readable(kind: pa.DataType) -> bool:
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    tests = ("is_integer", "is_floating", "is_boolean", "is_timestamp", "is_date", "is_null")
    return _is_text(kind) or any(getattr(pa.types, test)(kind) for test in tests)


def _values(column: pa.Array) -> list[Any]:
    """The column as Python values: text decoded leniently, times as ISO 8601, NaN as None."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _values(column.dictionary_decode())
    if _is_text(kind):
        items = column.cast(pa.large_binary()).to_pylist()
        return [None if item is None else _text(item) for item in items]
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        lists = column.cast(pa.list_(pa.binary())).to_pylist()
        return [None if items is None else [_text(item) for item in items if item] for items in lists]
    if pa.types.is_timestamp(kind):
        moments = column.cast(pa.timestamp("us"), safe=False)
        zone = "" if kind.tz is None else "+00:00"
        return pc.strftime(moments, format=f"%Y-%m-%dT%H:%M:%S{zone}").to_pylist()
    if pa.types.is_date(kind):
        return column.cast(pa.string()).to_pylist()
    if pa.types.is_floating(kind):
        return [None if value is None or math.isnan(value) else value for value in column.to_pylist()]
    return column.to_pylist()


def _text(data: bytes) -> str:
    return decode(data).replace("\x00", "")
