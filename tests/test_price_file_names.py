"""A price file says whose prices it holds by its name, and every ticker has one spelling."""

import pytest

from pipelines.prices.vendors import canonical_ticker, ticker_of_name


@pytest.mark.parametrize(
    ("name", "ticker"),
    [
        ("AAPL.csv", "AAPL"),
        ("SPY-2008-2017.csv", "SPY"),
        ("MU_1min.csv.gz", "MU"),
        ("BRK-A.csv", "BRK.A"),
        ("RDS.B.csv", "RDS.B"),
        ("BTC-USD.csv", "BTC"),
        ("4063-T-1d-bad-stock-split.csv", "4063.T"),
        ("AAPL (1).csv", "AAPL"),
        ("C.csv", "C"),
        ("data.csv", None),
        ("aapl.csv", None),
        ("HistoricalData_17.csv", None),
        ("2024-prices.csv", None),
        ("mock_time_series_extended", None),
    ],
)
def test_the_ticker_is_the_symbol_that_a_name_begins_with(name, ticker):
    assert ticker_of_name(name) == ticker


@pytest.mark.parametrize(
    ("text", "ticker"),
    [
        (" brk/b ", "BRK.B"),
        ("$NVDA", "NVDA"),
        ("X:BTCUSD", "BTC"),
        ("ETH-USDT", "ETH"),
        ("^GSPC", "^GSPC"),
        ("Apple Inc.", None),
        ("Bank One", None),
        ("'; drop table prices", None),
        ("", None),
    ],
)
def test_tickers_have_one_spelling(text, ticker):
    assert canonical_ticker(text) == ticker
