"""The link table as arrays: no session left out, what is missing is NaN, and each ticker has one kind of return."""

from datetime import date

import numpy as np
import pytest

from pipelines.evidence.read import all_panels, whole_panels
from tests.conftest import Home, post
from tests.test_daily_job import HATE, HATED, LOVE, LOVED, PRICES

BTC = "\n".join(f"BTC,2024-07-{n:02d},100,101,99,{100 + n},{100 + n},1" for n in range(1, 9))


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    """MU against SOXX, which itself has no benchmark with prices, and BTC; two services; silence on July 3."""
    home = Home(tmp_path_factory.mktemp("panels"))
    home.drop("prices/prices.csv", PRICES + BTC)
    home.drop(
        "texts/a.ndjson",
        [
            post("1", "2024-07-02T14:00:00Z", LOVE),
            {**post("2", "2024-07-02T14:00:00Z", HATE), "source": "other"},
            post("3", "2024-07-05T14:00:00Z", LOVE),
            post("4", "2024-07-05T14:00:00Z", "I love $SOXX"),
            post("5", "2024-07-06T14:00:00Z", "I love $BTC"),
            post("6", "2024-07-05T14:00:00Z", "I love $NVDA"),  # no prices
        ],
    )
    home.run("2024-07-01", "2024-07-08")
    with home.warehouse.connect() as con:
        yield con


def test_there_is_a_panel_for_each_scorer_and_calendar_of_the_tickers_with_prices(con):
    found = [(panel.scorer, panel.source, panel.calendar, panel.tickers) for panel in whole_panels(con)]
    assert found == [
        (scorer, "all", calendar, tickers)
        for scorer in ("finance", "vader")
        for calendar, tickers in (("24/7", ("BTC",)), ("XNYS", ("MU", "SOXX")))
    ]


def test_rows_are_consecutive_sessions_and_silence_is_nan(con):
    panel = list(whole_panels(con))[-1]
    assert panel.days.astype(object).tolist() == [date(2024, 7, n) for n in (2, 3, 5, 8)]
    said = panel.signals["mean_sentiment"]
    np.testing.assert_allclose(said[:, 0], [(LOVED + HATED) / 2, np.nan, LOVED, np.nan])
    np.testing.assert_allclose(said[:, 1], [np.nan, np.nan, LOVED, np.nan])


def test_returns_are_abnormal_where_the_benchmark_has_prices_and_raw_elsewhere(con):
    panel = list(whole_panels(con))[-1]
    assert panel.return_kinds == ("abnormal", "raw")
    np.testing.assert_allclose(
        panel.forward_returns[1][:, 0], [111 / 108 - 1, 114 / 112 - 204 / 202, 120 / 120 - 205 / 204, np.nan]
    )
    np.testing.assert_allclose(panel.returns[:, 1], [np.nan, np.nan, 204 / 202 - 1, 205 / 204 - 1])


def test_each_service_has_panels_of_its_own_with_its_own_sentiment(con):
    panels = {(panel.source, panel.calendar): panel for panel in all_panels(con) if panel.scorer == "vader"}
    assert {source for source, _ in panels} == {"all", "other", "test"}
    assert panels["other", "XNYS"].signals["mean_sentiment"][0, 0] == HATED
    assert panels["test", "XNYS"].signals["mean_sentiment"][0, 0] == LOVED
    assert np.isnan(panels["other", "24/7"].signals["mean_sentiment"]).all()
