"""What a book long the highest fifth and short the lowest fifth of a signal would have earned, before and after cost.

Here: spread and renewal per session, and their summary. Not here: the information coefficient.
"""

from typing import NamedTuple

import numpy as np

from pipelines.evidence.hac import Estimate, hac_mean
from pipelines.evidence.information_coefficient import MIN_NAMES, Sorted
from pipelines.sentiment.compiled import kernel, part

FIFTHS_FROM = 10  # names; thirds below


class Spreads(NamedTuple):
    """(T,) per session; NaN below 5 names or where the signal is constant."""

    spread: np.ndarray  # mean forward return of the top minus that of the bottom, a fraction
    renewed: np.ndarray  # share of the names that differ from the portfolio of `horizon` sessions before


class SpreadSummary(NamedTuple):
    """(K,) arrays."""

    spread_bps: np.ndarray
    net_spread_bps: np.ndarray
    turnover: np.ndarray
    test: Estimate  # of the spread, a fraction


def quantile_spreads(signal: Sorted, returns: np.ndarray, horizon: int) -> Spreads:
    """Spread and renewal of the portfolio of each session.

    Names finite in both arrays count. Each leg holds as many names as a fifth of them, rounded down (a third below 10
    names), equally weighted. Names of equal signal share what is left of a leg, so that no order of the
    tickers decides.
    """
    rows, columns = signal.values.shape
    result = Spreads(np.full(rows, np.nan), np.full(rows, np.nan))
    held = np.zeros((horizon + 1, columns))  # the weights of the last portfolios, in turn
    _spread(*signal, returns, MIN_NAMES, FIFTHS_FROM, held, *result)
    return result


def summarise_spreads(spread: np.ndarray, renewed: np.ndarray, horizon: int, cost_bps: float) -> SpreadSummary:
    """Mean spread, and what is left of it after ``cost_bps`` for each purchase and each sale; (T, K) in, (K,) out.

    The book is ``horizon`` overlapping portfolios, of which each session renews one (Jegadeesh & Titman 1993). So
    ``turnover``, the share of the book's names replaced from session to session, is the mean renewal / horizon; and a
    portfolio pays once per ``horizon`` sessions: in both legs what leaves is sold and what comes is bought, which is
    4 × cost_bps × renewal. The book is long the top even where the spread is negative.
    """
    test = hac_mean(spread, 2 * horizon)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean_renewed = np.where(np.isfinite(renewed), renewed, 0.0).sum(axis=0) / np.isfinite(renewed).sum(axis=0)
    spread_bps = 1e4 * test.value
    return SpreadSummary(spread_bps, spread_bps - 4 * cost_bps * mean_renewed, mean_renewed / horizon, test)


@part
def _fill(values, order, is_counted, size, sign, weights):  # one leg, from the low end (−1) or the high end (+1)
    count = len(order)
    left = float(size)
    start = 0
    while start < count and left > 0:
        at = order[start] if sign < 0 else order[count - 1 - start]
        if not is_counted[at]:
            start += 1
            continue
        tied = 0
        end = start
        while end < count:
            other = order[end] if sign < 0 else order[count - 1 - end]
            if is_counted[other]:
                if values[other] != values[at]:
                    break
                tied += 1
            end += 1
        taken = min(left, float(tied))
        for position in range(start, end):
            other = order[position] if sign < 0 else order[count - 1 - position]
            if is_counted[other]:
                weights[other] += sign * taken / tied / size
        left -= taken
        start = end


@kernel
def _spread(values, order, returns, min_names, fifths_from, held, spread, renewed):
    rows, columns = values.shape
    slots = len(held)
    is_counted = np.empty(columns, np.bool_)
    for row in range(rows):
        weights = held[row % slots]
        before = held[(row + 1) % slots]  # of `horizon` rows ago
        weights[:] = 0.0
        count = 0
        low, high = np.inf, -np.inf
        for column in range(columns):
            value = values[row, column]
            is_counted[column] = np.isfinite(value) and np.isfinite(returns[row, column])
            if is_counted[column]:
                count += 1
                low, high = min(low, value), max(high, value)
        if count < min_names or low == high:
            continue
        size = count // 5 if count >= fifths_from else count // 3
        _fill(values[row], order[row], is_counted, size, -1.0, weights)
        _fill(values[row], order[row], is_counted, size, 1.0, weights)
        total = changed = 0.0
        for column in range(columns):
            if is_counted[column]:
                total += weights[column] * returns[row, column]
            changed += abs(weights[column] - before[column])
        spread[row] = total
        earlier = row - slots + 1
        if earlier >= 0 and np.isfinite(spread[earlier]):
            renewed[row] = changed / 4  # all of both legs left and came: 2 + 2
