"""One ticker over time: the regression equals statsmodels and scipy, and where its errors hold their level."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from pipelines.evidence.predictive_regression import predictive_regression
from tests.test_hac import overlapping, persistent


def drawn(seed: int, sessions: int = 200, tickers: int = 4, horizon: int = 5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    signal, returns = persistent(rng, sessions, tickers, 0.5), 0.01 * overlapping(rng, sessions, tickers, horizon)
    return 0.3 * signal + 0.1, returns + 0.004 * signal


def test_slope_t_and_p_are_those_of_statsmodels_on_the_z_scored_signal():
    signal, returns = drawn(1)
    found = predictive_regression(signal, returns, 5)
    for ticker in range(4):
        z = stats.zscore(signal[:, ticker], ddof=1)
        fit = sm.OLS(1e4 * returns[:, ticker], sm.add_constant(z)).fit(
            cov_type="HAC", cov_kwds={"maxlags": 10, "use_correction": True}, use_t=True
        )
        ours = found.slope_bps[ticker], found.t[ticker], found.p_hac[ticker]
        np.testing.assert_allclose(ours, [fit.params[1], fit.tvalues[1], fit.pvalues[1]], rtol=1e-9)
        margin = found.slope_high_bps[ticker] - found.slope_bps[ticker]
        assert 1.96 * fit.bse[1] < margin < 2.4 * fit.bse[1]


def test_correlations_over_time_are_those_of_scipy_over_the_sessions_with_both():
    signal, returns = drawn(2)
    signal[::6] = np.round(signal[::6], 1)
    signal[3::11, 1], returns[5::7, 1] = np.nan, np.nan
    found = predictive_regression(signal, returns, 5)
    for ticker in range(4):
        both = np.isfinite(signal[:, ticker]) & np.isfinite(returns[:, ticker])
        pair = signal[both, ticker], returns[both, ticker]
        assert found.spearman[ticker] == pytest.approx(stats.spearmanr(*pair).statistic, abs=1e-12)
        assert found.pearson[ticker] == pytest.approx(stats.pearsonr(*pair).statistic, abs=1e-12)
        assert found.spearman_low[ticker] < found.spearman[ticker] < found.spearman_high[ticker]
        assert found.sessions[ticker] == both.sum()


def test_the_non_overlapping_p_is_the_larger_of_whites_and_the_ordinary_one():
    signal, returns = drawn(3)
    found = predictive_regression(signal, returns, 5)
    for ticker in range(4):
        x, y = signal[::5, ticker], returns[::5, ticker]
        model = sm.OLS(y, sm.add_constant(x))
        white, ordinary = model.fit(cov_type="HC1", use_t=True).pvalues[1], model.fit().pvalues[1]
        assert found.p_non_overlapping[ticker] == pytest.approx(max(white, ordinary), rel=1e-9)
        assert found.non_overlapping[ticker] == pytest.approx(np.corrcoef(x, y)[0, 1])


def test_scaling_the_signal_changes_nothing_and_turning_it_turns_the_sign():
    signal, returns = drawn(4)
    plain, scaled, turned = (predictive_regression(each, returns, 5) for each in (signal, 7 * signal - 3, -signal))
    for name in plain._fields:
        np.testing.assert_allclose(getattr(plain, name), getattr(scaled, name), rtol=1e-9)
    np.testing.assert_allclose(plain.slope_bps, -turned.slope_bps, rtol=1e-9)
    np.testing.assert_allclose(plain.p_fixed_b, turned.p_fixed_b, rtol=1e-9)


def test_each_ticker_is_as_it_is_alone():
    signal, returns = drawn(5)
    signal[40:60, 2] = np.nan
    together, alone = (
        predictive_regression(signal, returns, 5),
        predictive_regression(signal[:, [2]], returns[:, [2]], 5),
    )
    for name in together._fields:
        np.testing.assert_allclose(getattr(together, name)[2], getattr(alone, name)[0], rtol=1e-9)


def test_the_largest_share_of_the_signals_variance_is_that_of_the_sessions_with_a_return():
    signal, returns = drawn(8)
    signal[10, 1], signal[10, 2], returns[10, 2] = 1e3, 1e3, np.nan
    found = predictive_regression(signal, returns, 5).largest_share
    z = stats.zscore(signal[:, 0])
    assert found[0] == pytest.approx(np.max(z**2) / 200)
    assert found[1] > 0.99 and found[2] < 0.1


def test_hits_are_sessions_on_the_same_side_of_both_means():
    signal, returns = np.array([[1.0], [2.0], [3.0], [6.0]]), np.array([[1.0], [5.0], [0.0], [6.0]])
    assert predictive_regression(signal, returns, 1).hit_rate[0] == 0.5  # means 3 and 3: −−, −+, 0−, ++


def test_what_cannot_be_tested_is_missing():
    signal, returns = drawn(6, sessions=60)
    signal[:, 0], returns[:, 1], signal[:, 2], returns[2:, 3] = 0.1, np.nan, np.inf, np.nan
    found = predictive_regression(signal, returns, 5)
    assert np.isnan(found.p_fixed_b).all() and np.isnan(found.slope_bps).all() and np.isnan(found.spearman).all()
    assert found.sessions.tolist() == [60, 0, 0, 2]


def test_a_perfect_fit_is_perfect():
    signal, _ = drawn(7)
    found = predictive_regression(signal, 2 * signal, 1)
    np.testing.assert_allclose(found.spearman, 1)
    assert (found.p_fixed_b < 1e-100).all() and (found.p_non_overlapping < 1e-100).all()


@pytest.mark.parametrize("phi", [0.4, 0.9])
@pytest.mark.parametrize("horizon", [1, 5, 20])
def test_returns_apart_keep_their_level_where_naive_errors_do_not_and_fixed_b_does_better(horizon: int, phi: float):
    """n = 252, 1,500 draws. The more persistent the signal, the worse the naive p: over 50 % at 20 days and φ = 0.9."""
    rng = np.random.default_rng(horizon)
    signal, returns = persistent(rng, 252, 1_500, phi), overlapping(rng, 252, 1_500, horizon)
    found = predictive_regression(signal, returns, horizon)
    naive = 2 * stats.t.sf(np.abs(found.pearson) * np.sqrt(250 / (1 - found.pearson**2)), 250)
    assert np.mean(found.p_non_overlapping < 0.05) < 0.06
    if horizon > 1:
        assert np.mean(naive < 0.05) > 0.13
        assert np.mean(found.p_hac < 0.05) > 0.07
        assert np.mean(found.p_fixed_b < 0.05) < np.mean(found.p_hac < 0.05)
