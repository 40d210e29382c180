"""Prices 100 times off and splits that nobody took off are flagged and make no return; real crashes are not."""

import shutil
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from pipelines.market.bars import known_splits
from pipelines.market.repairs import missed_splits, unit_errors
from pipelines.prices.inbox_prices import read_prices
from pipelines.sources.rows import Limits
from tests.price_files import run_market

REPAIRS = "prices/yfinance-repairs"
PRICES = ["open", "high", "low", "close", "volume"]


def read(path) -> pd.DataFrame:
    """Daily bars of a real file, sorted, prices of zero as missing; ``price`` is what returns are made of."""
    frame = pd.concat([batch.prices.to_pandas() for batch in read_prices(path, Limits())]).sort_values("trading_day")
    frame = frame[(frame["bar"] == "1d") & (frame["close"] > 0)].reset_index(drop=True)
    return frame.assign(price=frame["adjusted_close"].fillna(frame["close"]))


def flagged(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Unit errors and missed splits of one series."""
    one = np.zeros(len(frame), np.int64)
    columns = {name: frame[name].to_numpy(float) for name in ["price", *PRICES]}
    wrong = unit_errors(one, columns["price"], columns["open"], columns["close"], columns["volume"])
    price = np.where(wrong, np.nan, columns["price"])
    return wrong, missed_splits(one, price, *(columns[name] for name in PRICES))


def walk(seed: int, count: int = 400) -> pd.DataFrame:
    """A quiet made-up series: 1.5 % a day."""
    dice = np.random.default_rng(seed)
    close = 50 * np.exp(np.cumsum(dice.normal(0, 0.015, count)))
    open_ = close * np.exp(dice.normal(0, 0.006, count))
    high, low = np.maximum(open_, close) * 1.006, np.minimum(open_, close) * 0.994
    columns = {"open": open_, "high": high, "low": low, "close": close, "volume": dice.lognormal(13, 0.3, count)}
    return pd.DataFrame({**columns, "price": close})


def times(frame: pd.DataFrame, rows: slice, factor: float) -> pd.DataFrame:
    """Prices of ``rows`` times ``factor``."""
    scaled = frame.copy()
    for name in ("open", "high", "low", "close", "price"):
        scaled.loc[scaled.index[rows], name] *= factor
    return scaled


@pytest.mark.parametrize(
    ("name", "ticker", "flag"),
    [("4063-T-1d-bad-stock-split", "4063.T", "missed_split"), ("AET-L-1d-100x-error", "AET.L", "unit_error_100x")],
)
def test_the_rows_that_yfinance_repairs_are_those_that_are_flagged(make_home, shared, name, ticker, flag):
    """And the returns that are left are those of the repaired file."""
    found = {}
    for version in ("", "-fixed"):
        home = make_home(f"home{version}")
        (home.inbox / "prices").mkdir(parents=True)
        shutil.copy(shared / REPAIRS / f"{name}{version}.csv", home.inbox / "prices")
        checks = run_market(home)
        assert checks["no_price_is_flagged"].passed == (version == "-fixed")
        found[version] = home.ask(
            "select trading_day, price_flag, close, return_1d from core.returns where ticker = ? order by 1", [ticker]
        )
    broken, fixed = (read(shared / REPAIRS / f"{name}{version}.csv") for version in ("", "-fixed"))
    is_repaired = (broken["close"] / fixed["close"] - 1).abs() > 0.01
    assert {day for day, found_flag, _, _ in found[""] if found_flag} == set(broken["trading_day"][is_repaired])
    assert {found_flag for _, found_flag, _, _ in found[""]} <= {flag, None}
    assert not any(found_flag for _, found_flag, _, _ in found["-fixed"])
    for (_, found_flag, close, move), (_, _, _, true_move) in zip(found[""], found["-fixed"], strict=True):
        assert close is None if found_flag else True
        assert move is None or move == pytest.approx(true_move, abs=1e-6)


def test_no_bar_of_the_real_files_is_flagged(shared):
    """Nearly 200,000 bars, with GME's and AMC's 2021, the crashes of 2000, 2008 and 2020."""
    count = 0
    folders = ("prices/yahoo-daily", "prices/bluefin-daily", "prices/nasdaq-daily", "prices/polygon-daily")
    for folder in (*folders, "stocknet-2014/prices"):
        for path in sorted((shared / folder).glob("*.csv")):
            frame = read(path)
            wrong, before_split = flagged(frame)
            assert not wrong.any(), path
            assert not before_split.any(), path
            count += len(frame)
    assert count > 180_000


def test_planted_faults_in_real_series_are_found(shared):
    dice = np.random.default_rng(7)
    frames = [read(path) for path in sorted((shared / "prices/yahoo-daily").glob("*.csv"))]
    splits = errors = 0
    for trial in range(120):
        frame = frames[trial % len(frames)]
        at = int(dice.integers(40, len(frame) - 6))
        factor = (2, 3, 4, 5, 7, 10, 20, 1 / 2, 1 / 10, 1 / 20)[trial % 10]
        planted = times(frame, slice(0, at), factor)
        planted.loc[: at - 1, "volume"] /= factor
        wrong, before_split = flagged(planted)
        splits += bool(before_split[:at].all() and not before_split[at:].any() and not wrong.any())
        length = int(dice.integers(1, 30))
        wrong, _ = flagged(times(frame, slice(at, at + length), (100, 0.01)[trial % 2]))
        expected = np.zeros(len(frame), bool)
        expected[at : at + length] = True
        errors += bool((wrong == expected).all())
    assert splits >= 112
    assert errors == 120


@pytest.mark.parametrize("seed", range(5))
def test_a_crash_and_a_takeover_are_not_splits(seed):
    """The price halves or doubles overnight, exactly; the day is wild, or far more money than usual is traded."""
    quiet = walk(seed)
    for factor in (0.5, 2.0, 0.2):
        wild = times(quiet, slice(200, None), factor)
        wild.loc[200, ["open", "high", "low"]] *= [1.1, 1.15, 0.9]
        assert not flagged(wild)[1].any()
        traded = times(quiet, slice(200, None), factor)
        traded.loc[200, "volume"] *= 20 / factor
        assert not flagged(traded)[1].any()
        assert flagged(times(quiet, slice(200, None), factor))[1][:200].all()


@pytest.mark.parametrize("seed", range(5))
def test_noise_after_a_day_flags_nothing_before_it(seed):
    quiet, dice = walk(seed), np.random.default_rng(seed)
    for scale in (0.3, 1.0, 3.0):
        noisy = times(quiet, slice(300, None), 1.0)
        noise = np.exp(dice.normal(0, scale, 100))
        for name in ("open", "high", "low", "close", "price"):
            noisy.loc[noisy.index[300:], name] *= noise
        wrong, before_split = flagged(noisy)
        assert not wrong[:300].any()
        assert not before_split.any()


def test_an_error_on_the_first_or_last_bar_and_in_the_open_alone_is_found():
    quiet = walk(1)
    assert np.flatnonzero(flagged(times(quiet, slice(399, 400), 100))[0]).tolist() == [399]
    assert np.flatnonzero(flagged(times(quiet, slice(0, 3), 0.01))[0]).tolist() == [0, 1, 2]
    quiet.loc[50, "open"] /= 100
    assert np.flatnonzero(flagged(quiet)[0]).tolist() == [50]


def test_a_series_without_volume_or_range_needs_a_plainer_jump():
    for factor, columns, is_found in (
        (2, ["volume"], False),
        (3, ["volume"], True),
        (4, ["volume", "high", "low"], False),
        (5, ["volume", "high", "low"], True),
    ):
        planted = times(walk(3), slice(0, 100), factor)
        planted[columns] = np.nan
        assert flagged(planted)[1].any() == is_found


def test_a_known_split_counts_where_the_price_shows_it():
    series = np.array([0, 0, 0, 1, 1, 1])
    price = np.array([400.0, 404, 101, 100, 101, 102])
    ratio = np.array([np.nan, np.nan, 4, np.nan, 4, np.nan])
    assert known_splits(series, price, ratio).tolist() == [0.25, 0.25, 1, 1, 1, 1]


def test_a_flagged_price_makes_no_return_and_stays_in_raw(home):
    days = pd.bdate_range("2024-03-04", periods=15).date
    closes = [50 + 0.3 * (n % 4) for n in range(15)]
    closes[7] *= 100
    lines = "".join(f"ZZQX,{day},{close},{close}\n" for day, close in zip(days, closes, strict=True))
    home.drop("prices/ZZQX.csv", "ticker,day,open,close\n" + lines)
    checks = run_market(home)
    rows = home.ask(
        """select price_flag, open, close, return_1d, return_5d, forward_return_1d from core.returns
        where trading_day between ? and ? order by trading_day""",
        [days[6], days[8]],
    )
    assert [row[0] for row in rows] == [None, "unit_error_100x", None]
    assert rows[1][1:5] == (None, None, None, None)
    assert rows[0][5] is None  # bought and sold on the flagged day
    assert rows[2][3] is None  # from the flagged close
    assert rows[2][4] == pytest.approx(closes[8] / closes[3] - 1)
    assert home.ask("select max(close) from raw.prices") == [(closes[7],)]
    assert "unit_error_100x" in str(checks["no_price_is_flagged"].metadata)


def test_infinite_zero_and_negative_prices_are_missing(home):
    days = [date(2024, 3, 4) + timedelta(days=n) for n in range(5)]
    cells = ["10,10", "inf,inf", "0,0", "-5,-5", "11,12"]
    lines = "".join(f"ZZQX,{day},{cell}\n" for day, cell in zip(days, cells, strict=True))
    home.drop("prices/ZZQX.csv", "ticker,day,open,close\n" + lines)
    run_market(home)
    assert home.ask("select close, return_1d from core.returns where trading_day >= '2024-03-04' order by trading_day") == [
        (10.0, None), (None, None), (None, None), (None, None), (12.0, None),
    ]  # fmt: skip
    assert home.ask("select open_to_close_return from core.returns where trading_day = '2024-03-08'") == [
        (pytest.approx(12 / 11 - 1),)
    ]


def test_a_file_without_one_right_price_is_refused(home):
    home.drop("prices/ZZQX.csv", "ticker,day,open,close\nZZQX,2024-03-04,100,1\n")
    home.drop("prices/ZZQY.csv", "ticker,day,open,close\nZZQY,2024-03-04,0,0\n")
    checks = run_market(home)
    assert home.ask("select status, bar_count from core.price_files") == [("refused", 1)]
    assert home.ask("select count(*) from core.returns") == [(0,)]
    assert "none of its bars" in str(checks["price_vintages_agree"].metadata)
