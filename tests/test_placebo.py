"""Shuffled sentiment keeps what it is and loses every link to prices; a study of it finds nothing."""

import numpy as np
import pandas as pd
import pytest

from pipelines.evidence.panel import Panel
from pipelines.evidence.placebo import placebo, shuffled
from pipelines.evidence.signal_quality import signal_quality
from tests.test_signal_quality import drawn, found_in
from warehouse.sample.market import simulate
from warehouse.sample.panels import panels


def numbered(sessions: int) -> Panel:
    """Signals that say which session and ticker they are."""
    panel = drawn(sessions=sessions, names=3)
    numbers = np.arange(sessions)[:, None] + np.array([0.0, 0.1, 0.2])
    return panel._replace(signals={"mean_sentiment": numbers, "agreement": -numbers})


@pytest.mark.parametrize("sessions", [100, 272, 395, 2_520, 2_539])
def test_blocks_of_20_sessions_move_together_and_none_stays_near_its_place(sessions: int):
    rows = shuffled(numbered(sessions), 1).signals["mean_sentiment"][:, 0]
    assert sorted(rows) == list(range(sessions))
    assert np.abs(rows - np.arange(sessions)).min() >= 20
    assert np.sum(np.diff(rows) != 1) <= sessions / 20 + 1


def test_all_tickers_and_signals_move_together_and_returns_stay():
    panel = numbered(272)
    moved = shuffled(panel, 3)
    rows = moved.signals["mean_sentiment"][:, 0]
    np.testing.assert_array_equal(moved.signals["mean_sentiment"], rows[:, None] + np.array([0.0, 0.1, 0.2]))
    np.testing.assert_array_equal(moved.signals["agreement"], -moved.signals["mean_sentiment"])
    assert moved.forward_returns is panel.forward_returns and moved.days is panel.days
    np.testing.assert_array_equal(panel.signals["mean_sentiment"][:, 0], np.arange(272))


def test_a_seed_gives_one_shuffle_and_another_seed_another():
    one, again, other = (shuffled(numbered(272), seed).signals["mean_sentiment"] for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("sessions", [0, 1, 2, 3, 7, 19, 20, 21, 45])
def test_few_sessions_are_shuffled_as_well(sessions: int):
    rows = shuffled(numbered(sessions), 1).signals["mean_sentiment"][:, 0]
    assert sorted(rows) == list(range(sessions))
    assert sessions < 2 or not np.array_equal(rows, np.arange(sessions))


def test_most_of_the_autocorrelation_stays():
    panel = next(panels(simulate(1)))
    before, after = (one.signals["mean_sentiment"] for one in (panel, shuffled(panel, 1)))

    def persistence(x: np.ndarray) -> float:
        return float(np.mean([np.corrcoef(column[1:], column[:-1])[0, 1] for column in x.T]))

    assert persistence(after) == pytest.approx(persistence(before), abs=0.06)
    assert persistence(before) > 0.3


def test_a_planted_effect_is_found_and_its_placebo_is_not():
    for seed in range(5):
        market = list(panels(simulate(seed)))
        assert len(found_in(signal_quality(market))) >= 5
        assert (placebo(market, seed)["q"].dropna() > 0.05).all()


def test_the_placebo_has_the_rows_of_the_study():
    market = list(panels(simulate(1)))
    keys = ["scorer", "source", "universe", "method", "signal", "horizon"]
    pd.testing.assert_frame_equal(placebo(market, 1)[keys], signal_quality(market)[keys])
