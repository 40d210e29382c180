"""A JSON file of prices as blocks: Alpha Vantage's and Polygon's answers, our own rows as lines or a list.

JSON lines are streamed; an answer is one document and read whole, up to ``Limits.page_bytes``. Not here: what
a field means (``vendors.py``), decompression and encodings (``pipelines/sources/streams.py``).
"""

import json
import re
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.prices.blocks import Block, PriceFile, columns_of, in_blocks, reject
from pipelines.prices.vendors import ENUMERATION, EXPECTED, OWN_VENDOR, Shape, shape_of
from pipelines.sources.rows import Limits, UnknownShape, excerpt
from pipelines.sources.streams import Line, lines, read_text

POLYGON_FIELDS = {"t": "window_start", "o": "open", "h": "high", "l": "low", "c": "close", "v": "volume"}
ANY_SERIES = re.compile(r"(?:(?:Weekly|Monthly)\b.*)?Time Series")
NOT_AN_OBJECT = "not a JSON object"
READ_SERIES = re.compile(r"Time Series.*\((?:Daily|Digital Currency Daily|1min)\)")


def json_bars(path: Path, limits: Limits) -> PriceFile:
    """Read JSON lines or one document; ``UnknownShape`` where it holds no bars of a known shape."""
    written = (line for line in lines(path, limits) if line.reason or line.text.strip())
    first = next(written)
    shape = _record_shape(None if first.reason else _decoded(first.text))
    if shape is None:
        said = f"{path.name}: line {first.number} begins {excerpt(first.text)!r}"
        return document_bars(said, _decoded(read_text(path, limits)))
    blocks = (_of_lines(block) for block in in_blocks(chain([first], written), lambda line: len(line.text)))
    return PriceFile(blocks, shape.vendor, shape.stamp)


def _record_shape(record: Any) -> Shape | None:
    try:
        return shape_of(list(record)) if isinstance(record, dict) else None
    except ValueError:
        return None


def document_bars(said: str, document: Any) -> PriceFile:
    """Read one whole document, an answer of Alpha Vantage's or Polygon's or a list of rows.

    ``said`` tells in the message of ``UnknownShape`` which one it is; None is a document that is no JSON.
    """
    if document is None:
        raise UnknownShape(f"{said}: not JSON lines, nor one whole JSON document; {EXPECTED}")
    if isinstance(document, list):
        return _one_answer(said, None, None, None, document)
    if isinstance(document, dict):
        if "resultsCount" in document or "results" in document:
            return _polygon(said, document)
        if series := [name for name in document if ANY_SERIES.match(name)]:
            return _alpha_vantage(said, series[0], document)
    raise UnknownShape(f"{said}: no bars in it; {EXPECTED}")


def _polygon(said: str, document: dict[str, Any]) -> PriceFile:
    results = [] if document.get("results") is None else document["results"]
    if not isinstance(results, list):
        raise UnknownShape(f"{said}: results is not a list; {EXPECTED}")
    bars = [_renamed(bar) if isinstance(bar, dict) else bar for bar in results]
    return _one_answer(said, "polygon", document.get("ticker"), None, bars)


def _renamed(bar: dict[str, Any]) -> dict[str, Any]:
    return {POLYGON_FIELDS.get(name, name): value for name, value in bar.items()}


def _alpha_vantage(said: str, name: str, document: dict[str, Any]) -> PriceFile:
    series = document[name]
    if not READ_SERIES.fullmatch(name) or not isinstance(series, dict):
        raise UnknownShape(f"{said}: {excerpt(name)!r} is not daily or 1min; ask for one of these")
    about = document["Meta Data"] if isinstance(document.get("Meta Data"), dict) else {}
    about = {ENUMERATION.sub("", field): value for field, value in about.items()}
    bars = [{"timestamp": stamp, **bar} if isinstance(bar, dict) else bar for stamp, bar in series.items()]
    ticker = about.get("Symbol") or about.get("Digital Currency Code")
    return _one_answer(said, "alphavantage", ticker, about.get("Time Zone"), bars)


def _one_answer(said: str, vendor: str | None, ticker: Any, time_zone: Any, rows: list[Any]) -> PriceFile:
    if not rows:
        return PriceFile(iter(()), vendor or OWN_VENDOR)
    shape = _record_shape(next((row for row in rows if isinstance(row, dict)), None))
    if shape is None:
        raise UnknownShape(f"{said}: its first row is {excerpt(json.dumps(rows[0]))!r}; {EXPECTED}")
    blocks = (_of_rows(part) for part in in_blocks(rows, lambda row: 0))
    return PriceFile(blocks, vendor or shape.vendor, shape.stamp, cell(ticker) or None, cell(time_zone) or None)


def _of_lines(block: list[Line]) -> Block:
    rows = [None if line.reason else _decoded(line.text) for line in block]
    kept = [number for number, row in enumerate(rows) if isinstance(row, dict)]
    rejects = [
        reject(line.number, line.reason or NOT_AN_OBJECT, line.text)
        for line, row in zip(block, rows, strict=True)
        if not isinstance(row, dict)
    ]
    lines = [block[number].number for number in kept]
    columns = _columns([rows[number] for number in kept])
    return Block(columns, lines, lambda row: block[kept[row]].text, rejects)


def _of_rows(rows: list[Any]) -> Block:
    records = [row for row in rows if isinstance(row, dict)]
    rejects = [reject(None, NOT_AN_OBJECT, json.dumps(row)) for row in rows if not isinstance(row, dict)]
    return Block(_columns(records), [None] * len(records), lambda row: json.dumps(records[row]), rejects)


def _columns(records: Sequence[dict[str, Any]]) -> pa.Table:
    """Fields of objects that may each lack some or name them differently; what is not there is empty."""
    fields: dict[tuple[str, ...], dict[str, str]] = {}
    columns: dict[str, list[str]] = {"day": []}
    for row, record in enumerate(records):
        names = tuple(record)
        if names not in fields:
            fields[names] = _fields_of(names)
        for field, name in fields[names].items():
            cells = columns.setdefault(field, [])
            cells.extend([""] * (row - len(cells)))
            cells.append(cell(record[name]))
    for cells in columns.values():
        cells.extend([""] * (len(records) - len(cells)))
    return columns_of({field: pa.chunked_array([pa.array(cells, pa.string())]) for field, cells in columns.items()})


def _fields_of(names: tuple[str, ...]) -> dict[str, str]:
    try:
        return {field: names[position] for field, position in shape_of(names).positions.items()}
    except ValueError:
        return {}


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def cell(value: Any) -> str:
    """A value of JSON as the text of a cell; None is an empty one."""
    text = "" if value is None else str(value)
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
