"""Cells with a date or a time as instants, a column at once.

Here: the spellings of dates and times that vendors use, clocks that are changed. Not here: which time zone a
file means (``inbox_prices.py``), the trading day (``bar_rows.py``).
"""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

TIME_OF_DAY = r"\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?"
OFFSET = r"(?:Z|[+-]\d{2}(?::?\d{2})?)"
DATE = r"^\d+[-/]\d+[-/]\d+$"
ISO = rf"^\d{{4}}-\d{{2}}-\d{{2}}(?:[T ]{TIME_OF_DAY})?$"
ISO_WITH_OFFSET = rf"^\d{{4}}-\d{{2}}-\d{{2}}[T ]{TIME_OF_DAY} ?{OFFSET}$"
MONTH_FIRST = r"^\d{1,2}/\d{1,2}/\d{4}(?: \d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?$"
# Seconds, milli-, micro- or nanoseconds since 1970, from 1973 on; int64 ends with nanoseconds of 2262.
EPOCH = r"^(?:[1-4]?\d{9}|[1-4]?\d{12}|[1-4]?\d{15}|[1-4]?\d{18})$"

SHOWN = 40  # characters of a refused cell


def clock(cells: pa.ChunkedArray, time_zone: str) -> pd.DataFrame:
    """Return when each cell says, one row per cell; dates with slashes have the month first.

    ``written``: date and time as they stand there, NaT if they cannot be read. ``instant``: the same in UTC;
    what has no offset is in ``time_zone``, and NaT where its clocks are changed. ``is_date``: there is no
    time of day. ``has_offset``: the cell itself says how far it is from UTC. ``trouble``: why the cell cannot
    be used, else None.
    """
    cells = pc.replace_substring_regex(pc.utf8_trim_whitespace(cells), r" ?UTC$", "Z")
    written = np.full(len(cells), "NaT", "datetime64[us]")
    instant = written.copy()
    left, has_offset = np.ones(len(cells), dtype=bool), np.zeros(len(cells), dtype=bool)
    for pattern, read in READERS:
        rows = np.flatnonzero(left & _matches(cells, pattern))
        if rows.size:
            written[rows], instant[rows] = read(cells.take(pa.array(rows)), time_zone)
            has_offset[rows] = read in (_iso_with_offset, _epoch)
            left[rows] = False
            if not left.any():
                break
    year = pd.DatetimeIndex(written).year.to_numpy()
    written[~((year >= 1900) & (year <= 2100))] = "NaT"
    is_date = _matches(cells, DATE)
    trouble = np.full(len(cells), None, dtype=object)
    for row in np.flatnonzero(np.isnat(written)):
        trouble[row] = f"time: {cells[row].as_py()[:SHOWN]!r} is no date or time from 1900 to 2100"
    for row in np.flatnonzero(~np.isnat(written) & ~is_date & np.isnat(instant)):
        trouble[row] = f"time: {cells[row].as_py()} is skipped or comes twice as clocks change in {time_zone}"
    return pd.DataFrame(
        {
            "written": written,
            "instant": pd.DatetimeIndex(instant).tz_localize("UTC"),
            "is_date": is_date,
            "has_offset": has_offset,
            "trouble": trouble,
        }
    )


def _iso(cells: pa.ChunkedArray, time_zone: str) -> tuple[np.ndarray, np.ndarray]:
    written = pd.to_datetime(cells.to_numpy(), format="ISO8601", errors="coerce")
    local = written.tz_localize(time_zone, ambiguous="NaT", nonexistent="NaT")
    return _microseconds(written), _microseconds(local.tz_convert(None))


def _iso_with_offset(cells: pa.ChunkedArray, _time_zone: str) -> tuple[np.ndarray, np.ndarray]:
    bare = pc.replace_substring_regex(cells, rf" ?{OFFSET}$", "")
    packed = pc.replace_substring_regex(cells, rf" ({OFFSET})$", r"\1")
    written = pd.to_datetime(bare.to_numpy(), format="ISO8601", errors="coerce")
    instant = pd.to_datetime(packed.to_numpy(), format="ISO8601", errors="coerce", utc=True)
    return _microseconds(written), _microseconds(instant.tz_convert(None))


def _month_first(cells: pa.ChunkedArray, time_zone: str) -> tuple[np.ndarray, np.ndarray]:
    padded = pc.replace_substring_regex(cells, r"\b(\d)([/:])", r"0\1\2")
    iso = pc.replace_substring_regex(padded, r"^(\d\d)/(\d\d)/(\d{4})", r"\3-\1-\2")
    return _iso(iso, time_zone)


def _epoch(cells: pa.ChunkedArray, _time_zone: str) -> tuple[np.ndarray, np.ndarray]:
    number, digits = cells.cast(pa.int64()).to_numpy(), pc.binary_length(cells).to_numpy()
    thousands = 2 - (digits - 9) // 3  # from seconds, of 9 or 10 digits, to microseconds: twice
    up, down = 1000 ** np.maximum(thousands, 0), 1000 ** np.maximum(-thousands, 0)
    instant = (number * up // down).astype("datetime64[us]")
    return instant, instant


def _microseconds(index: pd.DatetimeIndex) -> np.ndarray:
    return index.to_numpy().astype("datetime64[us]")


def _matches(cells: pa.ChunkedArray, pattern: str) -> np.ndarray:
    return pc.match_substring_regex(cells, pattern).to_numpy()


READERS = ((ISO, _iso), (ISO_WITH_OFFSET, _iso_with_offset), (MONTH_FIRST, _month_first), (EPOCH, _epoch))
