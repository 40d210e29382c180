"""The information coefficient of a session equals scipy's, and the summary of a series says what it should."""

import numpy as np
import pytest
from scipy import stats

from pipelines.evidence.bootstrap import block_length, mean_interval
from pipelines.evidence.hac import hac_mean
from pipelines.evidence.information_coefficient import (
    by_row,
    in_and_out_of_sample,
    information_coefficients,
    ranks,
    summarise,
)


def table(seed: int, sessions: int = 60, names: int = 12, missing: float = 0.3) -> np.ndarray:
    """Values with many ties and holes."""
    rng = np.random.default_rng(seed)
    values = np.round(rng.standard_normal((sessions, names)), 1)
    values[rng.random(values.shape) < missing] = np.nan
    return values


def test_each_session_has_the_coefficients_of_scipy_over_the_names_that_have_both():
    signal, returns = table(1), table(2)
    found = information_coefficients(by_row(signal), by_row(returns))
    counted = 0
    for row in range(len(signal)):
        both = np.isfinite(signal[row]) & np.isfinite(returns[row])
        assert found.names[row] == both.sum()
        if both.sum() < 5:
            assert np.isnan(found.spearman[row]) and np.isnan(found.pearson[row])
            continue
        counted += 1
        a, b = signal[row, both], returns[row, both]
        assert found.spearman[row] == pytest.approx(stats.spearmanr(a, b).statistic, abs=1e-12)
        assert found.pearson[row] == pytest.approx(stats.pearsonr(a, b).statistic, abs=1e-12)
    assert 20 < counted < 60


def test_ranks_are_average_ranks_among_those_counted():
    values = table(3, missing=0.0)
    is_counted = np.random.default_rng(4).random(values.shape) < 0.6
    found = ranks(by_row(values), is_counted)
    for row in range(len(values)):
        np.testing.assert_array_equal(found[row, is_counted[row]], stats.rankdata(values[row, is_counted[row]]))
    assert np.isnan(found[~is_counted]).all()


def test_four_names_or_a_constant_side_have_no_coefficient():
    signal = np.array([[1, 2, 3, 4, np.nan, 6], [0.1] * 6, [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]])
    returns = np.array([[1, 2, 3, 4, 5, np.nan], [1, 2, 3, 4, 5, 6], [0.3] * 6, [2, 1, 3, 4, 5, 7]])
    found = information_coefficients(by_row(signal), by_row(returns))
    assert np.isnan(found.spearman).tolist() == np.isnan(found.pearson).tolist() == [True, True, True, False]


def test_an_infinite_return_is_a_missing_one():
    signal, returns = table(5, missing=0.0), table(6, missing=0.0)
    infinite, missing = returns.copy(), returns.copy()
    infinite[3, 2], infinite[4, 5], missing[3, 2], missing[4, 5] = np.inf, -np.inf, np.nan, np.nan
    for ours, theirs in zip(
        information_coefficients(by_row(signal), by_row(infinite)),
        information_coefficients(by_row(signal), by_row(missing)),
        strict=True,
    ):
        np.testing.assert_array_equal(ours, theirs)


def test_the_order_of_the_names_does_not_matter():
    signal, returns = table(7), table(8)
    other = np.random.default_rng(9).permutation(signal.shape[1])
    ours = information_coefficients(by_row(signal), by_row(returns))
    theirs = information_coefficients(by_row(signal[:, other]), by_row(returns[:, other]))
    np.testing.assert_allclose(ours.spearman, theirs.spearman, atol=1e-12)


def test_noise_after_a_session_changes_no_coefficient_before_it():
    signal, returns = table(10), table(11)
    later = returns.copy()
    later[40:] = np.random.default_rng(12).standard_normal(later[40:].shape)
    before = information_coefficients(by_row(signal), by_row(returns)).spearman
    after = information_coefficients(by_row(signal), by_row(later)).spearman
    np.testing.assert_array_equal(before[:40], after[:40])
    assert not np.array_equal(before[40:], after[40:], equal_nan=True)
    until_then = summarise(np.column_stack([before, after])[:40], 1)
    for figure in until_then:
        np.testing.assert_array_equal(figure[0], figure[1])


def test_a_summary_by_hand():
    ic = np.array([0.2, -0.1, 0.0, np.nan, 0.3, 0.1])[:, None]
    found = summarise(ic, 2)
    assert found.mean[0] == pytest.approx(0.1)
    assert found.icir[0] == pytest.approx(0.1 / np.std([0.2, -0.1, 0.0, 0.3, 0.1], ddof=1))
    assert found.hit_rate[0] == pytest.approx(3 / 5)  # 0.0 is no hit
    assert found.non_overlapping[0] == pytest.approx((0.2 + 0.0 + 0.3) / 3)
    assert found.p_non_overlapping[0] == pytest.approx(stats.ttest_1samp([0.2, 0.0, 0.3], 0).pvalue)
    assert found.t[0] == hac_mean(ic, 4).t[0]
    assert found.in_sample[0] == pytest.approx((0.2 - 0.1 + 0.0) / 3)  # rows 0 to 3
    assert np.isnan(found.out_of_sample[0])
    assert found.sessions[0] == 5


@pytest.mark.parametrize("horizon", [1, 5, 20, 50])
def test_no_return_of_the_first_part_reaches_into_the_second(horizon: int):
    first, last = in_and_out_of_sample(500, horizon)
    assert first == slice(0, 350)
    assert last == slice(350 + max(20, horizon), 500)


def test_a_strong_series_stays_strong_out_of_sample_and_a_broken_one_does_not():
    rng = np.random.default_rng(13)
    steady = 0.1 + 0.2 * rng.standard_normal(400)
    broken = np.where(np.arange(400) < 280, steady, steady - 0.1)
    found = summarise(np.column_stack([steady, broken]), 1)
    assert found.p_out_of_sample[0] < 0.01 < 0.05 < found.p_out_of_sample[1]
    assert found.in_sample[0] == found.in_sample[1]


def test_the_bootstrap_says_the_same_every_time_and_to_each_series_alone():
    x = np.random.default_rng(14).standard_normal((200, 3))
    together, again = mean_interval(x, 10), mean_interval(x, 10)
    np.testing.assert_array_equal(together, again)
    np.testing.assert_allclose(np.ravel(mean_interval(x[:, [1]], 10)), [end[1] for end in together], rtol=1e-9)


def test_the_bootstrap_of_independent_values_is_the_ordinary_interval():
    x = np.random.default_rng(15).standard_normal((400, 50)) + 0.3
    low, high = mean_interval(x, 1)
    width = 2 * 1.96 * x.std(axis=0, ddof=1) / np.sqrt(400)
    np.testing.assert_allclose(high - low, width, rtol=0.12)
    assert np.mean((high - low) / width) == pytest.approx(1, abs=0.02)


def test_the_bootstrap_interval_covers_the_truth_under_overlap():
    """Moving averages over 20 sessions, n = 252: about 90 % of the 95 % intervals; unwidened it is 82 %."""
    path = np.cumsum(np.random.default_rng(16).standard_normal((272, 1_500)), axis=0)
    low, high = mean_interval(path[20:] - path[:-20], block_length(20, 252))
    assert np.mean((low <= 0) & (high >= 0)) > 0.87


def test_an_empty_series_has_no_interval_and_a_thin_one_has():
    x = np.full((100, 2), np.nan)
    x[50:53, 1] = [1.0, 2.0, 3.0]
    low, high = mean_interval(x, 5)
    assert np.isnan([low[0], high[0]]).all()
    assert low[1] < 2.0 < high[1]
    assert np.isnan(mean_interval(np.empty((0, 2)), 1)).all()
