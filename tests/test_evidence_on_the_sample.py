"""The bundled sample's evidence: what was planted is found within its interval, what was not is not, and noise is noise."""

import numpy as np
import pyarrow as pa
import pytest

from pipelines.evidence.predictive_regression import predictive_regression
from tests.conftest import truth_of
from warehouse.sample.market import expected_slope

PLANTED = ("BTC", "GME", "MU", "NVDA")
BARE = ("AAPL", "AMD", "INTC", "SOXX", "SPY")


def test_the_next_session_follows_sentiment_where_that_was_planted_and_nowhere_else(sample):
    verdicts = sample.ask(
        """select universe, scorer, verdict from mart.signal_quality
        where method = 'regression' and signal = 'mean_sentiment' and horizon = 1"""
    )
    assert len(verdicts) == 2 * len(PLANTED + BARE)
    for ticker, scorer, verdict in verdicts:
        expected = "evidence: higher sentiment, higher return" if ticker in PLANTED else "no evidence"
        assert verdict.startswith(expected), (ticker, scorer, verdict)


def test_of_what_is_found_at_any_horizon_one_in_twenty_is_false_at_most(sample):
    """Which is what q <= 0.05 promises: SPY at two sessions is such a one."""
    assert sample.ask(
        """select count(*) > 40, avg(list_contains(?, universe)::integer) <= 0.05 from mart.signal_quality
        where method = 'regression' and q <= 0.05""",
        [list(BARE)],
    ) == [(True, True)]


def test_tickers_are_ordered_by_the_sentiment_of_the_session_before(sample):
    rows = sample.ask(
        """select ic, verdict, spread_bps > net_spread_bps, name_count from mart.signal_quality
        where universe = 'XNYS' and source = 'all' and signal = 'mean_sentiment' and horizon = 1"""
    )
    for ic, verdict, costs, names in rows:
        assert ic > 0.05
        assert verdict.startswith("evidence: higher sentiment, higher return")
        assert costs
        assert names > 6


@pytest.mark.parametrize("ticker", PLANTED + BARE)
def test_the_planted_slope_lies_in_the_interval_of_the_true_mood(sample, ticker):
    """By the truth file's mood, which no scorer sees, against the returns that the job made of the prices."""
    with sample.warehouse.connect() as con:
        con.register("truth", truth_of(sample, "mood"))
        table = con.execute(
            """select truth.mood, returns.forward_return_1d from truth join core.returns using (ticker, trading_day)
            where ticker = ? order by trading_day""",
            [ticker],
        ).to_arrow_table()
    mood, ahead = (np.asarray(table[name].cast(pa.float64()).to_numpy())[:, None] for name in table.column_names)
    both = np.isfinite(mood) & np.isfinite(ahead)
    found = predictive_regression(mood, ahead, 1)
    scale = mood[both].std(ddof=1)
    planted = expected_slope() if ticker in PLANTED else 0.0
    assert found.slope_low_bps[0] / scale <= planted <= found.slope_high_bps[0] / scale


def test_the_crowd_follows_the_price_of_its_own_session_and_that_is_shown_as_such(sample):
    found = dict(
        sample.ask(
            """select question, count_if(q <= 0.05) / count(q) from mart.lead_lag
            where lag in (-1, 0) and universe <> calendar group by question"""
        )
    )
    assert found["same session"] > 0.5
    assert found["returns first"] > 0.3


def test_sentiment_leads_by_one_session_on_planted_tickers_alone(sample):
    found = sample.ask(
        "select distinct universe from mart.lead_lag where lag > 0 and q <= 0.05 and universe <> calendar"
    )
    assert {ticker for (ticker,) in found} == set(PLANTED)


def test_events_are_counted_and_their_figures_have_a_reason_where_there_are_none(sample):
    assert sample.ask(
        """select count(*) > 100, count_if(is_used) > 50, count_if(not is_used and reason not like '%overlaps%'),
            count_if(is_used and model is null and reason is null) from mart.events"""
    ) == [(True, True, 0, 0)]
    assert sample.ask(
        "select count(*) from mart.event_study where (mean_car is null) <> (reason is not null) and reason not like '%differ%'"
    ) == [(0,)]


def test_shuffled_sentiment_finds_nothing(built_sample):
    _, checks = built_sample
    placebo = checks["shuffled_sentiment_finds_nothing"]
    assert placebo.passed
    assert placebo.metadata["tests"].value > 200
    assert placebo.metadata["least q"].value > 0.05
