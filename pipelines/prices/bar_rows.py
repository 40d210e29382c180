"""Cells of a price file as price rows: days, numbers, tickers, and one row per bar.

Here: what a cell may hold and what is refused. A bar whose high is below its low, or whose close lies outside
of both, is kept as it came: which number is wrong cannot be known here, the close is the least likely one,
and a query over ``raw.prices`` finds such bars at any time, whereas a refused line is gone. Not here: cutting
files into cells (``delimited.py`` …), bar start or bar end (``bar_stamps.py``).
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.prices.bar_times import SHOWN, clock
from pipelines.prices.blocks import Block, reject
from pipelines.prices.rows import PRICE_ROWS, PriceBatch
from pipelines.prices.vendors import NUMBER_FIELDS, canonical_ticker
from pipelines.sources.rows import REJECT_ROWS

NUMBER = r"^[+-]?\$?(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$"
MISSING = pa.array(["", "null", "nan", "n/a", "#n/a", "na", "none", "nil", "-", "--", "inf", "-inf", "infinity"])
PRICES = ("open", "high", "low", "close", "adjusted_close")
BAR_KEY = ["ticker", "bar", "trading_day", "start_at"]
RANKED_BY = [
    "filled",
    "volume",
    "close",
    "open",
    "high",
    "low",
    "adjusted_close",
    "dividend",
    "split_ratio",
    "vendor",
]
MINUTE = pd.Timedelta(minutes=1)


class Reading(NamedTuple):
    """How the cells of one file are to be understood.

    ``ticker`` is None where the rows have one. ``bar`` is ``1d`` or ``1min``; a minute is stamped with its
    ``start`` or its ``end``. ``time_zone`` is that of times without an offset, ``day_zone`` that of the
    trading day.
    """

    ticker: str | None
    vendor: str
    bar: str
    stamp: str
    time_zone: str
    day_zone: str


def bars(block: Block, reading: Reading) -> PriceBatch:
    """Return the rows of a block as ``PRICE_ROWS``, one per bar, and what is refused, naming the column.

    Prices that are zero, negative or not finite become NULL and the row is kept. Rows that differ for the
    same bar are refused but for one (see ``one_per_bar``).
    """
    columns = block.columns
    trouble = np.full(columns.num_rows, None, dtype=object)
    frame = _times(columns["time"], reading, trouble)
    frame["ticker"] = _tickers(columns, reading, trouble)
    frame["bar"] = reading.bar
    for field in NUMBER_FIELDS:
        frame[field] = _numbers(columns, field, trouble)
    frame["vendor"] = _vendors(columns, reading)
    kept, lost = one_per_bar(frame[pd.isna(trouble)])
    for row, winner in lost.items():
        line = block.lines[winner]
        trouble[row] = "differs from the row kept for the same bar" + (f", line {line}" if line else "")
    rejects = [reject(block.lines[row], trouble[row], block.row_text(row)) for row in np.flatnonzero(pd.notna(trouble))]
    rejects = sorted(block.rejects + rejects, key=lambda refused: refused["line"] or 0)
    return PriceBatch(
        pa.Table.from_pandas(kept[PRICE_ROWS.names], schema=PRICE_ROWS, preserve_index=False),
        pa.Table.from_pylist(rejects, schema=REJECT_ROWS),
    )


def uncut(block: Block) -> PriceBatch:
    """Return no rows, and the lines of a block of which none could be cut into cells."""
    return PriceBatch(PRICE_ROWS.empty_table(), pa.Table.from_pylist(block.rejects, schema=REJECT_ROWS))


def one_per_bar(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[int, int]]:
    """Return the rows to keep, in their order, and for each other row that disagrees the one kept instead.

    Of the rows of one bar the one with most fields filled is kept, then the one with the greatest volume (a
    bar grows while it is traded), then the one with the greatest values: the order in the file means nothing.
    Rows that agree in every field are one.
    """
    if not frame.duplicated(BAR_KEY).any():
        return frame, {}
    frame = frame.drop_duplicates()
    doubled = frame[frame.duplicated(BAR_KEY, keep=False)]
    ranked = doubled.assign(filled=doubled.notna().sum(axis=1)).sort_values(RANKED_BY, ascending=False)
    bar = ranked.groupby(BAR_KEY, dropna=False, sort=False).ngroup()
    winner = bar.map({number: row for row, number in reversed(list(bar.items()))})
    lost = {row: kept for row, kept in winner.items() if row != kept}
    return frame.drop(index=list(lost)), lost


def volumes(columns: pa.Table) -> np.ndarray:
    """Return the volume of each row as float64, NaN where it is missing or no number."""
    return _numbers(columns, "volume", np.full(columns.num_rows, None, dtype=object))


def _times(cells: pa.ChunkedArray, reading: Reading, trouble: np.ndarray) -> pd.DataFrame:
    when = clock(cells, reading.time_zone)
    if reading.bar == "1d":
        # A day needs no instant: its midnight may be an hour that the clocks skip.
        _note(trouble, when["written"].isna(), when["trouble"])
        is_midnight = when["written"] == when["written"].dt.floor("D")
        local = when["instant"].dt.tz_convert(reading.day_zone).dt.tz_localize(None)
        day = when["written"].where(is_midnight | local.isna(), local).dt.floor("D")
        return pd.DataFrame({"trading_day": day, "start_at": pd.Series(pd.NaT, when.index, "datetime64[us, UTC]")})
    _note(trouble, when["trouble"].notna(), when["trouble"])
    _note(trouble, when["is_date"], "time: no time of day, in a file of one-minute bars")
    is_whole = when["written"].dt.floor("min") == when["written"]
    _note(trouble, ~is_whole, "time: not a whole minute, in a file of one-minute bars")
    start = when["instant"] - MINUTE if reading.stamp == "end" else when["instant"]
    day = start.dt.tz_convert(reading.day_zone).dt.tz_localize(None).dt.floor("D")
    return pd.DataFrame({"trading_day": day, "start_at": start})


def _tickers(columns: pa.Table, reading: Reading, trouble: np.ndarray) -> np.ndarray:
    if "ticker" not in columns.column_names:
        return np.full(columns.num_rows, reading.ticker, dtype=object)
    cells = columns["ticker"].combine_chunks().dictionary_encode()
    spelled = cells.dictionary.to_pylist()
    tickers = np.array([canonical_ticker(text) for text in spelled], dtype=object)[cells.indices.to_numpy()]
    for row in np.flatnonzero(pd.isna(tickers)):
        _note_one(trouble, row, f"ticker: {cells[row].as_py()[:SHOWN]!r} is no ticker")
    return tickers


def _vendors(columns: pa.Table, reading: Reading) -> np.ndarray:
    if "vendor" not in columns.column_names:
        return np.full(columns.num_rows, reading.vendor, dtype=object)
    named = pc.utf8_slice_codeunits(pc.utf8_trim_whitespace(columns["vendor"]), 0, SHOWN)
    vendors = pc.utf8_lower(named).to_numpy()
    return np.where(vendors == "", reading.vendor, vendors)


def _numbers(columns: pa.Table, field: str, trouble: np.ndarray) -> np.ndarray:
    """A column as float64, NaN where missing; a cell that is no number is noted as trouble."""
    if field not in columns.column_names:
        return np.full(columns.num_rows, np.nan)
    cells = columns[field]
    try:
        numbers = cells.cast(pa.float64()).to_numpy().copy()
    except pa.ArrowInvalid:
        cells = pc.utf8_trim_whitespace(cells)
        is_number = pc.match_substring_regex(cells, NUMBER)
        bare = pc.replace_substring_regex(cells, r"[$,+]|\.($|[eE])", r"\1")
        numbers = pc.if_else(is_number, bare, None).cast(pa.float64()).to_numpy().copy()
        is_missing = pc.is_in(pc.utf8_lower(cells), value_set=MISSING)
        for row in np.flatnonzero(~pc.or_(is_number, is_missing).to_numpy()):
            _note_one(trouble, row, f"{field}: {cells[row].as_py()[:SHOWN]!r} is no number")
    # A price of zero is how vendors write "not recorded"; a volume or dividend of zero is one.
    is_possible = np.isfinite(numbers) & (numbers > 0 if field in PRICES else numbers >= 0)
    numbers[~is_possible] = np.nan
    if field == "split_ratio":
        numbers[numbers == 0] = 1.0  # Yahoo's word for "no split"
    return numbers


def _note(trouble: np.ndarray, rows: pd.Series, reason: str | pd.Series) -> None:
    for row in np.flatnonzero(rows.to_numpy()):
        _note_one(trouble, row, reason if isinstance(reason, str) else reason.iloc[row])


def _note_one(trouble: np.ndarray, row: int, reason: str) -> None:
    if trouble[row] is None:
        trouble[row] = reason
