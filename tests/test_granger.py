"""Granger's test both ways: equal to statsmodels, right under the null, and a reason where there is no test."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.tsa.stattools import grangercausalitytests

from pipelines.evidence.granger import COLUMNS, granger
from pipelines.evidence.panel import Panel
from warehouse.sample.market import INSTRUMENTS, simulate

PLANTED = {each.ticker for each in INSTRUMENTS if each.is_planted}
TO_RETURNS, TO_SENTIMENT = "sentiment to returns", "returns to sentiment"

# exchange_calendars 4.13 reads timezone-aware columns in a way that pandas 3.1 will change.
pytestmark = pytest.mark.filterwarnings("ignore:Series.values:DeprecationWarning")


def panel(sentiment: np.ndarray, returns: np.ndarray, tickers=(), calendar="XNYS", source="all") -> Panel:
    if sentiment.ndim == 1:
        sentiment, returns = sentiment[:, None], returns[:, None]
    days = np.datetime64("2020-01-01") + np.arange(len(sentiment))
    tickers = tuple(tickers) or tuple(f"T{at}" for at in range(sentiment.shape[1]))
    kinds = ("raw",) * len(tickers)
    return Panel("vader", source, calendar, days, tickers, {"mean_sentiment": sentiment}, {}, returns, kinds)


def persistent(noise: np.ndarray, persistence: float = 0.4) -> np.ndarray:
    series = noise.copy()
    for at in range(1, len(series)):
        series[at] += persistence * series[at - 1]
    return series


def row(table: pd.DataFrame, direction: str, universe: str = "T0") -> pd.Series:
    rows = table[(table["direction"] == direction) & (table["universe"] == universe)]
    assert len(rows) == 1
    return rows.iloc[0]


def regressors(sentiment: np.ndarray, returns: np.ndarray, lags: int) -> tuple[np.ndarray, np.ndarray]:
    """Where everything is there, and constant, lags of sentiment, lags of returns; written out slowly."""
    rows, there = [], []
    for at in range(lags, len(sentiment)):
        past = [
            1,
            *(sentiment[at - lag] for lag in range(1, lags + 1)),
            *(returns[at - lag] for lag in range(1, lags + 1)),
        ]
        if np.isfinite([sentiment[at], returns[at], *past]).all():
            rows.append(past)
            there.append(at)
    return np.array(there), np.array(rows)


def market(seed: int, effect_bps: float) -> list[Panel]:
    tapes = simulate(seed=seed, effect_bps=effect_bps).tapes
    return [
        panel(
            np.stack([tapes[ticker].mood for ticker in tickers], axis=1),
            np.stack([tapes[ticker].return_1d for ticker in tickers], axis=1),
            tickers,
            calendar,
        )
        for calendar in ("XNYS", "24/7")
        if (tickers := [each.ticker for each in INSTRUMENTS if each.calendar == calendar])
    ]


@pytest.mark.parametrize("lags", [1, 5])
@pytest.mark.parametrize("missing", [0, 0.05])
def test_every_figure_equals_statsmodels(lags, missing):
    rng = np.random.default_rng(1)
    returns = 0.01 * rng.standard_t(4, 300)
    sentiment = 0.2 + 0.1 * persistent(rng.standard_normal(300))
    sentiment[1:] += 2 * returns[:-1]
    sentiment[rng.random(300) < missing] = np.nan
    returns[rng.random(300) < missing] = np.inf
    table = granger([panel(sentiment, returns)], lags=lags)
    there, past = regressors(sentiment, returns, lags)
    finite = sentiment[np.isfinite(sentiment)]
    for direction, today, tested, unit in (
        (TO_RETURNS, returns, slice(1, 1 + lags), 1e4 * finite.std()),
        (TO_SENTIMENT, sentiment, slice(1 + lags, 1 + 2 * lags), 0.01 / finite.std()),
    ):
        found = row(table, direction)
        restriction = np.eye(1 + 2 * lags)[tested]
        robust = sm.OLS(today[there], past).fit(cov_type="HC3", use_t=True)
        test, classical = robust.f_test(restriction), sm.OLS(today[there], past).fit().f_test(restriction)
        assert found["f"] == pytest.approx(test.fvalue, rel=1e-9)
        assert found["p"] == pytest.approx(test.pvalue, rel=1e-9)
        assert found["f_classical"] == pytest.approx(classical.fvalue, rel=1e-9)
        assert found["p_classical"] == pytest.approx(classical.pvalue, rel=1e-9)
        assert found["effect"] == pytest.approx(robust.params[tested].sum() * unit, rel=1e-9)
        assert (found["session_count"], found["lag_count"]) == (len(there), lags)


def test_the_classical_test_is_the_one_of_statsmodels_both_ways():
    rng = np.random.default_rng(2)
    sentiment, returns = persistent(rng.standard_normal(250)), 0.01 * rng.standard_normal(250)
    table = granger([panel(sentiment, returns)])
    for direction, series in ((TO_RETURNS, (returns, sentiment)), (TO_SENTIMENT, (sentiment, returns))):
        f, p, _, lags = grangercausalitytests(np.column_stack(series), [5])[5][0]["ssr_ftest"]
        assert lags == 5
        assert row(table, direction)["f_classical"] == pytest.approx(f, rel=1e-9)
        assert row(table, direction)["p_classical"] == pytest.approx(p, rel=1e-9)


@pytest.mark.parametrize("sessions", [60, 250])
def test_five_per_cent_of_pairs_of_noise_look_causal_though_tails_are_fat(sessions):
    rng = np.random.default_rng(3)
    sentiment = persistent(rng.standard_normal((sessions, 300)))
    table = granger([panel(sentiment, rng.standard_t(3, (sessions, 300)))])
    for direction in (TO_RETURNS, TO_SENTIMENT):
        hits = (table.loc[table["direction"] == direction, "p"] < 0.05).sum()
        assert stats.binom.ppf(0.001, 300, 0.025) <= hits <= stats.binom.isf(0.001, 300, 0.06)


def test_volatility_that_follows_sentiment_is_no_cause_to_the_robust_test():
    rng = np.random.default_rng(4)
    sentiment = rng.standard_normal((250, 300))
    returns = rng.standard_normal((250, 300))
    returns[1:] *= 0.3 + sentiment[:-1] ** 2
    rows = granger([panel(sentiment, returns)]).query("direction == @TO_RETURNS")
    assert (rows["p_classical"] < 0.05).mean() > 0.2
    assert (rows["p"] < 0.05).mean() < 0.075


def test_planted_moods_cause_returns_on_the_planted_tickers_alone():
    tables = [granger(market(seed, effect_bps=60)).query("direction == @TO_RETURNS") for seed in range(80, 92)]
    found = tables[0][tables[0]["q"] <= 0.05]
    assert set(found["universe"]) == PLANTED - {"NVDA"}  # q = 0.28: a test of five lags at once sees less than one lag
    assert found["verdict"].str.startswith("evidence: higher sentiment, higher return afterwards (q ").all()
    every = pd.concat(tables)
    is_planted = every["universe"].isin(PLANTED)
    assert (every.loc[is_planted, "p"] < 0.05).mean() > 0.5
    assert (every.loc[~is_planted, "p"] < 0.05).mean() < 0.1
    # 60 bps of the mood of one session before and 20 of that of two before.
    assert every.loc[is_planted, "effect"].mean() == pytest.approx(80, abs=15)
    assert every.loc[~is_planted, "effect"].mean() == pytest.approx(0, abs=15)


def test_nothing_causes_returns_where_nothing_is_planted():
    tables = [granger(market(seed, effect_bps=0)).query("direction == @TO_RETURNS") for seed in range(12)]
    assert sum((table["q"] <= 0.05).any() for table in tables) <= stats.binom.isf(0.01, 12, 0.05)
    assert (pd.concat(tables)["p"] < 0.05).sum() <= stats.binom.isf(0.001, 12 * 9, 0.05)


def test_returns_that_cause_sentiment_are_shown_as_readily():
    rng = np.random.default_rng(5)
    returns, sentiment = 0.02 * rng.standard_t(4, (300, 4)), rng.standard_normal((300, 4))
    sentiment[1:] -= 15 * returns[:-1]
    table = granger([panel(sentiment, returns)])
    assert (table.query("direction == @TO_RETURNS")["verdict"].str.startswith("no evidence (q = ")).all()
    rows = table.query("direction == @TO_SENTIMENT")
    assert rows["verdict"].str.startswith("evidence: higher return, lower sentiment afterwards (q < 0.001").all()
    # 0.15 per 1 %, in sd of sentiment: of variance 1 + 15² · 0.02² · 2.
    assert rows["effect"].mean() == pytest.approx(-0.15 / np.sqrt(1.18), abs=0.05)
    assert set(rows["effect_unit"]) == {"sd of sentiment per 1 % of return"}


@settings(max_examples=10)
@given(
    seed=st.integers(0, 10**6),
    missing=st.floats(0, 0.05),
    lags=st.integers(1, 4),
    units=st.tuples(st.floats(1e-3, 1e3), st.floats(-10, 10), st.floats(1e-3, 1e3)),
)
def test_swapping_the_roles_swaps_the_directions_and_units_do_not_matter(seed, missing, lags, units):
    rng = np.random.default_rng(seed)
    sentiment, returns = rng.standard_normal((2, 120, 3))
    sentiment[rng.random(sentiment.shape) < missing] = np.nan
    table = granger([panel(sentiment, returns)], lags=lags)
    swapped = granger([panel(returns, units[0] * (sentiment + units[1]))], lags=lags)
    scaled = granger([panel(units[0] * (sentiment + units[1]), units[2] * returns)], lags=lags)
    for universe in ("T0", "T1", "T2"):
        for one, other in ((TO_RETURNS, TO_SENTIMENT), (TO_SENTIMENT, TO_RETURNS)):
            for column in ("f", "p", "f_classical", "p_classical", "session_count"):
                value = row(table, one, universe)[column]
                assert row(swapped, other, universe)[column] == pytest.approx(value, rel=1e-6)
                assert row(scaled, one, universe)[column] == pytest.approx(value, rel=1e-6)


def test_a_session_without_all_its_lags_is_left_out_and_no_gap_is_closed():
    rng = np.random.default_rng(6)
    sentiment, returns = rng.standard_normal((2, 100))
    sentiment[50] = np.nan
    table = granger([panel(sentiment, returns)], lags=3)
    assert set(table["session_count"]) == {100 - 3 - 4}


def test_what_comes_after_a_cut_does_not_reach_the_rows_before_it():
    rng = np.random.default_rng(7)
    sentiment, returns = rng.standard_normal((2, 200, 3))
    cut = granger([panel(sentiment[:120], returns[:120])])
    later = np.concatenate([returns[:120], 1e3 * rng.standard_normal((80, 3))])
    assert granger([panel(sentiment[:120], later[:120])]).equals(cut)
    # Where sentiment ends, returns after it explain nothing and are not explained.
    unknown = np.concatenate([sentiment[:120], np.full((80, 3), np.nan)])
    figures = ["f", "p", "f_classical", "p_classical", "session_count"]
    pd.testing.assert_frame_equal(granger([panel(unknown, later)])[figures], cut[figures])


def varied(seed: int = 8) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(100)


def only(values: np.ndarray, sessions: int) -> np.ndarray:
    return np.where(np.arange(len(values)) < sessions, values, np.nan)


@pytest.mark.parametrize(
    ("sentiment", "returns", "reason"),
    [
        (np.full(100, 0.1), varied(), "signal is constant"),
        (varied(), np.zeros(100), "returns are constant"),
        (np.full(100, np.nan), varied(), "too few sessions with all lags (0 < 35)"),
        (varied(), np.full(100, np.inf), "too few sessions with all lags (0 < 35)"),
        (only(varied(), 39), varied(9), "too few sessions with all lags (34 < 35)"),
        (np.tile([1.0, -1.0], 50), varied(), "the lags are collinear"),
        (np.arange(100.0), varied(), "the lags are collinear"),
        (varied(), 0.01 * varied(), "the lags are collinear"),
        (np.eye(100)[50], varied(), "one session decides a slope"),
        (varied()[:3], varied()[:3], "too few sessions with all lags (0 < 35)"),
        (varied()[:1], varied()[:1], "too few sessions with all lags (0 < 35)"),
        (varied()[:0], varied()[:0], "too few sessions with all lags (0 < 35)"),
    ],
)
def test_what_cannot_be_tested_has_a_reason_and_no_figures(sentiment, returns, reason):
    table = granger([panel(sentiment, returns)])
    assert table["direction"].tolist() == [TO_SENTIMENT, TO_RETURNS]
    assert set(table["reason"]) == {reason}
    assert set(table["verdict"]) == {f"not tested: {reason}"}
    assert table[["f", "p", "f_classical", "p_classical", "effect", "q", "q_by"]].isna().all(axis=None)


def test_a_series_that_the_past_explains_without_rest_has_a_reason_in_that_direction_only():
    sentiment, returns = varied(1), np.zeros(100)
    returns[1:] = sentiment[:-1]
    table = granger([panel(sentiment, returns)], lags=1)
    assert row(table, TO_RETURNS)["reason"] == "the fit leaves nothing unexplained"
    assert pd.isna(row(table, TO_SENTIMENT)["reason"])
    assert 0 < row(table, TO_SENTIMENT)["p"] <= 1


@settings(max_examples=30)
@given(seed=st.integers(0, 10**6))
def test_no_values_however_wild_raise_or_pass_without_a_reason(seed):
    rng = np.random.default_rng(seed)
    sessions, values = rng.integers(0, 90), [0, 1, -1, 0.1, 1e308, -1e308, 5e-324, 1e-300, np.nan, np.inf]
    wild = rng.choice(values, size=(2, sessions, 3), p=rng.dirichlet(np.full(len(values), 0.3)))
    sentiment, returns = np.where(rng.random(wild.shape) < rng.random(), rng.standard_normal(wild.shape), wild)
    table = granger([panel(sentiment, returns)])
    assert table["p"].isna().equals(table["reason"].notna())
    assert table["p"].dropna().between(0, 1).all()


def test_a_ticker_that_cannot_be_tested_leaves_the_others_as_they_are():
    rng = np.random.default_rng(10)
    sentiment, returns = rng.standard_normal((2, 100, 3))
    bad = np.column_stack([np.full(100, 0.3), np.full(100, np.nan), 1e300 * sentiment[:, 2]])
    table = granger([panel(np.column_stack([sentiment, bad]), np.column_stack([returns, returns]))])
    alone = granger([panel(sentiment, returns)])
    for direction in (TO_RETURNS, TO_SENTIMENT):
        for universe in ("T0", "T1", "T2"):
            assert row(table, direction, universe)["p"] == pytest.approx(
                row(alone, direction, universe)["p"], rel=1e-12
            )
        assert row(table, direction, "T5")["p"] == pytest.approx(row(alone, direction, "T2")["p"], rel=1e-9)


def test_one_source_alone_is_not_studied_and_no_panel_gives_no_row():
    assert granger([panel(varied(), varied(), source="reddit")]).empty
    assert tuple(granger([]).columns) == COLUMNS == tuple(granger([panel(varied(), varied())]).columns)
    with pytest.raises(ValueError, match="lags must be at least 1, not 0"):
        granger([], lags=0)
