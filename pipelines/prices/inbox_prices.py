"""Price files that somebody put into the inbox: know the format by content, settle what is left open, read.

Here: which ticker, which bar, which time zone a file has where its rows do not say it, and whether its
minutes are stamped with their start or their end. Not here: the packings (``delimited.py``, ``json_bars.py``,
``parquet_bars.py``), the meaning of columns (``vendors.py``) and cells (``bar_rows.py``), the database.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pandas as pd
import pyarrow.compute as pc

from pipelines.prices.bar_rows import Reading, bars, uncut, volumes
from pipelines.prices.bar_stamps import NEW_YORK, is_round_the_clock, stamp_seen
from pipelines.prices.bar_times import clock
from pipelines.prices.blocks import Block, PriceFile
from pipelines.prices.delimited import delimited
from pipelines.prices.json_bars import json_bars
from pipelines.prices.parquet_bars import parquet_bars
from pipelines.prices.rows import PriceBatch
from pipelines.prices.vendors import EXPECTED, canonical_ticker, ticker_of_name
from pipelines.sources.rows import Limits, UnknownShape
from pipelines.sources.streams import compression, texts

# Used only where a file does not show it. Alpha Vantage is not here: the answers we have are stamped with the
# end, but it does not promise that.
DOCUMENTED_STAMP = {"yahoo": "start"}
DAY_FIRST = r"^(?:1[3-9]|2\d|3[01])/\d{1,2}/\d{4}"
MONTH_FIRST = r"^\d{1,2}/(?:1[3-9]|2\d|3[01])/\d{4}"
NEARLY_A_DAY = np.timedelta64(20, "h")  # a close at 16:00 and a half day's at 13:00 are 21 apart
SPACED_BARS = 10  # so many stamps without neighbours are bars of another length, not gaps
SPACED_SHARE = 0.95
SIDECAR_BYTES = 64 * 2**10
MINUTES_OF_A_DAY = 24 * 60
DAYS_OF_A_WEEK = np.timedelta64(5, "D")


class Sidecar(msgspec.Struct, frozen=True):
    """What a small JSON file beside a price file may say (see ``sidecar_of``)."""

    ticker: str | None = None
    vendor: str | None = None
    bar_stamp: Literal["start", "end"] | None = None
    time_zone: str | None = None


def read_prices(path: Path, limits: Limits) -> Iterator[PriceBatch]:
    """Yield the bars of one file and the lines refused, each at most ``limits.batch_rows``, in its order.

    CSV, JSON or parquet, plain, gzip or zstd, known by content. Raises ``UnknownShape`` where the columns are
    not known, or where the ticker, the bar length or the stamp cannot be told (the message names the field of
    the sidecar that settles it), and ``BrokenFile`` after the rows that could be read.
    """
    sidecar = _sidecar(path)
    file = _opened(path, limits)
    reading = None
    for block in file.blocks:
        if reading is None and block.columns.num_rows:
            reading = _settled(path, file, sidecar, block)
        read = bars(block, reading) if reading else uncut(block)
        for first in range(0, max(read.prices.num_rows, read.rejects.num_rows), limits.batch_rows):
            yield PriceBatch(*(table.slice(first, limits.batch_rows) for table in read))


def _opened(path: Path, limits: Limits) -> PriceFile:
    if compression(path) == "parquet":
        return parquet_bars(path, limits)
    head = next((piece.lstrip() for piece in texts(path, limits) if piece.strip()), "")
    if not head:
        raise UnknownShape(f"{path.name}: the file is empty; {EXPECTED}")
    return json_bars(path, limits) if head[0] in "{[" else delimited(path, limits)


def sidecar_of(path: Path) -> Path | None:
    """Return the file that says what a price file does not, ``MU.csv.json`` or ``MU.json`` beside it, if any.

    A JSON object with other fields than a sidecar's is no sidecar, but an input of its own.
    """
    for beside in (path.with_name(f"{path.name}.json"), path.with_suffix(".json")):
        if beside != path and beside.is_file() and _is_sidecar(beside):
            return beside
    return None


def _is_sidecar(path: Path) -> bool:
    if path.stat().st_size > SIDECAR_BYTES:
        return False
    try:
        fields = msgspec.json.decode(path.read_bytes(), type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return bool(fields) and set(fields) <= set(Sidecar.__struct_fields__)


def _sidecar(path: Path) -> Sidecar:
    place = sidecar_of(path)
    if place is None:
        return Sidecar()
    try:
        sidecar = msgspec.json.decode(place.read_bytes(), type=Sidecar)
    except msgspec.DecodeError as error:
        raise UnknownShape(f"{place.name}: {error}; expected text, bar_stamp being start or end") from None
    if sidecar.ticker is not None and canonical_ticker(sidecar.ticker) is None:
        raise UnknownShape(f"{place.name}: ticker {sidecar.ticker!r} is no ticker")
    return sidecar


def _settled(path: Path, file: PriceFile, sidecar: Sidecar, block: Block) -> Reading:
    """Settle what the rows leave open, by the first rows of the file, up to 50,000."""
    stated_zone = sidecar.time_zone or file.time_zone
    time_zone = _time_zone(path, stated_zone) if stated_zone else NEW_YORK
    when = clock(block.columns["time"], time_zone).assign(volume=volumes(block.columns))
    _refuse_unreadable(path, block, when)
    ticker = None if "ticker" in block.columns.column_names else _ticker(path, file, sidecar)
    vendor = sidecar.vendor or file.vendor
    if _is_daily(when, time_zone, file.stamp):
        _refuse_weeks(path, when)
        return Reading(ticker, vendor, "1d", "start", time_zone, day_zone=time_zone)
    when = when[when["instant"].notna() & ~when["is_date"]]
    _refuse_other_lengths(path, when)
    is_zone_known = stated_zone is not None or bool(when["has_offset"].all())
    never_closes = is_round_the_clock(when["instant"])
    if never_closes and not is_zone_known:
        raise UnknownShape(
            f"{path.name}: its times have no offset, and taken as New York's some lie outside 04:00 to "
            f"20:00 of the weekdays; {_write(path, time_zone='UTC')}, or whichever zone they are in"
        )
    seen = None if never_closes else stamp_seen(when["instant"], when["volume"], is_zone_known)
    documented = DOCUMENTED_STAMP.get(file.vendor) if is_zone_known else None
    stamp = sidecar.bar_stamp or file.stamp or seen or documented
    if stamp is None:
        raise UnknownShape(
            f"{path.name}: no opening or closing minute of a New York session shows whether its minutes are "
            f"stamped with their start or their end; {_write(path, bar_stamp='start')}, or end"
        )
    return Reading(ticker, vendor, "1min", stamp, time_zone, day_zone="UTC" if never_closes else NEW_YORK)


def _write(path: Path, **field: str) -> str:
    return f"write {json.dumps(field)} into {path.name}.json beside it"


def _time_zone(path: Path, name: str) -> str:
    try:
        return str(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        raise UnknownShape(
            f"{path.name}: there is no time zone {name!r}; {_write(path, time_zone=NEW_YORK)}, or another one"
        ) from None


def _ticker(path: Path, file: PriceFile, sidecar: Sidecar) -> str:
    stated = file.ticker or sidecar.ticker
    if ticker := canonical_ticker(stated) if stated else ticker_of_name(path.name):
        return ticker
    why = f"{stated!r} is no ticker" if stated else "no column has the ticker and its name does not begin with one"
    raise UnknownShape(f"{path.name}: {why}; {_write(path, ticker='AAPL')}")


def _refuse_unreadable(path: Path, block: Block, when: pd.DataFrame) -> None:
    cells = block.columns["time"]
    is_day_first, is_month_first = (
        pc.any(pc.match_substring_regex(cells, pattern)).as_py() for pattern in (DAY_FIRST, MONTH_FIRST)
    )
    if is_day_first and not is_month_first:
        raise UnknownShape(f"{path.name}: its dates have the day before the month; write them as YYYY-MM-DD")
    if when["trouble"].notna().all():
        line = f"line {block.lines[0]}: " if block.lines[0] else ""
        raise UnknownShape(f"{path.name}: {line}{when['trouble'].iloc[0]}, nor is any after it; {EXPECTED}")


def _is_daily(when: pd.DataFrame, time_zone: str, stamp: str | None) -> bool:
    """True where most stamps are midnight, as written or in the file's zone, or where all are a day apart."""
    local = when["instant"].dt.tz_convert(time_zone).dt.tz_localize(None)
    is_midnight = (when["written"] == when["written"].dt.floor("D")) | (local == local.dt.floor("D"))
    gaps = np.diff(np.unique(when["instant"].dropna().dt.tz_localize(None).to_numpy()))
    is_day_apart = stamp is None and len(gaps) > 0 and gaps.min() >= NEARLY_A_DAY
    return is_day_apart or is_midnight[when["written"].notna()].mean() > 0.5


def _refuse_weeks(path: Path, when: pd.DataFrame) -> None:
    days = np.unique(when["written"].dropna().to_numpy().astype("datetime64[D]"))
    if len(days) >= SPACED_BARS and np.diff(days).min() >= DAYS_OF_A_WEEK:
        raise UnknownShape(f"{path.name}: its days are all {np.diff(days).min()} or more apart; expected daily bars")


def _refuse_other_lengths(path: Path, when: pd.DataFrame) -> None:
    stamps = when["instant"].dt.tz_localize(None)
    if (stamps != stamps.dt.floor("min")).mean() > 0.5:
        raise UnknownShape(f"{path.name}: most of its times are no whole minutes; expected bars of 1 minute or 1 day")
    gaps = np.diff(np.unique(stamps.to_numpy().astype("datetime64[m]").astype(np.int64)))
    length = np.bincount(gaps[gaps < MINUTES_OF_A_DAY], minlength=1).argmax() if len(gaps) else 1
    if len(gaps) >= SPACED_BARS and length > 1 and (gaps % length == 0).mean() > SPACED_SHARE:
        raise UnknownShape(f"{path.name}: its bars are {length} minutes long; expected bars of 1 minute or 1 day")
