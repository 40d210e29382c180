"""Which bars of a price series cannot be right: prices 100 times too high or low, and splits that nobody took off.

Here: masks over the bars of many series at once. A masked bar makes no return; nothing is repaired, because which
price would have been the right one is a guess. Not here: which file a bar comes from (``vintages.py``).

The kinds of error are those that yfinance repairs (its page *price repair*); telling a split from a crash is ours.
"""

import numpy as np
from numpy.typing import NDArray

HUNDRED = np.log(100.0)
UNIT_MISS = np.log(1.3)  # a real move on top of the factor 100
WILD = np.log(1.5)  # where the neighbouring days move more, a factor of 100 is no sign of another unit

FACTORS = np.log([2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50])
# 3:2 is not among them: a share that loses a third on news (NVDA, 2008-07-03) cannot be told from it.
SPLIT_MISS = 0.12  # at most, of the log: what the price itself moved on the day of the split
AROUND = 20  # bars on either side that tell how much the price usually moves in a day
NEAR = 5  # bars on either side that must be quiet: the new level stays
LEAST_BARS = 5  # before a jump, to say what is usual
QUIET = 4.0  # usual moves that a quiet day stays within
LEAST_MOVE = 0.04  # and that much in any case
USUAL_RANGE = 3.0  # times the usual range from low to high
USUAL_MONEY = 3.0  # times the usual money traded; a crash or a takeover trades far more


def unit_errors(
    series: NDArray[np.int64],
    price: NDArray[np.float64],
    open_: NDArray[np.float64],
    close: NDArray[np.float64],
    volume: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Return the bars whose price stands 100 times above or below the right level of their series.

    Arrays have one entry per bar, sorted by series and day; ``series`` is its number, ``price`` the price that
    returns are made of, ``open_`` and ``close`` those of the bar. A jump by 100 (77 to 130) between two quiet days
    begins or ends a stretch. Of the two levels that one is right on which more days with trade lie (more days, where
    there is no volume at all). A bar whose open and close are that far apart is masked too.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        wrong = np.abs(np.abs(np.log(open_ / close)) - HUNDRED) < UNIT_MISS
    kept = np.flatnonzero(np.isfinite(price) & ~wrong)
    numbers, logs = series[kept], np.log(price[kept])
    moves = _moves(numbers, logs)
    steps = np.where(np.abs(np.abs(moves) - HUNDRED) < UNIT_MISS, np.sign(moves), 0).astype(int)
    rest = np.abs(moves - steps * HUNDRED)
    is_wild = rest > WILD
    steps[1:][is_wild[:-1]] = 0
    steps[:-1][is_wild[1:]] = 0
    for number in np.unique(numbers[steps != 0]):
        mine = slice(*np.searchsorted(numbers, [number, number + 1]))
        levels = np.cumsum(steps[mine])
        traded = volume[kept[mine]] > 0
        values, counts = np.unique(levels[traded] if traded.any() else levels, return_counts=True)
        wrong[kept[mine][levels != values[np.argmax(counts)]]] = True
    return wrong


def missed_splits(
    series: NDArray[np.int64],
    price: NDArray[np.float64],
    open_: NDArray[np.float64],
    high: NDArray[np.float64],
    low: NDArray[np.float64],
    close: NDArray[np.float64],
    volume: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Return the bars that stand before a split which was not taken off their prices.

    Arrays as in ``unit_errors``. A jump is a split, and no crash, when it comes overnight, is near a usual split
    factor, the day itself and the days around it are quiet, the new level stays, and no more money than usual is
    traded. What a series does not tell (no volume, no high and low) cannot speak for a split: it then needs a factor
    of 3, and of 5 where both are missing. All bars before the last such jump of a series are masked.
    """
    masked = np.zeros(len(price), bool)
    kept = np.flatnonzero(np.isfinite(price))
    numbers, logs = series[kept], np.log(price[kept])
    moves = _moves(numbers, logs)
    for at in np.flatnonzero(np.abs(moves) > FACTORS[0] - SPLIT_MISS)[::-1]:
        first, last = np.searchsorted(numbers, [numbers[at], numbers[at] + 1])
        if masked[kept[at]] or at - first < LEAST_BARS:
            continue
        around = np.r_[max(first + 1, at - AROUND) : at, at + 1 : min(last, at + 1 + AROUND)]
        rows, day = kept[around], kept[at]
        usual = 1.4826 * np.median(np.abs(moves[around]))
        quiet = max(QUIET * usual, LEAST_MOVE)
        near = np.abs(moves[np.r_[max(first + 1, at - NEAR) : at, at + 1 : min(last, at + 1 + NEAR)]])
        jump = moves[at]
        if (
            min(quiet, 0.12) < np.min(np.abs(np.abs(jump) - FACTORS))
            or quiet > np.abs(jump) / 2
            or near.max() > max(quiet, np.abs(jump) / 5)
        ):
            continue
        with np.errstate(divide="ignore", invalid="ignore"):
            adjusted_open = logs[at] + np.log(open_[day] / close[day])
            ranges, range_ = np.log(high[rows] / low[rows]), np.log(high[day] / low[day])
            money, traded = volume[rows] * close[rows], volume[day] * close[day]
        has_range = np.isfinite(ranges).any() and np.isfinite(range_) and np.isfinite(adjusted_open)
        has_money = (money > 0).any() and traded > 0
        if has_range and (
            np.abs(adjusted_open - logs[at]) > quiet or range_ > max(USUAL_RANGE * np.nanmedian(ranges), LEAST_MOVE)
        ):
            continue
        if has_money and traded > USUAL_MONEY * np.median(money[money > 0]):
            continue
        needed = [0.0, np.log(2.7), np.log(4.5)][(not has_range) + (not has_money)]
        if np.abs(jump) > needed:
            masked[kept[first:at]] = True
    return masked


def _moves(numbers: NDArray[np.int64], logs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log return of each bar from the bar before it; 0 for the first of a series."""
    if not len(logs):
        return np.empty(0)
    moves = np.r_[0.0, np.diff(logs)]
    moves[np.r_[True, numbers[1:] != numbers[:-1]]] = 0.0
    return moves
