"""A CSV file of prices as blocks: the header, then cells by Arrow's parser; bad lines with their number.

Not here: what a column means (``vendors.py``), decompression and encodings
(``pipelines/sources/streams.py``).
"""

import csv
import io
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.csv

from pipelines.prices.blocks import Block, PriceFile, columns_of, in_blocks, reject
from pipelines.prices.vendors import EXPECTED, Shape, shape_of
from pipelines.sources.rows import Limits, UnknownShape, excerpt
from pipelines.sources.streams import Line, lines


def delimited(path: Path, limits: Limits) -> PriceFile:
    """Read a comma-separated file with a header; ``UnknownShape`` where the header is not a known one."""
    written = (line for line in lines(path, limits) if line.reason or line.text.strip())
    header_line, first_line = next(written), next(written, None)
    header, first_row = _cells(header_line.text) or [], _cells(first_line.text) or [] if first_line else []
    rows, ticker = chain([first_line] if first_line else [], written), None
    if header[:1] == ["Price"] and first_row[:1] == ["Ticker"]:
        # What yfinance writes of late: a line of field names, one of tickers, one with the name of the index.
        ticker = _only_ticker(path, first_line, first_row[1:])
        header, rows = _index_name(next(written, None)) + header[1:], written
    try:
        shape = shape_of(header, first_row)
    except ValueError as error:
        raise UnknownShape(
            f"{path.name}: line {header_line.number} is {excerpt(header_line.text)!r}: {error}; {EXPECTED}"
        ) from None
    blocks = (_cut(block, len(header), shape) for block in in_blocks(rows, lambda line: len(line.text)))
    return PriceFile(blocks, shape.vendor, shape.stamp, ticker)


def _only_ticker(path: Path, line: Line, tickers: list[str]) -> str:
    if len(set(tickers)) == 1:
        return tickers[0]
    raise UnknownShape(
        f"{path.name}: line {line.number} names {len(set(tickers))} tickers side by side: "
        f"{excerpt(line.text)!r}; write one file per ticker, or one row per ticker and bar"
    )


def _index_name(line: Line | None) -> list[str]:
    return (_cells(line.text) or [""])[:1] if line else [""]


def _cut(block: list[Line], width: int, shape: Shape) -> Block:
    good = [line for line in block if not line.reason]
    used = sorted(shape.positions.values())
    table, wrong = _parse_at_once(good, width, used) or _parse_one_by_one(good, width, used)
    kept = [line for row, line in enumerate(good) if row not in wrong]
    rejects = [reject(line.number, line.reason, line.text) for line in block if line.reason]
    rejects += [reject(good[row].number, reason, good[row].text) for row, reason in wrong.items()]
    columns = columns_of({field: table.column(str(position)) for field, position in shape.positions.items()})
    return Block(columns, [line.number for line in kept], lambda row: kept[row].text, rejects)


def _parse_at_once(block: list[Line], width: int, used: list[int]) -> tuple[pa.Table, dict[int, str]] | None:
    """Arrow's parser on the whole block; None where a quote left open makes it swallow the lines after it."""
    wrong: dict[int, str] = {}

    def refuse(row: pyarrow.csv.InvalidRow) -> str:
        wrong[row.number - 1] = _width_reason(row.actual_columns, width)
        return "skip"

    # A lone carriage return would be the end of a line to Arrow.
    data = "\n".join(line.text for line in block).replace("\r", " ").encode()
    names = [str(position) for position in range(width)]
    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(data),
            pyarrow.csv.ReadOptions(column_names=names, use_threads=False, block_size=len(data) + 1),
            pyarrow.csv.ParseOptions(invalid_row_handler=refuse),
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=[str(position) for position in used],
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    return (table, wrong) if table.num_rows + len(wrong) == len(block) else None


def _parse_one_by_one(block: list[Line], width: int, used: list[int]) -> tuple[pa.Table, dict[int, str]]:
    rows, wrong = [], {}
    for number, line in enumerate(block):
        cells = _cells(line.text)
        if cells is None:
            wrong[number] = "a quote is opened and not closed"
        elif len(cells) != width:
            wrong[number] = _width_reason(len(cells), width)
        else:
            rows.append(cells)
    columns = {str(position): pa.array([row[position] for row in rows], pa.string()) for position in used}
    return pa.table(columns), wrong


def _width_reason(actual: int, width: int) -> str:
    return f"{actual} columns where the header has {width}"


def _cells(text: str) -> list[str] | None:
    """Cells of one line; None where the quotes do not match or a cell is beyond Python's csv (128 KiB)."""
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error:
        return None
