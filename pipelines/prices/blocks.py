"""Blocks of rows in which a price file is read: cells as text in named columns, and the lines they came from.

Here: the block, its bounds, several time columns made into one. Not here: any packing (``delimited.py``,
``json_bars.py``, ``parquet_bars.py``), what a cell holds (``bar_rows.py``).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.prices.vendors import NUMBER_FIELDS
from pipelines.sources.rows import BrokenFile, excerpt

BLOCK_ROWS = 50_000  # 128 sessions of one instrument's minutes: enough to see its opens and closes
BLOCK_BYTES = 32 * 2**20

Row = TypeVar("Row")


class Block(NamedTuple):
    """Rows of one file as text: ``time``, other fields named as in ``PRICE_ROWS``; empty cells are ``""``.

    ``lines`` are the 1-based line numbers, None where a line has no meaning; ``row_text(row)`` is what stood
    there; ``rejects`` the lines of this block that could not be cut into cells.
    """

    columns: pa.Table
    lines: Sequence[int | None]
    row_text: Callable[[int], str]
    rejects: list[dict[str, Any]]


class PriceFile(NamedTuple):
    """A file whose shape is known; ticker and time zone where it says them once for all its rows.

    ``stamp`` is ``"start"`` where the name of the time column says so.
    """

    blocks: Iterator[Block]
    vendor: str
    stamp: str | None = None
    ticker: str | None = None
    time_zone: str | None = None


def in_blocks(rows: Iterable[Row], size: Callable[[Row], int]) -> Iterator[list[Row]]:
    """Rows in lists bounded by count and sum of ``size``; what came before a ``BrokenFile`` is handed on."""
    block, held = [], 0
    try:
        for row in rows:
            block.append(row)
            held += size(row)
            if len(block) >= BLOCK_ROWS or held >= BLOCK_BYTES:
                yield block
                block, held = [], 0
    except BrokenFile:
        if block:
            yield block
        raise
    if block:
        yield block


def columns_of(cells: Mapping[str, pa.ChunkedArray]) -> pa.Table:
    """Text columns by field, with the time columns that a file has made into one, ``time``."""
    times = [cells[field] for field in ("start_at", "stamp") if field in cells]
    if "day" in cells and "time" in cells and not times:
        times = [pc.binary_join_element_wise(cells["day"], cells["time"], " ")]
    else:
        times += [cells[field] for field in ("time", "day") if field in cells]
    # Our own shape may have both start_at and day: a minute fills the one, a day the other.
    time = pc.coalesce(*(pc.if_else(pc.equal(column, ""), None, column) for column in times), "")
    return pa.table(
        {
            "time": time,
            **{field: cells[field] for field in ("ticker", "vendor", *NUMBER_FIELDS) if field in cells},
        }
    )


def reject(line: int | None, reason: str, text: str) -> dict[str, Any]:
    """One row of ``REJECT_ROWS``."""
    return {"line": line, "reason": reason, "excerpt": excerpt(text)}
