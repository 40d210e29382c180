"""What a ticker returned around its event beyond what was normal for it before: MacKinlay (1997).

Here: the market model and the mean-adjusted model on the returns around each event, cumulated abnormal returns. Not
here: how those returns are gathered (``event_returns.py``), any test (``event_tests.py``).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pipelines.evidence.event_returns import Around, Timeline

NO_VARIATION = 1e-20  # a sum of squares that is rounding and no risk, as a share of the returns' own


class AbnormalReturns(NamedTuple):
    """Estimates of one model for N events; NaN, with its ``reason``, where an event has none."""

    model: str
    alpha: np.ndarray  # (N,) per session
    beta: np.ndarray  # (N,) 0 in the mean-adjusted model
    sigma: np.ndarray  # (N,) sqrt(RSS / degrees_of_freedom)
    length: np.ndarray  # (N,) int64: L, estimation sessions with a return
    degrees_of_freedom: np.ndarray  # (N,) int64: L - 2, in the mean-adjusted model L - 1
    abnormal: np.ndarray  # (N, V) AR
    standardised: np.ndarray  # (N, V) SAR = AR / (sigma sqrt(C))
    residuals: np.ndarray  # (N, K) of the estimation; NaN where the session has no return
    benchmark_deviation: np.ndarray  # (N, V) Rm - its estimation mean; 0 in the mean-adjusted model
    benchmark_variation: np.ndarray  # (N,) sum of squared deviations in the estimation; 1 in the mean-adjusted model
    reason: np.ndarray  # (N,) object
    timeline: Timeline


def market_model(around: Around) -> AbnormalReturns:
    """Least squares of the return on the benchmark's: AR = R - alpha - beta Rm (MacKinlay 1997).

    sigma^2 = RSS / (L - 2); C = 1 + 1/L + (Rm - mean Rm)^2 / sum (Rm - mean Rm)^2.
    """
    reason = np.full(len(around.returns), None, dtype=object)
    for place in np.flatnonzero(around.has_prices & np.isnan(around.benchmark_returns).all(axis=1)):
        name = around.benchmarks[place]
        reason[place] = f"benchmark {name} has no prices" if name else "the ticker has no benchmark"
    return _fit("market", around, around.benchmark_returns, 2, reason)


def mean_adjusted(around: Around) -> AbnormalReturns:
    """AR = R - its mean over the estimation (MacKinlay 1997); sigma^2 = RSS / (L - 1), C = 1 + 1/L."""
    reason = np.full(len(around.returns), None, dtype=object)
    return _fit("mean", around, np.zeros_like(around.returns), 1, reason)


MODELS = {"market": market_model, "mean": mean_adjusted}


def joined(parts: Sequence[AbnormalReturns]) -> AbnormalReturns:
    """The estimates of one model for several blocks of events as one."""
    fields = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in AbnormalReturns._fields
        if name not in ("model", "timeline")
    }
    return AbnormalReturns(model=parts[0].model, timeline=parts[0].timeline, **fields)


def cumulated(estimates: AbnormalReturns, window: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """CAR and SCAR of each event over ``window``, both ends included; NaN where any session has no AR.

    SCAR = CAR / sqrt(Var CAR) with Var CAR = sigma^2 [W + W^2/L + (sum (Rm - mean Rm))^2 / sum_est (Rm - mean Rm)^2]:
    the error of the estimate is the same on all days of the window and does not average out. Raises ``ValueError``
    for a window outside the stored one.
    """
    chosen, width = estimates.timeline.within(window), window[1] - window[0] + 1
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        car = estimates.abnormal[:, chosen].sum(axis=1)
        drift = estimates.benchmark_deviation[:, chosen].sum(axis=1)
        variance = width + width**2 / estimates.length + drift**2 / estimates.benchmark_variation
        scar = car / (estimates.sigma * np.sqrt(variance))
    is_known = np.isfinite(car) & np.isfinite(scar)
    return np.where(is_known, car, np.nan), np.where(is_known, scar, np.nan)


def window_reasons(estimates: AbnormalReturns, window: tuple[int, int]) -> np.ndarray:
    """Why each event has no CAR over ``window``; None where it has one."""
    reason = estimates.reason.copy()
    missing = ~np.isfinite(estimates.abnormal[:, estimates.timeline.within(window)])
    for place in np.flatnonzero(missing.any(axis=1) & _is_none(reason)):
        count, session = int(missing[place].sum()), int(np.argmax(missing[place])) + window[0]
        more = f" and {count - 1} more" if count > 1 else ""
        reason[place] = f"no abnormal return at session {session:+d}{more} of the window"
    return reason


def _fit(model: str, around: Around, benchmark: np.ndarray, parameters: int, reason: np.ndarray) -> AbnormalReturns:
    """Least squares of the returns on a constant and, with two ``parameters``, the benchmark."""
    longest, least = around.timeline.longest, around.timeline.least
    before, after = np.s_[:, :longest], np.s_[:, longest:]
    valid = np.isfinite(around.returns[before]) & np.isfinite(benchmark[before])
    length = valid.sum(axis=1)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        returns, level = _centred(around.returns[before], valid, length)
        yardstick, benchmark_level = _centred(benchmark[before], valid, length)
        moved = np.square(yardstick).sum(axis=1)
        variation = np.where(moved > 0, moved, 1.0)
        beta = (yardstick * returns).sum(axis=1) / variation
        alpha = level - beta * benchmark_level
        residuals = returns - beta[:, None] * yardstick
        squares = np.square(residuals).sum(axis=1)
        sigma = np.sqrt(squares / (length - parameters))
        deviation = benchmark[after] - benchmark_level[:, None]
        abnormal = around.returns[after] - alpha[:, None] - beta[:, None] * benchmark[after]
        scale = 1 + 1 / length[:, None] + np.square(deviation) / variation[:, None]
        standardised = abnormal / (sigma[:, None] * np.sqrt(scale))
        is_still = moved <= NO_VARIATION * length * np.square(benchmark_level)
        is_flat = squares <= NO_VARIATION * (np.square(returns).sum(axis=1) + length * np.square(level))
    sessions = "sessions with a return" if parameters == 1 else "sessions with a return and a benchmark's"
    for is_broken, words in (
        (~around.has_prices, "no prices of the ticker around the event"),
        (length < max(least, parameters + 1), f"{{}} estimation {sessions}; {least} needed"),
        (is_still & (parameters > 1), "the benchmark does not move in the estimation sessions"),
        (is_flat & np.isfinite(squares), "the returns do not vary in the estimation sessions"),
        (~np.isfinite(alpha + beta) | ~(np.isfinite(sigma) & (sigma > 0)), "returns too extreme to compute with"),
    ):
        for place in np.flatnonzero(is_broken & _is_none(reason)):
            reason[place] = words.format(length[place])
    has_none = ~_is_none(reason)
    for values in (alpha, beta, sigma, abnormal, standardised, residuals):
        values[has_none] = np.nan
    residuals[~valid] = np.nan
    return AbnormalReturns(
        model,
        alpha,
        beta,
        sigma,
        length,
        length - parameters,
        abnormal,
        standardised,
        residuals,
        deviation,
        variation,
        reason,
        around.timeline,
    )


def _centred(values: np.ndarray, valid: np.ndarray, length: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The valid values less their mean per row, 0 for the others; and that mean."""
    mean = np.where(valid, values, 0.0).sum(axis=1) / length
    return np.where(valid, values - mean[:, None], 0.0), mean


def _is_none(reasons: np.ndarray) -> np.ndarray:
    return np.equal(reasons, None).astype(bool)
