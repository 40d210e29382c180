"""What is asked of a service: a subject over a window of time; and when a window is to be looked at again.

Here: windows by day or year, and the rhythm of looks. Not here: what to follow (``follow.py``), asking (``asking.py``).
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATE_DAYS = 3  # comments and counts still change so long after a day; then it is left alone


class Subject(NamedTuple):
    """What is followed at a service: ``ticker`` MU, ``subreddit`` stocks, ``search`` micron, ``feed`` https://…"""

    kind: str
    name: str

    def __str__(self) -> str:
        """As ``raw.fetches.subject`` has it, ``ticker:MU``."""
        return f"{self.kind}:{self.name}"


class Window(NamedTuple):
    """From ``start`` to before ``end``, both aware and UTC."""

    start: datetime
    end: datetime

    @property
    def first(self) -> date:
        """Its first UTC day."""
        return self.start.date()


def by_day(first: date, last: date, now: datetime) -> list[Window]:
    """A window for each UTC day from ``first`` to ``last``, none that begins after ``now``."""
    starts = (midnight(first) + number * DAY for number in range((last - first).days + 1))
    return [Window(start, start + DAY) for start in starts if start <= now]


def by_year(first: date, last: date, now: datetime) -> list[Window]:
    """A window for each calendar year that holds one of the days, none that begins after ``now``."""
    years = range(first.year, last.year + 1)
    windows = (Window(midnight(date(year, 1, 1)), midnight(date(year + 1, 1, 1))) for year in years)
    return [window for window in windows if window.start <= now]


def only_today(first: date, last: date, now: datetime) -> list[Window]:
    """The window of the running UTC day where it is asked for: for a service that only shows what it holds now."""
    return [window for window in by_day(first, last, now) if window.start <= now < window.end]


def midnight(day: date) -> datetime:
    """The moment at which a UTC day begins."""
    return datetime.combine(day, time(), UTC)


def is_due(
    window: Window,
    answered_at: datetime | None,
    now: datetime,
    every: timedelta = HOUR,
    barred_at: datetime | None = None,
) -> bool:
    """Whether a window, last answered whole at ``answered_at``, is to be asked now.

    While it lasts: ``every`` so often, and where there is a new bar, the last of which was over at ``barred_at``. Once
    after its end, then daily for ``LATE_DAYS``, because late comments, edits, deletions and counts come in; then never
    again.
    """
    if answered_at is None:
        return True
    if answered_at < window.end:
        is_bar_new = barred_at is not None and answered_at < barred_at <= min(now, window.end)
        return is_bar_new or now >= min(answered_at + every, window.end)
    return answered_at < window.end + LATE_DAYS * DAY and now >= answered_at + DAY
