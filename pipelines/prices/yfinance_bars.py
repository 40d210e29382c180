"""Yahoo's charts through yfinance: daily bars with dividends and splits, minutes of the last 30 days.

What is landed is what Yahoo's chart interface answers; yfinance's tables are made of the same. Here: which charts are
asked. Not here: the session (``yahoo_session.py``), what a chart holds (``yahoo_charts.py``).
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from urllib.parse import quote

import msgspec

from pipelines.prices.finished import calendar_of, coins, suffixes
from pipelines.prices.vendors import canonical_ticker
from pipelines.prices.yahoo_charts import GRANULARITY, chart_of, read
from pipelines.sources.answers import Answer, Incomplete, Refused, WrongShape
from pipelines.sources.web import Passing, Web
from pipelines.sources.windows import DAY, Subject, Window, by_day, by_year

__all__ = ["BASE_URL", "EVERY", "KEYS", "PAUSE_SECONDS", "ask", "calendar", "read", "windows"]

BASE_URL = "https://query2.finance.yahoo.com"
PAUSE_SECONDS = 1.0
KEYS: tuple[str, ...] = ()
EVERY = timedelta(hours=4)  # and after each close; dividends and splits come between

OVERLAP = 14 * DAY  # of a year with the one before: two vintages are joined over five common sessions
MINUTES_BACK, MINUTES_AT_ONCE = 30 * DAY, 7 * DAY
# Coins whose letters another coin had first: Yahoo adds the number that CoinMarketCap gives them.
NUMBERED = {
    **{"APT": 21794, "ARB": 11841, "HYPE": 32196, "MNT": 27075, "PEPE": 24478, "POL": 28321},
    **{"SUI": 20947, "TAO": 22974, "TON": 11419, "UNI": 7083},
}


def windows(subject: Subject, first: date, last: date, now: datetime) -> list[Window]:
    """Calendar years of daily bars, UTC days of minutes."""
    return (by_year if subject.kind == "daily" else by_day)(first, last, now)


def calendar(subject: Subject) -> str:
    """The calendar of what the ticker names."""
    return calendar_of(canonical_ticker(subject.name) or subject.name)


def ask(web: Web, subject: Subject, window: Window) -> Iterator[Answer]:
    """Yield Yahoo's charts over the window, a daily one from 14 days before it. Raises ``FetchFailed``."""
    symbol = _symbol(subject)
    start = window.start - OVERLAP if subject.kind == "daily" else max(window.start, web.now() - MINUTES_BACK)
    at_once = MINUTES_AT_ONCE if subject.kind == "minutes" else window.end - start
    while start < window.end:
        end = min(start + at_once, window.end)
        yield web.tried(lambda part=(start, end): _chart(web, subject, symbol, *part))
        start = end
    if subject.kind == "minutes" and window.start < web.now() - MINUTES_BACK:
        raise Incomplete(f"yfinance: Yahoo has minutes of the last 30 days only, not all of {window.first}")


def _symbol(subject: Subject) -> str:
    """Yahoo's spelling: BRK-B, 7203.T as it is, BTC-USD."""
    ticker = canonical_ticker(subject.name)
    if ticker is None:
        raise Refused(f"yfinance: {subject.name[:40]!r} is no ticker; write it as BRK.B, 7203.T or BTC")
    if ticker in coins() or subject.name.endswith("-USD"):
        coin = ticker.removesuffix(".X")
        return f"{coin}{NUMBERED.get(coin, '')}-USD"
    stem, dot, suffix = ticker.rpartition(".")
    is_exchange = bool(dot) and suffix in suffixes()  # MU alone is Micron, .MU is Munich
    return f"{stem.replace('.', '-')}.{suffix}" if is_exchange else ticker.replace(".", "-")


def _chart(web: Web, subject: Subject, symbol: str, start: datetime, end: datetime) -> Answer:
    from pipelines.prices.yahoo_session import CHART, ask_chart  # yfinance and curl_cffi: a second to load

    answer = ask_chart(
        web,
        CHART + quote(symbol, safe=""),
        {
            "period1": int(start.timestamp()),
            "period2": int(end.timestamp()),
            "interval": GRANULARITY[subject.kind],
            "includePrePost": "false",
            "events": "div,splits",
        },
    )
    answer = msgspec.structs.replace(answer, about={"ticker": canonical_ticker(subject.name), "kind": subject.kind})
    try:
        chart_of(answer)
    except WrongShape as error:
        raise Passing(error) from None
    return answer
