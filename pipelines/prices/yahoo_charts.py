"""What a chart of Yahoo's holds, and its bars as rows.

Closes are adjusted for splits, ``adjusted_close`` for dividends too, both as of the moment they were asked.
Not here: asking (``yfinance_bars.py``), capital gains of funds, hours before and after trading.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pyarrow as pa

from pipelines.prices.bar_rows import Reading, bars
from pipelines.prices.blocks import Block, reject
from pipelines.prices.finished import ALWAYS, calendar_of, finished
from pipelines.prices.json_bars import cell
from pipelines.prices.rows import PRICE_ROWS, PriceBatch
from pipelines.sources.answers import Answer, FetchFailed, Refused, WrongShape, decoded
from pipelines.sources.rows import REJECT_ROWS, Limits

GRANULARITY = {"daily": "1d", "minutes": "1m"}
QUOTED = ("open", "high", "low", "close", "volume")
NO_SUCH_DAYS = "Data doesn't exist for startDate"
MOST_PERIODS = 100  # a chart of minutes spans 8 days


class Period(msgspec.Struct):
    """Regular trading of one day, seconds since 1970."""

    start: int
    end: int


class Meta(msgspec.Struct):
    """What a chart says of itself."""

    exchangeTimezoneName: str
    dataGranularity: str
    instrumentType: str = ""
    regularMarketTime: int | None = None
    tradingPeriods: list[list[Period]] | dict[str, list[list[Period]]] = []


class Quote(msgspec.Struct):
    """The bars, column by column; no column where there is no bar."""

    open: list[Any] = []
    high: list[Any] = []
    low: list[Any] = []
    close: list[Any] = []
    volume: list[Any] = []


class Indicators(msgspec.Struct):
    """The one quote that a chart has, and its adjusted closes where it has them."""

    quote: list[Quote]
    adjclose: list[dict[str, list[Any]]] = []


class Dividend(msgspec.Struct):
    """Cash per share, on the basis of today's shares."""

    date: int
    amount: float


class Split(msgspec.Struct):
    """New shares and old ones."""

    date: int
    numerator: float
    denominator: float


class Events(msgspec.Struct):
    """What happened beside trading."""

    dividends: dict[str, Dividend] = {}
    splits: dict[str, Split] = {}


class Result(msgspec.Struct):
    """One chart; no ``timestamp`` where there is no bar."""

    meta: Meta
    indicators: Indicators
    timestamp: list[Any] = []
    events: Events = msgspec.field(default_factory=Events)


class Trouble(msgspec.Struct):
    """Why there is no chart."""

    description: str = ""


class Chart(msgspec.Struct):
    """The chart, or why there is none."""

    result: list[Result] | None
    error: Trouble | None


class Charts(msgspec.Struct):
    """A whole answer."""

    chart: Chart


def read(answers: Iterable[Answer], limits: Limits) -> Iterator[PriceBatch]:
    """The bars of landed charts that were over when asked; a reject with a line is a whole answer, of that number."""
    for number, answer in enumerate(answers, 1):
        try:
            result = chart_of(answer)
        except FetchFailed as error:
            rejects = [reject(number, str(error), answer.text)]
            yield PriceBatch(PRICE_ROWS.empty_table(), pa.Table.from_pylist(rejects, schema=REJECT_ROWS))
            continue
        batch = _rows(result, answer) if result else None
        for first in range(0, max(map(len, batch)) if batch else 0, limits.batch_rows):
            yield PriceBatch(*(table.slice(first, limits.batch_rows) for table in batch))


def chart_of(answer: Answer) -> Result | None:
    """The chart of an answer; None where Yahoo has none for these days. ``Refused`` where it never has one."""
    chart = decoded("yfinance", answer, Charts).chart
    if chart.error:
        if chart.error.description.startswith(NO_SUCH_DAYS):
            return None
        raise Refused(f"yfinance: {answer.url} has no chart; Yahoo said {chart.error.description[:200]!r}")
    if not chart.result or not chart.result[0].indicators.quote:
        raise WrongShape(f"yfinance: {answer.url} answered without chart.result or its indicators.quote")
    result = chart.result[0]
    expected = GRANULARITY[answer.about["kind"]]
    if result.meta.dataGranularity != expected:
        found = result.meta.dataGranularity[:20]
        raise WrongShape(f"yfinance: {answer.url} answered meta.dataGranularity {found!r}, not {expected!r}")
    try:
        ZoneInfo(result.meta.exchangeTimezoneName)
    except (KeyError, ValueError, OSError):
        zone = result.meta.exchangeTimezoneName[:40]
        raise WrongShape(f"yfinance: {answer.url}: meta.exchangeTimezoneName {zone!r} is no time zone") from None
    for name, column in _columns(result).items():
        if len(column) != len(result.timestamp):
            many = f"{len(column)} values for {len(result.timestamp)} timestamps"
            raise WrongShape(f"yfinance: {answer.url}: indicators {name} has {many}")
    return result


def _columns(result: Result) -> dict[str, list[Any]]:
    columns = {name: getattr(result.indicators.quote[0], name) for name in QUOTED}
    adjusted = result.indicators.adjclose[0].get("adjclose") if result.indicators.adjclose else None
    return {**columns, "adjusted_close": adjusted} if adjusted else columns


def _rows(result: Result, answer: Answer) -> PriceBatch:
    is_daily = answer.about["kind"] == "daily"
    zone = ZoneInfo(result.meta.exchangeTimezoneName)
    columns = {name: [cell(value) for value in column] for name, column in _columns(result).items()}
    columns["time"] = [_day(stamp, zone) if is_daily else _minute(stamp) for stamp in result.timestamp]
    kept = _traded(columns, result.timestamp, [] if is_daily else _periods(result.meta))
    columns = {name: [column[row] for row in kept] for name, column in columns.items()}
    if is_daily:
        _add_events(columns, result, zone)
    table = pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()})
    ticker, always = answer.about["ticker"], result.meta.instrumentType == "CRYPTOCURRENCY"
    zone_name = result.meta.exchangeTimezoneName
    reading = Reading(ticker, "yahoo", "1d" if is_daily else "1min", "start", zone_name, zone_name)
    block = Block(
        table, [None] * table.num_rows, lambda row: ",".join(str(column[row]) for column in table.columns), []
    )
    batch = bars(block, reading)
    seen_at = answer.asked_at if is_daily else _last_seen(result.meta, answer.asked_at)
    return PriceBatch(finished(batch.prices, seen_at, ALWAYS if always else calendar_of(ticker)), batch.rejects)


def _day(stamp: Any, zone: ZoneInfo) -> str:
    """The date on the exchange of a daily bar, which is stamped with its open or with midnight.

    Where clocks are changed Yahoo's midnight is an hour or two early, as yfinance knows.
    """
    try:
        local = datetime.fromtimestamp(stamp, UTC).astimezone(zone)
        is_early_midnight = local.hour >= 22 and local.minute == 0 and local.second == 0
        return (local + timedelta(hours=2) if is_early_midnight else local).date().isoformat()
    except (TypeError, ValueError, OverflowError, OSError):
        return _no_time(stamp)


def _minute(stamp: Any) -> str:
    try:
        return datetime.fromtimestamp(stamp, UTC).isoformat()
    except (TypeError, ValueError, OverflowError, OSError):
        return _no_time(stamp)


def _no_time(stamp: Any) -> str:
    """What is refused as no time; a bare number could be read as one of another unit."""
    return f"timestamp {cell(stamp)}"


def _add_events(columns: dict[str, list[str]], result: Result, zone: ZoneInfo) -> None:
    """Dividends and splits beside the bar of their day, or as a row of their own between the first and the last."""
    happened: dict[str, dict[str, float]] = {"dividend": {}, "split_ratio": {}}
    for dividend in result.events.dividends.values():
        day = _day(dividend.date, zone)
        happened["dividend"][day] = happened["dividend"].get(day, 0.0) + dividend.amount
    for split in result.events.splits.values():
        ratio = split.numerator / split.denominator if split.denominator else 0.0
        happened["split_ratio"][_day(split.date, zone)] = ratio
    days = set(columns["time"])
    first, last = min(days, default=""), max(days, default="")
    missing = sorted(day for day in {*happened["dividend"], *happened["split_ratio"]} - days if first < day < last)
    for name, column in columns.items():
        column.extend(missing if name == "time" else [""] * len(missing))
    for name, values in happened.items():
        columns[name] = [cell(values.get(day)) for day in columns["time"]]


def _traded(columns: dict[str, list[str]], stamps: list[Any], periods: list[tuple[int, int]]) -> list[int]:
    """The rows that say anything: Yahoo fills days and minutes without trade with null, and adds some after hours."""
    said = [name for name in columns if name not in ("time", "volume")]
    rows = [row for row in range(len(stamps)) if any(columns[name][row] for name in said)]
    return [row for row in rows if not periods or _is_regular(stamps[row], periods)]


def _is_regular(stamp: Any, periods: list[tuple[int, int]]) -> bool:
    """Whether a minute is within them; what is no number is refused later."""
    return not isinstance(stamp, int) or any(start <= stamp < end for start, end in periods)


def _periods(meta: Meta) -> list[tuple[int, int]]:
    """Regular hours of the days of a chart; none known for what always trades."""
    if meta.instrumentType == "CRYPTOCURRENCY":
        return []
    given = meta.tradingPeriods
    days = given.get("regular", []) if isinstance(given, dict) else given
    return [(period.start, period.end) for period in chain.from_iterable(days)][:MOST_PERIODS]


def _last_seen(meta: Meta, asked_at: datetime) -> datetime:
    """Up to when Yahoo had seen trades: quotes of many exchanges come 15 minutes late, the last minute then half."""
    if meta.regularMarketTime is None or not 0 < meta.regularMarketTime < asked_at.timestamp():
        return asked_at
    return datetime.fromtimestamp(meta.regularMarketTime, UTC)
