"""StockTwits, asked for the stream of a ticker: from the newest message back to the beginning of the window.

There is no asking by time, so an old window costs every page that is newer. Not here: what a message becomes
(``stocktwits.py``), HTTP (``web.py``).
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any
from urllib.parse import quote

import msgspec

from pipelines.sources.answers import (
    Answer,
    Cursors,
    Incomplete,
    Refused,
    SourceDown,
    Throttled,
    WrongShape,
    decoded,
    sample,
)
from pipelines.sources.records import read_records
from pipelines.sources.rows import Batch, Limits
from pipelines.sources.web import UNSAID_WAIT, Web
from pipelines.sources.windows import HOUR, Subject, Window, by_day
from pipelines.sql_files import SQL
from pipelines.text.instruments import read_instruments

BASE_URL = "https://api.stocktwits.com"
PAUSE_SECONDS = 18.0  # 200 questions an hour are said to be allowed without a token
KEYS: tuple[str, ...] = ()
TOKEN = "stocktwits_token"  # may be set, need not be
EVERY = HOUR

PAGE = 30  # messages in an answer
MOST_PAGES = 100  # of one window, half an hour of asking
SHOWN = 800  # messages of a stream are shown, say the service's pages; what is older cannot be had


class Status(msgspec.Struct):
    """The service's own status, beside that of HTTP."""

    status: int


class Told(msgspec.Struct):
    """Every answer, a refusal among them."""

    response: Status


class Place(msgspec.Struct):
    """Where a message stands in the stream."""

    id: int
    created_at: Annotated[datetime, msgspec.Meta(tz=True)]


class Cursor(msgspec.Struct):
    """The way back: ``max`` asks for what is older."""

    more: bool
    max: int | None = None


class Stream(msgspec.Struct):
    """A page of messages, newest first."""

    messages: list[Place]
    cursor: Cursor


def windows(subject: Subject, first: date, last: date, now: datetime) -> list[Window]:
    """A window for each UTC day."""
    return by_day(first, last, now)


def ask(web: Web, subject: Subject, window: Window) -> Iterator[Answer]:
    """The pages of the stream, from the newest until one ends before the window.

    ``Incomplete`` where the stream, or our patience, ends before that.
    """
    url = f"{web.base_url}/api/2/streams/symbol/{quote(symbol_of(subject.name), safe='')}.json"
    secret = {"access_token": web.keys[TOKEN]} if web.keys.get(TOKEN) else None
    cursors = Cursors(web.source)
    params: dict[str, Any] = {}
    back_to, count = None, 0
    for _ in range(MOST_PAGES):
        answer, told = web.json(url, Told, params, secret_params=secret)
        _refuse(web.source, answer, told.response.status)
        stream = decoded(web.source, answer, Stream)
        yield answer
        if stream.messages:
            count += len(stream.messages)
            # The last one: an old message may be pinned above the others.
            back_to = stream.messages[-1].created_at
            if back_to < window.start:
                return
        elif back_to:
            break  # more were promised
        if not stream.messages or not stream.cursor.more:
            if count <= SHOWN - PAGE:
                return
            break
        if stream.cursor.max is None:
            raise WrongShape(f"{web.source}: {answer.url} has more, but cursor.max is null")
        params = {"max": cursors.follow(stream.cursor.max)}
    raise Incomplete(
        f"{web.source}: {subject} could be followed back to {back_to:%Y-%m-%d %H:%M} UTC only ({count:,} messages; the"
        f" service shows some {SHOWN}, we read {MOST_PAGES * PAGE:,}), what is older of {window.first} is missing"
    )


def read(answers: Iterable[Answer], limits: Limits) -> Iterator[Batch]:
    """The messages of landed answers."""
    return read_records(answers, limits)


def symbol_of(ticker: str) -> str:
    """The service's symbol: a coin of the list of instruments has .X behind it, everything else is as we write it."""
    is_coin = ticker.upper() in _coins()
    return f"{ticker.upper().removesuffix('.X')}.X" if is_coin else ticker.upper()


@cache
def _coins() -> frozenset[str]:
    listed = read_instruments(SQL / "reference" / "instruments.csv")
    pairs = zip(listed["ticker"].to_pylist(), listed["kind"].to_pylist(), strict=True)
    return frozenset(ticker for ticker, kind in pairs if kind == "crypto")


def _refuse(source: str, answer: Answer, status: int) -> None:
    """Raise for a refusal that HTTP calls a success."""
    if status == 200:
        return
    message = f"{source}: {answer.url} answered response.status {status}; it said {sample(answer)}"
    if status == 429:
        raise Throttled(message, answer.asked_at + UNSAID_WAIT)
    raise SourceDown(message) if status >= 500 else Refused(message)
