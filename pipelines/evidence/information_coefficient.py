"""Does a high signal go with a high return across the names of a session? The information coefficient.

Here: correlations of the rows of two arrays over the columns that both have, ranks, and what is said of a series of
coefficients. Not here: quantiles (``quantiles``), one name alone (``predictive_regression``).
"""

from typing import NamedTuple

import numpy as np

from pipelines.evidence.bootstrap import block_length, mean_interval
from pipelines.evidence.hac import hac_mean
from pipelines.sentiment.compiled import kernel, part

MIN_NAMES = 5  # in a session
MIN_SESSIONS = 30
IN_SAMPLE = 0.7  # of the sessions
MIN_EMBARGO = 20  # sessions


class Sorted(NamedTuple):
    """(R, C) values and, for each row, its column positions by rising value, NaN last. Sorted once, used often."""

    values: np.ndarray
    order: np.ndarray


class Coefficients(NamedTuple):
    """(R,) per row, NaN where fewer than 5 pairs or one side is constant; ``names``: complete pairs."""

    spearman: np.ndarray
    pearson: np.ndarray
    names: np.ndarray


class Summary(NamedTuple):
    """(K,) arrays, one entry per series of coefficients."""

    mean: np.ndarray
    icir: np.ndarray  # mean / sd, per session; not annualised
    hit_rate: np.ndarray  # share of the sessions with a coefficient above 0; exactly 0 is no hit
    t: np.ndarray  # HAC, 2 × horizon lags
    p_hac: np.ndarray
    p_fixed_b: np.ndarray
    non_overlapping: np.ndarray  # mean over every horizon-th session from the first row on
    p_non_overlapping: np.ndarray
    low: np.ndarray  # block bootstrap, 95 %
    high: np.ndarray
    in_sample: np.ndarray  # mean over the first 70 % of the rows
    out_of_sample: np.ndarray
    p_out_of_sample: np.ndarray  # fixed b; NaN below 30 sessions
    sessions: np.ndarray


def by_row(values: np.ndarray) -> Sorted:
    """``values`` (R, C) with the order of each row."""
    values = np.ascontiguousarray(values, dtype=float)
    return Sorted(values, np.argsort(values, axis=1).astype(np.int32))


def information_coefficients(signal: Sorted, returns: Sorted) -> Coefficients:
    """Spearman (average ranks for ties) and Pearson correlation of each row over the columns finite in both."""
    rows = len(signal.values)
    result = Coefficients(np.full(rows, np.nan), np.full(rows, np.nan), np.zeros(rows, np.int64))
    scratch = np.empty((2, signal.values.shape[1]))
    _correlate(*signal, *returns, MIN_NAMES, scratch, *result)
    return result


def ranks(x: Sorted, is_counted: np.ndarray) -> np.ndarray:
    """(R, C) average ranks from 1 within each row, among the columns counted (R, C); NaN elsewhere."""
    result = np.full(x.values.shape, np.nan)
    _rank_rows(*x, is_counted, result)
    return result


def summarise(coefficients: np.ndarray, horizon: int) -> Summary:
    """What series of coefficients (T, K) at one horizon amount to. Rows are consecutive sessions, NaN left out."""
    lags = 2 * horizon
    every = hac_mean(coefficients, lags)
    apart = hac_mean(coefficients[::horizon], 0)  # no lags: the ordinary t-test
    low, high = mean_interval(coefficients, block_length(horizon, len(coefficients)))
    first, last = in_and_out_of_sample(len(coefficients), horizon)
    before, after = hac_mean(coefficients[first], lags), hac_mean(coefficients[last], lags)
    deviations = np.where(np.isfinite(coefficients), coefficients - every.value, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        deviation = np.sqrt(np.einsum("tk,tk->k", deviations, deviations) / (every.n - 1))
        icir = every.value / deviation
        hit_rate = (coefficients > 0).sum(axis=0) / every.n
    is_testable = after.n >= MIN_SESSIONS
    return Summary(
        every.value,
        icir,
        hit_rate,
        every.t,
        every.p,
        every.p_fixed_b,
        apart.value,
        apart.p,
        low,
        high,
        before.value,
        np.where(is_testable, after.value, np.nan),
        np.where(is_testable, after.p_fixed_b, np.nan),
        every.n,
    )


def in_and_out_of_sample(sessions: int, horizon: int) -> tuple[slice, slice]:
    """The first 70 % of the rows, and the rest after an embargo of max(horizon, 20) rows.

    No return of the first part reaches into the second (López de Prado 2018, ch. 7).
    """
    first = int(sessions * IN_SAMPLE)
    return slice(0, first), slice(first + max(horizon, MIN_EMBARGO), sessions)


@part
def _rank(values, order, is_counted, out):  # one row: average ranks of the counted columns
    place = 0
    start = 0
    while start < len(order):
        if not is_counted[order[start]]:
            start += 1
            continue
        value = values[order[start]]
        tied = 0
        end = start
        while end < len(order) and (values[order[end]] == value or not is_counted[order[end]]):
            if is_counted[order[end]]:
                tied += 1
            end += 1
        for position in range(start, end):
            if is_counted[order[position]]:
                out[order[position]] = place + (tied + 1) / 2
        place += tied
        start = end


@kernel
def _rank_rows(values, order, is_counted, out):
    for row in range(len(values)):
        _rank(values[row], order[row], is_counted[row], out[row])


@part
def _correlation(x, y, is_counted, x_mean, y_mean):
    xx = yy = xy = 0.0
    for column in range(len(x)):
        if is_counted[column]:
            a, b = x[column] - x_mean, y[column] - y_mean
            xx += a * a
            yy += b * b
            xy += a * b
    return xy / np.sqrt(xx) / np.sqrt(yy)


@kernel
def _correlate(x, x_order, y, y_order, min_names, scratch, spearman, pearson, names):
    is_counted = np.empty(x.shape[1], np.bool_)
    for row in range(len(x)):
        count = 0
        x_sum = y_sum = 0.0
        x_low = y_low = np.inf
        x_high = y_high = -np.inf
        for column in range(x.shape[1]):
            a, b = x[row, column], y[row, column]
            is_counted[column] = np.isfinite(a) and np.isfinite(b)
            if is_counted[column]:
                count += 1
                x_sum += a
                y_sum += b
                x_low, x_high = min(x_low, a), max(x_high, a)
                y_low, y_high = min(y_low, b), max(y_high, b)
        names[row] = count
        # Constant is decided on the values: deviations from a rounded mean are never all 0.
        if count < min_names or x_low == x_high or y_low == y_high:
            continue
        pearson[row] = _correlation(x[row], y[row], is_counted, x_sum / count, y_sum / count)
        _rank(x[row], x_order[row], is_counted, scratch[0])
        _rank(y[row], y_order[row], is_counted, scratch[1])
        middle = (count + 1) / 2
        spearman[row] = _correlation(scratch[0], scratch[1], is_counted, middle, middle)
