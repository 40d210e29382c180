"""How much the abnormal returns of different events move together: the r̄ of Kolari and Pynnönen.

Here: the average correlation between the events of a study, from their estimation residuals. Not here: the test that
uses it (``event_tests.py``).
"""

import numpy as np

from pipelines.sentiment.compiled import kernel


def mean_correlation(residuals: np.ndarray, residual_days: np.ndarray, window_days: np.ndarray) -> float:
    """Average correlation between the cumulated abnormal returns of all pairs of N events; NaN for N < 2.

    ``residuals``: (N, K) estimation residuals, NaN where missing; ``residual_days``: (N, K) their days since 1970;
    ``window_days``: (N, W) the days of each event window.

    For events of one day it is the average pairwise correlation of the residuals on common days (Kolari and Pynnönen
    2010). Two windows that share only c of their W days correlate c / W times as much, those that share none not at
    all (Kolari, Pape and Pynnönen 2018): without that, events years apart would count as clustered because their
    estimation sessions overlap.

    No pair of events is visited, only pairs of event days. With z a residual over its root mean square, the products
    of all pairs of two event days are sum_t S_d(t) S_d'(t), S_d(t) the sum of z over the events of day d, less the
    squares of each event with itself; divided by the number of common days of all these pairs. Where no session is
    missing this is exactly the average of Pearson's correlations, as residuals have mean 0.
    """
    count = len(residuals)
    if count < 2:
        return np.nan
    residuals = np.ascontiguousarray(residuals, dtype=np.float64)
    residual_days = np.ascontiguousarray(residual_days, dtype=np.int32)
    windows, cluster = np.unique(window_days, axis=0, return_inverse=True)  # ordered by their first day
    sizes = np.bincount(cluster, minlength=len(windows))
    first, last = _spans(residuals, residual_days, cluster, len(windows))
    sums, known, itself = _by_day(residuals, residual_days, cluster, first, int((last - first).max()) + 1)
    total = _over_pairs(sums, known, first, windows.astype(np.int64), sizes, itself)
    return total / (count * (count - 1) / 2)


@kernel
def _spans(residuals, days, cluster, count):
    """First and last day with a residual of each event day's events."""
    first = np.full(count, np.iinfo(np.int64).max)
    last = np.full(count, np.iinfo(np.int64).min)
    for event in range(residuals.shape[0]):
        for place in range(residuals.shape[1]):
            if np.isfinite(residuals[event, place]):
                first[cluster[event]] = min(first[cluster[event]], days[event, place])
                last[cluster[event]] = max(last[cluster[event]], days[event, place])
    return first, last


@kernel
def _by_day(residuals, days, cluster, first, width):
    """Sums of z and counts of events (event days, days since ``first``), and how many residuals an event day has."""
    sums, known = np.zeros((len(first), width)), np.zeros((len(first), width))
    itself = np.zeros(len(first))
    for event in range(residuals.shape[0]):
        squares, length = 0.0, 0
        for residual in residuals[event]:
            if np.isfinite(residual):
                squares += residual * residual
                length += 1
        group, scale = cluster[event], np.sqrt(squares / length)
        # An event is no pair with itself: its squares of z add up to its number of days, as do its common days.
        itself[group] += length
        for place in range(residuals.shape[1]):
            if np.isfinite(residuals[event, place]):
                sums[group, days[event, place] - first[group]] += residuals[event, place] / scale
                known[group, days[event, place] - first[group]] += 1
    return sums, known, itself


@kernel
def _over_pairs(sums, known, first, windows, sizes, itself):
    """Sum of correlation × share of common window days over all pairs of events."""
    count, width = windows.shape
    total = 0.0
    for one in range(count):
        for other in range(one, count):
            if windows[other, 0] > windows[one, width - 1]:
                break
            shared, place = 0, 0
            for day in windows[one]:
                while place < width and windows[other, place] < day:
                    place += 1
                shared += place < width and windows[other, place] == day
            shift = first[other] - first[one]
            products, common = 0.0, 0.0
            for day in range(max(0, shift), min(sums.shape[1], sums.shape[1] + shift)):
                products += sums[one, day] * sums[other, day - shift]
                common += known[one, day] * known[other, day - shift]
            pairs = sizes[one] * sizes[other]
            if one == other:
                products, common = products - itself[one], common - itself[one]
                pairs = sizes[one] * (sizes[one] - 1) / 2
            if common > 0:
                total += pairs * shared / width * products / common
    return total
