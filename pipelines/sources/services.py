"""The live services: where each is written down, what it gives, which secrets it needs.

A service is one file with ``ask(web, subject, window)``, which yields every answer of a window as it came, and
``read(answers, limits)``, which yields the rows of landed answers in Arrow batches; ``fetch`` is the two together.
Beside them ``BASE_URL``, ``PAUSE_SECONDS``, ``KEYS``, ``EVERY`` and ``windows(subject, first, last, now)``; for prices
``calendar(subject)``, too: each close makes its window due, whatever ``EVERY`` says.
A file is loaded when its service is asked or read: some bring large libraries, and most users follow a few services.
"""

from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Literal, NamedTuple

from pipelines.prices.rows import PriceBatch
from pipelines.sources.answers import Answer, Incomplete
from pipelines.sources.rows import Batch, Limits
from pipelines.sources.web import Web
from pipelines.sources.windows import Subject, Window


class Service(NamedTuple):
    """One service: its file, what it gives, what it is called among people, the kind that ``make try`` asks for."""

    module: str
    gives: Literal["texts", "prices"]
    title: str
    first_kind: str


SERVICES = {
    "hackernews": Service("pipelines.sources.hackernews_asking", "texts", "Hacker News, through Algolia", "search"),
    "reddit": Service("pipelines.sources.reddit", "texts", "Reddit", "subreddit"),
    "stocktwits": Service("pipelines.sources.stocktwits_asking", "texts", "StockTwits", "ticker"),
    "bluesky": Service("pipelines.sources.bluesky_asking", "texts", "Bluesky", "search"),
    "rss": Service("pipelines.sources.rss", "texts", "RSS, Atom and JSON feeds with their articles", "feed"),
    "yfinance": Service("pipelines.prices.yfinance_bars", "prices", "Yahoo Finance", "daily"),
    "ccxt": Service("pipelines.prices.ccxt_bars", "prices", "crypto exchanges, through ccxt", "daily"),
    "alphavantage": Service("pipelines.prices.alphavantage", "prices", "Alpha Vantage", "daily"),
}


def service(name: str) -> ModuleType:
    """The file of a service."""
    return import_module(SERVICES[name].module)


def fetch(web: Web, subject: Subject, window: Window, limits: Limits) -> Iterator[Batch | PriceBatch]:
    """A window in, Arrow batches out, nothing landed: what ``make try`` shows.

    Raises ``FetchFailed``; ``Incomplete`` after all the rows that there are.
    """
    asked = service(web.source)
    missing: list[Incomplete] = []

    def answers() -> Iterator[Answer]:
        try:
            yield from asked.ask(web, subject, window)
        except Incomplete as error:
            missing.append(error)

    yield from asked.read(answers(), limits)
    if missing:
        raise missing[0]
