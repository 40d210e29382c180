"""Whether the past of one series adds to the past of the other, both ways: sentiment to returns, returns to sentiment.

Here: ``granger``, a joint test of lagged coefficients per ticker and direction. Not here: correlations by lag
(``lead_lag``), the arithmetic of many tests (``false_discovery``).

| column | |
|---|---|
| ``scorer``, ``signal``, ``calendar``, ``universe`` | universe: a ticker |
| ``direction`` | "sentiment to returns" or "returns to sentiment"; one family of tests each |
| ``lag_count``, ``return_kind`` | lags of each series; "abnormal" or "raw" |
| ``f``, ``p`` | joint Wald test of the lags of the other series, HC3 |
| ``f_classical``, ``p_classical`` | the same with one variance for all sessions |
| ``effect``, ``effect_unit`` | sum of the tested slopes; bps per sd of sentiment, sd of sentiment per 1 % of return |
| ``q``, ``q_by``, ``family_size``, ``verdict`` | over the direction; in words, with the sign of ``effect`` |
| ``session_count``, ``reason`` | sessions in the regressions; why the figures are missing, else missing itself |
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from scipy import stats

from pipelines.evidence.false_discovery import judged
from pipelines.evidence.lead_lag import standardised
from pipelines.evidence.panel import Panel

COLUMNS = (
    *("scorer", "signal", "calendar", "universe", "direction", "lag_count", "return_kind"),
    *("f", "p", "f_classical", "p_classical", "effect", "effect_unit"),
    *("q", "q_by", "family_size", "verdict", "session_count", "reason"),
)
LAGS = 5  # a week of sessions
DIRECTIONS = {  # what comes first, and what then, in the words of a verdict; the unit of the effect
    "sentiment to returns": ("sentiment", "return afterwards", "bps per sd of sentiment"),
    "returns to sentiment": ("return", "sentiment afterwards", "sd of sentiment per 1 % of return"),
}

FEWEST_SESSIONS = 30  # and one more for each lag
BLOCK = 16  # tickers whose designs are in memory at a time
LEAST_EIGENVALUE = 1e-10  # of a matrix scaled to a diagonal of 1; below it, the matrix is singular
LARGEST_LEVERAGE = 1 - 1e-6  # of one session; beyond it, HC3 divides by nothing
EXACT = 1e-24  # variance that a fit leaves, of 1, that counts as none

TESTS = ("f", "p", "f_classical", "p_classical", "effect")


def granger(panels: Iterable[Panel], lags: int = LAGS, signal: str = "mean_sentiment") -> pd.DataFrame:
    """Test whether either series helps to predict the other, for the tickers of panels of all sources.

    Two regressions per ticker, on a constant, ``lags`` lags of sentiment and ``lags`` lags of the session's return:
    ``sentiment to returns`` explains the return and asks whether the slopes of sentiment are all 0; ``returns to
    sentiment`` explains sentiment and asks it of the slopes of returns. Sentiment is known at the close at which its
    own session's return ends, so each of its lags was known before the return that it is to explain began. Both
    directions stand on the same sessions: those where neither series lacks today's value or one of the lags.

    ``f`` and ``p`` are the Wald test with White's HC3 covariance, F(lags, n − 2·lags − 1); HC1 rejects a true null
    too often at the n of a year (6.9 % of normal series at n = 250, HC3 5.4 %; at n = 95 9.3 % and 5.7 %).
    ``f_classical`` and ``p_classical`` are Granger's own, wrong where volatility follows sentiment. ``effect`` is the
    sum of the tested slopes; an sd of sentiment is that of all its sessions.

    One row per scorer, calendar, ticker and direction, with ``COLUMNS``. What cannot be computed is NaN with its
    ``reason``; ``session_count`` is always there. An infinite value is a missing one. Raises ValueError for no lags.

    Sources: Granger (1969), Econometrica 37; MacKinnon and White (1985), J. Econometrics 29; Long and Ervin (2000),
    The American Statistician 54.
    """
    if lags < 1:
        raise ValueError(f"lags must be at least 1, not {lags}")
    frames = [_tests(panel, lags, signal) for panel in panels if panel.source == "all"]
    if not frames:
        return pd.DataFrame(columns=list(COLUMNS))
    table = pd.concat(frames, ignore_index=True)
    families = [
        judged(table[table["direction"] == direction].assign(cause=first, effect_unit=unit), outcome=then)
        for direction, (first, then, unit) in DIRECTIONS.items()
    ]
    order = ["scorer", "calendar", "universe", "direction"]
    return pd.concat(families).sort_values(order, ignore_index=True)[list(COLUMNS)]


def _tests(panel: Panel, lags: int, signal: str) -> pd.DataFrame:
    """Two rows per ticker."""
    sentiment, returns = _series(panel.signals[signal], lags), _series(panel.returns, lags)
    starts = range(0, max(len(panel.tickers), 1), BLOCK)
    blocks = [_block(sentiment[:, start : start + BLOCK], returns[:, start : start + BLOCK], lags) for start in starts]
    figures = {name: np.concatenate([block[name] for block in blocks]).reshape(-1) for name in blocks[0]}
    ways = len(DIRECTIONS)
    return pd.DataFrame(
        {
            "scorer": panel.scorer,
            "signal": signal,
            "calendar": panel.calendar,
            "universe": np.repeat(np.array(panel.tickers, object), ways),
            "direction": list(DIRECTIONS) * len(panel.tickers),
            "lag_count": lags,
            "return_kind": np.repeat(np.array(panel.return_kinds, object), ways),
            **{name: figures[name] for name in TESTS},
            "session_count": figures["session_count"],
            "n": figures["session_count"],
            "reason": figures["reason"],
        }
    )


def _series(values: np.ndarray, lags: int) -> np.ndarray:
    """(T, N), with missing sessions in front where there are too few for one set of lags."""
    return np.pad(values, ((max(lags + 1 - len(values), 0), 0), (0, 0)), constant_values=np.nan)


def _block(sentiment: np.ndarray, returns: np.ndarray, lags: int) -> dict[str, np.ndarray]:
    """Figures of (T, B) series, (B, 2) each: a column per direction."""
    has_sentiment, has_return = np.isfinite(sentiment), np.isfinite(returns)
    said, moved = standardised(sentiment, has_sentiment), standardised(returns, has_return)
    complete = _windows(has_sentiment & has_return, lags).all(axis=2)
    # A session that is left out becomes a row of zeros, which adds nothing to any sum over sessions.
    mood, move = (np.where(complete[..., None], _windows(series.values, lags), 0) for series in (said, moved))
    design = np.concatenate([mood[..., :-1], move[..., :-1], complete[..., None]], axis=2)
    gram = np.swapaxes(design, 1, 2) @ design
    count = complete.sum(axis=1)
    fewest = FEWEST_SESSIONS + lags
    few = np.array([f"too few sessions with all lags ({sessions} < {fewest})" for sessions in count], object)
    unlike = [count < fewest, said.is_constant, moved.is_constant, ~_is_regular(gram)]
    words = ["signal is constant", "returns are constant", "the lags are collinear"]
    reason = np.select(unlike, [few, *words], "").astype(object)
    inverse = np.linalg.inv(np.where((reason == "")[:, None, None], gram, np.eye(design.shape[2])))
    leverage = np.einsum("btk,btk->bt", design @ inverse, design)
    reason = np.where((reason == "") & (leverage.max(axis=1) > LARGEST_LEVERAGE), "one session decides a slope", reason)
    unit = np.where(moved.deviation > 0, moved.deviation, 1)
    ways = [
        _joint(design, inverse, leverage, today[..., -1], slice(first, first + lags), reason)
        for today, first in ((move, 0), (mood, lags))
    ]
    figures = {name: np.stack([way[name] for way in ways], axis=1) for name in ways[0]}
    with np.errstate(over="ignore", invalid="ignore"):  # returns of 1e305 are infinite in bps
        figures["effect"] *= np.stack([1e4 * unit, 0.01 / unit], axis=1)
    return figures | {"session_count": np.stack([count, count], axis=1)}


def _windows(series: np.ndarray, lags: int) -> np.ndarray:
    """(B, T − lags, lags + 1) of (T, B): each session's value, last, after those of the sessions before."""
    return sliding_window_view(np.ascontiguousarray(series.T), lags + 1, axis=1)


def _joint(
    design: np.ndarray,
    inverse: np.ndarray,
    leverage: np.ndarray,
    today: np.ndarray,
    tested: slice,
    reason: np.ndarray,
) -> dict[str, np.ndarray]:
    """Regress ``today`` (B, T) on the design and test that the slopes of ``tested`` columns are 0; (B,) each."""
    slopes = inverse @ (np.swapaxes(design, 1, 2) @ today[..., None])
    residuals = today - (design @ slopes)[..., 0]
    freedom = np.count_nonzero(design[..., -1], axis=1) - design.shape[2]
    squares = np.einsum("bt,bt->b", residuals, residuals)
    usable = reason == ""
    weights = np.divide(residuals, 1 - leverage, out=np.zeros_like(residuals), where=usable[:, None])
    influence = (design @ inverse[:, :, tested]) * weights[..., None]
    robust = np.swapaxes(influence, 1, 2) @ influence
    is_exact = squares <= EXACT * np.maximum(freedom, 1)
    reason = np.select(
        [~usable, is_exact, ~_is_regular(robust)],
        [reason, "the fit leaves nothing unexplained", "the robust covariance is singular"],
        "",
    ).astype(object)
    usable = reason == ""
    figures = {name: np.full(len(reason), np.nan) for name in TESTS} | {"reason": np.where(usable, None, reason)}
    slope, freedom = slopes[usable, tested], freedom[usable]
    classical = inverse[usable, tested, tested] * (squares[usable] / freedom)[:, None, None]
    for kind, covariance in (("", robust[usable]), ("_classical", classical)):
        f = (np.swapaxes(slope, 1, 2) @ np.linalg.solve(covariance, slope))[:, 0, 0] / slope.shape[1]
        figures[f"f{kind}"][usable] = f
        figures[f"p{kind}"][usable] = stats.f.sf(f, slope.shape[1], freedom)
    figures["effect"][usable] = slope.sum(axis=(1, 2))
    return figures


def _is_regular(matrices: np.ndarray) -> np.ndarray:
    """Whether symmetric (B, K, K) matrices can be inverted with digits to spare; (B,)."""
    scale = np.sqrt(np.einsum("bkk->bk", matrices))
    has_scale = (scale > 0).all(axis=1)
    scale = np.where(has_scale[:, None], scale, 1)
    eigenvalues = np.linalg.eigvalsh(matrices / (scale[:, :, None] * scale[:, None, :]))
    return has_scale & (eigenvalues[:, 0] > LEAST_EIGENVALUE)
