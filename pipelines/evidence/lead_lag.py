"""Which comes first, sentiment or the price: their correlation at lags of −5 to +5 sessions.

Here: ``lead_lag``, the profile of every ticker and of a calendar as a whole. Not here: joint tests of several lags
(``granger``), the arithmetic of HAC errors (``hac``) and of many tests (``false_discovery``).

| column | |
|---|---|
| ``scorer``, ``signal``, ``calendar``, ``universe`` | universe: a ticker, or the calendar for all of them |
| ``lag`` | sessions by which the return follows sentiment, −5 to 5 |
| ``question`` | "sentiment first", "same session" or "returns first" by the sign of the lag; one family of tests each |
| ``return_kind``, ``ticker_count`` | "abnormal", "raw", or "mixed"; how many tickers the row stands on |
| ``correlation``, ``correlation_low``, ``correlation_high`` | with 95 % interval (fixed b) |
| ``t_hac``, ``p_hac``, ``hac_lags`` | of the slope between the standardised series |
| ``p``, ``q``, ``q_by``, ``family_size``, ``verdict`` | fixed b; over the question; in words |
| ``session_count``, ``reason`` | sessions with a pair; why the figures are missing, else missing itself |
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipelines.evidence.false_discovery import judged
from pipelines.evidence.hac import DUMMY, LARGEST_SHARE, Estimate, hac_mean, hac_slope, largest_share, with_least_error
from pipelines.evidence.panel import Panel

COLUMNS = (
    *("scorer", "signal", "calendar", "universe", "lag", "question", "return_kind", "ticker_count"),
    *("correlation", "correlation_low", "correlation_high", "t_hac", "p_hac", "hac_lags"),
    *("p", "q", "q_by", "family_size", "verdict", "session_count", "reason"),
)
LAGS = range(-5, 6)  # sessions by which the return follows sentiment
QUESTIONS = {  # what comes first, and what then, in the words of a verdict
    "sentiment first": ("sentiment", "return afterwards"),
    "same session": ("sentiment", "return of the same session"),
    "returns first": ("return", "sentiment afterwards"),
}

FEWEST_SESSIONS = 30
FEWEST_TICKERS = 2  # of a calendar as a whole
CONSTANT = 1e-12  # standard deviation that counts as none, of the largest value
EXACT = 1e-12  # standard error that counts as none


class Standardised(NamedTuple):
    """Series of mean 0 and variance 1 (divisor n) over the sessions asked for."""

    values: np.ndarray  # (T, N); NaN where not asked for, 0 all along a constant series
    deviation: np.ndarray  # (N,) in the unit of the series
    is_constant: np.ndarray  # (N,)


def lead_lag(panels: Iterable[Panel], signal: str = "mean_sentiment") -> pd.DataFrame:
    """Correlate sentiment of session t with the return of session t + lag, for panels of all sources.

    One row per scorer, calendar, universe and lag, with ``COLUMNS``. At lag > 0 sentiment comes first, at lag < 0 the
    return, and at 0 neither, for that return began before the texts. Lags count sessions of the calendar; a pair of
    which one side is missing or infinite is left out, nothing is filled.

    The error is that of the slope of the standardised return on standardised sentiment, HAC with ``hac_lags`` =
    max(5, ⌊4 (sessions/100)^(2/9)⌋) (Newey and West 1994, Rev. Econ. Stud. 61). Verdict and interval use fixed b, and
    for a ticker the ordinary error where that is larger.

    A calendar's correlation pools its tickers, each standardised by itself, every session with equal weight: mean
    product over mean square of sentiment, both averaged over the tickers of a session and then over sessions. Its error
    comes from the series of session means, so it respects that tickers move together (Driscoll and Kraay 1998, Rev.
    Econ. Stat. 80). Tickers that have a ``reason`` are left out; fewer than 2 are no calendar.

    What cannot be computed is NaN with its ``reason``; ``session_count`` and ``ticker_count`` are always there.
    """
    frames = [_profile(panel, signal, lag) for panel in panels if panel.source == "all" for lag in LAGS]
    if not frames:
        return pd.DataFrame(columns=list(COLUMNS))
    table = pd.concat(frames, ignore_index=True)
    families = [
        judged(table[table["question"] == question].assign(cause=first), outcome=then)
        for question, (first, then) in QUESTIONS.items()
    ]
    order = ["scorer", "calendar", "universe", "lag"]
    return pd.concat(families).sort_values(order, ignore_index=True)[list(COLUMNS)]


def standardised(values: np.ndarray, present: np.ndarray) -> Standardised:
    """Standardise (T, N) series over their ``present`` sessions, where they must be finite."""
    values = np.where(present, values, 0)
    scale = np.maximum(values.max(axis=0, initial=0), -values.min(axis=0, initial=0))
    scale[scale == 0] = 1
    values /= scale  # no square of it can overflow
    count = np.maximum(present.sum(axis=0), 1)
    values -= values.sum(axis=0) / count
    values *= present
    deviation = np.sqrt(np.einsum("tn,tn->n", values, values) / count)
    is_constant = deviation <= CONSTANT
    deviation[is_constant] = 0
    values *= np.divide(1, deviation, out=np.zeros_like(deviation), where=~is_constant)
    values[~present] = np.nan
    return Standardised(values, deviation * scale, is_constant)


def _profile(panel: Panel, signal: str, lag: int) -> pd.DataFrame:
    """Rows of one lag: the tickers, then the calendar."""
    length = max(len(panel.days) - abs(lag), 0)
    sentiment, returns = panel.signals[signal][max(-lag, 0) :][:length], panel.returns[max(lag, 0) :][:length]
    present = np.isfinite(sentiment) & np.isfinite(returns)
    said, moved = standardised(sentiment, present), standardised(returns, present)
    hac_lags = max(5, int(4 * (length / 100) ** (2 / 9)))
    reason = _reason(said, moved, present)
    usable = reason == ""

    kinds = set(np.array(panel.return_kinds, object)[usable])
    places = {
        "scorer": panel.scorer,
        "signal": signal,
        "calendar": panel.calendar,
        "universe": [*panel.tickers, panel.calendar],
        "lag": lag,
        "question": "sentiment first" if lag > 0 else "returns first" if lag < 0 else "same session",
        "return_kind": [*panel.return_kinds, "mixed" if len(kinds) > 1 else next(iter(kinds), None)],
        "ticker_count": [1] * len(panel.tickers) + [int(usable.sum())],
    }
    whole_reason = "" if usable.sum() >= FEWEST_TICKERS else f"fewer than {FEWEST_TICKERS} tickers can be tested"
    estimates = (
        _figures(_correlations(said.values, moved.values, hac_lags), reason),
        _figures(_pooled(said.values, moved.values, usable, hac_lags), np.array([whole_reason], object)),
    )
    figures = {name: np.concatenate([part[name] for part in estimates]) for name in estimates[0]}
    judging = {"effect": figures["correlation"], "n": figures["session_count"]}
    return pd.DataFrame(places | figures | judging | {"hac_lags": hac_lags})


def _reason(said: Standardised, moved: Standardised, present: np.ndarray) -> np.ndarray:
    """Why a ticker cannot be tested, or ""; (N,)."""
    count = present.sum(axis=0)
    few = np.array([f"too few sessions ({sessions} < {FEWEST_SESSIONS})" for sessions in count], object)
    unlike = [count < FEWEST_SESSIONS, said.is_constant, moved.is_constant, largest_share(said.values) > LARGEST_SHARE]
    words = ["signal is constant", "returns are constant", DUMMY]
    return np.select(unlike, [few, *words], "").astype(object)


def _correlations(said: np.ndarray, moved: np.ndarray, lags: int) -> Estimate:
    """Correlation of each ticker, judged by its HAC error or the ordinary one: by chance, either may be too small."""
    slope = hac_slope(said, moved, lags)
    with np.errstate(invalid="ignore", divide="ignore"):
        ordinary = np.sqrt(np.maximum(1 - slope.value**2, 0) / (slope.n - 2))
    return with_least_error(slope, ordinary, lags)


def _pooled(said: np.ndarray, moved: np.ndarray, usable: np.ndarray, lags: int) -> Estimate:
    """One correlation over the usable tickers of each session; both arrays are NaN in the same places."""
    is_counted = np.isfinite(said) & usable
    said, moved = np.where(is_counted, said, 0), np.where(is_counted, moved, 0)
    names = is_counted.sum(axis=1)
    products, squares = (
        np.divide(np.einsum("tn,tn->t", said, part), names, out=np.full(len(names), np.nan), where=names > 0)
        for part in (moved, said)
    )
    weight = np.nansum(squares)
    ratio = np.nansum(products) / weight if weight > 0 else np.nan
    # The mean of this series is the ratio, and its deviations from it are the scores of a slope through the origin.
    return hac_mean((products - ratio * (squares - 1))[:, None], lags)


def _figures(estimate: Estimate, reason: np.ndarray) -> dict[str, np.ndarray]:
    """Columns of an estimate; NaN where there is a reason."""
    correlation = np.where(reason == "", estimate.value, np.nan)
    is_exact = (reason == "") & (estimate.standard_error <= EXACT)
    reason = np.where(is_exact, "one is a multiple of the other", reason)
    inference = {
        "correlation_low": np.maximum(estimate.low, -1),
        "correlation_high": np.minimum(estimate.high, 1),
        "t_hac": estimate.t,
        "p_hac": estimate.p,
        "p": estimate.p_fixed_b,
    }
    return (
        {"correlation": correlation}
        | {name: np.where(reason == "", values, np.nan) for name, values in inference.items()}
        | {"session_count": estimate.n, "reason": np.where(reason == "", None, reason)}
    )
