"""Six tests of the mean abnormal return of N events: from the one that believes anything to the one that is honest.

Here: statistics and two-sided p from arrays. Every one returns a ``Test``, NaN where it is not defined (a spread of
0). Not here: the abnormal returns (``abnormal_returns.py``), the correlation between events (``event_clustering.py``).
"""

from typing import NamedTuple

import numpy as np
from scipy import special, stats

from pipelines.sentiment.compiled import kernel

BLOCK_EVENTS = 4_096


class Test(NamedTuple):
    """A statistic and the two-sided p under the null of no abnormal return."""

    __test__ = False  # no test of pytest's

    statistic: float
    p: float


UNDEFINED = Test(np.nan, np.nan)


def naive(car: np.ndarray) -> Test:
    """t = mean(CAR) / (sd / sqrt(N)), N - 1 degrees of freedom: right only for independent events of equal variance."""
    return _student(_over_its_error(car), len(car) - 1)


def patell(scar: np.ndarray, degrees_of_freedom: np.ndarray) -> Test:
    """Patell (1976): sum(SCAR) / sqrt(sum df / (df - 2)), normal.

    The variance of a SCAR is taken from before the event: an event that shakes prices, or events that move together,
    make it reject too often. NaN where an event has 2 degrees of freedom or fewer.
    """
    if len(scar) == 0 or degrees_of_freedom.min() <= 2:
        return UNDEFINED
    return _normal(float(scar.sum() / np.sqrt((degrees_of_freedom / (degrees_of_freedom - 2)).sum())))


def boehmer(scar: np.ndarray) -> Test:
    """BMP, Boehmer, Musumeci and Poulsen (1991): mean(SCAR) / (sd / sqrt(N)), ddof 1; Student with N - 1.

    Takes the spread from the event itself; still assumes that events are independent.
    """
    return _student(_over_its_error(scar), len(scar) - 1)


def kolari_pynnonen(scar: np.ndarray, mean_correlation: float) -> Test:
    """KP, Kolari and Pynnönen (2010): BMP sqrt((1 - r) / (1 + (N - 1) r)); Student with N - 1 as BMP's.

    ``mean_correlation`` below 0 counts as 0: a sample estimate below 0 is mostly noise, and the correction may make
    the test stricter than BMP, never more liberal. NaN where the correlation is.
    """
    return _student(_over_its_error(scar) / clustering(mean_correlation, len(scar)), len(scar) - 1)


def clustering(mean_correlation: float, count: int) -> float:
    """By how much the standard error of a mean grows: sqrt((1 + (N - 1) r) / (1 - r)); r below 0 counts as 0.

    Kolari and Pynnönen (2010): correlation makes the mean vary more, and the sample spread less than the true one.
    NaN for r = 1: then all events are one, and nothing is left to judge by.
    """
    r = float(np.clip(mean_correlation, 0, 1))  # which leaves NaN
    return float(np.sqrt((1 + (count - 1) * r) / (1 - r))) if r < 1 else np.nan


def generalised_rank(scar: np.ndarray, residuals: np.ndarray, ranks: np.ndarray, mean_correlation: float) -> Test:
    """GRANK-T of Kolari and Pynnönen (2011), Student with T - 2 degrees of freedom.

    ``residuals``: (N, K) estimation residuals over their sigma, NaN where missing, column t the same session relative
    to each event; ``ranks``: their ``ranks_of``, a sort that is the same for every window.

    The whole event window is one more observation: its SCAR, divided by the cross-sectional spread so that a shaken
    market does not count as an effect, is ranked among the event's own residuals, U = rank / (L + 2) - 1/2. Then
    Z = mean U of the window / sqrt((1/T) sum_t (n_t / N) mean U_t^2), t = Z sqrt((T - 2) / (T - 1 - Z^2)), with T - 1
    estimation sessions. The spread of mean U over time holds the correlation of events of one day. It does not see
    that of windows which only overlap: 30 events, one every 2.5 sessions, reject 20 % at 5 % over (1, 20), where KP
    rejects 5 % (``benchmarks/event_study.py``). Our one departure: the spread is sd / sqrt(1 - r), r >= 0, as in KP,
    because the sample sd of correlated events is too small.
    """
    count, spread = len(scar), _spread(scar)
    if not spread > 0 or not np.isfinite(mean_correlation):
        return UNDEFINED
    own = scar / spread * np.sqrt(1 - np.clip(mean_correlation, 0, 1))
    sums, known, events = _standard_ranks(own, np.ascontiguousarray(residuals), np.ascontiguousarray(ranks))
    mean, known, event = sums[known > 0] / known[known > 0], known[known > 0], float(events.mean())
    observations = len(mean) + 1
    variance = (event**2 + (known / count * mean**2).sum()) / observations
    if not variance > 0 or observations < 3:
        return UNDEFINED
    z = event / np.sqrt(variance)
    left = max(observations - 1 - z**2, np.finfo(float).eps)  # 0 when nothing but the event varies
    return _student(z * np.sqrt((observations - 2) / left), observations - 2)


def ranks_of(residuals: np.ndarray) -> np.ndarray:
    """Rank of each residual among those of its event (row), from 1, the mean rank for equal ones; NaN where missing."""
    ranks = np.empty(residuals.shape, dtype=np.float32)  # halves below 2^23 are exact in it
    for start in range(0, len(residuals), BLOCK_EVENTS):  # the sort takes many copies
        block = residuals[start : start + BLOCK_EVENTS]
        is_known = np.isfinite(block)
        ranked = stats.rankdata(np.where(is_known, block, np.inf), axis=1)  # the missing ones come last
        ranks[start : start + BLOCK_EVENTS] = np.where(is_known, ranked, np.nan)
    return ranks


@kernel
def _standard_ranks(own, residuals, ranks):
    """U summed over events, and number of events, per estimation session (K,); and U of each event's window (N,)."""
    count, width = residuals.shape
    sums, known, events = np.zeros(width), np.zeros(width), np.zeros(count)
    for event in range(count):
        length, below = 0, 0.0
        for residual in residuals[event]:
            length += np.isfinite(residual)
            below += (residual < own[event]) + (residual == own[event]) / 2
        events[event] = (below + 1) / (length + 2) - 0.5
        for place in range(width):
            residual = residuals[event, place]
            if np.isfinite(residual):
                above = (residual > own[event]) + (residual == own[event]) / 2  # those that the SCAR comes before
                sums[place] += (ranks[event, place] + above) / (length + 2) - 0.5
                known[place] += 1
    return sums, known, events


def generalised_sign(car: np.ndarray, expected_share: np.ndarray) -> Test:
    """Cowan (1992): (w - N p) / sqrt(N p (1 - p)), normal; w counts CAR > 0, p is the mean of ``expected_share``.

    ``expected_share``: (N,) each event's share of positive estimation residuals: returns are skewed, so half is not
    the norm. Assumes that events are independent.
    """
    if len(car) == 0:
        return UNDEFINED
    p = float(expected_share.mean())
    if not 0 < p < 1:
        return UNDEFINED
    return _normal(float(((car > 0).sum() - len(car) * p) / np.sqrt(len(car) * p * (1 - p))))


def _spread(values: np.ndarray) -> float:
    """Sample standard deviation; NaN for fewer than two values, 0 where they differ by rounding only."""
    if len(values) < 2:
        return np.nan
    spread = float(values.std(ddof=1))
    return spread if spread > 1e-14 * float(np.abs(values).max()) else 0.0


def _over_its_error(values: np.ndarray) -> float:
    """Mean over its standard error; NaN where there is no spread."""
    spread = _spread(values)
    return float(values.mean() / (spread / np.sqrt(len(values)))) if spread > 0 else np.nan


def _student(statistic: float, degrees_of_freedom: int) -> Test:
    if not np.isfinite(statistic):
        return UNDEFINED
    return Test(float(statistic), float(2 * special.stdtr(degrees_of_freedom, -abs(statistic))))


def _normal(statistic: float) -> Test:
    return Test(statistic, float(2 * special.ndtr(-abs(statistic))))
