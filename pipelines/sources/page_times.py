"""What a saved page says about time: ages ("1h ago") and dates ("June 5, 2026 at 9:30 AM EDT").

Here: reading one short string against the moment the page was fetched; every answer is in UTC and aware.
Not here: which line holds a time (``page_prose``, ``page_comments``); the clock: the caller says when.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

LONGEST = 80  # characters; no time is written longer, and the patterns below need not see more

_SECONDS = {
    "s": 1, "sec": 1, "second": 1,
    "m": 60, "min": 60, "minute": 60,
    "h": 3600, "hr": 3600, "hour": 3600,
    "d": 86_400, "day": 86_400,
    "w": 604_800, "wk": 604_800, "week": 604_800,
    "mo": 2_592_000, "month": 2_592_000,
    "y": 31_536_000, "yr": 31_536_000, "year": 31_536_000,
}  # fmt: skip
_AGO = re.compile(r"(\d{1,6}|an?|one|a few)\s?([a-z]{1,7}?)s?(?: ago)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_CLOCK = (
    r"(?:,?[ t]+(?:at )?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d{1,9})?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?(?: ?(?P<zone>[a-z]{1,4}|(?:utc|gmt)?[+-]\d\d?(?::?\d\d)?))?)?"
)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? )?"
_DATES = tuple(
    re.compile(_WEEKDAY + date + _CLOCK)
    for date in (
        r"(?P<year>\d{4})[-/.](?P<number>\d\d?)[-/.](?P<day>\d\d?)",
        r"(?P<number>\d\d)-(?P<day>\d\d)",
        _MONTH + r" (?P<day>\d\d?)(?:st|nd|rd|th)?(?:,? (?P<year>\d{4}))?",
        r"(?P<day>\d\d?)(?:st|nd|rd|th)? " + _MONTH + r"(?:,? (?P<year>\d{4}))?",
    )
)
_HOURS_EAST = {
    "z": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8,
    "pdt": -7, "bst": 1, "cet": 1, "cest": 2, "hkt": 8, "sgt": 8, "jst": 9, "kst": 9,
}  # fmt: skip
_PLACES = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}
_WORDS_BEFORE = re.compile(
    r"(?:first |last |originally )?(published|posted|updated|modified|date)(?: on| at)?\b ?:? ?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*[|·•/]\s+|\s+[-–—]\s+|\s+(?=(?:last )?updated\b)|(?<=\d)\s+(?=by\b)", re.IGNORECASE)


class Stated(NamedTuple):
    """A moment as a page states it; ``is_exact`` only where day, clock and zone are all given."""

    at: datetime
    is_exact: bool


def age(text: str, now: datetime) -> datetime | None:
    """Moment that "just now", "1h ago", "3m", "yesterday", "05-14" or "2026-05-30 12:00" means; else None.

    A clock without a zone is read as UTC: such a moment is vague, and its text counts as known at the fetch.
    Never later than ``now``.
    """
    if len(text) > LONGEST:
        return None
    words = " ".join(text.casefold().split())
    if words in {"just now", "now", "moments ago"}:
        return now
    if match := _AGO.fullmatch(words):
        return _ago(*match.groups(), now)
    day, _, clock = words.partition(" ")
    if day in {"yesterday", "today"}:
        midnight = now - timedelta(days=int(day == "yesterday"))
        if not clock:
            return midnight
        moment = stated(f"{midnight:%Y-%m-%d} {clock.removeprefix('at ')}", now)
    else:
        moment = stated(words, now)
    return None if moment is None else min(moment.at, now)


def _ago(number: str, unit: str, now: datetime) -> datetime | None:
    seconds = _SECONDS.get(unit)
    if seconds is None:
        return None
    many = int(number) if number.isdigit() else 1
    try:
        return now - timedelta(seconds=many * seconds)
    except OverflowError:
        return None


def stated(text: str, now: datetime) -> Stated | None:
    """Date, with or without clock and zone, that ``text`` is; None if it is anything else.

    A date without a year is the latest such day that is not after tomorrow. A clock without a zone is read as
    UTC and a date without a clock as its midnight, both not exact.
    """
    if len(text) > LONGEST:
        return None
    words = " ".join(text.casefold().split())
    for pattern in _DATES:
        if match := pattern.fullmatch(words):
            return _moment(match.groupdict(), now)
    return None


class Dated(NamedTuple):
    """One time on a dateline, as written; ``is_update`` where it says that the text was changed then."""

    text: str
    is_update: bool


def datelines(line: str) -> list[Dated]:
    """Times in a line that says when and little else: "Published: June 5, 2026 | Updated June 6, 2026"."""
    if len(line) > 2 * LONGEST:
        return []
    found = []
    for part in _BETWEEN.split(line.strip(" ()[]·•|")):
        before = _WORDS_BEFORE.match(part)
        text = part[before.end() :] if before else part
        if _is_time(text):
            found.append(Dated(text, is_update=before is not None and before[1].lower() in {"updated", "modified"}))
    return found


def _is_time(text: str) -> bool:
    if len(text) > LONGEST:
        return False
    words = " ".join(text.casefold().split())
    ago = _AGO.fullmatch(words)
    if ago and words.endswith("ago") and ago[2] in _SECONDS:
        return True
    return words in {"just now", "yesterday"} or any(pattern.fullmatch(words) for pattern in _DATES)


def _moment(parts: dict[str, str | None], now: datetime) -> Stated | None:
    number = parts.get("number")
    month = int(number) if number else _MONTHS.index(str(parts["month"])) + 1
    hour, half, zone = int(parts["hour"] or 0), parts["half"], parts["zone"]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    place = _zone(zone) if zone else None
    if zone and place is None:
        return None
    for year in [int(parts["year"])] if parts.get("year") else range(now.year + 1, max(now.year - 8, 1), -1):
        try:
            local = datetime(
                year,
                month,
                int(parts["day"] or 0),
                hour,
                int(parts["minute"] or 0),
                int(parts["second"] or 0),
                tzinfo=place or UTC,
            )
            at = local.astimezone(UTC)
        except (ValueError, OverflowError):
            continue  # 02-29 in another year, the 31st of June, hour 25
        if parts.get("year") or at <= now + timedelta(days=1):
            return Stated(at, is_exact=place is not None)
    return None


def _zone(name: str) -> tzinfo | None:
    if name in _PLACES:
        return ZoneInfo(_PLACES[name])
    if name in _HOURS_EAST:
        return timezone(timedelta(hours=_HOURS_EAST[name]))
    offset = re.fullmatch(r"(?:utc|gmt)?([+-])(\d\d?):?(\d\d)?", name)
    if offset is None:
        return None
    minutes = int(offset[2]) * 60 + int(offset[3] or 0)
    if minutes >= 24 * 60:
        return None
    return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
