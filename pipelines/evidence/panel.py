"""The link table as arrays: sessions down, tickers across, one array per signal and per horizon.

Here: the shape that every study takes, and making it from rows. Not here: any statistic, any query.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

HORIZONS = (1, 2, 5, 10, 20)  # sessions ahead
SIGNALS = (
    "mean_sentiment",
    "bullishness",
    "novelty_weighted_sentiment",
    "author_weighted_sentiment",
    "decayed_sentiment",
    "engagement_weighted_sentiment",
    "sentiment_change",
    "volume_z",
)
OF_A_SESSION_AND_AHEAD = ("return_1d", *(f"forward_return_{horizon}d" for horizon in HORIZONS))
RETURNS = tuple(f"{kind}{name}" for name in OF_A_SESSION_AND_AHEAD for kind in ("", "abnormal_"))


class Panel(NamedTuple):
    """T sessions of one calendar × N tickers, read by one scorer from one source (or all of them).

    Rows are consecutive sessions of the calendar, none left out, so that row t + k is k sessions after row t. All
    arrays are float64 (T, N); what is missing is NaN, never 0. ``signals`` were known by the session's cut-off;
    ``forward_returns[h]`` begin after it (fractions, abnormal where the ticker has a benchmark with prices, else raw);
    ``returns`` is the return of the session itself, close to close, of the same kind; contemporaneous.
    """

    scorer: str
    source: str  # "all", or one service
    calendar: str
    days: np.ndarray  # (T,) datetime64[D]; NaT where no ticker has a row
    tickers: tuple[str, ...]
    signals: Mapping[str, np.ndarray]
    forward_returns: Mapping[int, np.ndarray]
    returns: np.ndarray
    return_kinds: tuple[str, ...]  # (N,) "abnormal" or "raw"


class Extent(NamedTuple):
    """Which sessions and tickers a panel spans."""

    calendar: str
    first: int  # session_number
    last: int
    tickers: Sequence[str]  # sorted


def panel(extent: Extent, rows: pa.RecordBatchReader, scorer: str, source: str = "all") -> Panel:
    """The panel of rows as ``mart.ticker_days`` has them: ticker, trading_day, session_number, signals and returns.

    Rows may come in any order; they are read batch by batch. Columns of ``SIGNALS`` that
    are there become signals. A ticker's returns are abnormal if it has any abnormal return of a session, else raw.
    """
    shape = (extent.last - extent.first + 1, len(extent.tickers))
    days = np.full(shape[0], "NaT", "datetime64[D]")
    names = pa.array(extent.tickers)
    columns = [name for name in (*SIGNALS, *RETURNS) if name in rows.schema.names]
    arrays = {column: np.full(shape, np.nan) for column in columns}
    for batch in rows:
        row = batch["session_number"].to_numpy() - extent.first
        place = (row, pc.index_in(batch["ticker"], value_set=names).to_numpy())
        days[row] = batch["trading_day"].to_numpy(zero_copy_only=False).astype("datetime64[D]")
        for column, values in arrays.items():
            values[place] = batch[column].to_numpy(zero_copy_only=False)
    abnormal = {name: arrays.pop(f"abnormal_{name}") for name in OF_A_SESSION_AND_AHEAD}
    is_abnormal = np.isfinite(abnormal["return_1d"]).any(axis=0)
    returns = {}
    for name, values in abnormal.items():
        raw = arrays.pop(name)
        values[:, ~is_abnormal] = raw[:, ~is_abnormal]
        returns[name] = values
    return Panel(
        scorer=scorer,
        source=source,
        calendar=extent.calendar,
        days=days,
        tickers=tuple(extent.tickers),
        signals={name: arrays[name] for name in SIGNALS if name in arrays},
        forward_returns={horizon: returns[f"forward_return_{horizon}d"] for horizon in HORIZONS},
        returns=returns["return_1d"],
        return_kinds=tuple(np.where(is_abnormal, "abnormal", "raw").tolist()),
    )
