"""The returns around each event as arrays: events down, sessions relative to the event across.

Here: the time line of an event study, and the gathering. Not here: what is a normal return (``abnormal_returns.py``).
"""

from typing import NamedTuple

import numpy as np
import pandas as pd


class Timeline(NamedTuple):
    """Sessions relative to an event: the stored window, and the estimation sessions before it."""

    first: int = -10
    last: int = 20
    gap: int = 10  # the last estimation session is this many before ``first``
    longest: int = 250
    least: int = 120  # sessions with a return that an estimate needs

    def within(self, window: tuple[int, int]) -> slice:
        """Where ``window`` lies in the stored window; ``ValueError`` when it does not."""
        if not self.first <= window[0] <= window[1] <= self.last:
            raise ValueError(f"window {tuple(window)} does not lie within {self.first} to {self.last} sessions")
        return slice(window[0] - self.first, window[1] - self.first + 1)


TIMELINE = Timeline()


class Tape(NamedTuple):
    """All returns, one slot for each session of each ticker from its first to its last, and one empty slot at the end.

    Fractions; NaN where missing or infinite. ``days`` are days since 1970, -1 where there is no row.
    """

    tickers: pd.Index  # (M,)
    benchmarks: np.ndarray  # (M,) object; None without one
    first: np.ndarray  # (M,) int64: first session
    last: np.ndarray  # (M,)
    offset: np.ndarray  # (M,) int64: slot of the first session
    returns: np.ndarray  # (slots,) float64
    benchmark_returns: np.ndarray  # (slots,)
    days: np.ndarray  # (slots,) int32


class Around(NamedTuple):
    """Returns around N events: the estimation sessions (K = ``timeline.longest``), then the stored window (V)."""

    returns: np.ndarray  # (N, K + V) float64; NaN where missing or infinite
    benchmark_returns: np.ndarray  # (N, K + V)
    days: np.ndarray  # (N, K + V) int32, days since 1970; -1 where there is no row
    benchmarks: np.ndarray  # (N,) object; None without one
    has_prices: np.ndarray  # (N,) bool
    timeline: Timeline


def lay_out(returns: pd.DataFrame) -> Tape:
    """The tape of ``returns``: columns ticker, trading_day, session_number, return_1d, benchmark, benchmark_return_1d.

    One row per ticker and session, in any order; a session without a row is one without a return.
    """
    ordered = returns.sort_values(["ticker", "session_number"])
    codes, tickers = pd.factorize(ordered["ticker"])
    session = ordered["session_number"].to_numpy(dtype="int64")
    bounds = np.searchsorted(codes, np.arange(len(tickers) + 1))
    first, last = session[bounds[:-1]], session[bounds[1:] - 1]
    ends = np.cumsum(last - first + 1)
    offset = ends - (last - first + 1)
    size = int(ends[-1]) + 1 if len(ends) else 1
    slot = offset[codes] + session - first[codes]
    own, benchmark, days = np.full(size, np.nan), np.full(size, np.nan), np.full(size, -1, dtype=np.int32)
    own[slot], benchmark[slot] = _finite(ordered["return_1d"]), _finite(ordered["benchmark_return_1d"])
    days[slot] = pd.to_datetime(ordered["trading_day"]).to_numpy(dtype="datetime64[D]").astype(np.int32)
    names = ordered["benchmark"].astype(object).where(ordered["benchmark"].notna(), None)
    names = names.to_numpy(dtype=object)[bounds[:-1]]
    return Tape(pd.Index(tickers), names, first, last, offset, own, benchmark, days)


def around(events: pd.DataFrame, tape: Tape, timeline: Timeline = TIMELINE) -> Around:
    """Gather the returns around each event, in the order of ``events`` (columns ticker, session_number)."""
    code = tape.tickers.get_indexer(events["ticker"])
    number = events["session_number"].to_numpy(dtype="float64", na_value=np.nan)
    is_placed = (code >= 0) & np.isfinite(number)
    estimation = np.arange(1 - timeline.longest, 1) + timeline.first - timeline.gap
    relative = np.concatenate([estimation, np.arange(timeline.first, timeline.last + 1)])
    slot = np.full((len(events), len(relative)), len(tape.returns) - 1)
    placed, code_placed = np.flatnonzero(is_placed), code[is_placed]
    session = number[placed].astype(np.int64)[:, None] + relative
    is_inside = (session >= tape.first[code_placed][:, None]) & (session <= tape.last[code_placed][:, None])
    slot[placed] = np.where(is_inside, session + (tape.offset - tape.first)[code_placed][:, None], slot[placed])
    benchmarks = np.full(len(events), None, dtype=object)
    benchmarks[code >= 0] = tape.benchmarks[code[code >= 0]]
    returns = tape.returns[slot]
    has_prices = np.isfinite(returns).any(axis=1)
    return Around(returns, tape.benchmark_returns[slot], tape.days[slot], benchmarks, has_prices, timeline)


def _finite(column: pd.Series) -> np.ndarray:
    """The column as float64, NaN where it is missing or infinite."""
    values = column.to_numpy(dtype="float64", na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)
