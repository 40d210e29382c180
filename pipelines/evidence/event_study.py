"""The event study: abnormal returns per event, and their mean with its tests per group of events.

Here: the groups, the rows, what is counted and why a figure is missing. Not here: the arithmetic of the models and
the tests (``abnormal_returns.py``, ``event_tests.py``), false discovery over all rows, the verdict in words.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from pipelines.evidence import event_tests
from pipelines.evidence.abnormal_returns import MODELS, AbnormalReturns, cumulated, joined, window_reasons
from pipelines.evidence.event_clustering import mean_correlation
from pipelines.evidence.event_returns import TIMELINE, Tape, Timeline, around, lay_out

WINDOWS = ((-5, -1), (0, 0), (1, 1), (1, 5), (1, 20), (-1, 1))
LEAST_EVENTS = 5
BLOCK_EVENTS = 4_096
KEYS = ("ticker", "trading_day", "scorer", "origin")
STATISTICS = (
    "mean_car",
    "car_se",
    "car_low",
    "car_high",
    *("naive_t", "naive_p", "patell_z", "patell_p", "bmp_t", "bmp_p", "kp_t", "kp_p"),
    *("rank_t", "rank_p", "sign_z", "sign_p"),
    "positive_share",
    "mean_correlation",
    "p",
)
GROUP_ROWS = (
    *("scorer", "origin", "event_group", "model", "window_start", "window_end"),
    *("event_count", "dropped_count", "excluded_count", "ticker_count", "day_count"),
    *STATISTICS,
    "reason",
)


class Study(NamedTuple):
    """The two tables of an event study."""

    groups: pd.DataFrame  # scorer × origin × group × model × window, columns GROUP_ROWS
    events: pd.DataFrame  # one row per event with its CAR and SCAR of each window


class _Sample(NamedTuple):
    """The events of one group that have a CAR over one window, in the direction of the group."""

    car: np.ndarray
    scar: np.ndarray
    degrees_of_freedom: np.ndarray
    residuals: np.ndarray  # over their sigma
    ranks: np.ndarray
    residual_days: np.ndarray
    window_days: np.ndarray


def study(
    events: pd.DataFrame,
    returns: pd.DataFrame,
    windows: Sequence[tuple[int, int]] = WINDOWS,
    timeline: Timeline = TIMELINE,
) -> Study:
    """Abnormal returns of the ``events`` over the ``windows``, and what their groups have in common.

    ``events``: as ``without_overlaps`` returns them; ``returns``: as ``lay_out`` takes them. The order of the rows of
    either changes nothing. ``ValueError`` for a window outside the stored one.

    Groups: "all", the direction, "positive, author against crowd", "negative, copied" and so on; of listed events
    "all" and the labels. In "all" the returns of negative events of sentiment are turned round, so that a figure
    above 0 means that prices went the way of the talk; elsewhere returns stand as they are. Every group that has an
    event has a row, with ``reason`` where there is no figure (fewer than 5 events, among others).

    ``dropped_count``: overlapping events left out; ``excluded_count``: events without an estimate or with a session
    missing; ``event_count``: N, what is left. ``car_se``, ``car_low`` and ``car_high`` (95 %) allow for clustering as
    KP does; ``p`` is KP's, on which the verdict rests. ``mean_correlation`` is as estimated, though below 0 it counts
    as 0 in the tests.
    """
    for window in windows:
        timeline.within(window)
    tape = lay_out(returns)
    ordered = events.sort_values([*KEYS, "direction", "label"], ignore_index=True)
    groups: list[dict[str, Any]] = []
    tables = []
    for (scorer, origin), family in ordered.groupby(["scorer", "origin"], dropna=False, sort=True):
        used = family[family["is_used"].to_numpy(dtype=bool)]
        estimated = {}
        for name in MODELS:
            estimates, days = _estimate(name, used, tape, timeline)
            keys = {"scorer": scorer, "origin": origin, "model": name}
            groups += [keys | row for row in _rows(family, used, estimates, days, windows)]
            estimated[name] = estimates._replace(residuals=np.empty((len(used), 0)))  # by far the largest array
        tables.append(_event_rows(family, estimated, windows))
    if not tables:
        estimated = {name: _estimate(name, ordered, tape, timeline)[0] for name in MODELS}
        tables.append(_event_rows(ordered, estimated, windows))
    unknown = dict.fromkeys(STATISTICS, np.nan)
    per_group = pd.DataFrame([unknown | row for row in groups], columns=list(GROUP_ROWS))
    return Study(per_group.astype({"reason": object}), pd.concat(tables, ignore_index=True))


def _estimate(model: str, events: pd.DataFrame, tape: Tape, timeline: Timeline) -> tuple[AbnormalReturns, np.ndarray]:
    """The model's estimates and the days (N, K + V), some thousand events at a time: gathering takes many copies."""
    parts, days = [], []
    for start in range(0, max(len(events), 1), BLOCK_EVENTS):
        rows = around(events.iloc[start : start + BLOCK_EVENTS], tape, timeline)
        parts.append(MODELS[model](rows))
        days.append(rows.days)
    return joined(parts), np.concatenate(days)


def _rows(
    family: pd.DataFrame,
    used: pd.DataFrame,
    estimates: AbnormalReturns,
    days: np.ndarray,
    windows: Sequence[tuple[int, int]],
) -> Iterator[dict[str, Any]]:
    """A row for each group and window of one scorer, origin and model."""
    longest = estimates.timeline.longest
    standardised = estimates.residuals / estimates.sigma[:, None]
    ranks = event_tests.ranks_of(standardised)
    cumulative = [cumulated(estimates, window) for window in windows]
    for name, members in _groups(family):
        is_member = members[family["is_used"].to_numpy(dtype=bool)]
        dropped = int(members.sum()) - int(is_member.sum())
        is_turned = (used["direction"] == "negative").to_numpy(dtype=bool) & (name == "all")
        earlier = None
        for window, (car, scar) in zip(windows, cumulative, strict=True):
            chosen = np.flatnonzero(is_member & np.isfinite(scar))
            if earlier is None or not np.array_equal(chosen, earlier):  # most windows have the same events
                earlier, sign = chosen, np.where(is_turned[chosen], -1.0, 1.0)
                residuals, own_ranks = standardised[chosen], ranks[chosen]
                turned = is_turned[chosen]
                residuals[turned] *= -1
                own_ranks[turned] = estimates.length[chosen[turned], None] + 1 - own_ranks[turned]
                estimation_days = days[chosen, :longest]
            sample = _Sample(
                car[chosen] * sign,
                scar[chosen] * sign,
                estimates.degrees_of_freedom[chosen],
                residuals,
                own_ranks,
                estimation_days,
                days[chosen, longest:][:, estimates.timeline.within(window)],
            )
            yield {
                "event_group": name,
                "window_start": window[0],
                "window_end": window[1],
                "event_count": len(chosen),
                "dropped_count": dropped,
                "excluded_count": int(is_member.sum()) - len(chosen),
                "ticker_count": used["ticker"].iloc[chosen].nunique(),
                "day_count": used["trading_day"].iloc[chosen].nunique(),
                **_figures(sample),
            }


def _groups(family: pd.DataFrame) -> Iterator[tuple[str, np.ndarray]]:
    """Name and members of each group that has an event."""
    yield "all", np.ones(len(family), dtype=bool)
    for label, rows in family.groupby("label", sort=True):
        yield label, family.index.isin(rows.index)
    for direction, rows in family.groupby("direction", sort=True):
        yield direction, family.index.isin(rows.index)
        for column in ("voice", "newness"):
            for name, some in rows.groupby(column, sort=True):
                yield f"{direction}, {name}", family.index.isin(some.index)


def _figures(sample: _Sample) -> dict[str, Any]:
    """The statistics of one row; nothing but the reason where there are too few events."""
    count = len(sample.car)
    if count < LEAST_EVENTS:
        return {"reason": f"{count} event{'s' * (count != 1)}; {LEAST_EVENTS} needed"}
    correlation = mean_correlation(sample.residuals, sample.residual_days, sample.window_days)
    with np.errstate(invalid="ignore"):
        positive = (sample.residuals > 0).sum(axis=1) / np.isfinite(sample.residuals).sum(axis=1)
    tests = {
        ("naive_t", "naive_p"): event_tests.naive(sample.car),
        ("patell_z", "patell_p"): event_tests.patell(sample.scar, sample.degrees_of_freedom),
        ("bmp_t", "bmp_p"): event_tests.boehmer(sample.scar),
        ("kp_t", "kp_p"): event_tests.kolari_pynnonen(sample.scar, correlation),
        ("rank_t", "rank_p"): event_tests.generalised_rank(sample.scar, sample.residuals, sample.ranks, correlation),
        ("sign_z", "sign_p"): event_tests.generalised_sign(sample.car, positive),
    }
    figures = {name: value for names, test in tests.items() for name, value in zip(names, test, strict=True)}
    is_judged = np.isfinite(figures["kp_p"])
    mean, error = float(sample.car.mean()), np.nan
    if is_judged:
        error = float(sample.car.std(ddof=1)) / np.sqrt(count) * event_tests.clustering(correlation, count)
    reach = error * float(special.stdtrit(count - 1, 0.975))
    return figures | {
        "mean_car": mean,
        "car_se": error,
        "car_low": mean - reach,
        "car_high": mean + reach,
        "positive_share": float((sample.car > 0).mean()),
        "mean_correlation": correlation,
        "p": figures["kp_p"],
        "reason": None if is_judged else "the events do not differ: no spread to judge by",
    }


def _event_rows(
    family: pd.DataFrame, estimated: dict[str, AbnormalReturns], windows: Sequence[tuple[int, int]]
) -> pd.DataFrame:
    """The events of one scorer and origin with their model, its estimates, and CAR and SCAR of each window.

    ``model``: the market model, or, where it has no estimate, the mean-adjusted one. ``reason`` says why it is not
    the market model, and which session is missing.
    """
    table = family.reset_index(drop=True)
    used = np.flatnonzero(table["is_used"].to_numpy(dtype=bool))
    has_none = {name: np.isnan(estimates.sigma) for name, estimates in estimated.items()}
    is_mean = has_none["market"] & ~has_none["mean"]
    model, reason = np.where(is_mean, "mean", "market").astype(object), table["dropped_reason"].to_numpy(object).copy()
    model[has_none["market"] & has_none["mean"]] = None
    values: dict[str, list[np.ndarray]] = {}
    for estimates in estimated.values():
        for name in ("alpha", "beta", "sigma"):
            values.setdefault(name, []).append(getattr(estimates, name))
        values.setdefault("estimation_count", []).append(estimates.length)
        for window in windows:
            for name, figure in zip(("car", "scar"), cumulated(estimates, window), strict=True):
                values.setdefault(f"{name}_{window_name(window)}", []).append(figure)
    columns = {"model": pd.Series(None, index=table.index, dtype=object)}
    columns["model"].iloc[used] = model
    for name, (market, mean) in values.items():
        columns[name] = pd.Series(np.nan, index=table.index)
        columns[name].iloc[used] = np.where(is_mean, np.nan if name == "beta" else mean, market)
    whole = min(first for first, _ in windows), max(last for _, last in windows)
    market, mean = (window_reasons(estimates, whole) for estimates in estimated.values())
    for place in np.flatnonzero(has_none["market"] | ~np.equal(market, None).astype(bool)):
        reasons = [market[place], mean[place]] if has_none["market"][place] else [market[place]]
        reason[used[place]] = "; ".join(dict.fromkeys(words for words in reasons if words))
    return table.assign(**columns, reason=pd.Series(reason, dtype=object)).drop(columns=["dropped_reason"])


def by_window(events: pd.DataFrame, windows: Sequence[tuple[int, int]] = WINDOWS) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The events of a study without their windows, and one row per event that has a model and window: car, scar."""
    names = [f"{figure}_{window_name(window)}" for window in windows for figure in ("car", "scar")]
    used = events.loc[events["model"].notna(), list(KEYS)]
    parts = [
        used.assign(
            window_start=window[0],
            window_end=window[1],
            # only their rows: a longer column would fill an empty frame with rows of nothing
            car=events.loc[used.index, f"car_{window_name(window)}"],
            scar=events.loc[used.index, f"scar_{window_name(window)}"],
        )
        for window in windows
    ]
    return events.drop(columns=names), pd.concat(parts, ignore_index=True)


def window_name(window: tuple[int, int]) -> str:
    """How columns name a window: (-5, -1) is ``m5_m1``, (1, 20) is ``1_20``."""
    return "_".join(f"m{-session}" if session < 0 else str(session) for session in window)
