"""Days as people name them: "June 24", "next Friday", "tomorrow", "9/24", "in two weeks".

Here: the words, and the date they mean to somebody who speaks on a given day. Not here: spans of days (``periods.py``).
"""

import re
from datetime import date, timedelta

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_COUNTED = "one two three four five six seven eight nine ten eleven twelve"
COUNTS = {word: number for number, word in enumerate(_COUNTED.split(), start=1)} | {
    "a": 1,
    "an": 1,
    "couple": 2,
    "few": 3,
    "several": 3,
}

MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + ")"
WEEKDAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|wed|thu(?:rs?)?|fri)"
COUNT = rf"(?:\d{{1,3}}|{'|'.join(COUNTS)})"
_NTH = r"(?:st|nd|rd|th)?"
DAY = re.compile(
    rf"(?<![\w$.,/-])(?:(?P<iso>20\d\d-\d\d-\d\d)"
    rf"|(?P<month>{MONTH})\.? (?P<nth>\d{{1,2}}){_NTH}(?![\w%:]|[.,]\d)(?:,? (?P<year>20\d\d)\b)?"
    rf"|(?P<nth_first>\d{{1,2}}){_NTH} (?:of )?(?P<month_after>{MONTH})\b(?:,? (?P<year_after>20\d\d)\b)?"
    r"|(?P<us_month>\d{1,2})/(?P<us_day>\d{1,2})(?:/(?P<us_year>20\d\d|\d\d))?(?![\w/%])"
    rf"|(?:(?P<which>next|last|this|past|coming) )?(?P<weekday>{WEEKDAY})\b"
    r"|(?P<near>today|tonight|this (?:morning|afternoon|evening)|tomorrow|yesterday)\b"
    rf"|in (?P<count>{COUNT}) (?P<span>day|week|month)s?\b)"
)
_NEAR = {"tomorrow": 1, "yesterday": -1}


def day_meant(match: re.Match[str], said_on: date, looks_back: bool) -> date | None:
    """The date of a ``DAY``; None for one that no calendar has.

    Without a year the nearest such day on or after ``said_on``, or on or before it where the sentence
    ``looks_back``. "Next Friday" is Friday of the next week, Monday first. Month before day, as in the US.
    """
    if match["iso"]:
        return _date(*(int(part) for part in match["iso"].split("-")))
    if month := match["month"] or match["month_after"]:
        year = match["year"] or match["year_after"]
        return _month_day(year, MONTHS[month], int(match["nth"] or match["nth_first"]), said_on, looks_back)
    if match["us_month"]:
        return _month_day(match["us_year"], int(match["us_month"]), int(match["us_day"]), said_on, looks_back)
    if match["weekday"]:
        return _weekday(match["weekday"], match["which"], said_on, looks_back)
    if match["near"]:
        return said_on + timedelta(days=_NEAR.get(match["near"], 0))
    return later(said_on, how_many(match["count"]), match["span"])


def how_many(words: str) -> int:
    """A small count in digits or words."""
    return int(words) if words.isdigit() else COUNTS[words]


def later(day: date, count: int, span: str) -> date:
    """The day so many days, weeks, months, quarters or years later (earlier for a negative count)."""
    if span in ("day", "session", "week"):
        return day + timedelta(days=count * (7 if span == "week" else 1))
    months = day.year * 12 + day.month - 1 + count * {"month": 1, "quarter": 3, "year": 12}[span]
    return next(found for nth in range(day.day, 0, -1) if (found := _date(months // 12, months % 12 + 1, nth)))


def _month_day(year: str | None, month: int, nth: int, said_on: date, looks_back: bool) -> date | None:
    if year:
        return _date(2000 + int(year) % 100, month, nth)
    step = -1 if looks_back else 1
    days = (_date(said_on.year + step * years, month, nth) for years in range(9))  # up to a 29 February
    return next((day for day in days if day and (day <= said_on if looks_back else day >= said_on)), None)


def _weekday(name: str, which: str | None, said_on: date, looks_back: bool) -> date:
    ahead = (WEEKDAYS.index(name[:3]) - said_on.weekday()) % 7
    monday = said_on - timedelta(days=said_on.weekday())
    if which == "next":
        return monday + timedelta(days=7 + WEEKDAYS.index(name[:3]))
    if which == "this":
        return monday + timedelta(days=WEEKDAYS.index(name[:3]))
    if which in ("last", "past"):
        return said_on - timedelta(days=7 - ahead)
    return said_on - timedelta(days=(7 - ahead) % 7) if looks_back else said_on + timedelta(days=ahead)


def _date(year: int, month: int, nth: int) -> date | None:
    try:
        return date(year, month, nth)
    except ValueError:
        return None
