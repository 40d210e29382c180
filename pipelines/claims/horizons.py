"""By when a price target should be reached: "by year-end", "12-month", "by 2027", "EOY".

Not here: what a move is over (``periods.py``).
"""

import re
from datetime import date, timedelta

from pipelines.claims.days import COUNT, DAY, day_meant, how_many, later
from pipelines.claims.periods import find_periods

CUSTOMARY_MONTHS = 12  # of a target that names no horizon

_END_OF = re.compile(
    r"\b(?:(?P<year_end>eoy|year[- ]end|end of (?:the |this )?year|this year)|(?P<day_end>eod)|(?P<month_end>eom"
    r"|end of (?:the "
    r"|this )?month)"
    r"|(?P<week_end>eow|end of (?:the |this )?week))\b(?! 20\d\d)"
)
_IN_YEAR = re.compile(r"\b(?:by|in|end of|year[- ]end|eoy|during|for) (?P<year>20\d\d)\b")
_SPAN = re.compile(rf"\b(?P<count>{COUNT})[- ](?P<span>day|week|month|year)s?\b(?! (?:high|low|old|ago)|-)")
_BY = re.compile(r"\b(?:by|before|until|for) ")


def horizon(words: str, said_on: date) -> date:
    """The day by which a target should be reached, from the words of its clause (folded).

    "By 2027" and "in 2027" end with that year; twelve months where no horizon is said.
    """
    if ends := _END_OF.search(words):
        return _end_of(ends.lastgroup or "", said_on)
    if named := _IN_YEAR.search(words):
        return date(int(named["year"]), 12, 31)
    for by in _BY.finditer(words):
        if day := DAY.match(words, by.end()):
            return day_meant(day, said_on, False) or later(said_on, CUSTOMARY_MONTHS, "month")
        # "by December" is "in December" for what it ends with
        if (spans := find_periods("in " + words[by.end() :], said_on, False)) and spans[0].start <= 3 and spans[0].last:
            return spans[0].last
    if span := _SPAN.search(words):
        return later(said_on, how_many(span["count"]), span["span"])
    return later(said_on, CUSTOMARY_MONTHS, "month")


def _end_of(which: str, said_on: date) -> date:
    if which == "year_end":
        return date(said_on.year, 12, 31)
    if which == "month_end":
        return later(said_on.replace(day=1), 1, "month") - timedelta(days=1)
    if which == "day_end":
        return said_on
    return said_on + timedelta(days=6 - said_on.weekday())
