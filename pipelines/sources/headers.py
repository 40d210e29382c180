"""What the headers of an answer say: moments, how long to wait, how to ask for changes only.

Not here: which of them are kept (``answers.py``), what follows from them (``web.py``).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_TOLD_SECONDS = 86_400.0
CONDITIONS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}


def moment_of(date: str | None) -> datetime | None:
    """The moment that an HTTP date names (aware); None where it names none."""
    try:
        moment = parsedate_to_datetime(date or "")
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def told_seconds(headers: Mapping[str, str], now: datetime) -> float | None:
    """What ``Retry-After`` says, at most a day; None where it says nothing. A date is read by the service's clock."""
    told = headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        return min(float(told), LONGEST_TOLD_SECONDS)
    until = moment_of(told)
    if until is None:
        return None
    seconds = (until - (moment_of(headers.get("date")) or now)).total_seconds()
    return min(max(seconds, 0.0), LONGEST_TOLD_SECONDS)


def conditions(known: Mapping[str, str]) -> dict[str, str]:
    """The headers that ask only for a change since."""
    return {CONDITIONS[name]: value for name, value in known.items() if name in CONDITIONS}
