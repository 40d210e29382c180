"""Bars of coins from any exchange that ccxt knows: ``gate:BTC/USDT``.

Every exchange answers in a shape of its own, which ccxt knows how to read. So what the exchange sent is landed with the
market and the question beside it, and reading it is asking again: the same ccxt call, answered from what was landed.
Here: which bars are asked, and that replay. Not here: HTTP (``sessions.py``), trades, order books, anything with a key.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import msgspec
import pyarrow as pa

from pipelines.prices.bar_rows import Reading, bars
from pipelines.prices.blocks import Block, reject
from pipelines.prices.ccxt_exchanges import TIMEFRAMES, exchange_of, market_of, refuse_pages, told
from pipelines.prices.finished import ALWAYS, finished
from pipelines.prices.json_bars import cell
from pipelines.prices.rows import PRICE_ROWS, PriceBatch
from pipelines.prices.vendors import canonical_ticker
from pipelines.sources.answers import Answer, Cursors, FetchFailed, Incomplete, WrongShape
from pipelines.sources.rows import REJECT_ROWS, Limits
from pipelines.sources.sessions import session_through
from pipelines.sources.web import Web
from pipelines.sources.windows import DAY, Subject, Window, by_day, by_year

BASE_URL = ""  # each exchange has its own; what the user sets stands for the hosts of all of them
PAUSE_SECONDS = 1.0
KEYS: tuple[str, ...] = ()
EVERY = timedelta(hours=4)

OVERLAP = 14 * DAY
PAGE_BARS = 100  # where ccxt does not know how many bars an exchange sends at most
DAY_MILLISECONDS = 86_400_000
NAMES = ("time", "open", "high", "low", "close", "volume")


def windows(subject: Subject, first: date, last: date, now: datetime) -> list[Window]:
    """Calendar years of daily bars, UTC days of minutes."""
    return (by_year if subject.kind == "daily" else by_day)(first, last, now)


def calendar(subject: Subject) -> str:
    """Coins are traded always: a day ends at midnight UTC."""
    return ALWAYS


def ask(web: Web, subject: Subject, window: Window) -> Iterator[Answer]:
    """Yield every page of bars as the exchange sent it, daily ones from 14 days before. Raises ``FetchFailed``.

    ``Incomplete`` where the exchange sends only its newest bars, and these begin later than asked.
    """
    exchange_id, _, pair = subject.name.partition(":")
    session, adapter = session_through(web)
    exchange = exchange_of(exchange_id, session, web.base_url)
    market = market_of(web, exchange, adapter, subject, pair)
    exchange.set_markets([market])
    timeframe = TIMEFRAMES[subject.kind]
    step = exchange.parse_timeframe(timeframe) * 1000
    limit = exchange.feature_value(market["symbol"], "fetchOHLCV", "limit")
    since = _milliseconds(window.start - OVERLAP if subject.kind == "daily" else window.start)
    end = _milliseconds(min(window.end, web.now()))
    cursors, missing = Cursors("ccxt"), ""
    while since < end:
        question = {"timeframe": timeframe, "since": cursors.follow(since), "limit": limit}

        def page(question: dict[str, Any] = question) -> tuple[list[list[Any]], list[Answer]]:
            list(adapter.kept())  # those of a try that failed
            with told(web, exchange_id, is_passing=True):
                candles = _candles(exchange, market["symbol"], question)
                return candles, refuse_pages(adapter.kept())

        candles, answers = web.tried(page)
        about = {"exchange": exchange_id, "market": market, **question}
        yield from (msgspec.structs.replace(answer, about=about) for answer in answers)
        newest = max((candle[0] for candle in candles if candle[0] >= since), default=None)
        if candles and not missing and _is_cut(candles, question, step, _milliseconds(web.now())):
            missing = f"{exchange_id} sends its newest {len(candles)} bars of {pair} only, not all of {window.first}"
        since = since + (limit or PAGE_BARS) * step if newest is None else newest + step
    if missing:
        raise Incomplete(f"ccxt: {missing}; another exchange may go further back")


def read(answers: Iterable[Answer], limits: Limits) -> Iterator[PriceBatch]:
    """The bars of landed pages that were over when asked; a page that cannot be read is one reject, with its number."""
    pages = groupby(enumerate(answers, 1), key=lambda one: (one[1].about["exchange"], one[1].about["since"]))
    for _, page in pages:
        numbers, landed = zip(*page, strict=True)
        try:
            candles = _replayed(landed)
        except FetchFailed as error:
            rejects = [reject(numbers[0], str(error), landed[0].text)]
            yield PriceBatch(PRICE_ROWS.empty_table(), pa.Table.from_pylist(rejects, schema=REJECT_ROWS))
            continue
        batch = _rows(candles, landed[-1])
        for first in range(0, max(map(len, batch)), limits.batch_rows):
            yield PriceBatch(*(table.slice(first, limits.batch_rows) for table in batch))


@dataclass
class Landed(Web):
    """A way to a network that has already answered."""

    answers: list[Answer] = field(default_factory=list)

    def send(self, *request: Any) -> Answer:
        """The next of the answers, whatever is asked."""
        if not self.answers:
            raise WrongShape("ccxt: its version asks for more than was landed; refetch the window")
        return self.answers.pop(0)


def _replayed(landed: tuple[Answer, ...]) -> list[list[Any]]:
    """The bars that ccxt reads from the answers to one question."""
    about = landed[0].about
    web = Landed("ccxt", answers=list(landed))
    exchange = exchange_of(about["exchange"], session_through(web)[0], "")
    with told(web, about["exchange"], is_passing=False):
        exchange.set_markets([about["market"]])
        return _candles(exchange, about["market"]["symbol"], about)


def _candles(exchange: Any, symbol: str, question: dict[str, Any]) -> list[list[Any]]:
    """Bars ``[milliseconds, open, high, low, close, volume]``, oldest first."""
    candles = exchange.fetch_ohlcv(symbol, question["timeframe"], question["since"], question["limit"])
    for candle in candles:
        if not isinstance(candle[0], int):
            raise WrongShape(f"ccxt: {exchange.id} sent a bar of {symbol} without a time: {str(candle)[:80]}")
    return candles


def _is_cut(candles: list[list[Any]], question: dict[str, Any], step: int, now: int) -> bool:
    """Whether these are all of an exchange's newest bars, and older ones were asked."""
    is_full = len(candles) >= (question["limit"] or PAGE_BARS)
    return is_full and candles[0][0] > question["since"] + 2 * step and candles[-1][0] >= now - 2 * step


def _rows(candles: list[list[Any]], answer: Answer) -> PriceBatch:
    is_daily = answer.about["timeframe"] == "1d"
    cells = [[_stamp(candle[0], is_daily), *map(cell, candle[1 : len(NAMES)])] for candle in candles]
    columns = zip(*cells, strict=True) if cells else ((),) * len(NAMES)
    table = pa.table({name: pa.array(column, pa.string()) for name, column in zip(NAMES, columns, strict=True)})
    ticker = canonical_ticker(answer.about["market"]["symbol"].partition(":")[0])
    reading = Reading(ticker, f"ccxt-{answer.about['exchange']}", "1d" if is_daily else "1min", "start", "UTC", "UTC")
    batch = bars(Block(table, [None] * len(cells), lambda row: ",".join(cells[row]), []), reading)
    return PriceBatch(finished(batch.prices, answer.asked_at, ALWAYS), batch.rejects)


def _stamp(milliseconds: int, is_daily: bool) -> str:
    """A day that begins elsewhere than at midnight UTC is of no UTC day, and refused."""
    is_odd = is_daily and milliseconds % DAY_MILLISECONDS
    return f"{milliseconds} is not midnight UTC" if is_odd else str(milliseconds)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
