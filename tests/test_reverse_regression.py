"""Returns against the signals before them: equal to a plain loop, to White's test and to scipy, and true to its level."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from pipelines.evidence.hac import hac_mean
from pipelines.evidence.information_coefficient import by_row, information_coefficients
from pipelines.evidence.reverse_regression import reverse_coefficients, reverse_regression, standings
from tests.test_hac import persistent

Prices = tuple[np.ndarray, np.ndarray, np.ndarray]  # signal, open-to-close return of the session after, close to close


def drawn(seed: int, sessions: int = 120, columns: int = 4, phi: float = 0.5, missing: float = 0.0) -> Prices:
    """Nothing is predictable. Returns of the day and of the night before it; what is missing falls anywhere."""
    rng = np.random.default_rng(seed)
    signal = persistent(rng, sessions, columns, phi) + 0.3
    day = rng.standard_normal((sessions, columns)) + 0.05
    returns = day + 0.5 * rng.standard_normal((sessions, columns))
    first = np.full_like(day, np.nan)
    first[:-1] = day[1:]
    for values in (signal, first, returns):
        values[rng.random(values.shape) < missing] = np.nan
    return signal, first, returns


def of_the_next(horizon: int, first: np.ndarray, returns: np.ndarray) -> np.ndarray:
    """The forward return: open to close, then close to close."""
    ahead = np.full(returns.shape, np.nan)
    for row in range(len(returns) - horizon):
        ahead[row] = first[row] + returns[row + 2 : row + horizon + 1].sum(axis=0)
    return ahead


def score_by_loop(signal: np.ndarray, first: np.ndarray, returns: np.ndarray, horizon: int) -> tuple[float, int]:
    """One ticker, written out: the t and the number of sessions."""
    mean = np.nanmean(signal)
    near, far = {}, {}  # session: (signal before it, its return)
    for u in range(1, len(signal)):
        if np.isfinite(signal[u - 1]) and np.isfinite(first[u - 1]):
            near[u] = signal[u - 1], first[u - 1]
        before = [signal[u - k] - mean for k in range(2, horizon + 1) if u >= k and np.isfinite(signal[u - k])]
        if before and np.isfinite(returns[u]):
            far[u] = sum(before), returns[u]
    scores = dict.fromkeys(sorted({*near, *far}), 0.0)
    for part in (near, far):
        means = np.mean(list(part.values()), axis=0) if part else None
        for u, (said, moved) in part.items():
            scores[u] += (said - means[0]) * (moved - means[1])
    return sum(scores.values()) / np.sqrt(sum(score**2 for score in scores.values())), len(scores)


@pytest.mark.parametrize("missing", [0.0, 0.4])
@pytest.mark.parametrize("horizon", [1, 2, 5, 20, 150])
def test_the_score_is_that_of_a_plain_loop(horizon: int, missing: float):
    signal, first, returns = drawn(1, missing=missing)
    found = reverse_regression(signal, first, returns, horizon)
    for ticker in range(4):
        t, sessions = score_by_loop(signal[:, ticker], first[:, ticker], returns[:, ticker], horizon)
        assert found.t[ticker] == pytest.approx(t, rel=1e-12, abs=1e-12)
        assert found.sessions[ticker] == sessions
        assert found.p[ticker] == pytest.approx(2 * stats.t.sf(abs(t), sessions - 2), rel=1e-9)


def test_one_session_ahead_it_is_whites_test_with_the_residuals_of_the_null():
    signal, first, returns = drawn(2)
    found = reverse_regression(signal, first, returns, 1)
    for ticker in range(4):
        x, y = signal[:-1, ticker], first[:-1, ticker]
        slope = sm.OLS(y, sm.add_constant(x)).fit().params[1]
        under_the_null = sm.OLS(y, np.ones(119)).fit().resid
        deviation = x - x.mean()
        error = np.sqrt(np.sum(deviation**2 * under_the_null**2)) / np.sum(deviation**2)
        assert found.t[ticker] == pytest.approx(slope / error, rel=1e-12)


def test_it_asks_what_the_forward_regression_asks():
    """Both covariances are the same products, but for the ends of the sample."""
    signal, first, returns = drawn(3, sessions=3_000, columns=200)
    reverse, ahead = reverse_regression(signal, first, returns, 5).t, of_the_next(5, first, returns)
    forward = [np.corrcoef(signal[:-5, ticker], ahead[:-5, ticker])[0, 1] for ticker in range(200)]
    assert np.corrcoef(reverse, forward)[0, 1] > 0.99


def test_scaling_the_signal_changes_nothing_and_turning_it_turns_the_sign():
    signal, first, returns = drawn(4, missing=0.2)
    plain, scaled, turned = (reverse_regression(each, first, returns, 5) for each in (signal, 7 * signal - 3, -signal))
    np.testing.assert_allclose(scaled.t, plain.t, rtol=1e-9)
    np.testing.assert_allclose(turned.t, -plain.t, rtol=1e-9)


@pytest.mark.parametrize("phi", [0.4, 0.9])
@pytest.mark.parametrize("horizon", [1, 5, 20])
@pytest.mark.parametrize("sessions", [100, 252])
def test_over_time_it_keeps_its_level_at_every_horizon_and_persistence(sessions: int, horizon: int, phi: float):
    """Of 4,000 draws 4.5 to 5.2 % at 5 %, 0.6 to 1.0 % at 1 %; a band of 4 standard errors around that."""
    found = reverse_regression(*drawn(horizon, sessions, 4_000, phi), horizon)
    assert 0.032 < np.mean(found.p < 0.05) < 0.064
    assert 0.001 < np.mean(found.p < 0.01) < 0.0165


def test_large_returns_after_large_signals_of_either_sign_are_no_link():
    """The ordinary error, which takes the variance for constant, would reject more than 15 % of these."""
    signal, first, returns = drawn(5, 252, 4_000, 0.5)
    scale = np.abs(signal - 0.3)
    first *= scale
    returns[1:] *= scale[:-1]
    assert np.mean(reverse_regression(signal, first, returns, 1).p < 0.05) < 0.06
    both = np.stack([signal[:-1] - signal[:-1].mean(axis=0), first[:-1] - first[:-1].mean(axis=0)])
    r = (both[0] * both[1]).sum(axis=0) / np.sqrt((both**2).sum(axis=1).prod(axis=0))
    assert np.mean(2 * stats.t.sf(np.abs(r) * np.sqrt(249 / (1 - r**2)), 249) < 0.05) > 0.15


def test_a_link_to_the_session_after_next_is_found_at_five_sessions_and_not_at_one():
    signal, first, returns = drawn(6, 252, 500, 0.0)
    returns[2:] += 0.5 * signal[:-2]
    first[1:-1] += 0.5 * signal[:-2]
    assert np.mean(reverse_regression(signal, first, returns, 5).p < 0.01) > 0.5
    assert np.mean(reverse_regression(signal, first, returns, 1).p < 0.01) < 0.03


def test_what_cannot_be_tested_is_missing():
    signal, first, returns = drawn(7, sessions=60, columns=6)
    signal[:, 0], signal[:, 1], signal[:, 2], signal[2:, 5] = 0.1, np.nan, np.inf, np.nan
    first[:, 3], returns[:, 3] = np.nan, -np.inf
    first[:, 4], returns[:, 4] = 0.1, 0.1
    found = reverse_regression(signal, first, returns, 1)
    assert np.isnan(found.t).all() and np.isnan(found.p).all()
    assert found.sessions.tolist() == [59, 0, 0, 0, 59, 2]
    assert np.isnan(reverse_regression(signal, first, returns, 5).p[:5]).all()


@pytest.mark.parametrize("sessions", [0, 1, 2, 3, 19])
def test_few_sessions_are_no_error(sessions: int):
    signal, first, returns = (values[:sessions] for values in drawn(8, columns=6))
    found = reverse_regression(signal, first, returns, 20)
    assert np.isnan(found.p).all() == (sessions < 4)
    ranked = [standings(by_row(values)) for values in (signal, first, returns)]
    across = reverse_coefficients(*ranked, [1, 2, 20])
    assert across.shape == (3, sessions)
    assert np.isfinite(across).sum() == 3 * max(sessions - 1, 0)


def test_figures_too_large_to_square_are_no_error_and_spoil_their_own_ticker_only():
    signal, first, returns = drawn(9)
    alone = reverse_regression(signal, first, returns, 5)
    signal[7, 1], returns[8, 2], first[9, 3] = 1e308, 1e200, -1e308
    found = reverse_regression(signal, first, returns, 5)
    assert found.p[0] == alone.p[0]
    assert not (found.p[1:] < 0.2).any()


def test_a_standing_is_the_rank_in_the_session_and_two_make_spearmans_coefficient():
    signal, first, _ = drawn(10, columns=12)
    signal[::2] = np.round(signal[::2])  # ties
    product = (standings(by_row(signal)) * standings(by_row(first)))[:-1].sum(axis=1)
    expected = [stats.spearmanr(*pair).statistic for pair in zip(signal[:-1], first[:-1], strict=True)]
    np.testing.assert_allclose(product, expected, atol=1e-12)


def test_four_names_or_equal_ones_have_no_standing_and_a_missing_name_stands_in_the_middle():
    values = np.array([[1, 2, 3, 4, np.nan, np.inf], [0.1] * 6, [5, 1, 2, 3, 4, np.nan]])
    found = standings(by_row(values))
    assert not found[:2].any()
    np.testing.assert_allclose(found[2], np.array([2, -2, -1, 0, 1, 0]) / np.sqrt(10))


@pytest.mark.parametrize("missing", [0.0, 0.4])
def test_the_reverse_coefficients_are_those_of_a_plain_loop(missing: float):
    said, first, returns = (standings(by_row(values)) for values in drawn(11, columns=9, missing=missing))
    horizons = [1, 2, 5, 20, 150]
    found = reverse_coefficients(said, first, returns, horizons)
    for at, horizon in enumerate(horizons):
        for u in range(120):
            pairs = [(said[u - k], first[u - 1] if k == 1 else returns[u]) for k in range(1, min(horizon, u) + 1)]
            has_met = any(each.any() and moved.any() for each, moved in pairs)
            expected = sum(each @ moved for each, moved in pairs) if has_met else np.nan
            assert found[at, u] == pytest.approx(expected, abs=1e-12, nan_ok=True)


def test_where_all_names_are_there_one_session_ahead_it_is_the_information_coefficient():
    signal, first, returns = drawn(12, columns=9)
    found = reverse_coefficients(*(standings(by_row(values)) for values in (signal, first, returns)), [1])[0]
    np.testing.assert_allclose(
        found[1:], information_coefficients(by_row(signal), by_row(first)).spearman[:-1], atol=1e-12
    )


def test_sessions_in_which_signal_and_return_do_not_meet_are_missing():
    signal, first, returns = drawn(13, columns=6)
    signal[:50], signal[60:], first[55], returns[58] = np.nan, np.nan, np.nan, np.nan
    found = reverse_coefficients(*(standings(by_row(values)) for values in (signal, first, returns)), [1, 5])
    assert np.flatnonzero(np.isfinite(found[0])).tolist() == [51, 52, 53, 54, 55, 57, 58, 59, 60]
    assert np.flatnonzero(np.isfinite(found[1])).tolist() == list(range(51, 65))


def test_noise_from_a_session_on_changes_no_coefficient_of_the_sessions_up_to_it():
    said, first, returns = (standings(by_row(values)) for values in drawn(14, columns=8))
    later = said.copy()
    later[40:] = standings(by_row(np.random.default_rng(15).standard_normal((80, 8))))
    before, after = (reverse_coefficients(values, first, returns, [5, 20]) for values in (said, later))
    np.testing.assert_array_equal(before[:, :41], after[:, :41])
    assert not np.isclose(before[:, 41:], after[:, 41:]).all()


def crowd(rng: np.random.Generator, sessions: int, names: int) -> Prices:
    """Names that move with one factor, each by its own measure and at its own volatility; signals that persist."""
    volatility = np.exp(0.4 * rng.standard_normal(names))
    exposure = 1 + 0.5 * rng.standard_normal(names)
    day = volatility * (exposure * rng.standard_normal((sessions, 1)) + rng.standard_t(5, (sessions, names)))
    first = np.full_like(day, np.nan)
    first[:-1] = day[1:]
    mood = persistent(rng, sessions, names, 0.9) + persistent(rng, sessions, 1, 0.9) * rng.standard_normal(names)
    return mood, first, day + 0.5 * volatility * rng.standard_normal((sessions, names))


def test_across_names_it_keeps_its_level_and_its_sessions_are_uncorrelated():
    """20 names, 252 sessions, 300 draws, each at 3 horizons: 5 ± 2 %. The coefficients ahead have 0.9 where these have 0."""
    rng = np.random.default_rng(16)
    series = []
    for _ in range(300):
        ranked = [standings(by_row(values)) for values in crowd(rng, 252, 20)]
        series.append(reverse_coefficients(*ranked, [1, 5, 20]))
    over_time = np.concatenate(series).T
    assert 0.03 < np.mean(hac_mean(over_time, 0).p < 0.05) < 0.07
    assert 0.001 < np.mean(hac_mean(over_time, 0).p < 0.01) < 0.022
    after = [np.corrcoef(one[1:-1], one[2:])[0, 1] for one in over_time.T]
    assert abs(np.mean(after)) < 0.01
