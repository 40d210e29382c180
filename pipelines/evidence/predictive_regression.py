"""Does a ticker's signal go with its return afterwards? One name at a time, over time.

Here: the regression of the forward return on the signal, for every ticker at once; where a session has too few names
for an information coefficient this takes its place. Not here: a choice of tickers, the p of a verdict, q-values.

Where the signal itself follows the price (a mood that rises with the day's return), slopes over long horizons are
biased towards the opposite sign, by about horizon / sessions × what a return does to the signal from then on (Stambaugh
1999): in the sample −1 bps for a day and −30 for 20. The error bars do not know it, and p with fixed b rejects 9 %
there; a verdict needs the p of the reverse regression as well (``reverse_regression``).
"""

from typing import NamedTuple

import numpy as np
from scipy.special import stdtr

from pipelines.evidence.hac import Estimate, hac_slope, largest_share, varies
from pipelines.evidence.information_coefficient import MIN_SESSIONS, by_row, in_and_out_of_sample, ranks


class Regression(NamedTuple):
    """(K,) arrays, one entry per ticker; NaN below 3 pairs and where one side is constant."""

    slope_bps: np.ndarray  # of the return per 1 sd of the signal
    slope_low_bps: np.ndarray  # 95 %, fixed b
    slope_high_bps: np.ndarray
    pearson: np.ndarray
    spearman: np.ndarray
    spearman_low: np.ndarray  # 95 %, fixed b: of the slope between the ranks, which is the coefficient
    spearman_high: np.ndarray
    hit_rate: np.ndarray  # share of the sessions in which signal and return lie on the same side of their means
    t: np.ndarray  # HAC, 2 × horizon lags
    p_hac: np.ndarray
    p_fixed_b: np.ndarray
    non_overlapping: np.ndarray  # Pearson, over every horizon-th session from the first row on
    p_non_overlapping: np.ndarray  # by the larger of White's and the ordinary error
    in_sample: np.ndarray  # Pearson, over the first 70 % of the rows
    out_of_sample: np.ndarray
    p_out_of_sample: np.ndarray  # fixed b; NaN below 30 sessions
    largest_share: np.ndarray  # of the signal's variance that one session holds
    sessions: np.ndarray


def predictive_regression(signal: np.ndarray, returns: np.ndarray, horizon: int) -> Regression:
    """Regress the columns of ``returns`` (T, K; fractions) on those of ``signal``. Rows are consecutive sessions.

    Both are put in z-scores over the sample. That scales the slope and nothing else: t and p do not change. The scaling
    knows the whole sample, so a slope describes and does not trade.
    """
    lags = 2 * horizon
    both = np.isfinite(signal) & np.isfinite(returns)
    sessions = both.sum(axis=0)
    x, _ = _standardised(signal, both)
    y, return_deviation = _standardised(returns, both)
    slope = hac_slope(x, y, lags)
    of_ranks = hac_slope(_ranks_over_time(signal, both), _ranks_over_time(returns, both), lags)
    with np.errstate(divide="ignore", invalid="ignore"):
        hit_rate = (x * y > 0).sum(axis=0) / sessions
    apart, p_apart = _non_overlapping(x[::horizon], y[::horizon])
    first, last = in_and_out_of_sample(len(x), horizon)
    before, after = _correlation(x[first], y[first], lags), _correlation(x[last], y[last], lags)
    is_testable = both[last].sum(axis=0) >= MIN_SESSIONS
    bps = 1e4 * return_deviation
    return Regression(
        slope.value * bps,
        slope.low * bps,
        slope.high * bps,
        slope.value,
        of_ranks.value,
        np.maximum(of_ranks.low, -1.0),
        np.minimum(of_ranks.high, 1.0),
        hit_rate,
        slope.t,
        slope.p,
        slope.p_fixed_b,
        apart,
        p_apart,
        before.value,
        np.where(is_testable, after.value, np.nan),
        np.where(is_testable, after.p_fixed_b, np.nan),
        largest_share(x),
        sessions,
    )


def _standardised(values: np.ndarray, there: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """z-scores of what is there, NaN elsewhere, and the standard deviations (ddof 1). A constant column is NaN."""
    n = there.sum(axis=0)
    z = np.where(there, values, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        z -= z.sum(axis=0) / n
        z *= there
        deviation = np.sqrt(np.einsum("tk,tk->k", z, z) / (n - 1))
        deviation[~varies(values, there)] = np.nan
        z /= deviation
    z[~there] = np.nan
    return z, deviation


def _ranks_over_time(values: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Standardised ranks of each column, so that the slope between two of them is Spearman's coefficient."""
    over_time = np.where(there, values, np.nan).T
    return _standardised(ranks(by_row(over_time), np.ascontiguousarray(there.T)).T, there)[0]


def _correlation(x: np.ndarray, y: np.ndarray, lags: int) -> Estimate:
    """Pearson's coefficient of a part of the sample, as a slope between z-scores."""
    both = np.isfinite(x) & np.isfinite(y)
    return hac_slope(_standardised(x, both)[0], _standardised(y, both)[0], lags)


def _non_overlapping(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pearson's coefficient of sessions that share no returns, and its p.

    White's error (no lags) is too small where there are few observations: 9 % rejected instead of 5 % for 12. The
    ordinary one is too small where large signals come with large returns of either sign. The larger holds in both.
    """
    white = _correlation(x, y, 0)
    freedom = np.maximum(white.n - 2, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ordinary = np.sqrt(np.maximum(1 - white.value**2, 0.0) / freedom)
        t = white.value / np.maximum(white.standard_error, ordinary)
    return white.value, 2 * stdtr(freedom, -np.abs(t))
