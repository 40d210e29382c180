"""What a claim is over: "in 2025", "year to date", "since March", "past five days", "after hours".

Here: the spans that people name, as first and last day. Not here: single days by name (``days.py``), the day by
which something should happen (``horizons.py``).
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from pipelines.claims.days import COUNT, DAY, MONTH, MONTHS, day_meant, how_many, later


class Period(NamedTuple):
    """What is spoken of: period, first and last day as in ``core.claims``, and where the words stand."""

    name: str
    first: date | None
    last: date | None
    is_outside_session: bool = False  # before the open or after the close
    start: int = 0
    end: int = 0


Reading = Callable[[re.Match[str], date, bool], Period | None]

_YEAR = r"(?:19|20)\d\d"
_SPAN = r"(?P<span>day|session|week|month|quarter|year|hour)s?\b"
_PART_OF_MONTH = r"(?:(?:early|late|mid|last|the (?:start|beginning|end|middle) of)[ -])?"
_A_MONTH = rf"{_PART_OF_MONTH}(?P<month>{MONTH})\b(?!-[a-z]| \d{{1,2}}(?!\d))(?:,? (?P<year>{_YEAR}))?"
_MONTH_SINCE = re.compile(_A_MONTH)
_YEAR_SINCE = re.compile(rf"{_PART_OF_MONTH}(?P<year>{_YEAR})\b")
_NAME_OF_PAST = {
    ("day", 1): "session",
    ("session", 1): "session",
    ("day", 7): "week",
    ("week", 1): "week",
    ("month", 1): "month",
    ("month", 3): "quarter",
    ("quarter", 1): "quarter",
    ("month", 6): "half",
    ("month", 12): "year",
    ("week", 52): "year",
    ("year", 1): "year",
}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def find_periods(folded: str, said_on: date, looks_back: bool) -> list[Period]:
    """Every span named in a folded sentence, as somebody means it who speaks on ``said_on``.

    A span that ``looks_back`` and is not over yet ends on the day it is spoken of. Where two readings
    overlap the one that begins first counts, then the one listed first.
    """
    found = sorted(_every_reading(folded, said_on, looks_back), key=lambda period: period.start)
    kept: list[Period] = []
    for period in found:
        if not kept or period.start >= kept[-1].end:
            kept.append(_until_now(period, said_on) if looks_back else period)
    return kept


def _every_reading(folded: str, said_on: date, looks_back: bool) -> Iterator[Period]:
    for pattern, read in _READINGS:
        for match in pattern.finditer(folded):
            if period := read(match, said_on, looks_back):
                yield period._replace(start=match.start(), end=match.end())


def _until_now(period: Period, said_on: date) -> Period:
    if period.last and period.last > said_on and (not period.first or period.first <= said_on):
        return period._replace(last=said_on)
    return period


def _outside_session(match: re.Match[str], said_on: date, looks_back: bool) -> Period:
    return Period("session", said_on, said_on, is_outside_session=True)


def _the_session(match: re.Match[str], said_on: date, looks_back: bool) -> Period:
    return Period("session", None, None)  # the one that is open, or the last one: only a calendar knows


def _closed_session(match: re.Match[str], said_on: date, looks_back: bool) -> Period:
    return Period("last_close", None, None)


def _this_year(match: re.Match[str], said_on: date, looks_back: bool) -> Period:
    if looks_back:
        return Period("year_to_date", date(said_on.year, 1, 1), said_on)
    return Period("year", said_on, date(said_on.year, 12, 31))


def _since(match: re.Match[str], said_on: date, looks_back: bool) -> Period:
    what, first = match["what"], None
    if day := DAY.match(what):
        first = day_meant(day, said_on, True)
    elif month := _MONTH_SINCE.match(what):
        first = _month(month, said_on, True).first
    elif year := _YEAR_SINCE.match(what):
        first = date(int(year["year"]), 1, 1)
    return Period("since", first, said_on)


def _from_extreme(match: re.Match[str], said_on: date, looks_back: bool) -> Period:
    return Period("since", None, said_on)  # which day that high or low was, it does not say


def _past(match: re.Match[str], said_on: date, looks_back: bool) -> Period:
    count, span = how_many(match["count"] or "one"), match["span"]
    if span == "hour":
        return Period("session" if count < 24 else "several_days", said_on - timedelta(days=count // 24), said_on)
    near, far = sorted((said_on, later(said_on, -count if looks_back else count, span)))
    if (far - near).days > 366:
        return Period("since", near, far)
    return Period(_NAME_OF_PAST.get((span, count), "several_days"), near, far)


def _calendar(match: re.Match[str], said_on: date, looks_back: bool) -> Period:
    step = {"last": -1, "previous": -1, "next": 1}.get(match["which"], 0)
    if match["span"] == "week":
        monday = later(said_on - timedelta(days=said_on.weekday()), step, "week")
        return Period("week", monday, monday + timedelta(days=6))
    size = _MONTHS_IN[match["span"]]
    return _months(match["span"], ((said_on.year * 12 + said_on.month - 1) // size + step) * size, size)


def _month(match: re.Match[str], said_on: date, looks_back: bool) -> Period:
    number = MONTHS[match["month"]]
    if match["year"]:
        return _months("month", int(match["year"]) * 12 + number - 1, 1)
    years = -(number > said_on.month) if looks_back else int(number < said_on.month)
    return _months("month", (said_on.year + years) * 12 + number - 1, 1)


def _quarter(match: re.Match[str], said_on: date, looks_back: bool) -> Period:
    name = "half" if "h" in (match["part"] or "")[:1] or match["letter"] == "h" else "quarter"
    number, size = _ORDINALS[match["ordinal"]] if match["ordinal"] else int(match["number"]), _MONTHS_IN[name]
    year = int(match["year"]) if match["year"] else said_on.year
    if not match["year"] and looks_back and (number - 1) * size >= said_on.month:
        year -= 1
    return (
        _months(name, year * 12 + (number - 1) * size, size) if number * size <= 12 else _months("year", year * 12, 12)
    )


def _year(match: re.Match[str], said_on: date, looks_back: bool) -> Period:
    return _months("year", int(match["year"]) * 12, 12)


def _day(match: re.Match[str], said_on: date, looks_back: bool) -> Period | None:
    day = None if match["count"] else day_meant(match, said_on, looks_back)
    return Period("session", day, day) if day else None


def _months(name: str, first: int, count: int) -> Period:
    """Whole months; ``first`` counts months from year 0."""
    last = first + count - 1
    nth = monthrange(last // 12, last % 12 + 1)[1]
    return Period(name, date(first // 12, first % 12 + 1, 1), date(last // 12, last % 12 + 1, nth))


_READINGS: tuple[tuple[re.Pattern[str], Reading], ...] = tuple(
    (re.compile(rf"(?<![\w$]){pattern}"), read)
    for pattern, read in (
        (
            r"(?:pre[- ]?market|pre-mkt|ah\b|after[- ]?hours|extended (?:trading|hours)|overnight"
            r"|before the (?:bell|open)"
            r"|after the (?:bell|close))\b",
            _outside_session,
        ),
        (
            r"(?:(?:in|of|over|during) the (?:last|latest|past) session|(?:at|by|into) the (?:close|closing bell)"
            r"|clos(?:ed|es|ing)|(?:finish|end)(?:ed|es)?(?: the (?:day|session))?)\b",
            _closed_session,
        ),
        (
            r"(?:so far(?! (?:this|in|since))"
            r"|(?:since|from|against|versus|vs|on|over) (?:the|yesterday's|its) (?:(?:last|previous|prior) )?close"
            r"|on the (?:day|session)|in today's (?:session|trading)|(?:is|are|now|currently) trading)\b",
            _the_session,
        ),
        (r"(?:year[- ]to[- ]date|ytd|(?:so far )?this year|on the year|for the year)\b", _this_year),
        (r"since (?P<what>.{0,30})", _since),
        (
            r"(?:from|off|below|above) (?:(?:its|the|a|their|recent|all-time|\d+-(?:week|month|day)|record|this|\w+'s"
            r"|january|february|march|april|may|june|july|august|september|october|november|december) ){0,4}"
            r"(?:highs?|lows?|peaks?|tops?|bottoms?|aths?|ipo)\b",
            _from_extreme,
        ),
        (
            rf"(?:past|last|previous|trailing|prior|in|within|over|for) (?P<count>{COUNT}) (?:trading |short )?{_SPAN}",
            _past,
        ),
        (rf"(?:(?:over|in|for|during) the (?:past|last)|past|trailing)(?P<count>) {_SPAN}", _past),
        (
            r"(?P<which>this|last|next|previous|on the|for the|in the) (?P<span>week|month|quarter|half|year)\b",
            _calendar,
        ),
        (
            r"(?:(?P<ordinal>first|second|third|fourth)[- ](?P<part>quarter|half)|(?P<letter>[qh])(?P<number>[1-4]))\b"
            rf"(?:(?: of| in|,)? (?P<year>{_YEAR})\b)?",
            _quarter,
        ),
        (rf"(?:in|during|for|through|throughout) {_A_MONTH}", _month),
        (rf"(?:in|during|for|throughout) (?:all of |calendar |fiscal )?(?P<year>{_YEAR})\b", _year),
        (DAY.pattern, _day),
    )
)
