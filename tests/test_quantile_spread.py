"""The book long the top fifth and short the bottom fifth: spread, renewal and cost, by hand and against pandas."""

import numpy as np
import pandas as pd
import pytest

from pipelines.evidence.information_coefficient import by_row
from pipelines.evidence.quantiles import quantile_spreads, summarise_spreads


def test_ten_names_give_two_on_each_side():
    signal = np.array([[3, 9, 1, 7, 5, 2, 8, 4, 6, 0]], dtype=float)
    returns = np.arange(10.0)[None] ** 2
    found = quantile_spreads(by_row(signal), returns, 1)
    assert found.spread[0] == pytest.approx((1 + 36) / 2 - (4 + 81) / 2)  # 9 and 8 against 0 and 1
    assert np.isnan(found.renewed[0])


@pytest.mark.parametrize(("names", "held"), [(5, 1), (6, 2), (9, 3), (10, 2), (14, 2), (15, 3), (100, 20)])
def test_a_leg_holds_a_third_of_few_names_and_a_fifth_of_many(names: int, held: int):
    order = np.arange(float(names))[None]
    top = quantile_spreads(by_row(order), (order >= names - held).astype(float), 1)
    next_one = quantile_spreads(by_row(order), (order == names - held - 1).astype(float), 1)
    assert top.spread[0] == pytest.approx(1)
    assert next_one.spread[0] == 0


def test_random_tables_agree_with_pandas():
    rng = np.random.default_rng(1)
    signal, returns = rng.standard_normal((50, 23)), rng.standard_normal((50, 23))
    signal[rng.random(signal.shape) < 0.2], returns[rng.random(signal.shape) < 0.2] = np.nan, np.nan
    found = quantile_spreads(by_row(signal), returns, 1)
    for row in range(50):
        pairs = pd.DataFrame({"signal": signal[row], "returns": returns[row]}).dropna().sort_values("signal")["returns"]
        size = len(pairs) // 5 if len(pairs) >= 10 else len(pairs) // 3
        assert found.spread[row] == pytest.approx(pairs.iloc[-size:].mean() - pairs.iloc[:size].mean())


def test_names_of_equal_signal_share_what_is_left_of_a_leg():
    signal = np.array([[0, 0, 0, 0, 0, 1, 2, 3, 4, 5]], dtype=float)
    returns = np.array([[10, 20, 30, 40, 50, 0, 0, 0, 0, 0]], dtype=float)
    assert quantile_spreads(by_row(signal), returns, 1).spread[0] == pytest.approx(-30)  # 2 places among 5 names
    other = np.random.default_rng(2).permutation(10)
    assert quantile_spreads(by_row(signal[:, other]), returns[:, other], 1).spread[0] == pytest.approx(-30)


def test_four_names_or_a_constant_signal_have_no_book():
    signal = np.array([[1, 2, 3, 4, np.nan], [0.1] * 5, [1, 2, 3, 4, np.inf], [1, 2, 3, 4, 5]])
    found = quantile_spreads(by_row(signal), np.ones((4, 5)), 1)
    assert np.isnan(found.spread).tolist() == [True, True, True, False]
    assert np.isnan(found.renewed).all()  # the session before the fourth had no book


def test_renewal_is_the_share_of_names_that_changed_against_the_portfolio_a_horizon_before():
    order = np.arange(10.0)
    halves = order.copy()
    halves[[7, 9]] = 9, 7  # 9 leaves the top, 7 comes; the bottom stays: one name of four
    signal = np.array([order, halves, order, -order])
    returns = np.zeros((4, 10))
    apart = quantile_spreads(by_row(signal), returns, 1).renewed
    np.testing.assert_allclose(apart[1:], [0.25, 0.25, 1.0])  # turned round: every name is new on its side
    by_two = quantile_spreads(by_row(signal), returns, 2).renewed
    assert np.isnan(by_two[:2]).all()
    np.testing.assert_allclose(by_two[2:], [0.0, 1.0])


def test_a_book_that_never_changes_costs_nothing_and_one_that_always_does_pays_four_times():
    still = np.tile(np.arange(10.0), (40, 1))
    turning = still * np.where(np.arange(40) % 2, 1, -1)[:, None]
    for signal, renewed in ((still, 0.0), (turning, 1.0)):
        found = quantile_spreads(by_row(signal), 0.01 * still, 1)
        summary = summarise_spreads(found.spread[:, None], found.renewed[:, None], 1, cost_bps=10)
        assert summary.turnover[0] == pytest.approx(renewed)
        assert summary.spread_bps[0] - summary.net_spread_bps[0] == pytest.approx(40 * renewed)
    assert quantile_spreads(by_row(still), 0.01 * still, 1).spread[0] == pytest.approx(0.08)


def test_overlapping_portfolios_pay_once_in_a_horizon():
    """A signal drawn anew each session: a fifth of each leg happens to stay, whatever the horizon."""
    rng = np.random.default_rng(3)
    signal, returns = rng.standard_normal((400, 50)), rng.standard_normal((400, 50))
    for horizon in (1, 5, 20):
        found = quantile_spreads(by_row(signal), returns, horizon)
        summary = summarise_spreads(found.spread[:, None], found.renewed[:, None], horizon, cost_bps=10)
        assert summary.turnover[0] * horizon == pytest.approx(0.8, abs=0.01)
        assert summary.spread_bps[0] - summary.net_spread_bps[0] == pytest.approx(40 * horizon * summary.turnover[0])


def test_a_series_without_a_book_has_no_figures():
    summary = summarise_spreads(np.full((40, 1), np.nan), np.full((40, 1), np.nan), 5, cost_bps=10)
    assert np.isnan([summary.spread_bps, summary.net_spread_bps, summary.turnover, summary.test.t]).all()
