"""Is a signal followed by returns, asked without overlap: one-session returns against the signal summed before them.

Here: reverse regression over time, ticker by ticker, and the same across names. Not here: how large the effect is
(``predictive_regression``, ``information_coefficient``).

The covariance of a signal with the sum of the next H returns is that of one return with the sum of the last H signals.
The first needs an error for sums that overlap. In the second, where nothing is predictable, each product has mean 0
given all before it, so the products of two sessions are uncorrelated and their own squares are the variance, however
long H and however persistent the signal (Hodrick 1992, Rev. Financ. Stud. 5, standard error 1B; Jegadeesh 1991; Ang &
Bekaert 2007 find that it alone keeps its level at long horizons).

The first session after a signal earns open to close, the later ones close to close, as forward returns do.

Of tickers with nothing to find 4.5 to 5.2 % are rejected at 5 %, 1, 5 and 20 sessions ahead and over 100 or 252. What
it does not repair is a signal that persists and is made of past returns (Stambaugh 1999): with an autocorrelation of
0.9 and little else in it, 6 % over 252 sessions and 7 % over 100.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import stdtr

from pipelines.evidence.hac import varies
from pipelines.evidence.information_coefficient import MIN_NAMES, Sorted, ranks


class Reverse(NamedTuple):
    """(K,) arrays, one entry per ticker; NaN below 3 sessions and where one side is constant."""

    t: np.ndarray  # score test: White's error, residuals as they are where nothing is predictable
    p: np.ndarray  # two-sided, t distribution, sessions − 2 degrees of freedom
    sessions: np.ndarray  # with a return and a signal in the `horizon` sessions before


def reverse_regression(signal: np.ndarray, first: np.ndarray, returns: np.ndarray, horizon: int) -> Reverse:
    """Test the columns of ``signal`` (T, K) against the returns of the next ``horizon`` sessions. Rows are sessions.

    ``first`` (T, K; fractions) is the open-to-close return of the session after, in the row of the signal, as
    ``Panel.forward_returns[1]``; ``returns`` (T, K) is that of the session itself, close to close. A missing signal
    counts as its mean, a missing return as its own; both are counted from their means over the sessions used.
    """
    said = np.isfinite(signal)
    with np.errstate(over="ignore", invalid="ignore"):
        total, count = _cumulated(_centred(signal, said)), _cumulated(said)
        products = np.zeros(signal.shape)
        is_used = np.zeros(signal.shape, bool)
        # Row u: the return of session u. Its products of both kinds go together, for they share that return.
        products[1:], is_used[1:] = _products(signal[:-1], first[:-1], said[:-1])
        late = np.arange(2, len(signal))
        early = np.maximum(late - horizon, 0)
        later = _products(total[late - 1] - total[early], returns[2:], count[late - 1] > count[early])
        products[2:] += later[0]
        is_used[2:] |= later[1]
        products /= np.abs(products).max(axis=0, initial=0.0)  # no square of it can overflow
        sessions = is_used.sum(axis=0)
        t = products.sum(axis=0) / np.sqrt(np.einsum("tk,tk->k", products, products))
    t[sessions < 3] = np.nan
    return Reverse(t, 2 * stdtr(np.maximum(sessions - 2, 1), -np.abs(t)), sessions)


def standings(x: Sorted) -> np.ndarray:
    """(T, N) ranks within each session, from their mean and with sum of squares 1; 0 where missing.

    A session of fewer than 5 names, or of equal ones, is 0 all along. The product of two full rows is Spearman's
    coefficient.
    """
    there = np.isfinite(x.values)
    names = there.sum(axis=1, keepdims=True)
    result = ranks(x, there)
    result -= (names + 1) / 2
    result[~there] = 0.0
    square = np.einsum("tn,tn->t", result, result)[:, None]
    result *= (names >= MIN_NAMES) / np.sqrt(np.where(square > 0, square, 1.0))
    return result


def reverse_coefficients(
    said: np.ndarray, first: np.ndarray, returns: np.ndarray, horizons: Sequence[int]
) -> np.ndarray:
    """(len(horizons), T): in row u the sum of the coefficients of session u's return with the signals before it.

    All three are ``standings`` (T, N): of the signal, of the open-to-close return of the session after, and of the
    close-to-close return of the session. With k = 1, …, horizon sessions between them: Σ said[u − 1] · first[u − 1] + Σ
    said[u − k] · returns[u] for k from 2 on. Where all names are there, each is a Spearman coefficient. NaN where no
    signal and return meet. Where nothing is predictable the values are uncorrelated and their mean is 0.
    """
    result = np.zeros((len(horizons), len(said)))
    is_used = np.zeros(result.shape, bool)
    has_said, has_first, has_moved = (values.any(axis=1) for values in (said, first, returns))
    total, count = _cumulated(said), _cumulated(has_said)
    result[:, 1:] = np.einsum("tn,tn->t", said[:-1], first[:-1])
    is_used[:, 1:] = has_said[:-1] & has_first[:-1]
    late = np.arange(2, len(said))
    all_before = np.einsum("tn,tn->t", total[1:-2], returns[2:])
    for at, horizon in enumerate(horizons):
        begun = min(max(horizon, 2), len(said))  # before this row the sum begins with the first signal
        result[at, 2:] += all_before
        result[at, begun:] -= np.einsum("tn,tn->t", total[begun - horizon : len(said) - horizon], returns[begun:])
        is_used[at, 2:] |= has_moved[2:] & (count[late - 1] > count[np.maximum(late - horizon, 0)])
    result[~is_used] = np.nan
    return result


def _cumulated(values: np.ndarray) -> np.ndarray:
    """Row u: the sum of the rows before u, one row more than ``values``."""
    total = np.zeros((len(values) + 1, *values.shape[1:]))
    np.cumsum(values, axis=0, out=total[1:])
    return total


def _centred(values: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Deviations of what is there from its mean, 0 elsewhere; 0 all along a constant column."""
    centred = np.where(there, values, 0.0)
    centred -= centred.sum(axis=0) / np.maximum(there.sum(axis=0), 1)
    centred[~(there & varies(values, there))] = 0.0
    return centred


def _products(signal: np.ndarray, returns: np.ndarray, said: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Products of both deviations, 0 where one is missing, and where neither is."""
    both = said & np.isfinite(returns)
    return _centred(signal, both) * _centred(returns, both), both
