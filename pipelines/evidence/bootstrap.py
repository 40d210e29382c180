"""Circular block bootstrap of means (Politis & Romano 1992), many series at once.

Here: intervals by resampling whole blocks of sessions, so that autocorrelation stays. Not here: what the series are.
"""

import numpy as np

from pipelines.evidence.hac import fixed_b_critical

DRAWS = 1_000
SEED = 20_120_601  # any fixed number: the same table gives the same interval
NORMAL_95 = 1.959964


def block_length(horizon: int, sessions: int) -> int:
    """Sessions in a block: 2 × horizon, as the HAC lags; at least the cube root of the sessions, at most all."""
    return max(1, min(sessions, max(2 * horizon, round(sessions ** (1 / 3)))))


def mean_interval(x: np.ndarray, block: int) -> tuple[np.ndarray, np.ndarray]:
    """95 % interval of the mean of each column of ``x`` (T, K): (K,) low and (K,) high; NaN for an empty column.

    All columns are resampled by the same blocks. A drawn mean is the sum of its blocks' sums over the count of what is
    there in them; these come from one cumulated sum. The bootstrap sees less variance than there is, as a HAC estimate
    does and by as much, so deviations are widened by the fixed-b factor at b = block / n (Shao & Politis 2013).
    """
    sessions, columns = x.shape
    there = np.isfinite(x)
    n = there.sum(axis=0)
    if sessions == 0:
        return np.full(columns, np.nan), np.full(columns, np.nan)
    drawn = np.random.default_rng(SEED).integers(sessions, size=(DRAWS, -(-sessions // block)))
    drawn += sessions * np.arange(DRAWS)[:, None]
    times_drawn = np.bincount(drawn.ravel(), minlength=DRAWS * sessions).reshape(DRAWS, sessions).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(there, x, 0.0).sum(axis=0) / n
        sums = times_drawn @ _block_sums(np.where(there, x - mean, 0.0), block)
        sums /= times_drawn @ _block_sums(there.astype(float), block)
        sums[~np.isfinite(sums)] = 0.0  # a draw of nothing but missing sessions says nothing against the mean
        factor = fixed_b_critical(block / n) / NORMAL_95
        low, high = np.quantile(sums, (0.025, 0.975), axis=0)
        return mean + low * factor, mean + high * factor


def _block_sums(x: np.ndarray, block: int) -> np.ndarray:
    """(T, K) sum of the ``block`` rows from each row on, around the end."""
    cumulated = np.zeros((len(x) + block, x.shape[1]))
    np.cumsum(np.concatenate([x, x[: block - 1]]), axis=0, out=cumulated[1:])
    return cumulated[block:] - cumulated[:-block]
