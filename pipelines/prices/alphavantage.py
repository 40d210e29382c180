"""Alpha Vantage: the last 100 daily bars with a free key, months of one-minute bars with a paid one.

Here: which bars are asked, and what Alpha Vantage says with status 200 instead of sending them. Not here: the shape of
its answers (``json_bars.py``), whether its minutes are stamped with their end (``bar_stamps.py``); adjusted closes,
dividends and splits, which cost money, though landed answers that hold them are read.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec
import pyarrow as pa

from pipelines.prices.bar_rows import Reading, bars, volumes
from pipelines.prices.bar_stamps import NEW_YORK, stamp_seen
from pipelines.prices.bar_times import clock
from pipelines.prices.blocks import Block, PriceFile, reject
from pipelines.prices.finished import calendar_of, coins, finished, suffixes
from pipelines.prices.json_bars import document_bars
from pipelines.prices.rows import PRICE_ROWS, PriceBatch
from pipelines.prices.vendors import canonical_ticker
from pipelines.sources.answers import Answer, Incomplete, Refused, Throttled, WrongShape
from pipelines.sources.rows import REJECT_ROWS, Limits, UnknownShape, excerpt
from pipelines.sources.web import Web
from pipelines.sources.windows import DAY, Subject, Window, by_year, midnight

BASE_URL = "https://www.alphavantage.co"
PAUSE_SECONDS = 13.0  # a free key was once allowed five questions a minute, and 25 a day leave time
KEYS = ("alphavantage_key",)
EVERY = timedelta(hours=20)  # once a day beside the look after the close, for which a free key's bar may be late

SERIES = {"daily": "Time Series (Daily)", "minutes": "Time Series (1min)"}
FREE_BARS, FREE_REACH = 100, 150 * DAY  # so many sessions, which lie within so many days
EXCHANGES = {"L": "LON", "TO": "TRT", "V": "TRV", "DE": "DEX", "BO": "BSE", "SS": "SHH", "SZ": "SHZ"}
REFUSALS = ("Error Message", "Note", "Information")
IS_PAID = ("premium endpoint", "premium feature")
IS_HASTY = ("per second", "per minute", "spreading out")
IS_SPENT = ("per day", "rate limit", "daily limit")
BREATH = timedelta(minutes=1)


def windows(subject: Subject, first: date, last: date, now: datetime) -> list[Window]:
    """Calendar years of daily bars; months of minutes, because a question is answered with a month."""
    if subject.kind == "daily":
        return by_year(first, last, now)
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    starts = [midnight(date(month // 12, month % 12 + 1, 1)) for month in (*months, months.stop)]
    return [Window(*span) for span in pairwise(starts) if span[0] <= now]


def calendar(subject: Subject) -> str:
    """The calendar of what the ticker names."""
    return calendar_of(canonical_ticker(subject.name) or subject.name)


def ask(web: Web, subject: Subject, window: Window) -> Iterator[Answer]:
    """Yield the one answer that holds bars of the window. Raises ``FetchFailed``.

    ``Incomplete`` where daily bars of the window lie further back than a free key sees.
    """
    symbol, key = _symbol(subject), web.key("alphavantage_key")
    further = f"alphavantage: a free key sees the last {FREE_BARS} daily bars only, not all of {window.first:%Y}"
    if subject.kind == "daily":
        if window.end <= web.now() - FREE_REACH:
            raise Incomplete(further)
        params = {"function": "TIME_SERIES_DAILY", "symbol": symbol, "outputsize": "compact"}
    else:
        params = {
            "function": "TIME_SERIES_INTRADAY",
            "symbol": symbol,
            "interval": "1min",
            "month": f"{window.start:%Y-%m}",
            "outputsize": "full",
            "extended_hours": "false",
            "adjusted": "false",  # as traded, as the daily ones are
        }
    url = f"{web.base_url.rstrip('/')}/query"
    answer, document = web.json(url, dict[str, msgspec.Raw], params, secret_params={"apikey": key})
    series = _series(web, answer, document, SERIES[subject.kind])
    yield msgspec.structs.replace(answer, about={"ticker": canonical_ticker(subject.name), "kind": subject.kind})
    if subject.kind == "daily" and len(series) >= FREE_BARS and min(series) > f"{window.start + 7 * DAY:%Y-%m-%d}":
        raise Incomplete(further)


def read(answers: Iterable[Answer], limits: Limits) -> Iterator[PriceBatch]:
    """The bars of landed answers that were over when asked; a reject with a line is a whole answer, of that number."""
    for number, answer in enumerate(answers, 1):
        try:
            file = document_bars(answer.url, json.loads(answer.text))
            zone = _zone(file)
            for block in file.blocks:
                batch = _rows(block, zone, answer)
                for first in range(0, max(map(len, batch)), limits.batch_rows):
                    yield PriceBatch(*(table.slice(first, limits.batch_rows) for table in batch))
        except (ValueError, RecursionError) as error:  # UnknownShape and no JSON are ValueErrors
            rejects = [reject(number, str(error)[:300], answer.text)]
            yield PriceBatch(PRICE_ROWS.empty_table(), pa.Table.from_pylist(rejects, schema=REJECT_ROWS))


def _symbol(subject: Subject) -> str:
    """Alpha Vantage's spelling: BRK-B, TSCO.LON."""
    ticker = canonical_ticker(subject.name)
    if ticker is None or ticker in coins():
        raise Refused(f"alphavantage: {subject.name[:40]!r} is no share; follow coins at ccxt or yfinance")
    stem, dot, suffix = ticker.rpartition(".")
    if not dot or suffix not in suffixes():
        return ticker.replace(".", "-")
    if suffix not in EXCHANGES:
        raise Refused(f"alphavantage: how it spells .{suffix} is not known; follow {ticker} at yfinance")
    return f"{stem.replace('.', '-')}.{EXCHANGES[suffix]}"


def _series(web: Web, answer: Answer, document: dict[str, msgspec.Raw], name: str) -> dict[str, msgspec.Raw]:
    """The bars by their time; raises for what is said instead of them, and for another shape."""
    for field in REFUSALS:
        if field in document:
            raise _refusal(web, answer, web.hide(excerpt(bytes(document[field])))[:300])  # it repeats the key
    try:
        return msgspec.json.decode(document[name], type=dict[str, msgspec.Raw])
    except KeyError:
        found = web.hide(", ".join(document))[:100] or "nothing"
        raise WrongShape(f"alphavantage: {answer.url} answered without {name!r}; there is {found}") from None
    except msgspec.DecodeError as error:
        raise WrongShape(f"alphavantage: {answer.url}: {name!r} is not bars by time ({error})") from None


def _refusal(web: Web, answer: Answer, said: str) -> Refused | Throttled:
    """What a sentence means that comes with status 200."""
    plain = said.lower()
    if any(words in plain for words in IS_PAID):
        return Refused(f"alphavantage: {answer.url} needs a paid key; it said {said}")
    if any(words in plain for words in IS_HASTY):
        return Throttled(f"alphavantage: asked too fast; it said {said}", web.now() + BREATH)
    if any(words in plain for words in IS_SPENT):
        # When the count begins anew is not documented: the day of New York is later than that of UTC.
        tomorrow = web.now().astimezone(ZoneInfo(NEW_YORK)).date() + DAY
        until = datetime.combine(tomorrow, time(), ZoneInfo(NEW_YORK)).astimezone(web.now().tzinfo)
        return Throttled(f"alphavantage: the questions of this day are used up; it said {said}", until)
    hint = "is the key right?" if "apikey" in plain or "api key" in plain else "is there such a symbol?"
    return Refused(f"alphavantage: {answer.url} was refused; {hint} It said {said}")


def _zone(file: PriceFile) -> str:
    try:
        return str(ZoneInfo(file.time_zone or NEW_YORK))
    except (KeyError, ValueError, OSError):
        raise UnknownShape(f"there is no time zone {excerpt(file.time_zone or '')[:40]!r}") from None


def _rows(block: Block, zone: str, answer: Answer) -> PriceBatch:
    ticker, bar, stamp = answer.about["ticker"], "1d", "start"
    if answer.about["kind"] == "minutes":
        when = clock(block.columns["time"], zone).assign(volume=volumes(block.columns))
        when = when[when["instant"].notna()]
        bar, stamp = "1min", stamp_seen(when["instant"], when["volume"], True)
        if stamp is None:
            raise UnknownShape("no opening or closing minute shows whether minutes are stamped with start or end")
    batch = bars(block, Reading(ticker, "alphavantage", bar, stamp, zone, zone))
    return PriceBatch(finished(batch.prices, answer.asked_at, calendar_of(ticker)), batch.rejects)
