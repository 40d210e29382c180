"""Standard errors under autocorrelation equal statsmodels', and the fixed-b p keeps its level where the ordinary one fails."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from pipelines.evidence.hac import fixed_b_critical, hac_mean, hac_slope

# Kiefer & Vogelsang (2005), table 1: critical values of the Bartlett kernel are a0 + a1 b + a2 b² + a3 b³.
PUBLISHED = {
    0.95: (1.6449, 2.1859, 0.3142, -0.3427),
    0.975: (1.9600, 2.9694, 0.4160, -0.5324),
    0.99: (2.3263, 4.1618, 0.5368, -0.9060),
}


def persistent(rng: np.random.Generator, sessions: int, columns: int, phi: float) -> np.ndarray:
    """AR(1), variance 1."""
    values = np.empty((sessions, columns))
    values[0] = rng.standard_normal(columns)
    for row in range(1, sessions):
        values[row] = phi * values[row - 1] + np.sqrt(1 - phi**2) * rng.standard_normal(columns)
    return values


def overlapping(rng: np.random.Generator, sessions: int, columns: int, horizon: int) -> np.ndarray:
    """Sums of ``horizon`` independent returns."""
    path = np.cumsum(rng.standard_normal((sessions + horizon, columns)), axis=0)
    return path[horizon:] - path[:-horizon]


def published(b: float, quantile: float) -> float:
    return float(np.polynomial.polynomial.polyval(b, PUBLISHED[quantile]))


@pytest.mark.parametrize("lags", [0, 1, 2, 10, 40])
def test_a_mean_has_the_error_t_and_p_of_statsmodels(lags: int):
    x = persistent(np.random.default_rng(1), 120, 3, 0.6) + 0.2
    ours = hac_mean(x, lags)
    for column in range(3):
        fit = sm.OLS(x[:, column], np.ones(120)).fit(
            cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True
        )
        theirs = [fit.params[0], fit.bse[0], fit.tvalues[0], fit.pvalues[0]]
        np.testing.assert_allclose([part[column] for part in ours[:4]], theirs, rtol=1e-10)


@pytest.mark.parametrize("lags", [0, 1, 2, 10, 40])
def test_a_slope_has_the_error_t_and_p_of_statsmodels(lags: int):
    rng = np.random.default_rng(2)
    x, y = persistent(rng, 150, 3, 0.8) + 5, overlapping(rng, 150, 3, 5)
    ours = hac_slope(x, y, lags)
    for column in range(3):
        fit = sm.OLS(y[:, column], sm.add_constant(x[:, column])).fit(
            cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True
        )
        theirs = [fit.params[1], fit.bse[1], fit.tvalues[1], fit.pvalues[1]]
        np.testing.assert_allclose([part[column] for part in ours[:4]], theirs, rtol=1e-10)


def test_a_missing_session_keeps_its_place():
    """The oracle: regressors that are 0 in the missing sessions, so that the lags of the others stay as they are."""
    rng = np.random.default_rng(3)
    x, y = persistent(rng, 90, 1, 0.7), overlapping(rng, 90, 1, 5)
    there = rng.random((90, 1)) > 0.3
    n, lags = int(there.sum()), 10
    design = np.column_stack([np.ones(90), x[:, 0]]) * there
    fit = sm.OLS(y[:, 0] * there[:, 0], design).fit(
        cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": False}, use_t=True
    )
    ours = hac_slope(np.where(there, x, np.nan), y, lags)
    np.testing.assert_allclose(ours.value[0], fit.params[1], rtol=1e-10)
    np.testing.assert_allclose(ours.standard_error[0], fit.bse[1] * np.sqrt(n / (n - 2)), rtol=1e-10)
    assert ours.n[0] == n


def test_missing_and_infinite_values_are_left_out_alike():
    x = persistent(np.random.default_rng(4), 60, 1, 0.5)
    missing, infinite = x.copy(), x.copy()
    missing[::7], infinite[::14], infinite[7::14] = np.nan, np.inf, -np.inf
    for ours, theirs in zip(hac_mean(infinite, 4), hac_mean(missing, 4), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_where_nothing_can_be_estimated_there_is_nothing():
    x = np.column_stack([np.full(40, np.nan), np.full(40, 0.1), np.r_[1.0, 2.0, np.full(38, np.nan)]])
    y = np.random.default_rng(5).standard_normal((40, 3))
    slope = hac_slope(x, y, 4)
    assert np.isnan([slope.value, slope.t, slope.p, slope.p_fixed_b, slope.low]).all()
    assert slope.n.tolist() == [0, 40, 2]
    mean = hac_mean(x, 4)
    assert np.isnan(mean.p).tolist() == [True, False, False]
    assert np.isnan(hac_mean(np.zeros((40, 1)), 4).p).all()
    assert np.isnan(hac_mean(np.empty((0, 2)), 4).p).all()


@pytest.mark.parametrize("quantile", PUBLISHED)
@pytest.mark.parametrize("b", [0.02, 0.05, 0.1, 0.163, 0.2])
def test_critical_values_for_small_b_are_the_published_ones(b: float, quantile: float):
    tolerance = 0.015 if quantile < 0.99 else 0.03
    assert fixed_b_critical(b, 2 * quantile - 1) == pytest.approx(published(b, quantile), rel=tolerance)


@pytest.mark.parametrize("quantile", PUBLISHED)
@pytest.mark.parametrize("b", [0.25, 0.3, 0.5, 0.7, 1.0])
def test_critical_values_for_large_b_are_never_below_the_published_ones(b: float, quantile: float):
    assert fixed_b_critical(b, 2 * quantile - 1) > published(b, quantile)


def test_critical_values_beyond_b_1_follow_the_scale_of_the_variance():
    """With more lags than sessions Σ(1 − |i−j|/M) uᵢuⱼ = −Σ|i−j| uᵢuⱼ / M, because the deviations sum to 0."""
    assert fixed_b_critical(2.0) == pytest.approx(fixed_b_critical(1.0) * np.sqrt(2))
    x = persistent(np.random.default_rng(6), 30, 1, 0.3) + 0.4
    assert hac_mean(x, 59).standard_error[0] == pytest.approx(hac_mean(x, 29).standard_error[0] / np.sqrt(2))
    assert hac_mean(x, 59).p_fixed_b[0] == pytest.approx(hac_mean(x, 29).p_fixed_b[0])


def test_the_fixed_b_p_is_never_the_smaller_one():
    rng = np.random.default_rng(7)
    for lags in (0, 2, 10, 40):
        found = hac_mean(rng.standard_normal((60, 500)) + 0.2, lags)
        assert (found.p_fixed_b >= found.p).all()


def test_the_interval_and_the_fixed_b_p_agree():
    rng = np.random.default_rng(8)
    found = hac_mean(overlapping(rng, 252, 400, 20) + 1.0, 40)
    is_outside = (found.low > 0) | (found.high < 0)
    np.testing.assert_array_equal(is_outside, found.p_fixed_b < 0.05)


def test_noise_with_20_day_returns_is_called_significant_by_others_and_not_by_fixed_b():
    """A signal as persistent as the sample's mood, n = 252, H = 20, 4,000 draws; the level is 5 %."""
    rng = np.random.default_rng(9)
    x, y = persistent(rng, 252, 4_000, 0.4), overlapping(rng, 252, 4_000, 20)
    found = hac_slope(x, y, 40)
    r = np.einsum("tk,tk->k", (x - x.mean(0)) / x.std(0), (y - y.mean(0)) / y.std(0)) / 252
    naive = 2 * stats.t.sf(np.abs(r) * np.sqrt(250 / (1 - r**2)), 250)
    assert np.mean(naive < 0.05) > 0.15
    assert np.mean(found.p < 0.05) > 0.10
    assert 0.04 < np.mean(found.p_fixed_b < 0.05) < 0.065
    assert np.mean(found.p_fixed_b < 0.01) < 0.015
