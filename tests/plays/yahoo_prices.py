"""Yahoo's chart interface, with the cookie and the crumb before it, in the shape that was recorded in 2024; the bars
are invented: prices that rise by the session, one dividend, one split."""

import json
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from pipelines.market.sessions import sessions
from pipelines.sources.windows import Subject, Window
from tests.local_service import Asked, Reply

NAME = "yfinance"
SUBJECT = Subject("daily", "BRK.B")
WINDOW = Window(datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
NOW = datetime(2026, 1, 20, 12, 0, tzinfo=UTC)
KEYS: dict[str, str] = {}

COOKIE, CRUMB = "invented-cookie-0001", "invented/Crumb.1"
CHART = "/v8/finance/chart/"
# symbol: instrumentType, exchangeTimezoneName, calendar
KNOWN = {
    "MU": ("EQUITY", "America/New_York", "XNYS"),
    "BRK-B": ("EQUITY", "America/New_York", "XNYS"),
    "7203.T": ("EQUITY", "Asia/Tokyo", "XTKS"),
    "BTC-USD": ("CRYPTOCURRENCY", "UTC", "24/7"),
}
DIVIDEND_DAY, SPLIT_DAY = date(2025, 3, 14), date(2025, 6, 10)


def play(asked: Asked) -> Reply:
    """A cookie and a crumb for whoever asks, charts for all."""
    if asked.path == "/":
        return Reply(b"", 404, {"Set-Cookie": f"A3={COOKIE}; Path=/; Max-Age=31536000"})
    if asked.path == "/v1/test/getcrumb":
        has_cookie = COOKIE in asked.headers.get("cookie", "")
        return Reply(CRUMB.encode() if has_cookie else b"", 200 if has_cookie else 401, {"Content-Type": "text/plain"})
    if not asked.path.startswith(CHART):
        return Reply(b"<html>not here</html>", 404, {"Content-Type": "text/html"})
    symbol = asked.path.removeprefix(CHART)
    if symbol not in KNOWN:
        return refusal(404, "Not Found", "No data found, symbol may be delisted")
    start, end = int(asked.query.get("period1", 0)), int(asked.query.get("period2", 2**31))
    if asked.query.get("range"):
        start, end = _seconds(NOW - timedelta(days=5)), _seconds(NOW)
    is_minutes = asked.query["interval"] == "1m"
    if is_minutes and end - start > 8 * 86_400:
        return refusal(422, "Unprocessable Entity", "1m data not available: only 8 days are allowed per request")
    rows = [row for row in _bars(symbol, is_minutes) if start <= row["timestamp"] < end]
    if not rows and end < _seconds(datetime(2024, 1, 1, tzinfo=UTC)):
        return refusal(400, "Bad Request", f"Data doesn't exist for startDate = {start}, endDate = {end}")
    return Reply(json.dumps(chart(symbol, rows, is_minutes)).encode())


def refusal(status: int, code: str, description: str) -> Reply:
    """What Yahoo says of a symbol or of days that it does not have."""
    return Reply(
        json.dumps({"chart": {"result": None, "error": {"code": code, "description": description}}}).encode(), status
    )


def chart(symbol: str, rows: list[dict[str, Any]], is_minutes: bool, seen_at: datetime = NOW) -> dict[str, Any]:
    """Bars (``timestamp`` and prices) as a chart; columns of nothing where there are none."""
    kind, zone, calendar = KNOWN[symbol]
    meta: dict[str, Any] = {
        "currency": "USD",
        "symbol": symbol,
        "instrumentType": kind,
        "regularMarketTime": _seconds(seen_at),
        "exchangeTimezoneName": zone,
        "priceHint": 2,
        "dataGranularity": "1m" if is_minutes else "1d",
        "range": "",
        "validRanges": ["1d", "5d", "1mo", "1y", "max"],
    }
    result: dict[str, Any] = {"meta": meta, "indicators": {"quote": [{}]}}
    if not rows:
        return {"chart": {"result": [result], "error": None}}
    names = ("open", "high", "low", "close", "volume")
    result["timestamp"] = [row["timestamp"] for row in rows]
    result["indicators"] = {"quote": [{name: [row[name] for row in rows] for name in names}]}
    if is_minutes:
        dates = {datetime.fromtimestamp(row["timestamp"], UTC).date() for row in rows}
        days = [session for date in sorted(dates) for session in _sessions_of(date, calendar)]
        hours = {"timezone": "EST", "gmtoffset": -18_000}
        meta["tradingPeriods"] = [[{**hours, "start": start, "end": end}] for start, end in days]
        return {"chart": {"result": [result], "error": None}}
    result["indicators"]["adjclose"] = [{"adjclose": [row["adjclose"] for row in rows]}]
    stamps = {datetime.fromtimestamp(row["timestamp"], UTC).date(): row["timestamp"] for row in rows}
    if kind == "EQUITY" and DIVIDEND_DAY in stamps:
        stamp = stamps[DIVIDEND_DAY]
        result["events"] = {"dividends": {str(stamp): {"amount": 0.5, "date": stamp}}}
    if kind == "EQUITY" and SPLIT_DAY in stamps:
        stamp = stamps[SPLIT_DAY]
        split = {"date": stamp, "numerator": 4.0, "denominator": 1.0, "splitRatio": "4:1"}
        result["events"] = {**result.get("events", {}), "splits": {str(stamp): split}}
    return {"chart": {"result": [result], "error": None}}


@cache
def _bars(symbol: str, is_minutes: bool) -> list[dict[str, Any]]:
    first, last = (date(2026, 1, 5), date(2026, 1, 16)) if is_minutes else (date(2024, 12, 2), NOW.date())
    table = sessions(KNOWN[symbol][2], first, last)
    spans = zip(table["open_at"].to_pylist(), table["close_at"].to_pylist(), strict=True)
    rows = []
    for open_at, close_at in spans:
        if is_minutes:
            count = int((close_at - open_at) / timedelta(minutes=1))
            rows += [bar(_seconds(open_at) + 60 * number, len(rows) + number) for number in range(count)]
            rows.append(bar(_seconds(close_at), len(rows)) | {"volume": 0})  # the price after the close, on top
        else:
            rows.append(bar(_seconds(open_at), len(rows)))
    return rows


def bar(timestamp: int, number: int) -> dict[str, Any]:
    """One bar; its close is 100 and a bit."""
    close = round(100 + number / 16, 4)
    return {
        "timestamp": timestamp,
        "open": close - 0.5,
        "high": close + 1.0,
        "low": close - 1.0,
        "close": close,
        "volume": 1_000_000 + number,
        "adjclose": close * 0.995,
    }


@cache
def _sessions_of(day: date, calendar: str) -> list[tuple[int, int]]:
    table = sessions(calendar, day, day)
    spans = zip(table["open_at"].to_pylist(), table["close_at"].to_pylist(), strict=True)
    return [(_seconds(start), _seconds(end)) for start, end in spans]


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
