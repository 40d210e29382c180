"""What the columns of a price file mean, and whose format it is, told by the names in its header.

Here: the known column names, the vendors they speak for, the spelling of tickers.
Not here: how a file is cut into columns (``price_files.py``), what a cell holds (``bar_rows.py``).
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

EXPECTED = (
    "expected a comma-separated header with close and one of date, day, datetime, time, timestamp, start_at, "
    "window_start, and as far as known ticker, open, high, low, adj close, volume, dividends, stock splits; "
    "or the same as JSON lines or parquet; or an Alpha Vantage or Polygon JSON answer"
)

# A name is compared in lower case, without its Alpha Vantage number ("1. open") and without anything but
# letters.
FIELDS = {
    "startat": "start_at",
    "windowstart": "start_at",
    "datetime": "stamp",
    "timestamp": "stamp",
    "time": "time",
    "date": "day",
    "day": "day",
    "tradingday": "day",
    "ticker": "ticker",
    "symbol": "ticker",
    "name": "ticker",
    "vendor": "vendor",
    "open": "open",
    "high": "high",
    "low": "low",
    "close": "close",
    "closelast": "close",
    "adjclose": "adjusted_close",
    "adjustedclose": "adjusted_close",
    "volume": "volume",
    "dividend": "dividend",
    "dividends": "dividend",
    "dividendamount": "dividend",
    "stocksplits": "split_ratio",
    "splitcoefficient": "split_ratio",
    "splitratio": "split_ratio",
}
TIME_FIELDS = ("start_at", "stamp", "time", "day")
NUMBER_FIELDS = ("open", "high", "low", "close", "adjusted_close", "volume", "dividend", "split_ratio")
OWN_VENDOR = "inbox"
MOST_COLUMNS = 500

ENUMERATION = re.compile(r"^\s*\d+[ab]?\.\s*")
NOT_A_LETTER = re.compile(r"[^a-z]")

TICKER = re.compile(r"\^?[A-Z0-9]{1,10}(\.[A-Z0-9]{1,4}){0,2}")
CRYPTO_PAIR = re.compile(r"(?:X:)?([A-Z0-9]{2,10})\.(?:USDT|USDC|USD)|X:([A-Z0-9]{2,10}?)(?:USDT|USDC|USD)")
LEADING_SYMBOL = re.compile(r"(\^?[A-Z]{1,5}|\d{4,6}(?=[-.][A-Z]))([-.](?:USDT|USDC|USD|[A-Z]{1,2}))?(?![A-Za-z0-9])")


class Shape(NamedTuple):
    """Whose format a header is, and at which position (0-based) each field stands."""

    vendor: str
    positions: dict[str, int]

    @property
    def stamp(self) -> str | None:
        """``"start"`` where the time column is named as the start of the bar."""
        return "start" if "start_at" in self.positions else None


def shape_of(header: Sequence[str], first_row: Sequence[str] = ()) -> Shape:
    """Return the meaning of a header; ``first_row`` tells Nasdaq, by its dollar signs, from others alike.

    Raises ``ValueError`` saying what is missing, named twice or too much.
    """
    if len(header) > MOST_COLUMNS:
        raise ValueError(f"{len(header):,} columns")
    names = [_plain(name) for name in header]
    positions: dict[str, int] = {}
    for position, name in enumerate(names):
        field = FIELDS.get(name)
        # "Name" is a company's name where the ticker has its own column.
        if field is None or (name == "name" and {"ticker", "symbol"} & set(names)):
            continue
        if field in positions:
            raise ValueError(f"column {field} is there twice ({header[positions[field]]!r} and {header[position]!r})")
        positions[field] = position
    if not any(field in positions for field in TIME_FIELDS):
        raise ValueError("no column of dates or times")
    if "close" not in positions:
        raise ValueError("no column close")
    return Shape(_vendor(set(names), first_row), positions)


def canonical_ticker(text: str) -> str | None:
    """Return a ticker in this project's spelling, or None if it cannot be one.

    Upper case, class or exchange after a dot (``BRK-A`` and ``BRK/A`` are ``BRK.A``), crypto without its
    quote currency (``BTC-USD`` and ``X:BTCUSD`` are ``BTC``).
    """
    ticker = re.sub(r"[-/]| (?=[A-Z]$)", ".", text.strip().removeprefix("$").upper())
    if pair := CRYPTO_PAIR.fullmatch(ticker):
        return pair[1] or pair[2]
    return ticker if TICKER.fullmatch(ticker) else None


def ticker_of_name(name: str) -> str | None:
    """Return the ticker that a file name begins with, as ``SPY-2008-2017.csv`` and ``BRK-A.csv`` do, or None.

    Only capitals count, because ``data.csv`` would be a ticker otherwise. One or two capitals after a hyphen
    or dot are a class or Yahoo's exchange suffix: ``4063-T-1d-repaired.csv`` is ``4063.T``, not some other
    market's 4063.
    """
    symbol = LEADING_SYMBOL.match(name)
    return canonical_ticker(symbol[0]) if symbol else None


def _plain(name: str) -> str:
    return NOT_A_LETTER.sub("", ENUMERATION.sub("", name).lower())


def _vendor(names: set[str], first_row: Sequence[str]) -> str:
    if "windowstart" in names:
        return "polygon"
    if "adjclose" in names or {"dividends", "stocksplits"} <= names:
        return "yahoo"
    if "closelast" in names or any(cell.strip().startswith("$") for cell in first_row):
        return "nasdaq"
    if names & {"startat", "day", "tradingday"}:
        return OWN_VENDOR
    return "alphavantage" if names & {"time", "timestamp"} and "date" not in names else OWN_VENDOR
