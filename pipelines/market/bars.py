"""The daily bars of instruments: all their files in, one adjusted bar per instrument and day out.

Here: the steps in their order, and which file's bar is taken on a day. Not here: when files can be joined
(``vintages.py``), which bars are wrong (``repairs.py``), any return (``warehouse/core/returns.sql``).
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.market.repairs import missed_splits, unit_errors
from pipelines.market.vintages import PriceFile, join_vintages

UNIT_ERROR, MISSED_SPLIT = "unit_error_100x", "missed_split"

BARS = pa.schema(
    [
        pa.field("instrument_id", pa.string(), nullable=False),
        pa.field("trading_day", pa.date32(), nullable=False),
        pa.field("ticker", pa.string(), nullable=False),
        ("open", pa.float64()),
        ("high", pa.float64()),
        ("low", pa.float64()),
        ("close", pa.float64()),
        ("volume", pa.float64()),
        ("adjustment_factor", pa.float64()),
        ("price_flag", pa.string()),
        ("vendor", pa.string()),
        pa.field("path", pa.string(), nullable=False),
    ]
)
PRICE_FILES = pa.schema(
    [
        pa.field("instrument_id", pa.string(), nullable=False),
        pa.field("ticker", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        ("vendor", pa.string()),
        pa.field("first_day", pa.date32(), nullable=False),
        pa.field("last_day", pa.date32(), nullable=False),
        pa.field("bar_count", pa.int64(), nullable=False),
        pa.field("used_bar_count", pa.int64(), nullable=False),
        pa.field("is_adjusted", pa.bool_(), nullable=False),
        ("common_day_count", pa.int64()),
        ("factor", pa.float64()),
        pa.field("status", pa.string(), nullable=False),
        ("reason", pa.string()),
    ]
)


class Series(NamedTuple):
    """The daily bars of instruments, and what became of each file."""

    bars: pa.Table
    files: pa.Table


def series_of(vendor_bars: pa.Table) -> Series:
    """Return ``BARS``, one per instrument and day, and ``PRICE_FILES``, one per file, vendor and ticker.

    ``vendor_bars`` has the columns of ``warehouse/core/vendor_bars.sql``, sorted by instrument, path, vendor, ticker
    and day, whole instruments only. Prices come out adjusted for splits and dividends where a file tells them,
    on the basis of the newest file. Flagged bars keep their row, without prices.
    """
    if not vendor_bars.num_rows:
        return Series(BARS.empty_table(), PRICE_FILES.empty_table())
    table = vendor_bars.combine_chunks()
    column = {name: _numbers(table, name) for name in ("open", "high", "low", "close", "adjusted_close", "volume")}
    splits = _numbers(table, "split_ratio")
    days = table["trading_day"].cast(pa.int32()).to_numpy().astype(np.int64)
    instruments = _numbered(table, "instrument_id")
    file = _numbered(table, "instrument_id", "path", "vendor", "ticker")
    starts = np.r_[np.flatnonzero(np.r_[True, file[1:] != file[:-1]]), len(file)]

    has_adjusted = np.isfinite(column["adjusted_close"])
    is_adjusted = np.add.reduceat(has_adjusted.astype(int), starts[:-1]) > 0
    of_adjusted = is_adjusted[file]
    is_of_symbol = np.add.reduceat(table["is_of_symbol"].to_numpy(zero_copy_only=False).astype(int), starts[:-1]) > 0
    # A file with adjusted closes lacks one now and then: that bar cannot be adjusted.
    price = np.where(of_adjusted, column["adjusted_close"], column["close"])
    price = np.where(of_adjusted, price, price * known_splits(file, price, splits))

    raw = (column["open"], column["high"], column["low"], column["close"], column["volume"])
    is_unit_error = unit_errors(file, price, column["open"], column["close"], column["volume"])
    good = np.isfinite(price) & ~is_unit_error
    has_missed_split = np.zeros(len(starts) - 1, bool)
    has_missed_split[file[missed_splits(file, np.where(good, price, np.nan), *raw)]] = True

    files = [
        PriceFile(
            path=table["path"][start].as_py(),
            vendor=table["vendor"][start].as_py(),
            ticker=table["ticker"][start].as_py(),
            days=days[start:end][good[start:end]],
            price=price[start:end][good[start:end]],
            close=column["close"][start:end][good[start:end]],
            is_adjusted=bool(is_adjusted[number]),
            is_before_its_symbol=not is_of_symbol[number],
            has_missed_split=bool(has_missed_split[number]),
        )
        for number, (start, end) in enumerate(pairwise(starts))
    ]
    factors = _factors(files, instruments[starts[:-1]], good)
    taken = _taken(instruments, days, files, file, factors, is_unit_error, starts)

    factor = (price * factors / column["close"])[taken]
    factor = np.where(is_unit_error[taken], np.nan, factor)
    unadjusted = np.where(of_adjusted, np.nan, splits)[taken]
    factor = factor * known_splits(instruments[taken], factor * column["close"][taken], unadjusted)
    is_split = missed_splits(instruments[taken], factor * column["close"][taken], *(part[taken] for part in raw))
    factor = np.where(is_split, np.nan, factor)
    flags = np.where(is_unit_error[taken], UNIT_ERROR, np.where(is_split, MISSED_SPLIT, None))
    adjusted = {
        name: pa.array(column[name][taken] * factor, from_pandas=True) for name in ("open", "high", "low", "close")
    }
    bars = table.select(["instrument_id", "trading_day", "ticker", "vendor", "path"]).take(taken)
    for name, values in adjusted.items():
        bars = bars.append_column(name, values)
    bars = bars.append_column("volume", pa.array(column["volume"][taken], from_pandas=True))
    bars = bars.append_column("adjustment_factor", pa.array(factor, from_pandas=True))
    bars = bars.append_column("price_flag", pa.array(flags, pa.string()))
    used = np.bincount(file[taken], minlength=len(files))
    return Series(
        bars.select(BARS.names).cast(BARS),
        _told(table, days, files, starts, used),
    )


def known_splits(
    series: NDArray[np.int64], price: NDArray[np.float64], split_ratio: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the factor that takes known splits off each bar's price; 1 where there is none.

    ``split_ratio`` is new shares per old with effect on that bar, NaN for none. It counts where the price falls by
    about that ratio from the bar before; a price that does not has been adjusted by its vendor already.
    """
    factor = np.ones(len(price))
    with np.errstate(invalid="ignore", divide="ignore"):
        moves = np.r_[np.nan, np.diff(np.log(price))]
        moves[np.r_[True, series[1:] != series[:-1]]] = np.nan
        expected = np.log(split_ratio)
        is_split = np.abs(moves + expected) < np.abs(expected) / 2
    for at in np.flatnonzero(is_split):
        factor[np.searchsorted(series, series[at]) : at] /= split_ratio[at]
    return factor


def _factors(files: list[PriceFile], instruments: NDArray[np.int64], good: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The factor of every bar to the basis of its instrument's series; NaN where it is kept out."""
    bounds = np.r_[np.flatnonzero(np.r_[True, instruments[1:] != instruments[:-1]]), len(files)]
    for first, end in pairwise(bounds):
        own = [one for one in files[first:end] if len(one.days)]
        if len(own) > 1:
            join_vintages(own)
        for one in files[first:end]:
            if not len(one.days):
                one.status, one.reason = "refused", "none of its bars has a price that can be right"
            elif len(own) == 1:
                one.factors = np.ones(len(one.days))
            if one.is_before_its_symbol and one.status == "used":
                one.reason = (
                    "older than its symbol: taken as history filed under the new symbol, unless it was another's"
                )
    factors = np.full(len(good), np.nan)
    factors[good] = np.concatenate([one.factors for one in files])
    return factors


def _taken(
    instruments: NDArray[np.int64],
    days: NDArray[np.int64],
    files: list[PriceFile],
    file: NDArray[np.int64],
    factors: NDArray[np.float64],
    is_unit_error: NDArray[np.bool_],
    starts: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Bar of each instrument and day, sorted: a right one, of an adjusted file, of the newest vintage, of the longest.

    A flagged bar is taken where no file has a right one.
    """
    is_used = np.array([one.status == "used" for one in files])
    can_be = np.flatnonzero(np.isfinite(factors) | (is_unit_error & is_used[file]))
    if len(files) == len(np.unique(instruments)):
        return can_be
    best = sorted(
        range(len(files)),
        key=lambda n: (
            not files[n].is_adjusted,
            -days[starts[n + 1] - 1],
            starts[n] - starts[n + 1],
            files[n].path,
            files[n].vendor,
            files[n].ticker,
        ),
    )
    rank = np.empty(len(files), np.int64)
    rank[best] = np.arange(len(files))
    order = can_be[np.lexsort((rank[file[can_be]], is_unit_error[can_be], days[can_be], instruments[can_be]))]
    is_first = (
        np.r_[True, (np.diff(instruments[order]) != 0) | (np.diff(days[order]) != 0)]
        if len(order)
        else np.empty(0, bool)
    )
    return order[is_first]


def _told(
    table: pa.Table,
    days: NDArray[np.int64],
    files: list[PriceFile],
    starts: NDArray[np.int64],
    used: NDArray[np.int64],
) -> pa.Table:
    """What became of each file."""
    first, last = starts[:-1], starts[1:] - 1
    finite = [one.factors[np.isfinite(one.factors)] for one in files]
    return pa.table(
        {
            "instrument_id": table["instrument_id"].take(first),
            "ticker": table["ticker"].take(first),
            "path": table["path"].take(first),
            "vendor": table["vendor"].take(first),
            "first_day": table["trading_day"].take(first),
            "last_day": table["trading_day"].take(last),
            "bar_count": starts[1:] - starts[:-1],
            "used_bar_count": used,
            "is_adjusted": [one.is_adjusted for one in files],
            "common_day_count": [one.common_days for one in files],
            "factor": pa.array([values[-1] if len(values) else None for values in finite], pa.float64()),
            "status": [one.status for one in files],
            "reason": pa.array([one.reason for one in files], pa.string()),
        }
    ).cast(PRICE_FILES)


def _numbers(table: pa.Table, name: str) -> NDArray[np.float64]:
    """A column as floats, NaN for NULL."""
    return table[name].cast(pa.float64()).to_numpy().astype(np.float64)


def _numbered(table: pa.Table, *names: str) -> NDArray[np.int64]:
    """Numbers from 0 that rise where any of the columns changes."""
    changes = np.zeros(table.num_rows, bool)
    for name in names:
        codes = table[name].combine_chunks().dictionary_encode()
        codes = codes.indices.to_numpy() if isinstance(codes, pa.DictionaryArray) else codes.chunk(0).indices.to_numpy()
        changes[1:] |= codes[1:] != codes[:-1]
    return np.cumsum(changes)
