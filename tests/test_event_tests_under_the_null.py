"""Where there is no effect, five in a hundred studies may find one: KP keeps to that when events fall on one day."""

import numpy as np
import pytest
from scipy import stats

from pipelines.evidence import event_tests
from pipelines.evidence.abnormal_returns import cumulated, market_model
from pipelines.evidence.event_clustering import mean_correlation
from pipelines.evidence.event_returns import TIMELINE, Around

EVENTS, CORRELATION, LEVEL = 30, 0.2, 0.05
NAMES = ("naive", "patell", "bmp", "kp", "rank", "sign")
# Three and a third standard errors on either side: one sound test in a thousand falls outside.
WIDTH = 3.29


def one_study(chance: np.random.Generator, gap: int, window: tuple[int, int], shock: float) -> list[float]:
    """p of every test for 30 events ``gap`` sessions apart, whose residuals correlate by 0.2 on common days."""
    length = TIMELINE.longest + TIMELINE.last - TIMELINE.first + 1
    relative = np.arange(length) + np.where(np.arange(length) < TIMELINE.longest, 0, TIMELINE.gap - 1)
    days = (np.arange(EVENTS)[:, None] * gap + relative).astype(np.int32)
    market, common = chance.normal(0, 0.01, (2, int(days.max()) + 1))
    own = chance.normal(0, 0.02, days.shape) * np.sqrt(1 - CORRELATION) + 2 * common[days] * np.sqrt(CORRELATION)
    own[:, TIMELINE.longest :] *= shock
    benchmark = market[days]
    found = market_model(
        Around(
            1.2 * benchmark + own,
            benchmark,
            days,
            np.full(EVENTS, "SPY", dtype=object),
            np.ones(EVENTS, dtype=bool),
            TIMELINE,
        )
    )
    car, scar = cumulated(found, window)
    residuals = found.residuals / found.sigma[:, None]
    window_days = days[:, TIMELINE.longest :][:, TIMELINE.within(window)]
    r = mean_correlation(residuals, days[:, : TIMELINE.longest], window_days)
    tests = (
        event_tests.naive(car),
        event_tests.patell(scar, found.degrees_of_freedom),
        event_tests.boehmer(scar),
        event_tests.kolari_pynnonen(scar, r),
        event_tests.generalised_rank(scar, residuals, event_tests.ranks_of(residuals), r),
        event_tests.generalised_sign(car, (residuals > 0).mean(axis=1)),
    )
    return [test.p for test in tests]


def rejections(studies: int, gap: int, window: tuple[int, int] = (1, 1), shock: float = 1.0) -> dict[str, float]:
    chance = np.random.default_rng([studies, gap, window[1] + 10])
    p = np.array([one_study(chance, gap, window, shock) for _ in range(studies)])
    assert ((p >= 0) & (p <= 1)).all()
    rates = dict(zip(NAMES, (p < LEVEL).mean(axis=0).tolist(), strict=True))
    print(studies, "studies, gap", gap, "window", window, {name: f"{rate:.1%}" for name, rate in rates.items()})
    return rates


def error(rate: float, studies: int) -> float:
    return WIDTH * np.sqrt(rate * (1 - rate) / studies)


def naive_rate() -> float:
    """How often the naive t of 30 equally correlated normal values rejects: it is too large by KP's own factor."""
    factor = np.sqrt((1 + (EVENTS - 1) * CORRELATION) / (1 - CORRELATION))
    return float(2 * stats.t.sf(stats.t.ppf(1 - LEVEL / 2, EVENTS - 1) / factor, EVENTS - 1))


@pytest.mark.parametrize("studies", [400, pytest.param(2_000, marks=pytest.mark.slow)])
def test_thirty_events_of_one_day_reject_half_the_time_naively_and_as_promised_with_kp(studies):
    rates = rejections(studies, gap=0)
    assert naive_rate() == pytest.approx(0.488, abs=0.001)
    for name in ("naive", "bmp"):
        assert rates[name] == pytest.approx(naive_rate(), abs=error(naive_rate(), studies))
    for name in ("patell", "sign"):
        assert rates[name] > 0.3
    for name in ("kp", "rank"):
        assert rates[name] == pytest.approx(LEVEL, abs=error(LEVEL, studies))


@pytest.mark.slow
@pytest.mark.parametrize("window", [(-5, -1), (1, 5), (1, 20)])
def test_kp_keeps_its_promise_over_longer_windows(window):
    rates = rejections(2_000, gap=0, window=window)
    assert rates["kp"] == pytest.approx(LEVEL, abs=error(LEVEL, 2_000))
    assert rates["naive"] > 0.4


@pytest.mark.parametrize("studies", [300, pytest.param(2_000, marks=pytest.mark.slow)])
def test_windows_that_overlap_in_part_count_as_clustered_in_part(studies):
    rates = rejections(studies, gap=3, window=(1, 20))
    assert rates["bmp"] > 0.15
    # Neighbours share 17 of 20 days, those seven apart none: correlations differ from pair to pair, which KP averages.
    assert 0 < rates["kp"] < LEVEL + error(LEVEL, studies) + 0.02


@pytest.mark.parametrize("studies", [300, pytest.param(2_000, marks=pytest.mark.slow)])
def test_on_days_of_their_own_all_tests_agree(studies):
    rates = rejections(studies, gap=40)
    for name in NAMES:
        assert rates[name] == pytest.approx(LEVEL, abs=error(LEVEL, studies) + 0.01), name
    # r̄ is 0 there: KP is BMP, though the estimation sessions of neighbours overlap by far.
    assert rates["kp"] == rates["bmp"]


def test_an_event_that_shakes_prices_fools_patell_only():
    rates = rejections(300, gap=40, shock=2.0)
    assert rates["patell"] > 0.25  # 2 × sigma: |z| > 1.96 for a third of them
    for name in ("bmp", "kp", "rank"):
        assert rates[name] == pytest.approx(LEVEL, abs=error(LEVEL, 300) + 0.01), name


def test_a_negative_correlation_never_makes_kp_more_liberal_than_bmp():
    scar = np.random.default_rng(3).normal(0.3, 1, 40)
    bmp = event_tests.boehmer(scar)
    assert event_tests.kolari_pynnonen(scar, -0.02) == event_tests.kolari_pynnonen(scar, 0.0) == pytest.approx(bmp)
    statistics = [event_tests.kolari_pynnonen(scar, r).statistic for r in (0.0, 0.1, 0.5, 0.99)]
    assert statistics == sorted(statistics, reverse=True)


@pytest.mark.parametrize("scar", [np.array([]), np.array([1.0]), np.full(9, 0.1), np.full(9, 1 / 3)])
def test_no_spread_gives_no_test(scar):
    residuals = np.random.default_rng(1).normal(size=(len(scar), 20))
    tests = [
        event_tests.naive(scar),
        event_tests.boehmer(scar),
        event_tests.kolari_pynnonen(scar, 0.1),
        event_tests.generalised_rank(scar, residuals, event_tests.ranks_of(residuals), 0.1),
    ]
    assert np.isnan(tests).all()


@pytest.mark.parametrize("r", [np.nan, 1.0])
def test_kp_without_a_correlation_below_one_is_no_test(r):
    assert np.isnan(event_tests.kolari_pynnonen(np.array([1.0, 2.0, 3.0]), r)).all()


def test_patell_needs_more_than_two_degrees_of_freedom_and_the_sign_test_both_signs():
    assert np.isnan(event_tests.patell(np.ones(3), np.array([5, 5, 2]))).all()
    assert np.isnan(event_tests.patell(np.array([]), np.array([]))).all()
    assert np.isnan(event_tests.generalised_sign(np.ones(3), np.ones(3))).all()
    assert np.isnan(event_tests.generalised_sign(np.array([]), np.array([]))).all()
