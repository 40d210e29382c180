"""The lead-lag profile: who comes first, with errors that hold, and what it says of data that can say nothing."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pipelines.evidence.hac import fixed_b_critical
from pipelines.evidence.lead_lag import COLUMNS, LAGS, lead_lag
from pipelines.evidence.panel import Panel
from warehouse.sample.market import INSTRUMENTS, simulate

PLANTED = {each.ticker for each in INSTRUMENTS if each.is_planted}

# exchange_calendars 4.13 reads timezone-aware columns in a way that pandas 3.1 will change.
pytestmark = pytest.mark.filterwarnings("ignore:Series.values:DeprecationWarning")


def panel(sentiment: np.ndarray, returns: np.ndarray, tickers=(), calendar="XNYS", source="all") -> Panel:
    if sentiment.ndim == 1:
        sentiment, returns = sentiment[:, None], returns[:, None]
    days = np.datetime64("2020-01-01") + np.arange(len(sentiment))
    tickers = tuple(tickers) or tuple(f"T{at}" for at in range(sentiment.shape[1]))
    kinds = ("abnormal",) * len(tickers)
    return Panel("vader", source, calendar, days, tickers, {"mean_sentiment": sentiment}, {}, returns, kinds)


def persistent(noise: np.ndarray, persistence: float = 0.4) -> np.ndarray:
    series = noise.copy()
    for at in range(1, len(series)):
        series[at] += persistence * series[at - 1]
    return series


def profile(table: pd.DataFrame, universe: str, column: str = "correlation") -> np.ndarray:
    rows = table[table["universe"] == universe]
    assert rows["lag"].tolist() == list(LAGS)
    return rows[column].to_numpy()


def paired(sentiment: np.ndarray, returns: np.ndarray, lag: int) -> tuple[np.ndarray, np.ndarray]:
    moved = np.full(len(returns), np.nan)
    for at in range(len(returns)):
        if 0 <= at + lag < len(returns):
            moved[at] = returns[at + lag]
    return sentiment, moved


def z(values: np.ndarray) -> np.ndarray:
    return (values - values.mean()) / values.std()


def simulated(seed: int, effect_bps: float) -> list[Panel]:
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


def found(table: pd.DataFrame, lag: int) -> set[str]:
    rows = table[(table["lag"] == lag) & (table["q"] <= 0.05) & (table["universe"] != table["calendar"])]
    return set(rows["universe"])


@pytest.mark.parametrize("lag", LAGS)
def test_every_figure_equals_statsmodels(lag):
    rng = np.random.default_rng(1)
    sentiment, returns = persistent(rng.standard_normal(400)), 0.01 * rng.standard_t(4, 400)
    row = lead_lag([panel(sentiment, returns)]).query("lag == @lag and universe == 'T0'").iloc[0]
    said, moved = paired(sentiment, returns, lag)
    there = np.isfinite(moved)
    x, y = z(said[there]), z(moved[there])
    fit = sm.OLS(y, sm.add_constant(x)).fit(cov_type="HAC", cov_kwds={"maxlags": 5, "use_correction": True}, use_t=True)
    assert row["correlation"] == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-12)
    assert row["t_hac"] == pytest.approx(fit.tvalues[1], rel=1e-10)
    assert row["p_hac"] == pytest.approx(fit.pvalues[1], rel=1e-10)
    assert (row["hac_lags"], row["session_count"]) == (5, 400 - abs(lag))
    ordinary = sm.OLS(y, sm.add_constant(x)).fit().bse[1]
    half = fixed_b_critical(6 / (400 - abs(lag))) * max(fit.bse[1], ordinary)
    assert row["correlation_high"] - row["correlation"] == pytest.approx(half, rel=1e-10)
    assert row["correlation"] - row["correlation_low"] == pytest.approx(half, rel=1e-10)
    assert row["p"] >= row["p_hac"]


def test_a_missing_day_is_left_out_and_lags_stay_lags_of_the_calendar():
    rng = np.random.default_rng(2)
    sentiment, returns = persistent(rng.standard_normal(300)), 0.01 * rng.standard_normal(300)
    sentiment[rng.random(300) < 0.2] = np.nan
    returns[[7, 8, 150]] = np.nan, np.inf, -np.inf
    rows = lead_lag([panel(sentiment, returns)]).query("universe == 'T0'").set_index("lag")
    for lag in LAGS:
        said, moved = paired(sentiment, returns, lag)
        there = np.isfinite(said) & np.isfinite(moved)
        n = there.sum()
        assert rows.loc[lag, "session_count"] == n
        assert rows.loc[lag, "correlation"] == pytest.approx(np.corrcoef(said[there], moved[there])[0, 1], abs=1e-12)
        # A session left out weighs nothing and keeps its place: a row of zeros, its 1 for the constant too.
        x, y = np.zeros((300, 2)), np.zeros(300)
        x[there], y[there] = np.stack([np.ones(n), z(said[there])], axis=1), z(moved[there])
        fit = sm.OLS(y, x, hasconst=True).fit(cov_type="HAC", cov_kwds={"maxlags": 5}, use_t=True)
        assert rows.loc[lag, "t_hac"] == pytest.approx(fit.params[1] / fit.bse[1] * np.sqrt((n - 2) / n), rel=1e-10)


def test_the_interval_leaves_out_zero_where_p_is_below_five_per_cent():
    rng = np.random.default_rng(3)
    noise = rng.standard_normal((120, 60))
    table = lead_lag([panel(persistent(noise), 0.15 * noise + rng.standard_normal((120, 60)))])
    leaves_out = (table["correlation_low"] > 0) | (table["correlation_high"] < 0)
    assert leaves_out.equals(table["p"] < 0.05)
    assert 0 < leaves_out.sum() < len(table)
    assert ((table["correlation_low"] >= -1) & (table["correlation_high"] <= 1)).all()


def test_a_calendar_pools_its_tickers_with_the_errors_of_driscoll_and_kraay():
    rng = np.random.default_rng(4)
    sentiment = persistent(rng.standard_normal((250, 6)) + rng.standard_normal((250, 1)))
    returns = 0.01 * (rng.standard_normal((250, 6)) + rng.standard_normal((250, 1)))
    row = lead_lag([panel(sentiment, returns)]).query("lag == 1 and universe == 'XNYS'").iloc[0]
    x = np.apply_along_axis(z, 0, sentiment[:-1])
    y = np.apply_along_axis(z, 0, returns[1:])
    fit = sm.OLS(y.ravel(), x.ravel()).fit(
        cov_type="hac-groupsum", cov_kwds={"time": np.repeat(np.arange(249), 6), "maxlags": 5, "use_correction": False}
    )
    assert row["correlation"] == pytest.approx((x * y).mean(), abs=1e-12)
    assert row["correlation"] == pytest.approx(fit.params[0], abs=1e-12)
    assert row["t_hac"] == pytest.approx(fit.tvalues[0] * np.sqrt(248 / 249), rel=1e-10)
    assert (row["session_count"], row["ticker_count"]) == (249, 6)
    # Tickers that move together are worth fewer than six: an error that takes them for six is too small.
    assert fit.bse[0] > 1.2 * sm.OLS(y.ravel(), x.ravel()).fit().bse[0]


def test_one_ticker_many_times_over_says_no_more_than_once():
    rng = np.random.default_rng(5)
    sentiment, returns = persistent(rng.standard_normal((200, 1))), rng.standard_normal((200, 1))
    table = lead_lag([panel(np.tile(sentiment, 50), np.tile(returns, 50))])
    assert profile(table, "XNYS") == pytest.approx(profile(table, "T7"), abs=1e-12)
    assert profile(table, "XNYS", "t_hac") == pytest.approx(profile(table, "T7", "t_hac"), rel=0.01)


@pytest.mark.parametrize(("sessions", "persistence"), [(60, 0.4), (250, 0.4), (250, 0.8)])
def test_five_per_cent_of_pairs_of_noise_look_related(sessions, persistence):
    rng = np.random.default_rng(6)
    sentiment = persistent(rng.standard_normal((sessions, 300)), persistence)
    sentiment[rng.random(sentiment.shape) < 0.1] = np.nan
    table = lead_lag([panel(sentiment, rng.standard_t(4, (sessions, 300)))]).query("universe != 'XNYS'")
    for lag in LAGS:
        p = table.loc[table["lag"] == lag, "p"]
        assert len(p) == 300
        assert (p < 0.05).sum() <= stats.binom.isf(0.001, 300, 0.05)
    assert 0.01 < (table["p"] < 0.05).mean() < 0.055
    assert (table["q"] <= 0.05).sum() <= 3


def test_five_per_cent_of_calendars_of_noise_look_related_though_their_tickers_move_together():
    rng = np.random.default_rng(7)
    hits = tests = 0
    for _ in range(20):
        together = persistent(rng.standard_normal((120, 1)))
        sentiment = together + rng.standard_normal((120, 8))
        returns = rng.standard_t(4, (120, 8)) + 2 * rng.standard_t(4, (120, 1))
        p = profile(lead_lag([panel(sentiment, returns)]), "XNYS", "p")
        hits, tests = hits + (p < 0.05).sum(), tests + len(p)
    low, high = stats.binom.interval(0.999, tests, 0.05)
    assert low <= hits <= high


def test_planted_moods_come_before_returns_on_the_planted_tickers_alone():
    table = lead_lag(simulated(seed=80, effect_bps=60))
    assert found(table, 1) == PLANTED
    row = table.query("universe == 'MU' and lag == 1").iloc[0]
    assert row["verdict"].startswith("evidence: higher sentiment, higher return afterwards (q ")


def test_nothing_comes_before_returns_where_nothing_is_planted():
    tables = [lead_lag(simulated(seed, effect_bps=0)) for seed in range(12)]
    alarms = [((rows["question"] == "sentiment first") & (rows["q"] <= 0.05)).any() for rows in tables]
    assert sum(alarms) <= stats.binom.isf(0.01, 12, 0.05)
    p = pd.concat(tables).query("question == 'sentiment first'")["p"].dropna()
    assert len(p) == 12 * 50
    assert 0.02 < (p < 0.05).mean() < 0.08  # tickers of one market move together: wider than binomial


@pytest.mark.parametrize("effect_bps", [0, 60])
def test_the_same_session_is_related_on_every_ticker_and_called_so(effect_bps):
    table = lead_lag(simulated(seed=80, effect_bps=effect_bps))
    assert found(table, 0) == {each.ticker for each in INSTRUMENTS}
    rows = table[table["lag"] == 0]
    assert set(rows["question"]) == {"same session"}
    verdicts = rows.loc[rows["universe"] != rows["calendar"], "verdict"]
    assert verdicts.str.startswith("evidence: higher sentiment, higher return of the same session (q ").all()


def test_returns_that_lead_sentiment_are_shown_as_such():
    rng = np.random.default_rng(8)
    returns = rng.standard_t(4, (300, 5))
    sentiment = rng.standard_normal((300, 5))
    sentiment[2:] -= 0.4 * returns[:-2]
    table = lead_lag([panel(sentiment, returns)])
    assert {lag for lag in LAGS if found(table, lag)} == {-2}
    rows = table[table["lag"] == -2]
    assert set(rows["question"]) == {"returns first"}
    assert rows["verdict"].str.startswith("evidence: higher return, lower sentiment afterwards (q < 0.001").all()


def test_each_question_is_a_family_of_its_own():
    rng = np.random.default_rng(9)
    table = lead_lag([panel(rng.standard_normal((100, 4)), rng.standard_normal((100, 4)))])
    assert table.groupby("question")["family_size"].unique().map(list).to_dict() == {
        "returns first": [25],
        "same session": [5],
        "sentiment first": [25],
    }
    for _, rows in table.groupby("question"):
        assert rows["q"].to_numpy() == pytest.approx(stats.false_discovery_control(rows["p"]))


def with_margins(seed: int, missing: float) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    sentiment, returns = rng.standard_normal((2, 80, 3))
    sentiment[rng.random(sentiment.shape) < missing] = np.nan
    nothing = np.full((6, 3), np.nan)
    return np.concatenate([nothing, sentiment, nothing]), np.concatenate([nothing, returns, nothing])


@settings(max_examples=10)
@given(seed=st.integers(0, 10**6), missing=st.floats(0, 0.3), by=st.sampled_from([-1, 1]))
def test_shifting_one_series_by_a_session_shifts_the_profile_by_a_lag(seed, missing, by):
    sentiment, returns = with_margins(seed, missing)
    before, after = (lead_lag([panel(said, returns)]) for said in (sentiment, np.roll(sentiment, by, axis=0)))
    # Sentiment one session later stands one lag nearer to the return.
    late, early = (after, before) if by > 0 else (before, after)
    for universe in ("T0", "T1", "T2", "XNYS"):
        for column in ("correlation", "session_count"):
            assert profile(late, universe, column)[:-1] == pytest.approx(
                profile(early, universe, column)[1:], abs=1e-12
            )


@settings(max_examples=10)
@given(seed=st.integers(0, 10**6), missing=st.floats(0, 0.3))
def test_swapping_the_roles_mirrors_the_profile(seed, missing):
    sentiment, returns = with_margins(seed, missing)
    there, back = lead_lag([panel(sentiment, returns)]), lead_lag([panel(returns, sentiment)])
    for universe in ("T0", "T1", "T2"):
        for column in ("correlation", "session_count"):
            assert profile(there, universe, column) == pytest.approx(profile(back, universe, column)[::-1], abs=1e-12)


def test_what_comes_after_a_cut_does_not_reach_the_rows_before_it():
    rng = np.random.default_rng(10)
    sentiment, returns = rng.standard_normal((2, 200, 3))
    cut = lead_lag([panel(sentiment[:120], returns[:120])])
    later = np.where(np.arange(200)[:, None] < 120, returns, 1e6 * rng.standard_normal((200, 3)))
    assert lead_lag([panel(sentiment[:120], later[:120])]).equals(cut)
    # With the returns after the cut known, only the lags that look ahead see more of them.
    nothing = np.full((5, 3), np.nan)
    more = lead_lag([panel(np.concatenate([sentiment[:120], nothing]), later[:125])])
    figures = ["correlation", "t_hac", "p", "session_count"]
    first = cut["lag"] <= 0
    pd.testing.assert_frame_equal(more.loc[first, figures], cut.loc[first, figures])
    assert (more.loc[~first, "correlation"] != cut.loc[~first, "correlation"]).all()


def varied() -> np.ndarray:
    return np.random.default_rng(11).standard_normal(100)


def only(values: np.ndarray, sessions: int) -> np.ndarray:
    return np.where(np.arange(len(values)) < sessions, values, np.nan)


@pytest.mark.parametrize(
    ("sentiment", "returns", "reason"),
    [
        (np.full(100, 0.1), varied(), "signal is constant"),
        (np.zeros(100), varied(), "signal is constant"),
        (varied(), np.full(100, 0.1), "returns are constant"),
        (np.full(100, np.nan), varied(), "too few sessions (0 < 30)"),
        (varied(), np.full(100, np.inf), "too few sessions (0 < 30)"),
        (only(varied(), 29), varied(), "too few sessions (29 < 30)"),
        (np.eye(100)[50], varied(), "one session holds most of the variance of the signal"),
        (varied()[:3], varied()[:3], "too few sessions (3 < 30)"),
        (varied()[:1], varied()[:1], "too few sessions (1 < 30)"),
        (varied()[:0], varied()[:0], "too few sessions (0 < 30)"),
    ],
)
def test_what_cannot_be_tested_has_a_reason_and_no_figures(sentiment, returns, reason):
    table = lead_lag([panel(sentiment, returns)])
    assert len(table) == 22
    same = table[(table["lag"] == 0)].set_index("universe")
    assert same.loc["T0", "reason"] == reason
    assert same.loc["XNYS", "reason"] == "fewer than 2 tickers can be tested"
    assert same["verdict"].str.startswith("not tested: ").all()
    figures = ["correlation", "correlation_low", "correlation_high", "t_hac", "p_hac", "p", "q", "q_by"]
    assert table[figures].isna().all(axis=None)
    assert (table["family_size"] == 0).all()


def test_a_series_against_itself_has_a_correlation_of_one_and_no_error():
    row = lead_lag([panel(varied(), 0.01 * varied())]).query("lag == 0 and universe == 'T0'").iloc[0]
    assert row["correlation"] == pytest.approx(1)
    assert row["reason"] == "one is a multiple of the other"
    assert row[["p", "q", "correlation_low"]].isna().all()


@settings(max_examples=30)
@given(seed=st.integers(0, 10**6))
def test_no_values_however_wild_raise_or_pass_without_a_reason(seed):
    rng = np.random.default_rng(seed)
    sessions, values = rng.integers(0, 90), [0, 1, -1, 0.1, 1e308, -1e308, 5e-324, 1e-300, np.nan, np.inf]
    wild = rng.choice(values, size=(2, sessions, 3), p=rng.dirichlet(np.full(len(values), 0.3)))
    sentiment, returns = np.where(rng.random(wild.shape) < rng.random(), rng.standard_normal(wild.shape), wild)
    table = lead_lag([panel(sentiment, returns)])
    assert table["p"].isna().equals(table["reason"].notna())
    assert table["p"].dropna().between(0, 1).all()


def test_a_ticker_that_cannot_be_tested_leaves_the_others_as_they_are():
    rng = np.random.default_rng(12)
    sentiment, returns = rng.standard_normal((2, 100, 3))
    broken = np.column_stack([sentiment, np.full(100, 0.3), np.full(100, np.nan), 1e300 * sentiment[:, 2]])
    table = lead_lag([panel(broken, np.column_stack([returns, returns]))])
    alone = lead_lag([panel(sentiment, returns)])
    for universe in ("T0", "T1", "T2"):
        assert np.array_equal(profile(table, universe), profile(alone, universe))
    assert profile(table, "T5") == pytest.approx(profile(table, "T2"), abs=1e-12)
    assert set(table.loc[table["universe"] == "XNYS", "ticker_count"]) == {4}


def test_one_source_alone_is_not_studied_and_no_panel_gives_no_row():
    assert lead_lag([panel(varied(), varied(), source="reddit")]).empty
    assert tuple(lead_lag([]).columns) == COLUMNS == tuple(lead_lag([panel(varied(), varied())]).columns)
