"""Panels for alphalens and vectorbt: a reading meets the first open after it, nothing known later is in it, gaps stay gaps."""

from datetime import date

import alphalens
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from pipelines.export.__main__ import exported
from pipelines.export.panels import calendars, factors, forward_returns, opens_and_closes, trading_panel
from pipelines.market.cutoffs import with_cutoffs
from pipelines.market.sessions import sessions
from pipelines.tables import insert
from tests.conftest import Home, at, post
from tests.test_daily_job import HATED, LOVED

JOB = "hourly"  # no evidence is looked at here
MONDAY, TUESDAY, HALF_DAY, FRIDAY, NEXT_MONDAY = XNYS = [pd.Timestamp(2024, 7, day) for day in (1, 2, 3, 5, 8)]
RETURNS = ("ticker", "trading_day", "calendar", "open", "close")
DAYS = ("ticker", "trading_day", "scorer", "session_number", "mean_sentiment", "volume_z")


def warehouse(folder, cutoff: str, bars: list[tuple], days: list[tuple]) -> Home:
    """A database of the sessions of July 1 to 8, and rows given by hand."""
    home = Home(folder)
    with home.warehouse.connect() as con:
        for name in ("text_moves", "ticker_days"):
            home.warehouse.build_mart(con, name)
        for calendar in ("XNYS", "XTKS", "24/7"):
            table = with_cutoffs(sessions(calendar, date(2024, 7, 1), date(2024, 7, 8)), cutoff)
            insert(con, "core.sessions", table.append_column("session_number", [range(1, table.num_rows + 1)]))
        insert(con, "core.returns", rows(RETURNS, bars))
        insert(con, "mart.ticker_days", rows(DAYS, days))
        con.execute(
            """update mart.ticker_days as days set entry_session = entries.trading_day
            from core.sessions as own, core.sessions as entries, core.returns
            where returns.ticker = days.ticker and own.calendar = returns.calendar
                and own.trading_day = days.trading_day and entries.calendar = returns.calendar
                and entries.session_number = own.entry_session_number"""
        )
    return home


def rows(names: tuple[str, ...], values: list[tuple]) -> pa.Table:
    return pa.table(dict(zip(names, map(list, zip(*values, strict=True)), strict=True)))


BARS = [
    *(("MU", day.date(), "XNYS", 100.0 + day.day, 110.0 + day.day) for day in XNYS if day != FRIDAY),
    *(("=A/B", day.date(), "XNYS", 20.0 + day.day, 21.0) for day in XNYS if day != FRIDAY),
    *(("BTC", date(2024, 7, day), "24/7", 1000.0 + day, 1001.0 + day) for day in range(1, 9)),
    *(("7203.T", date(2024, 7, day), "XTKS", 50.0 + day, 51.0 + day) for day in (4, 5, 8)),
]
SAID = [
    ("MU", date(2024, 7, 1), "finance", 1, 0.1, None),
    ("MU", date(2024, 7, 2), "finance", 2, None, -1.0),  # silence
    ("MU", date(2024, 7, 3), "finance", 3, 0.3, 2.0),
    ("MU", date(2024, 7, 8), "finance", 5, 0.8, None),  # of the last session that the calendar has: nothing to enter
    ("=A/B", date(2024, 7, 1), "finance", 1, 0.0, None),  # neutral, which is not silence
    ("MU", date(2024, 7, 1), "vader", 1, -0.1, None),
    ("NVDA", date(2024, 7, 1), "finance", 1, 0.9, None),  # has no prices
    ("BTC", date(2024, 7, 6), "finance", 6, 0.6, None),  # a Saturday
    ("7203.T", date(2024, 7, 4), "finance", 4, 0.7, None),  # New York is closed
]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = warehouse(tmp_path_factory.mktemp("panels"), "close", BARS, SAID)
    home.warehouse.publish()
    return home


@pytest.fixture
def con(home):
    with home.warehouse.connect() as con:
        yield con


def told(factor: pd.Series) -> list[tuple]:
    return [(moment, asset, value) for (moment, asset), value in factor.items()]


def test_a_reading_stands_at_the_open_after_its_cutoff_and_silence_has_no_row(con):
    assert told(trading_panel(con, "XNYS").factor) == [
        (TUESDAY, "=A/B", 0.0),
        (TUESDAY, "MU", 0.1),
        (FRIDAY, "MU", 0.3),
    ]
    assert told(trading_panel(con, "XNYS", scorer="vader").factor) == [(TUESDAY, "MU", -0.1)]
    assert told(trading_panel(con, "XNYS", signal="volume_z").factor) == [(HALF_DAY, "MU", -1.0), (FRIDAY, "MU", 2.0)]
    with pytest.raises(KeyError, match="forward_return_1d"):
        trading_panel(con, "XNYS", signal="forward_return_1d")


def test_every_session_is_a_row_and_what_is_missing_stays_missing(con):
    panel = trading_panel(con, "XNYS")
    nan = np.nan
    days = pd.DatetimeIndex(XNYS[1:], name="date")
    assert all(table.index.equals(days) for table in (panel.prices, panel.close, panel.signal))
    assert all(list(table.columns) == ["=A/B", "MU"] for table in (panel.prices, panel.close, panel.signal))
    np.testing.assert_equal(panel.prices["MU"].to_numpy(), [102.0, 103.0, nan, 108.0])
    np.testing.assert_equal(panel.close["MU"].to_numpy(), [112.0, 113.0, nan, 118.0])
    np.testing.assert_equal(panel.signal["MU"].to_numpy(), [0.1, nan, 0.3, nan])
    np.testing.assert_equal(panel.signal["=A/B"].to_numpy(), [0.0, nan, nan, nan])


def test_forward_returns_are_there_where_both_prices_are_and_never_zero_for_a_gap(con):
    """Of alphalens' own, those over Friday's gap are made of Wednesday's price."""
    panel = trading_panel(con, "XNYS")
    assert forward_returns(panel.prices, [1, 2]).loc[pd.IndexSlice[:, "MU"], :].to_dict("index") == {
        (TUESDAY, "MU"): {"1D": 103 / 102 - 1, "2D": pytest.approx(np.nan, nan_ok=True)},
        (HALF_DAY, "MU"): {"1D": pytest.approx(np.nan, nan_ok=True), "2D": 108 / 103 - 1},
    }


def test_calendars_are_panels_of_their_own(con):
    assert calendars(con) == ["24/7", "XNYS", "XTKS"]
    bitcoin, tokyo = trading_panel(con, "24/7"), trading_panel(con, "XTKS")
    assert told(bitcoin.factor) == [(pd.Timestamp(2024, 7, 7), "BTC", 0.6)]  # a Sunday
    assert bitcoin.prices["BTC"].tolist() == [1007.0, 1008.0]
    assert told(tokyo.factor) == [(FRIDAY, "7203.T", 0.7)]
    assert tokyo.prices["7203.T"].tolist() == [55.0, 58.0]


def test_a_cutoff_at_the_open_is_acted_on_at_that_open(tmp_path):
    home = warehouse(tmp_path, "open", BARS, SAID[:1])
    with home.warehouse.connect() as con:
        assert told(trading_panel(con, "XNYS").factor) == [(MONDAY, "MU", 0.1)]


@pytest.mark.parametrize("latest", [0.3, None])
def test_of_two_readings_that_meet_one_open_the_later_holds_even_where_it_is_silence(tmp_path, latest):
    """Four hours before the close of a half day is before its open, which the session before meets, too."""
    said = [("MU", date(2024, 7, 2), "finance", 2, 0.2, None), ("MU", date(2024, 7, 3), "finance", 3, latest, None)]
    home = warehouse(tmp_path, "close-240m", BARS, said)
    with home.warehouse.connect() as con:
        found = factors(con, "XNYS", "finance")["mean_sentiment"]
        assert list(found.index) == [(HALF_DAY, "MU")]
        np.testing.assert_equal(found.to_numpy(), [np.nan if latest is None else latest])


def test_the_files_are_the_panel(home, tmp_path):
    exported(home.warehouse.published, tmp_path / "export", at("2026-06-01 00:00:00"))
    panels = tmp_path / "export" / "panel"
    assert sorted(path.name for path in panels.iterdir()) == ["24%2F7", "XNYS", "XTKS"]
    with home.warehouse.connect() as con:
        for calendar, folder in (("XNYS", "XNYS"), ("24/7", "24%2F7")):
            opens, closes = opens_and_closes(con, calendar)
            pd.testing.assert_frame_equal(pd.read_parquet(panels / folder / "prices.parquet"), opens, check_freq=False)
            pd.testing.assert_frame_equal(pd.read_parquet(panels / folder / "close.parquet"), closes, check_freq=False)
            for scorer in ("finance", "vader"):
                found = pd.read_parquet(panels / folder / scorer / "factor.parquet")
                pd.testing.assert_frame_equal(found, factors(con, calendar, scorer))
    table = pl.read_parquet(panels / "XNYS/finance/factor.parquet").drop_nulls("mean_sentiment")
    assert table["asset"].to_list() == ["=A/B", "MU", "MU"]


PRICES = """ticker,day,open,high,low,close,adjusted_close
MU,2024-07-01,100,101,99,100,50
MU,2024-07-02,102,111,101,110,55
MU,2024-07-03,108,112,107,111,55.5
MU,2024-07-05,112,115,111,114,57
MU,2024-07-08,120,121,118,120,60
AMD,2024-07-01,90,95,80,85,42.5
AMD,2024-07-02,104,109,100,107,53.5
AMD,2024-07-03,108,112,107,111,55.5
AMD,2024-07-05,112,115,111,114,57
AMD,2024-07-08,120,121,118,120,60
"""


@pytest.mark.filterwarnings("ignore:DatetimeIndex.dayofweek is deprecated:pandas.errors.Pandas4Warning")
@pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame:pandas.errors.Pandas4Warning")
def test_nothing_that_came_after_the_cutoff_and_no_price_before_the_text_is_in_what_alphalens_sees(tmp_path):
    """AMD is MU with other prices before the text, a text at the cut-off to the second, and one at the open bought."""
    home = Home(tmp_path / "home", job="hourly")
    home.drop("prices/prices.csv", PRICES)
    home.drop(
        "texts/a.ndjson",
        [
            post("1", "2024-07-02T19:59:59Z", "I love $MU"),
            post("2", "2024-07-02T19:59:59Z", "I love $AMD"),
            post("3", "2024-07-02T20:00:00Z", "I hate $AMD"),  # the close
            post("4", "2024-07-03T13:30:00Z", "I hate $AMD so much"),  # the open
        ],
    )
    home.run("2024-07-01", "2024-07-08")
    with home.warehouse.connect() as con:
        panel = trading_panel(con, "XNYS", scorer="vader")
    assert told(panel.factor[:3])[:2] == [(HALF_DAY, "AMD", LOVED), (HALF_DAY, "MU", LOVED)]
    assert panel.factor[FRIDAY, "AMD"] < HATED / 2
    assert (FRIDAY, "MU") not in panel.factor.index
    seen = alphalens.utils.get_clean_factor_and_forward_returns(
        panel.factor, panel.prices, periods=[1, 2], quantiles=None, bins=1, max_loss=1.0
    )
    for asset in ("MU", "AMD"):
        ahead = seen.loc[(HALF_DAY, asset)].iloc[:2].tolist()
        assert ahead == pytest.approx([112 / 108 - 1, 120 / 108 - 1])  # from open to open; adjusted by one half
    assert panel.prices.loc[HALF_DAY, "MU"] == 54
