"""Alpha Vantage's query interface with a free key, and with a paid one, in the shapes that were recorded; the bars are
invented: NEWC was listed a few weeks before, so that a free key sees all of it."""

import json
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from pipelines.market.sessions import sessions
from pipelines.sources.windows import Subject, Window
from tests.local_service import Asked, Reply

NAME = "alphavantage"
SUBJECT = Subject("daily", "NEWC")
WINDOW = Window(datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC))
NOW = datetime(2025, 1, 10, 12, 0, tzinfo=UTC)
PAID_KEY = "invented-paid-key-0002"
KEYS = {"alphavantage_key": "invented-free-key-0001"}

LISTED = {"NEWC": date(2024, 10, 1), "MU": date(2010, 1, 4), "BRK-B": date(2010, 1, 4), "TSCO.LON": date(2010, 1, 4)}
NO_CALL = "Invalid API call. Please retry or visit the documentation for {function}."
NO_KEY = "the parameter apikey is invalid or missing. Please claim your free API key."
PAID = "Thank you for using Alpha Vantage! This is a premium endpoint. You may subscribe to any of the premium plans."
SPENT = (
    "We have detected your API key as {key} and our standard API rate limit is 25 requests per day. "
    "Please subscribe to any of the premium plans to instantly remove all daily rate limits."
)
HASTY = (
    "Thank you for using Alpha Vantage! Please consider spreading out your free API requests (1 request per second)."
)


def play(asked: Asked) -> Reply:
    """The newest 100 days for all who have a key, months of minutes for those who pay; status 200 whatever it says."""
    query = asked.query
    if asked.path != "/query":
        return Reply(b"<html>not here</html>", 404, {"Content-Type": "text/html"})
    if query.get("apikey") not in (PAID_KEY, KEYS["alphavantage_key"]):
        return said("Error Message", NO_KEY)
    if query.get("symbol") not in LISTED or query.get("function") not in ("TIME_SERIES_DAILY", "TIME_SERIES_INTRADAY"):
        return said("Error Message", NO_CALL.format(function=query.get("function")))
    is_daily = query["function"] == "TIME_SERIES_DAILY"
    if query["apikey"] != PAID_KEY and (not is_daily or query.get("outputsize") == "full"):
        return said("Information", PAID)
    return daily(query["symbol"]) if is_daily else minutes(query["symbol"], query["month"])


def said(field: str, words: str) -> Reply:
    """A sentence instead of bars."""
    return Reply(json.dumps({field: words}).encode())


@cache
def daily(symbol: str) -> Reply:
    """The newest 100 days, newest first, that of today among them."""
    days = sessions("XNYS", LISTED[symbol], NOW.date())["trading_day"].to_pylist()
    meta = {
        "1. Information": "Daily Prices (open, high, low, close) and Volumes",
        "2. Symbol": symbol,
        "3. Last Refreshed": str(days[-1]),
        "4. Output Size": "Compact",
        "5. Time Zone": "US/Eastern",
    }
    bars = {str(day): bar(number) for number, day in reversed(list(enumerate(days))[-100:])}
    return Reply(json.dumps({"Meta Data": meta, "Time Series (Daily)": bars}, indent=4).encode())


@cache
def minutes(symbol: str, month: str) -> Reply:
    """A month of regular hours, stamped with the end of the minute."""
    first = date.fromisoformat(f"{month}-01")
    table = sessions("XNYS", first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))
    stamps: list[datetime] = []
    for opens, closes in zip(table["open_at"].to_pylist(), table["close_at"].to_pylist(), strict=True):
        count = int((closes - opens) / timedelta(minutes=1))
        ends = [opens + timedelta(minutes=number + 1) for number in range(count)]
        stamps += [end.astimezone(ZoneInfo("US/Eastern")) for end in ends if end <= NOW]
    meta = {"2. Symbol": symbol, "4. Interval": "1min", "5. Output Size": "Full size", "6. Time Zone": "US/Eastern"}
    bars = {f"{stamp:%Y-%m-%d %H:%M:%S}": bar(number) for number, stamp in reversed(list(enumerate(stamps)))}
    return Reply(json.dumps({"Meta Data": meta, "Time Series (1min)": bars}).encode())


def bar(number: int) -> dict[str, str]:
    """One bar, its numbers as text."""
    close = 50 + number % 977 / 8
    prices = {"1. open": close - 0.25, "2. high": close + 1, "3. low": close - 1, "4. close": close}
    return {**{name: f"{price:.4f}" for name, price in prices.items()}, "5. volume": str(1000 + number)}
