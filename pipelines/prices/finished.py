"""Bars that were over when they were asked for: a bar that is still traded is never stored.

Here: which rows of an answer are final, by the calendar of the exchange. Not here: what a vendor sends
(``yfinance_bars.py`` …), the calendars themselves (``pipelines/market/sessions.py``).
"""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from pipelines.market.closes import last_close
from pipelines.market.exchanges import read_exchanges
from pipelines.market.sessions import sessions
from pipelines.sources.windows import DAY, midnight

REFERENCE = Path(__file__).parents[2] / "warehouse" / "reference"
NEW_YORK, ALWAYS = "XNYS", "24/7"  # names of calendars
SETTLING = timedelta(minutes=15)  # vendors are late by so much, and the closing auction comes after the close
MINUTE = timedelta(minutes=1)
SURELY_OVER_DAYS = 2  # wherever an exchange is: no session ends as late as noon UTC of the next day


def finished(prices: pa.Table, asked_at: datetime, calendar: str) -> pa.Table:
    """The rows of ``prices`` (``PRICE_ROWS``) whose bar was over at ``asked_at`` (aware).

    A minute at its end; a day 15 minutes after the close of its session in ``calendar``, at midnight where it trades
    24/7. A day that the calendar does not know is over when the UTC day is.
    """
    is_daily = pc.equal(prices["bar"], "1d")
    ends = pc.add(prices["start_at"], pa.scalar(MINUTE))
    is_over_minute = pc.fill_null(pc.less_equal(ends, pa.scalar(asked_at, pa.timestamp("us", tz="UTC"))), False)
    days = prices["trading_day"].filter(is_daily).unique().to_pylist()
    surely = asked_at.date() - SURELY_OVER_DAYS * DAY
    closes = _closes(calendar, [day for day in days if day > surely])
    over = [day for day in days if day <= surely or closes.get(day, midnight(day) + DAY) <= asked_at]
    is_over_day = pc.is_in(prices["trading_day"], value_set=pa.array(over, pa.date32()))
    return prices.filter(pc.if_else(is_daily, is_over_day, is_over_minute))


def last_bar_at(calendar: str, now: datetime) -> datetime | None:
    """When the last daily bar of ``calendar`` was over that is over ``now``; None where it had none for a month."""
    close = last_close(calendar, now - _settling(calendar))
    return close and close.close_at + _settling(calendar)


def calendar_of(ticker: str) -> str:
    """The calendar of a ticker in this project's spelling: of its exchange suffix, 24/7 for a coin, else New York's."""
    if ticker in coins():
        return ALWAYS
    return suffixes().get(ticker.rpartition(".")[2], NEW_YORK) if "." in ticker else NEW_YORK


@cache
def suffixes() -> dict[str, str]:
    """The calendar of each exchange suffix, which are those of Yahoo: ``{"T": "XTKS"}``."""
    exchanges = read_exchanges(REFERENCE / "exchanges.csv")
    return dict(zip(exchanges["suffix"].to_pylist(), exchanges["calendar"].to_pylist(), strict=True))


@cache
def coins() -> frozenset[str]:
    """The tickers of the reference list that trade 24/7."""
    options = csv.ConvertOptions(
        include_columns=["ticker", "calendar"],
        column_types={"ticker": pa.string(), "calendar": pa.string()},
        strings_can_be_null=False,
    )
    listed = csv.read_csv(REFERENCE / "instruments.csv", convert_options=options)
    return frozenset(listed["ticker"].filter(pc.equal(listed["calendar"], ALWAYS)).to_pylist())


def _closes(calendar: str, days: list) -> dict:
    """When each of the days that are sessions is final."""
    if not days:
        return {}
    # No calendar reaches far: a day years ahead is a mistake of the vendor's, and final on no day of ours.
    table = sessions(calendar, min(days), min(max(days), min(days) + 7 * DAY))
    closes = (close + _settling(calendar) for close in table["close_at"].to_pylist())
    return dict(zip(table["trading_day"].to_pylist(), closes, strict=True))


def _settling(calendar: str) -> timedelta:
    """How long after a close its bar is final."""
    return timedelta(0) if calendar == ALWAYS else SETTLING
