"""Every signal against every horizon, across the names of a calendar and name by name, judged as one family.

Here: which names are studied together, the rows and their reasons. Not here: the arithmetic (``quantiles``,
``information_coefficient``, ``predictive_regression``, ``reverse_regression``), the correction for many tests
(``false_discovery``).

| column | cross-section | regression (one ticker) |
|---|---|---|
| ``scorer``, ``source``, ``signal``, ``horizon``, ``method`` | which test | |
| ``universe`` | the calendar | the ticker |
| ``return_kind`` | "abnormal", "raw", or "mixed" | of the ticker |
| ``ic``, ``pearson_ic`` | mean over sessions of the correlation across names: Spearman, Pearson | the same over time |
| ``icir`` | mean / sd of the Spearman series, per session | missing |
| ``hit_rate`` | share of sessions with a coefficient above 0 | share on the same side of both means |
| ``slope_bps``, ``slope_low_bps``, ``slope_high_bps`` | missing | per 1 sd of the signal, 95 % (fixed b) |
| ``spread_bps``, ``net_spread_bps``, ``turnover`` | top minus bottom fifth; after cost; share replaced | missing |
| ``t_hac``, ``p_hac``, ``p_fixed_b`` | of the mean, 2 × horizon lags | of the slope |
| ``p_reverse`` | without overlap: one-session returns on the ranks of the sessions before | on the signal before |
| ``non_overlapping_ic``, ``p_non_overlapping`` | over every horizon-th session | Pearson |
| ``ic_low``, ``ic_high`` | 95 %, block bootstrap | 95 %, fixed b |
| ``in_sample_ic`` | over the first 70 % of the sessions | Pearson |
| ``out_of_sample_ic``, ``p_out_of_sample`` | after the embargo; missing below 30 sessions | Pearson |
| ``session_count``, ``name_count`` | valid sessions; mean names in them | pairs; 1 |
| ``p`` | the larger of ``p_fixed_b`` and ``p_reverse``, 1 where they point in different directions | the same |
| ``q``, ``q_by``, ``family_size``, ``verdict`` | over all rows of the table with a p | |
| ``reason`` | why all figures are missing, else missing itself | |
"""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from pipelines.evidence.false_discovery import judged
from pipelines.evidence.hac import DUMMY, LARGEST_SHARE, hac_mean, varies
from pipelines.evidence.information_coefficient import (
    MIN_NAMES,
    MIN_SESSIONS,
    by_row,
    information_coefficients,
    summarise,
)
from pipelines.evidence.panel import Panel
from pipelines.evidence.predictive_regression import predictive_regression
from pipelines.evidence.quantiles import quantile_spreads, summarise_spreads
from pipelines.evidence.reverse_regression import reverse_coefficients, reverse_regression, standings

MAIN_SIGNAL = "mean_sentiment"  # the one that is tested ticker by ticker where a cross-section says the rest
COST_BPS = 10.0  # per purchase and per sale

KEYS = ("scorer", "source", "universe", "method", "signal", "horizon", "return_kind")
FIGURES = (
    *("ic", "pearson_ic", "icir", "hit_rate", "slope_bps", "slope_low_bps", "slope_high_bps"),
    *("spread_bps", "net_spread_bps", "turnover", "t_hac", "p_hac", "p_fixed_b", "p_reverse"),
    *("non_overlapping_ic", "p_non_overlapping", "ic_low", "ic_high"),
    *("in_sample_ic", "out_of_sample_ic", "p_out_of_sample"),
)
SERIES = ("spearman", "pearson", "names", "spread", "renewed", "reverse")  # of a cross-section, one value per session
ORDER = ("scorer", "source", "method", "universe", "signal", "horizon")
Rows = dict[str, np.ndarray]  # columns of equal length
COLUMNS = (*KEYS, *FIGURES, "session_count", "name_count", "p", "q", "q_by", "family_size", "verdict", "reason")


def signal_quality(panels: Iterable[Panel], cost_bps: float = COST_BPS) -> pd.DataFrame:
    """One row per scorer, source, universe, signal and horizon, with ``COLUMNS``; one family of tests.

    A universe is a panel's calendar (5 names with enough data at least) and, from source "all", each ticker alone: by
    ``mean_sentiment``, and by every signal where the calendar is too small for a cross-section. Bad data give a row
    without figures and with a reason, never an error.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # a price that is off by 200 digits spoils its own rows only
        parts = [part for panel in panels for part in _of_panel(panel, cost_bps)]
    if not any(len(part["reason"]) for part in parts):
        return pd.DataFrame(columns=list(COLUMNS))
    table = pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})
    table = table.astype({"reason": "str"}).sort_values(list(ORDER), ignore_index=True)
    is_sentiment = table["signal"].str.endswith("sentiment")
    words = table["signal"].str.replace("_", " ").where(~is_sentiment, "sentiment")
    table = judged(table.assign(n=table["session_count"], cause=words))
    return table[list(COLUMNS)]


def _of_panel(panel: Panel, cost_bps: float) -> Iterator[Rows]:
    columns, kind = cross_section_names(panel)
    is_crowded = len(columns) >= MIN_NAMES
    if is_crowded:
        yield from _cross_section(panel, columns, kind, cost_bps)
    else:
        few = f"({len(columns)} < {MIN_NAMES})"
        reason = f"too few tickers of {MIN_SESSIONS} sessions for a cross-section {few}: see each"
        for horizon in panel.forward_returns:
            count = len(panel.signals)
            keys = {"universe": panel.calendar, "method": "cross-section", "signal": list(panel.signals)}
            figures = {"session_count": np.zeros(count, int), "name_count": float(len(columns)), "p": np.nan}
            yield _rows(
                panel, keys | {"horizon": horizon, "return_kind": kind}, figures, np.full(count, reason, dtype=object)
            )
    if panel.source == "all":
        signals = [name for name in panel.signals if name == MAIN_SIGNAL or not is_crowded]
        for horizon in panel.forward_returns if signals else []:
            yield _name_by_name(panel, signals, horizon)


def cross_section_names(panel: Panel) -> tuple[np.ndarray, str]:
    """Columns with enough sessions for a cross-section, and the kind of their returns: abnormal if enough are."""
    shortest = panel.forward_returns[min(panel.forward_returns)]
    spoken = panel.signals.get(MAIN_SIGNAL, next(iter(panel.signals.values()), shortest))
    has_enough = (np.isfinite(spoken) & np.isfinite(shortest)).sum(axis=0) >= MIN_SESSIONS
    kinds = np.array(panel.return_kinds, dtype=object)
    is_abnormal = has_enough & (kinds == "abnormal")
    if is_abnormal.sum() >= MIN_NAMES:
        return np.flatnonzero(is_abnormal), "abnormal"
    found = set(kinds[has_enough]) or set(kinds)
    return np.flatnonzero(has_enough), found.pop() if len(found) == 1 else "mixed"


def _cross_section(panel: Panel, columns: np.ndarray, kind: str, cost_bps: float) -> Iterator[Rows]:
    """Rows per horizon. Every array is sorted once: the returns beforehand, the signals one after the other."""
    ahead = {horizon: by_row(_taken(values, columns)) for horizon, values in panel.forward_returns.items()}
    shape = (len(panel.signals), len(panel.days))
    series = {(horizon, name): np.full(shape, np.nan) for horizon in ahead for name in SERIES}
    first, moved = standings(ahead[1]), standings(by_row(_taken(panel.returns, columns)))
    states = []
    for at, values in enumerate(panel.signals.values()):
        signal = by_row(_taken(values, columns))
        states.append(_state(signal.values.reshape(-1, 1))[0])
        reverse = reverse_coefficients(standings(signal), first, moved, list(ahead))
        for (horizon, returns), before in zip(ahead.items(), reverse, strict=True):
            found = information_coefficients(signal, returns)
            book = quantile_spreads(signal, returns.values, horizon)
            for name, one in zip(SERIES, (*found, *book, before), strict=True):
                series[horizon, name][at] = one
    keys = {"universe": panel.calendar, "method": "cross-section", "signal": list(panel.signals), "return_kind": kind}
    for horizon, returns in ahead.items():
        spearman, pearson, names, spread, renewed, reverse = (series[horizon, name].T for name in SERIES)
        ic, book = summarise(spearman, horizon), summarise_spreads(spread, renewed, horizon, cost_bps)
        without_overlap = hac_mean(reverse, 0)
        p = np.maximum(ic.p_fixed_b, _agreed(without_overlap.p, without_overlap.value, ic.mean))  # NaN if one is
        figures = {
            **{"ic": ic.mean, "pearson_ic": _mean(pearson), "icir": ic.icir, "hit_rate": ic.hit_rate},
            **{"spread_bps": book.spread_bps, "net_spread_bps": book.net_spread_bps, "turnover": book.turnover},
            **{"t_hac": ic.t, "p_hac": ic.p_hac, "p_fixed_b": ic.p_fixed_b, "p_reverse": without_overlap.p},
            **{"non_overlapping_ic": ic.non_overlapping, "p_non_overlapping": ic.p_non_overlapping},
            **{"ic_low": ic.low, "ic_high": ic.high, "in_sample_ic": ic.in_sample},
            **{"out_of_sample_ic": ic.out_of_sample, "p_out_of_sample": ic.p_out_of_sample},
            **{"session_count": ic.sessions, "name_count": _mean(np.where(np.isfinite(spearman), names, np.nan))},
            **{"p": p, "effect": ic.mean},
        }
        of_returns = _state(returns.values.reshape(-1, 1)).repeat(len(states))
        yield _rows(panel, keys | {"horizon": horizon}, figures, _reasons(np.array(states), of_returns, ic.sessions, p))


def _name_by_name(panel: Panel, signals: list[str], horizon: int) -> Rows:
    """Rows of one horizon: every ticker by the first signal, then by the second …"""
    count = len(signals)
    values = np.hstack([panel.signals[name] for name in signals])
    returns, first, moved = (
        np.tile(array, count) for array in (panel.forward_returns[horizon], panel.forward_returns[1], panel.returns)
    )
    found = predictive_regression(values, returns, horizon)
    without_overlap = reverse_regression(values, first, moved, horizon)
    p = np.maximum(found.p_fixed_b, _agreed(without_overlap.p, without_overlap.t, found.slope_bps))
    keys = {
        "universe": list(panel.tickers) * count,
        "method": "regression",
        "signal": np.repeat(np.array(signals, dtype=object), len(panel.tickers)),
        "horizon": horizon,
        "return_kind": list(panel.return_kinds) * count,
    }
    figures = {
        **{"ic": found.spearman, "pearson_ic": found.pearson, "hit_rate": found.hit_rate},
        **{"slope_bps": found.slope_bps, "slope_low_bps": found.slope_low_bps, "slope_high_bps": found.slope_high_bps},
        **{"t_hac": found.t, "p_hac": found.p_hac, "p_fixed_b": found.p_fixed_b, "p_reverse": without_overlap.p},
        **{"non_overlapping_ic": found.non_overlapping, "p_non_overlapping": found.p_non_overlapping},
        **{"ic_low": found.spearman_low, "ic_high": found.spearman_high, "in_sample_ic": found.in_sample},
        **{"out_of_sample_ic": found.out_of_sample, "p_out_of_sample": found.p_out_of_sample},
        **{"session_count": found.sessions, "name_count": 1.0, "p": p, "effect": found.slope_bps},
    }
    state = np.where(found.largest_share > LARGEST_SHARE, 3, _state(values))
    reasons = _reasons(state, _state(returns), found.sessions, p)
    return _rows(panel, keys, figures, reasons)


def _rows(panel: Panel, keys: dict, figures: dict, reasons: np.ndarray) -> Rows:
    """One row per reason; where there is one, the figures but the counts are missing."""
    keys = {"scorer": panel.scorer, "source": panel.source} | keys
    figures = dict.fromkeys((*FIGURES, "p", "effect"), np.nan) | figures
    is_test = np.equal(reasons, None)
    rows = {name: np.broadcast_to(np.array(value), reasons.shape) for name, value in keys.items()}
    for name, value in figures.items():
        is_count = name in ("session_count", "name_count")
        rows[name] = np.broadcast_to(value if is_count else np.where(is_test, value, np.nan), reasons.shape)
    return rows | {"reason": reasons}


def _agreed(p: np.ndarray, direction: np.ndarray, effect: np.ndarray) -> np.ndarray:
    """``p`` of the reverse test, 1 where it points the other way than the effect that the row shows."""
    return np.where(np.isnan(p) | np.isnan(effect), np.nan, np.where(direction * effect > 0, p, 1.0))


def _state(values: np.ndarray) -> np.ndarray:
    """(K,) per column: 0 no finite value, 1 always the same, 2 varied."""
    there = np.isfinite(values)
    return np.where(varies(values, there), 2, there.any(axis=0).astype(int))


def _reasons(signal: np.ndarray, returns: np.ndarray, sessions: np.ndarray, p: np.ndarray) -> np.ndarray:
    """(K,) why there is no test, from the states of both sides; None where there is one. 3: one session is all."""
    few = np.array([f"too few sessions ({count} < {MIN_SESSIONS})" for count in sessions], dtype=object)
    states = [signal == 0, signal == 1, returns == 0, returns == 1]
    words = ["signal is missing", "signal is constant", "all returns are missing", "returns are constant"]
    no_p = "no p-value: nothing varies where both are there, no one-session returns, or figures overflow"
    return np.select(
        [*states, sessions < MIN_SESSIONS, signal == 3, np.isnan(p)], [*words, few, DUMMY, no_p], default=None
    )


def _taken(values: np.ndarray, columns: np.ndarray) -> np.ndarray:
    return values if len(columns) == values.shape[1] else values[:, columns]


def _mean(values: np.ndarray) -> np.ndarray:
    return hac_mean(values, 0).value
