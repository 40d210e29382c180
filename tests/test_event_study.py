"""The event study equals a hand-worked example, statsmodels and plain loops, and gives a reason where it has no figure."""

import math
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pipelines.evidence.abnormal_returns import cumulated, market_model, mean_adjusted
from pipelines.evidence.event_clustering import mean_correlation
from pipelines.evidence.event_returns import Timeline, around, lay_out
from pipelines.evidence.event_study import GROUP_ROWS, STATISTICS, WINDOWS, study
from pipelines.evidence.events import without_overlaps

SMALL = Timeline(first=-1, last=2, gap=2, longest=8, least=8)
DAYS = pd.bdate_range("2020-01-01", periods=400)


def returns_of(by_ticker: dict[str, np.ndarray], benchmark: np.ndarray, name: str | None = "SPY") -> pd.DataFrame:
    """Rows of ``core.returns``: session s is row s of the arrays."""
    count = len(benchmark)
    return pd.concat(
        pd.DataFrame(
            {
                "ticker": ticker,
                "trading_day": DAYS[:count],
                "session_number": np.arange(count),
                "calendar": "XNYS",
                "return_1d": own,
                "benchmark": name,
                "benchmark_return_1d": benchmark,
            }
        )
        for ticker, own in by_ticker.items()
    ).reset_index(drop=True)


def events_at(places: list[tuple[str, int]], **columns) -> pd.DataFrame:
    tickers, sessions = zip(*places, strict=True)
    usual = {"scorer": "", "origin": "listed", "direction": None, "label": None, "voice": None, "newness": None}
    rows = pd.DataFrame({"ticker": tickers, "trading_day": DAYS[list(sessions)], "session_number": sessions})
    return without_overlaps(rows.assign(**usual | columns))


def row_of(table: pd.DataFrame, model: str = "market", group: str = "all", window: tuple = (1, 1)) -> pd.Series:
    chosen = (table["model"] == model) & (table["event_group"] == group)
    chosen &= (table["window_start"] == window[0]) & (table["window_end"] == window[1])
    assert chosen.sum() == 1
    return table[chosen].iloc[0]


# Five tickers, eight sessions of estimation, one of gap (99 units: it must not matter), the window -1, 0, +1, +2.
# The benchmark goes +1, -1 in turn; the patterns add up to 0 and to 0 against it, so alpha = 0 and beta = 2 exactly.
# All in units of 1/128, which floating point holds exactly, so that equal residuals are equal.
UNIT = 1 / 128
BENCHMARK = [1, -1, 1, -1, 1, -1, 1, -1, 99, 2, 0, 0, 0]
PATTERNS = {
    "A": [1, 1, -1, -1, 1, 1, -1, -1],
    "B": [2, 2, -2, -2, 2, 2, -2, -2],  # A's, twice as large: their correlation is 1
    "C": [1, -1, -1, 1, 1, -1, -1, 1],
    "D": [1, 1, 1, 1, -1, -1, -1, -1],
    "E": [1, 1, -1, -1, -1, -1, 1, 1],
}
JUMPS = {"A": 1, "B": 4, "C": 3, "D": 4, "E": 5}  # AR of session 0
HAND_RETURNS = returns_of(
    {
        ticker: np.array([2 * m + e for m, e in zip(BENCHMARK, pattern, strict=False)] + [-99, 4, JUMPS[ticker], 0, 0])
        * UNIT
        for ticker, pattern in PATTERNS.items()
    },
    np.array(BENCHMARK) * UNIT,
)
HAND_EVENTS = events_at([(ticker, 10) for ticker in PATTERNS])


def test_the_market_model_is_as_worked_by_hand():
    found = market_model(around(HAND_EVENTS, lay_out(HAND_RETURNS), SMALL))
    close = {"rtol": 0, "atol": 1e-12}
    np.testing.assert_allclose(found.alpha, [0] * 5, **close)
    np.testing.assert_allclose(found.beta, [2] * 5, **close)
    # RSS = 8 × 1², so sigma² = 8/6; four times that for B.
    np.testing.assert_allclose(found.sigma, np.array([1, 2, 1, 1, 1]) * math.sqrt(8 / 6) * UNIT, **close)
    np.testing.assert_allclose(found.abnormal[:, 1], np.array([1, 4, 3, 4, 5]) * UNIT, **close)
    np.testing.assert_allclose(found.abnormal[:, [0, 2, 3]], 0, **close)
    # Session 0: Rm = 0 is its mean, C = 1 + 1/8; SAR = AR / sqrt(8/6 × 9/8) = AR / sqrt(1.5).
    np.testing.assert_allclose(found.standardised[:, 1], np.array([1, 2, 3, 4, 5]) / math.sqrt(1.5), **close)
    # Sessions -1 to 0: W = 2, W²/L = 4/8, the benchmark's 2 of session -1 against sum Rm² = 8: 2²/8.
    car, scar = cumulated(found, (-1, 0))
    np.testing.assert_allclose(car, np.array([1, 4, 3, 4, 5]) * UNIT, **close)
    np.testing.assert_allclose(scar, np.array([1, 2, 3, 4, 5]) / math.sqrt(8 / 6 * (2 + 4 / 8 + 4 / 8)), **close)


def test_every_statistic_is_as_worked_by_hand():
    found = row_of(study(HAND_EVENTS, HAND_RETURNS, [(0, 0)], SMALL).groups, window=(0, 0))
    # Of the ten pairs only A and B correlate, by 1; the patterns of the others are orthogonal.
    r = 1 / 10
    growth = math.sqrt((1 + 4 * r) / (1 - r))
    # CAR: 1, 4, 3, 4, 5: mean 3.4, squared deviations 5.76 + 0.36 + 0.16 + 0.36 + 2.56 = 9.2.
    naive = 3.4 / math.sqrt(9.2 / 4 / 5)
    # SCAR = (1, 2, 3, 4, 5) / sqrt(1.5): mean 3, squared deviations 10, and sqrt(1.5) cancels.
    bmp = 3 / math.sqrt(10 / 4 / 5)
    # df = 6, and 6/4 = 1.5 the variance of a SCAR: the sum is 15 / sqrt(1.5), over sqrt(5 × 1.5).
    patell = 15 / math.sqrt(1.5) / math.sqrt(5 * 1.5)
    # Half of the residuals are above 0; five CARs of five are.
    sign = (5 - 5 * 0.5) / math.sqrt(5 * 0.5 * 0.5)
    # The SCARs over their spread sqrt(2.5 / 1.5), and times sqrt(1 - r), are 0.6, 1.2, 1.8, 2.4, 3.0; the residuals
    # over sigma ±0.866. So A's stands between them (rank 5 of 9), the others' above (9): U = rank/10 - 1/2.
    event = (0.0 + 0.4 + 0.4 + 0.4 + 0.4) / 5
    # Ranks of four equal residuals: below 2.5; above 7.5 for A, whose SCAR is below them, else 6.5.
    low, high_a, high = 2.5 / 10 - 0.5, 7.5 / 10 - 0.5, 6.5 / 10 - 0.5
    mean_u = [
        ((high_a if PATTERNS["A"][t] > 0 else low) + sum(high if PATTERNS[k][t] > 0 else low for k in "BCDE")) / 5
        for t in range(8)
    ]
    z = event / math.sqrt((event**2 + sum(u**2 for u in mean_u)) / 9)
    rank = z * math.sqrt((9 - 2) / (9 - 1 - z**2))
    reach = stats.t.ppf(0.975, 4) * math.sqrt(9.2 / 4 / 5) * growth
    expected = {
        "mean_car": 3.4 * UNIT,
        "car_se": math.sqrt(9.2 / 4 / 5) * growth * UNIT,
        "car_low": (3.4 - reach) * UNIT,
        "car_high": (3.4 + reach) * UNIT,
        "naive_t": naive,
        "naive_p": 2 * stats.t.sf(naive, 4),
        "patell_z": patell,
        "patell_p": 2 * stats.norm.sf(patell),
        "bmp_t": bmp,
        "bmp_p": 2 * stats.t.sf(bmp, 4),
        "kp_t": bmp / growth,
        "kp_p": 2 * stats.t.sf(bmp / growth, 4),
        "rank_t": rank,
        "rank_p": 2 * stats.t.sf(rank, 7),
        "sign_z": sign,
        "sign_p": 2 * stats.norm.sf(sign),
        "positive_share": 1.0,
        "mean_correlation": r,
        "p": 2 * stats.t.sf(bmp / growth, 4),
    }
    assert set(expected) == set(STATISTICS)
    assert found[list(expected)].to_dict() == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert found[["event_count", "dropped_count", "excluded_count", "ticker_count", "day_count"]].tolist() == [
        5,
        0,
        0,
        5,
        1,
    ]
    assert found["reason"] is None


def random_market(seed: int, tickers: int = 12, sessions: int = 380, missing: float = 0.0) -> pd.DataFrame:
    chance = np.random.default_rng(seed)
    market, common = chance.normal(0, 0.01, (2, sessions))
    own = chance.standard_t(5, (tickers, sessions)) * 0.02
    own += 0.0005 + chance.uniform(0.5, 1.5, (tickers, 1)) * market + common
    own[chance.random(own.shape) < missing] = np.nan
    return returns_of({f"T{number:02}": values for number, values in enumerate(own)}, market)


SPREAD = [(f"T{number:02}", 300 + (number // 3) * 2) for number in range(12)]  # three a day, on four days


def test_the_market_model_equals_statsmodels_also_where_returns_are_missing():
    returns = random_market(1, missing=0.05)
    events = events_at(SPREAD)
    found = market_model(around(events, lay_out(returns), Timeline()))
    car, scar = cumulated(found, (1, 5))
    for place, event in enumerate(events.itertuples()):
        own = returns[returns["ticker"] == event.ticker].set_index("session_number")
        before = own.loc[event.session_number - 269 : event.session_number - 20].dropna()
        fitted = sm.OLS(before["return_1d"], sm.add_constant(before["benchmark_return_1d"])).fit()
        assert found.length[place] == fitted.nobs
        assert [found.alpha[place], found.beta[place]] == pytest.approx(fitted.params.to_list(), rel=1e-10)
        assert found.sigma[place] == pytest.approx(math.sqrt(fitted.mse_resid), rel=1e-10)
        after = own.loc[event.session_number - 10 : event.session_number + 20]
        regressors = sm.add_constant(after["benchmark_return_1d"])
        predicted = fitted.get_prediction(regressors)
        errors = after["return_1d"] - predicted.predicted_mean
        np.testing.assert_allclose(found.abnormal[place], errors, rtol=1e-9, atol=1e-14)
        np.testing.assert_allclose(found.standardised[place], errors / predicted.se_obs, rtol=1e-9, atol=1e-12)
        # The variance of a sum of forecasts: sigma² 1'(I + X (X'X)^-1 X')1.
        chosen = regressors.to_numpy()[11:16].sum(axis=0)
        variance = fitted.mse_resid * 5 + chosen @ fitted.cov_params().to_numpy() @ chosen
        missing = errors.iloc[11:16].isna().any()
        assert np.isnan(car[place]) == missing
        if not missing:
            assert car[place] == pytest.approx(errors.iloc[11:16].sum(), rel=1e-9)
            assert scar[place] == pytest.approx(errors.iloc[11:16].sum() / math.sqrt(variance), rel=1e-9)


def test_the_mean_adjusted_model_is_the_return_less_its_mean():
    returns = random_market(2)
    found = mean_adjusted(around(events_at([("T03", 350)]), lay_out(returns), Timeline()))
    own = returns.loc[returns["ticker"] == "T03", "return_1d"].to_numpy()
    before, after = own[81:331], own[340:371]
    np.testing.assert_allclose(found.abnormal[0], after - before.mean(), rtol=1e-12)
    np.testing.assert_allclose(
        found.standardised[0], (after - before.mean()) / before.std(ddof=1) / math.sqrt(1 + 1 / 250), rtol=1e-12
    )
    np.testing.assert_allclose(
        cumulated(found, (-1, 1))[1][0],
        (after[9:12] - before.mean()).sum() / before.std(ddof=1) / math.sqrt(3 + 9 / 250),
        rtol=1e-12,
    )


def looped_correlation(residuals, residual_days, window_days) -> float:
    """The average over all pairs, pair by pair."""
    values = []
    for one, other in combinations(range(len(residuals)), 2):
        shared = len(set(window_days[one]) & set(window_days[other])) / window_days.shape[1]
        mine, theirs = (dict(zip(residual_days[k], residuals[k], strict=True)) for k in (one, other))
        days = sorted(set(mine) & set(theirs))
        product = sum(mine[day] * theirs[day] for day in days) / len(days)
        size = math.sqrt(np.square(residuals[one]).mean() * np.square(residuals[other]).mean())
        values.append(shared * product / size)
    return float(np.mean(values))


@pytest.mark.parametrize("window", [(0, 0), (1, 5), (-10, 20)])
def test_the_mean_correlation_equals_that_of_a_loop_over_pairs(window):
    returns = random_market(3)
    # Two calendars: the last tickers skip every fifth day.
    skipping = returns["ticker"].isin(["T10", "T11"])
    returns = returns[~(skipping & (returns["session_number"] % 5 == 0))]
    rows = around(events_at(SPREAD[:10]), lay_out(returns), Timeline())
    found = market_model(rows)
    days = rows.days[:, 250:][:, found.timeline.within(window)]
    ours = mean_correlation(found.residuals, rows.days[:, :250], days)
    assert ours == pytest.approx(looped_correlation(found.residuals, rows.days[:, :250], days), rel=1e-9)
    same_day = [0, 1, 2]
    ours = mean_correlation(found.residuals[same_day], rows.days[same_day, :250], days[same_day])
    assert ours == pytest.approx(np.corrcoef(found.residuals[same_day])[np.triu_indices(3, 1)].mean(), rel=1e-9)


def test_events_of_two_calendars_share_the_days_that_both_trade():
    chance = np.random.default_rng(8)
    residuals = chance.normal(size=(5, 40)) + chance.normal(size=40)
    residuals -= residuals.mean(axis=1, keepdims=True)
    every_day, weekdays = np.arange(100, 140), np.arange(100, 160)[np.arange(60) % 7 < 5][:40]
    days = np.array([every_day, every_day + 1, weekdays, weekdays, every_day + 1], dtype=np.int32)
    windows = np.array([[200, 201, 202], [201, 202, 203], [198, 201, 202], [198, 201, 202], [201, 202, 203]])
    # Exact where no day is missing; across calendars the loop too divides by the common days of the pair.
    assert mean_correlation(residuals, days, windows) == pytest.approx(looped_correlation(residuals, days, windows))


@pytest.mark.parametrize("model", ["market", "mean"])
@pytest.mark.parametrize("window", WINDOWS)
def test_the_tests_equal_plain_loops(model, window):
    returns = random_market(4)
    signs = [1, -1, 1, 1, -1, 1, 1, -1, -1, 1, 1, 1]
    directions = ["positive" if sign > 0 else "negative" for sign in signs]
    events = events_at(SPREAD, origin="sentiment", scorer="vader").assign(direction=directions)
    row = row_of(study(events, returns).groups, model, window=window)
    rows = around(events, lay_out(returns), Timeline())
    found = {"market": market_model, "mean": mean_adjusted}[model](rows)
    car, scar = (np.array(values) * signs for values in cumulated(found, window))
    count, degrees = len(car), 250 - {"market": 2, "mean": 1}[model]

    naive, bmp = stats.ttest_1samp(car, 0), stats.ttest_1samp(scar, 0)
    assert row[["naive_t", "naive_p", "bmp_t", "bmp_p"]].tolist() == pytest.approx([*naive, *bmp], rel=1e-9)
    patell = sum(scar) / math.sqrt(count * degrees / (degrees - 2))
    assert row["patell_z"] == pytest.approx(patell, rel=1e-9)

    residuals = found.residuals * np.array(signs)[:, None]
    days = rows.days[:, 250:][:, found.timeline.within(window)]
    r = looped_correlation(residuals, rows.days[:, :250], days)
    assert row["mean_correlation"] == pytest.approx(r, rel=1e-9)
    r = max(r, 0)
    kp = bmp.statistic * math.sqrt((1 - r) / (1 + (count - 1) * r))
    assert row["kp_t"] == pytest.approx(kp, rel=1e-9)
    assert row["p"] == row["kp_p"] == pytest.approx(2 * stats.t.sf(abs(kp), count - 1), rel=1e-9)

    own = scar / scar.std(ddof=1) * math.sqrt(1 - r)
    ranks = [stats.rankdata([*(residuals[k] / found.sigma[k]), own[k]]) / 252 - 0.5 for k in range(count)]
    mean = np.mean(ranks, axis=0)
    z = mean[-1] / math.sqrt((mean**2).mean())
    assert row["rank_t"] == pytest.approx(z * math.sqrt((251 - 2) / (251 - 1 - z**2)), rel=1e-6)
    p = np.mean([(residuals[k] > 0).mean() for k in range(count)])
    sign = (sum(car > 0) - count * p) / math.sqrt(count * p * (1 - p))
    assert row["sign_z"] == pytest.approx(sign, rel=1e-9)
    assert row["positive_share"] == (car > 0).mean()
    # The interval is that of the t that allows for clustering.
    assert (row["car_low"] > 0 or row["car_high"] < 0) == (
        abs(row["mean_car"] / row["car_se"]) > stats.t.ppf(0.975, 11)
    )
    assert row["day_count"] == 4


MARKET = random_market(5, tickers=8)
EVENTS = events_at([(f"T{number:02}", 300 + number % 3) for number in range(8)])


@settings(max_examples=10, deadline=None)
@given(st.floats(0.01, 100))
def test_returns_on_another_scale_have_the_same_tests(factor):
    plain = study(EVENTS, MARKET, [(0, 0), (1, 5)]).groups
    scaled = MARKET.assign(
        return_1d=MARKET["return_1d"] * factor, benchmark_return_1d=MARKET["benchmark_return_1d"] * factor
    )
    other = study(EVENTS, scaled, [(0, 0), (1, 5)]).groups
    sized = [name for name in STATISTICS if name.startswith(("mean_car", "car_"))]
    same = [name for name in STATISTICS if name not in sized]
    pd.testing.assert_frame_equal(other[same], plain[same], rtol=1e-7)
    pd.testing.assert_frame_equal(other[sized], plain[sized] * factor, rtol=1e-7)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_events_and_returns_changes_nothing(seed):
    plain = study(EVENTS, MARKET)
    other = study(EVENTS.sample(frac=1, random_state=seed), MARKET.sample(frac=1, random_state=seed))
    pd.testing.assert_frame_equal(other.groups, plain.groups, check_exact=True)
    pd.testing.assert_frame_equal(other.events, plain.events, check_exact=True)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 379), st.floats(-1, 1))
def test_only_the_estimation_and_the_window_itself_matter(session, noise):
    """The last event is on session 302: (1, 5) ends at 307; estimations run from 31 to 282; windows begin at 301."""
    changed = MARKET["session_number"] == session
    other = MARKET.assign(
        return_1d=MARKET["return_1d"].where(~changed, noise),
        benchmark_return_1d=MARKET["benchmark_return_1d"].where(~changed, -noise / 2),
    )
    plain, found = (study(EVENTS, returns, [(1, 5)]).groups for returns in (MARKET, other))
    if session < 31 or 282 < session < 301 or session > 307:
        pd.testing.assert_frame_equal(found, plain, check_exact=True)
    else:
        assert not found.equals(plain)


def test_negative_events_are_turned_round_only_where_all_are_taken_together():
    sides = ["positive", "negative"] * 4
    events = EVENTS.assign(origin="sentiment", direction=sides, voice=["together"] * 4 + [None] * 4, newness="novel")
    table = study(pd.concat([events, events.assign(ticker="T00", is_used=False)]), MARKET, [(1, 1)]).groups
    assert list(table.columns) == list(GROUP_ROWS)
    market = table[table["model"] == "market"].set_index("event_group")
    assert list(market.index) == [
        "all",
        "negative",
        "negative, together",
        "negative, novel",
        "positive",
        "positive, together",
        "positive, novel",
    ]
    car, _ = cumulated(market_model(around(EVENTS, lay_out(MARKET))), (1, 1))
    assert market["event_count"].tolist() == [8, 4, 2, 4, 4, 2, 4]
    assert market["dropped_count"].tolist() == [8, 4, 2, 4, 4, 2, 4]
    assert market.loc["all", "mean_car"] == pytest.approx((car * ([1, -1] * 4)).mean())
    assert market.loc["negative", "reason"] == "4 events; 5 needed"
    assert market.loc[["negative", "positive, together"], list(STATISTICS)].isna().all(axis=None)
    doubled = pd.concat([events, events.assign(ticker=events["ticker"].str.replace("T", "U"))])
    market = pd.concat([MARKET, MARKET.assign(ticker=MARKET["ticker"].str.replace("T", "U"))])
    table = study(doubled, market, [(1, 1)]).groups
    assert row_of(table, group="negative")["mean_car"] == pytest.approx(car[1::2].mean())


def test_labels_of_listed_events_are_groups():
    table = study(EVENTS.assign(label=["earnings"] * 5 + [None] * 3), MARKET, [(1, 1)]).groups
    counts = table[table["model"] == "market"].set_index("event_group")["event_count"]
    assert counts.to_dict() == {"all": 8, "earnings": 5}


def with_fault(ticker: str, change) -> pd.DataFrame:
    returns = MARKET.copy()
    rows = returns["ticker"] == ticker
    returns.loc[rows] = change(returns.loc[rows].copy())
    return returns


def blank(column: str, sessions, value=np.nan):
    return lambda rows: rows.assign(**{column: rows[column].mask(rows["session_number"].isin(sessions), value)})


@pytest.mark.parametrize(
    ("change", "model", "reason"),
    [
        (lambda rows: rows.assign(benchmark_return_1d=np.nan), "mean", "benchmark SPY has no prices"),
        (lambda rows: rows.assign(benchmark=None, benchmark_return_1d=np.nan), "mean", "the ticker has no benchmark"),
        (blank("benchmark_return_1d", range(200)), "mean", "81 estimation sessions with a return and a benchmark's; 120 needed"),
        (lambda rows: rows.assign(benchmark_return_1d=0.001), "mean", "the benchmark does not move in the estimation sessions"),
        (blank("return_1d", range(200)), None, "81 estimation sessions with a return and a benchmark's; 120 needed; 81 estimation sessions with a return; 120 needed"),
        (lambda rows: rows.assign(return_1d=np.nan), None, "no prices of the ticker around the event"),
        (lambda rows: rows.assign(ticker="GONE"), None, "no prices of the ticker around the event"),
        (lambda rows: rows.assign(return_1d=0.0), None, "the returns do not vary in the estimation sessions"),
        (lambda rows: rows.assign(return_1d=rows["return_1d"] * 1e200), None, "returns too extreme to compute with"),
        (blank("return_1d", range(31, 400), 1e308), None, "returns too extreme to compute with"),
        (blank("return_1d", [301]), "market", "no abnormal return at session +1 of the window"),
        (blank("return_1d", [301], -np.inf), "market", "no abnormal return at session +1 of the window"),
        (blank("benchmark_return_1d", [299, 301]), "market", "no abnormal return at session -1 and 1 more of the window"),
        (lambda rows: rows.assign(session_number=rows["session_number"] - 70), "market", "no abnormal return at session +10 and 10 more of the window"),
    ],
)  # fmt: skip
def test_an_event_without_a_figure_says_why_and_is_counted(change, model, reason):
    returns = with_fault("T00", change)
    found = study(EVENTS, returns)
    event = found.events.set_index("ticker").loc["T00"]
    assert event["reason"] == reason
    assert (event["model"] is None) if model is None else event["model"] == model
    assert found.events.set_index("ticker").loc["T01", "reason"] is None
    for name in ("market", "mean"):
        row = row_of(found.groups, name)
        has_none = model != name and not (name == "mean" and model is not None)
        is_missing = has_none or ("session +1 of" in reason) or ("session -1" in reason and name == "market")
        assert row["excluded_count"] == is_missing
        assert row["event_count"] == 8 - is_missing
        assert np.isfinite(row["p"])
    assert np.isfinite(event["sigma"]) == (model is not None)
    assert np.isnan(event["car_1_20"]) == (model != "mean")


def test_an_event_off_the_calendar_of_its_ticker_is_excluded():
    events = EVENTS.astype({"session_number": "Int64"})
    events.loc[0, "session_number"] = pd.NA
    found = study(events, MARKET, [(1, 1)])
    assert found.events["reason"].tolist() == ["no prices of the ticker around the event"] + [None] * 7
    assert row_of(found.groups)["excluded_count"] == 1


def test_events_that_do_not_differ_have_no_test():
    alike = pd.concat([MARKET[MARKET["ticker"] == "T00"].assign(ticker=name) for name in "ABCDEF"])
    row = row_of(study(events_at([(name, 300) for name in "ABCDEF"]), alike, [(1, 1)]).groups)
    assert row["reason"] == "the events do not differ: no spread to judge by"
    assert row[["naive_t", "bmp_t", "kp_t", "p", "rank_t"]].isna().all()
    assert row["mean_correlation"] == pytest.approx(1)


def test_no_events_and_no_returns_give_empty_tables():
    nothing = study(EVENTS.iloc[:0], MARKET)
    assert list(nothing.groups.columns) == list(GROUP_ROWS)
    assert len(nothing.groups) == len(nothing.events) == 0
    unpriced = study(EVENTS, MARKET.iloc[:0])
    assert list(unpriced.events.columns) == list(nothing.events.columns)
    assert set(unpriced.groups["reason"]) == {"0 events; 5 needed"}
    assert set(unpriced.groups["excluded_count"]) == {8}


def test_a_dropped_event_keeps_its_row_and_its_reason():
    events = events_at([*((f"T{number:02}", 300) for number in range(8)), ("T00", 305)])
    found = study(events, MARKET)
    dropped = found.events[found.events["session_number"] == 305].iloc[0]
    assert dropped["reason"] == f"its window overlaps that of the event of {DAYS[300]:%Y-%m-%d}"
    assert np.isnan(dropped["car_1_1"])
    assert set(found.groups["dropped_count"]) == {1}
    assert set(found.groups["event_count"]) == {8}


def test_a_window_outside_the_stored_one_is_refused():
    with pytest.raises(ValueError, match=r"window \(1, 21\) does not lie within -10 to 20 sessions"):
        study(EVENTS, MARKET, [(1, 21)])
