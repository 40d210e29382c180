"""What was planted in a market is found within its interval, what was not is not, and bad data give a reason."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pipelines.evidence.information_coefficient import by_row, information_coefficients
from pipelines.evidence.panel import HORIZONS, Panel
from pipelines.evidence.placebo import placebo
from pipelines.evidence.predictive_regression import predictive_regression
from pipelines.evidence.reverse_regression import reverse_coefficients, reverse_regression, standings
from pipelines.evidence.signal_quality import COLUMNS, FIGURES, signal_quality
from warehouse.sample.market import PERSISTENCE, SECOND_DAY_SHARE, expected_slope, simulate
from warehouse.sample.panels import panels

PLANTED = {"MU", "NVDA", "GME", "BTC"}


def drawn(sessions: int = 120, names: int = 8, seed: int = 1, effect: float = 0.0) -> Panel:
    """Noise, and an effect of the first signal on the next session's return."""
    rng = np.random.default_rng(seed)
    signals = {name: rng.standard_normal((sessions, names)) for name in ("mean_sentiment", "agreement")}
    returns = 0.02 * rng.standard_normal((sessions, names))
    returns[1:] += effect * signals["mean_sentiment"][:-1]
    path = np.concatenate([np.zeros((1, names)), np.cumsum(returns, axis=0)])
    ahead = {horizon: np.full((sessions, names), np.nan) for horizon in HORIZONS}
    for horizon, values in ahead.items():
        values[:-horizon] = path[horizon + 1 :] - path[1:-horizon]
    days = np.datetime64("2024-01-01") + np.arange(sessions)
    tickers = tuple(f"T{number}" for number in range(names))
    return Panel("vader", "all", "XNYS", days, tickers, signals, ahead, returns, ("abnormal",) * names)


def found_in(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["verdict"].str.startswith("evidence")]


@cache
def studied(seed: int, effect_bps: float) -> pd.DataFrame:
    """The study of one market; several tests ask the same."""
    return signal_quality(panels(simulate(seed, effect_bps=effect_bps)))


def false_discovery_share(seed: int, effect_bps: float = 0.0) -> float:
    """Of the discoveries in one market, the share that is false; 0 where nothing is found."""
    found = found_in(studied(seed, effect_bps))
    is_true = ((found["universe"] == "XNYS") | found["universe"].isin(PLANTED)) & (found["signal"] != "volume_z")
    return 0.0 if found.empty else float(1 - is_true.mean() * (effect_bps > 0))


def test_where_nothing_is_planted_next_to_nothing_is_found():
    assert np.mean([false_discovery_share(seed) for seed in range(40)]) <= 0.05


def test_where_something_is_planted_few_of_the_discoveries_are_false():
    assert np.mean([false_discovery_share(seed, 60) for seed in range(10)]) <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize("effect_bps", [0, 60])
def test_over_200_markets_false_discoveries_stay_below_5_percent(effect_bps: float):
    assert np.mean([false_discovery_share(seed, effect_bps) for seed in range(1_000, 1_200)]) <= 0.05


def test_the_planted_tickers_are_found_and_the_sign_is_right():
    tables = [found_in(studied(seed, 60)) for seed in range(10)]
    found = pd.concat([table[table["signal"] == "mean_sentiment"] for table in tables])
    planted = found[found["universe"].isin(PLANTED | {"XNYS"})]
    next_day = planted[planted["horizon"] == 1]
    assert next_day["verdict"].str.startswith("evidence: higher sentiment, higher return (q ").all()
    times_found = next_day.groupby("universe").size()
    assert times_found["XNYS"] == 10 and times_found[list(PLANTED)].min() >= 8


def test_the_planted_tickers_are_found_at_longer_horizons_too():
    """Over 200 markets 97 % at 2 sessions and 57 % at 5. By returns that do not overlap it would be 83 and 12."""
    is_sentiment = [table[table["signal"] == "mean_sentiment"] for table in (studied(seed, 60) for seed in range(10))]
    found = found_in(pd.concat([table[table["universe"].isin(PLANTED)] for table in is_sentiment]))
    share = found.groupby("horizon").size() / 40
    assert share[2] >= 0.9 and share[5] >= 0.3


def slopes(seeds: range, horizon: int, later: int = 0) -> list[tuple[float, float, float]]:
    """Slope per unit of mood with its interval, for each market and planted ticker; mood known ``later`` sessions later."""
    bounds = []
    for seed in seeds:
        for panel in panels(simulate(seed)):
            mood, ahead = panel.signals["mean_sentiment"], panel.forward_returns[horizon]
            delayed = np.full_like(mood, np.nan)
            delayed[later:] = mood[: len(mood) - later]
            found = predictive_regression(delayed, ahead, horizon)
            both = np.isfinite(delayed) & np.isfinite(ahead)
            scale = 1 / np.std(delayed, axis=0, ddof=1, where=both)
            figures = (found.slope_bps * scale, found.slope_low_bps * scale, found.slope_high_bps * scale)
            is_planted = np.isin(panel.tickers, list(PLANTED))
            bounds += zip(*(figure[is_planted].tolist() for figure in figures), strict=True)
    return bounds


@pytest.mark.parametrize("horizon", HORIZONS)
def test_the_planted_slope_lies_in_its_interval_about_as_often_as_it_should(horizon: int):
    """Of 95 % intervals 93 to 95 % cover it up to 5 sessions ahead, 88 % at 20: there the slope itself is biased by −30 bps,
    because mood follows the price (Stambaugh 1999)."""
    bounds = slopes(range(40), horizon)
    truth = expected_slope(horizon=horizon)
    assert len(bounds) == 160
    assert (0.90 if horizon <= 5 else 0.85) <= np.mean([low <= truth <= high for _, low, high in bounds]) <= 0.99
    assert np.mean([slope for slope, _, _ in bounds]) - truth == pytest.approx(-1.5 * horizon, abs=8)


def test_mood_known_later_predicts_what_is_left_of_it_and_after_five_sessions_nothing():
    """After one session φ·b + b/3 is left of b·(1 + φ/3): the plant takes two days, and mood persists."""
    mean_of = {later: np.mean([slope for slope, _, _ in slopes(range(20), 1, later)]) for later in (0, 1, 5)}
    assert mean_of[0] == pytest.approx(expected_slope(), abs=5)
    assert mean_of[1] == pytest.approx(60 * (PERSISTENCE + SECOND_DAY_SHARE), abs=5)
    assert abs(mean_of[5]) < 5


def test_on_other_returns_the_effect_is_gone():
    rng = np.random.default_rng(1)
    shares = []
    for seed in range(5):
        noise = [
            panel._replace(
                forward_returns={
                    h: 0.02 * rng.standard_normal(ahead.shape) for h, ahead in panel.forward_returns.items()
                }
            )
            for panel in panels(simulate(seed))
        ]
        shares.append(len(found_in(signal_quality(noise))) > 0)
    assert not any(shares)


def test_the_rows_of_a_cross_section_are_the_coefficients_of_its_sessions():
    panel = drawn(effect=0.01)
    row = row_of(signal_quality([panel]), method="cross-section", signal="mean_sentiment", horizon=5)
    signal, ahead = by_row(panel.signals["mean_sentiment"]), by_row(panel.forward_returns[5])
    ic = information_coefficients(signal, ahead).spearman
    assert row["ic"] == pytest.approx(np.nanmean(ic))
    assert row["hit_rate"] == pytest.approx((ic[:-5] > 0).mean())
    assert row["non_overlapping_ic"] == pytest.approx(np.nanmean(ic[::5]))
    assert row["in_sample_ic"] == pytest.approx(ic[:84].mean())
    assert row["ic_low"] < row["ic"] < row["ic_high"]
    assert row["p_non_overlapping"] == pytest.approx(stats.ttest_1samp(ic[:-5:5], 0).pvalue)
    ranked = standings(signal), standings(by_row(panel.forward_returns[1])), standings(by_row(panel.returns))
    assert row["p_reverse"] == pytest.approx(stats.ttest_1samp(reverse_coefficients(*ranked, [5])[0, 1:], 0).pvalue)
    assert row["p"] == max(row["p_fixed_b"], row["p_reverse"])
    assert (row["session_count"], row["name_count"], row["return_kind"]) == (115, 8, "abnormal")
    assert np.isnan(row["out_of_sample_ic"])  # 120 − 84 − 20 sessions are left
    assert row["net_spread_bps"] < row["spread_bps"]


def test_the_verdict_on_a_ticker_needs_the_forward_and_the_reverse_regression():
    panel = drawn(effect=0.01)
    row = row_of(signal_quality([panel]), universe="T3", horizon=5)
    both = panel.signals["mean_sentiment"], panel.forward_returns[5]
    reverse = reverse_regression(both[0], panel.forward_returns[1], panel.returns, 5)
    assert row["p_fixed_b"] == predictive_regression(*both, 5).p_fixed_b[3]
    assert row["p_reverse"] == reverse.p[3]
    assert row["p"] == max(row["p_fixed_b"], row["p_reverse"])


def test_a_crowded_calendar_has_rows_for_every_signal_and_for_each_ticker_by_mean_sentiment():
    table = signal_quality([drawn()])
    assert tuple(table.columns) == COLUMNS
    assert table.groupby(["method", "signal"]).size().to_dict() == {
        ("cross-section", "agreement"): 5,
        ("cross-section", "mean_sentiment"): 5,
        ("regression", "mean_sentiment"): 40,
    }
    assert (table["family_size"] == 50).all()
    assert not table.duplicated(["scorer", "source", "universe", "signal", "horizon"]).any()


def test_a_single_ticker_is_studied_by_every_signal_and_its_calendar_says_why_not():
    table = signal_quality([drawn(names=1, effect=0.02)])
    calendar, ticker = table[table["method"] == "cross-section"], table[table["method"] == "regression"]
    assert set(calendar["reason"]) == {"too few tickers of 30 sessions for a cross-section (1 < 5): see each"}
    assert set(calendar["verdict"]) == {
        "not tested: too few tickers of 30 sessions for a cross-section (1 < 5): see each"
    }
    assert len(ticker) == 10 and ticker["p"].notna().all() and (ticker["family_size"] == 10).all()
    assert set(found_in(ticker)["signal"]) == {"mean_sentiment"}


def test_one_source_alone_has_no_rows_for_single_tickers():
    table = signal_quality([drawn()._replace(source="reddit"), drawn(seed=2)])
    assert set(table.loc[table["source"] == "reddit", "method"]) == {"cross-section"}
    assert (table["family_size"] == 60).all()


def test_enough_abnormal_returns_are_kept_apart_from_raw_ones():
    panel = drawn()
    five = panel._replace(return_kinds=("abnormal",) * 5 + ("raw",) * 3)
    row = row_of(signal_quality([five]), method="cross-section", signal="agreement", horizon=1)
    assert (row["return_kind"], row["name_count"]) == ("abnormal", 5)
    four = panel._replace(return_kinds=("abnormal",) * 4 + ("raw",) * 4)
    row = row_of(signal_quality([four]), method="cross-section", signal="agreement", horizon=1)
    assert (row["return_kind"], row["name_count"]) == ("mixed", 8)
    assert row_of(signal_quality([four]), universe="T7", horizon=1)["return_kind"] == "raw"


def constant(panel: Panel) -> None:
    panel.signals["mean_sentiment"][:] = 0.1


def silent(panel: Panel) -> None:
    panel.signals["mean_sentiment"][:] = np.nan


def unpriced(panel: Panel) -> None:
    for ahead in panel.forward_returns.values():
        ahead[:] = np.nan


def infinite(panel: Panel) -> None:
    for ahead in panel.forward_returns.values():
        ahead[:] = np.inf


def frozen(panel: Panel) -> None:
    for ahead in panel.forward_returns.values():
        ahead[:] = 0.1


def short(panel: Panel) -> None:
    for ahead in panel.forward_returns.values():
        ahead[29:] = np.nan


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (constant, "signal is constant"),
        (silent, "signal is missing"),
        (unpriced, "all returns are missing"),
        (infinite, "all returns are missing"),
        (frozen, "returns are constant"),
        (short, "too few sessions (29 < 30)"),
    ],
)
@pytest.mark.parametrize("names", [1, 4, 8])
def test_bad_data_give_a_reason_and_no_figure(spoil: Callable[[Panel], None], reason: str, names: int):
    panel = drawn(names=names)
    spoil(panel)
    table = signal_quality([panel])
    bad = table[(table["method"] == "regression") & (table["signal"] == "mean_sentiment")]
    assert set(bad["reason"]) == {reason} and len(bad) == 5 * names
    assert bad[[*FIGURES, "p", "q", "q_by"]].isna().all(axis=None)
    assert set(bad["verdict"]) == {f"not tested: {reason}"}
    untested = table[(table["method"] == "cross-section") & (table["signal"] == "mean_sentiment")]
    assert untested["reason"].notna().all() and untested[[*FIGURES, "p", "q"]].isna().all(axis=None)


def test_a_signal_that_is_one_session_is_not_tested():
    """Its HAC error collapses: that one return, whatever it was, would be evidence."""
    panel = drawn()
    panel.signals["mean_sentiment"][:, 2] = np.arange(120) == 50
    table = signal_quality([panel])
    ticker = table[table["universe"] == "T2"]
    assert set(ticker["reason"]) == {"one session holds most of the variance of the signal"}
    assert ticker[[*FIGURES, "p"]].isna().all(axis=None) and (ticker["session_count"] >= 100).all()
    assert table.loc[table["universe"] != "T2", "reason"].isna().all()


def test_without_returns_of_single_sessions_there_is_no_verdict():
    panel = drawn()
    panel.forward_returns[1][:, 2] = panel.returns[:, 2] = np.nan
    row = row_of(signal_quality([panel]), universe="T2", horizon=5)
    assert row["reason"].startswith("no p-value: nothing varies where both are there, no one-session returns")
    assert np.isnan(row["p_fixed_b"]) and row["verdict"].startswith("not tested")


def test_a_constant_signal_across_names_leaves_the_other_signals_alone():
    panel = drawn()
    panel.signals["agreement"][:] = 0.3
    table = signal_quality([panel])
    assert set(table.loc[table["signal"] == "agreement", "reason"]) == {"signal is constant"}
    assert table.loc[table["signal"] == "mean_sentiment", "p"].notna().all()


def test_absurd_figures_are_no_error_and_spoil_their_own_ticker_only():
    panel = drawn()
    for ahead in panel.forward_returns.values():
        ahead[3:5, 2] = 1e200, -1e308
    panel.signals["mean_sentiment"][7, 1] = 1e308
    table = signal_quality([panel])
    healthy = table[table["universe"].isin(["T0", "T3", "T4", "T5", "T6", "T7"])]
    assert healthy["reason"].isna().all() and np.isfinite(healthy["p"]).all()
    assert table.loc[table["reason"].isna(), "p"].between(0, 1).all()


def test_a_silent_ticker_and_a_young_one_leave_the_others_alone():
    panel = drawn(names=9)
    panel.signals["mean_sentiment"][:, 7] = np.nan
    panel.signals["mean_sentiment"][:100, 8] = np.nan
    table = signal_quality([panel])
    assert row_of(table, universe="T7", horizon=1)["reason"] == "signal is missing"
    assert row_of(table, universe="T8", horizon=1)["reason"] == "too few sessions (19 < 30)"
    assert row_of(table, method="cross-section", signal="mean_sentiment", horizon=1)["name_count"] == 7
    assert row_of(table, universe="T0", horizon=1)["verdict"].startswith("no evidence")


@pytest.mark.parametrize("sessions", [0, 1, 2, 5, 29])
def test_a_calendar_of_few_sessions_is_no_error(sessions: int):
    table = signal_quality([drawn(sessions=sessions)])
    assert table["reason"].notna().all() and table["p"].isna().all() and len(table) == 10 + 80


def test_no_ticker_no_signal_and_no_panel_are_no_errors():
    assert tuple(signal_quality([]).columns) == COLUMNS
    assert set(signal_quality([drawn(names=0)])["method"]) == {"cross-section"}
    assert signal_quality([drawn()._replace(signals={})]).empty


def test_the_placebo_pays_the_cost_of_the_study():
    free, dear = (placebo([drawn()], 1, cost_bps).query("method == 'cross-section'") for cost_bps in (0.0, 50.0))
    pd.testing.assert_series_equal(free["net_spread_bps"], free["spread_bps"], check_names=False)
    assert (dear["net_spread_bps"] < free["net_spread_bps"] - 50).any()


def test_the_same_panels_give_the_same_table():
    pd.testing.assert_frame_equal(signal_quality([drawn(effect=0.01)]), signal_quality([drawn(effect=0.01)]))


def row_of(table: pd.DataFrame, **keys: object) -> pd.Series:
    """The one row with these keys."""
    found = table[np.logical_and.reduce([table[name] == value for name, value in keys.items()])]
    assert len(found) == 1
    return found.iloc[0]
