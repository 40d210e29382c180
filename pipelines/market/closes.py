"""When exchanges close: which closes lie between two moments, and which one comes next. All moments are aware, and UTC.

Half days, holidays and changes of the clock are in the calendars. Not here: the calendars (``sessions.py``), what is
done after a close (``pipelines/defs/sensors.py``), which bars are final (``pipelines/prices/finished.py``).
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from pipelines.market.sessions import sessions

SHUT_AT_MOST = timedelta(days=30)  # longer than any exchange was shut for holidays since 1990
SESSION_AT_MOST = timedelta(days=2)  # from the exchange's date to its close, in UTC


class Close(NamedTuple):
    """The end of one session: ``trading_day`` is the exchange's date. Ordered by the moment."""

    close_at: datetime
    calendar: str
    trading_day: date
    open_at: datetime

    def __str__(self) -> str:
        """For run keys and people: ``XNYS 2026-11-27 18:00``."""
        return f"{self.calendar} {self.close_at:%Y-%m-%d %H:%M}"


def closes_due(calendars: Iterable[str], after: datetime, until: datetime) -> list[Close]:
    """The sessions of ``calendars`` that closed later than ``after``, and at ``until`` or before; oldest first."""
    if until <= after:
        return []
    years = range((after - SESSION_AT_MOST).year, (until + SESSION_AT_MOST).year + 1)
    closes = (close for calendar in set(calendars) for year in years for close in _closes_of(calendar, year))
    return sorted(close for close in closes if after < close.close_at <= until)


def next_close(calendars: Iterable[str], after: datetime) -> Close | None:
    """The first close later than ``after``; None where no calendar has one within 30 days."""
    return min(closes_due(calendars, after, after + SHUT_AT_MOST), default=None)


def last_close(calendar: str, until: datetime) -> Close | None:
    """The last close at ``until`` or before; None where the calendar has none within 30 days."""
    return max(closes_due([calendar], until - SHUT_AT_MOST, until), default=None)


@lru_cache(maxsize=1_024)  # a calendar takes a second to make, and a sensor looks each minute
def _closes_of(calendar: str, year: int) -> tuple[Close, ...]:
    """The sessions whose date at the exchange lies in the year."""
    table = sessions(calendar, date(year, 1, 1), date(year, 12, 31)).select(["close_at", "trading_day", "open_at"])
    return tuple(Close(row["close_at"], calendar, row["trading_day"], row["open_at"]) for row in table.to_pylist())
