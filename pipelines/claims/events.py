"""Events with a date: "reports earnings on June 24", "ex-dividend date is May 3", "FDA decision on Friday".

Here: which event, and its day. Not here: what moved on a day (``changes.py``).
"""

import re
from collections.abc import Iterator
from datetime import date

from pipelines.claims.days import DAY, day_meant
from pipelines.claims.statement import Statement

_RESULTS = (
    r"(?:(?:fiscal|first|second|third|fourth|full|next|quarterly|annual|year|its|their|the|q[1-4]|quarter)[- ]){0,4}"
)
_EVENTS = {
    "earnings report": rf"(?:{_RESULTS}(?:earnings(?: (?:call|report|release|date|day))?|results|er|report card)"
    rf"|reports|(?:to|will|should|may) report)",
    "ex-dividend date": r"(?:ex-div(?:idend)?(?: date| day)?)",
    "dividend payment": r"(?:dividend (?:payment|payable|pay date))",
    "regulator's decision": r"(?:(?:fda|ema) (?:decision|approval|verdict|ruling|panel|adcom|date)"
    r"|pdufa(?: date)?|adcom)",
    "split": r"(?:(?:\d+[- ]for[- ]\d+ |\d+:\d+ |stock |share |reverse )?split)",
    "listing": r"(?:ipo|direct listing|market debut)",
    "investor day": r"(?:(?:investor|analyst|capital markets|battery|ai) day)",
    "shareholder meeting": r"(?:(?:annual|shareholders?'?|general)(?: general)? meeting|agm|(?:share"
    r"|stock)holders? vote(?: on \S+(?: \S+)?)?)",
    "conference": r"(?:(?:\w+ )?(?:conference|keynote|wwdc|gtc|summit)|product (?:launch|event))",
    "lock-up expiry": r"(?:lock-?up(?: period)?(?: expir\w+| ends?)?)",
    "deal close": r"(?:(?:deal|merger|acquisition|takeover) (?:closes?|closing|completion))",
    "halving": r"(?:halving)",
    "delisting": r"(?:delist\w+)",
}
_GROUPS = {f"event_{number}": name for number, name in enumerate(_EVENTS)}
_LINK = (
    r"(?:,? (?:is|are|was|were|will|be|set|due|scheduled|expected|coming|comes?|slated|planned|takes?|took|place"
    r"|effect|effective"
    r"|date|call|report(?:s|ed)?|results?|out|released?|on|for|by|this|the|early|until|kicks?|off|begins?|began"
    r"|starts?|expires?"
    r"|ends?|happens?|held|after|before|market|close|open|bell|confirmed|announced|now|itself|goes|went|starting"
    r"|at))*:?(?: -)? ?$"
)
_REACH = 70  # characters between event and day
_NAMED = re.compile(
    r"(?<![\w$-])(?:" + "|".join(f"(?P<{group}>{_EVENTS[name]})" for group, name in _GROUPS.items()) + r")(?![\w-])"
)
_LEADS_TO_DAY = re.compile(_LINK)
_ON_DAY = re.compile(
    r"(?:,)? (?:\S+ ){0,4}?(?:will )?(?:reports?|announces?|releases?|posts?|hosts?|holds?|goes|has|unveils?) "
)
_PAST = re.compile(
    r"\b(?:reported|was|were|released|held|went|took|announced|posted|beat|missed|last|began|yesterday)\b"
)
_BARE_REPORTS = re.compile(r"(?:\w+ )?reports?$")


def find_events(folded: str, said_on: date) -> Iterator[tuple[Statement, date]]:
    """Each event with its day: the next such day, or the last where the sentence speaks of the past."""
    taken = -1
    for day in DAY.finditer(folded):
        event = _before(folded, day) or _behind(folded, day)
        if not event or event.start() < taken:
            continue
        start, end = min(event.start(), day.start()), max(event.end(), day.end())
        due_on = day_meant(day, said_on, looks_back=bool(_PAST.search(folded, max(0, start - 30), end)))
        if due_on:
            taken = end
            measure = _GROUPS[event.lastgroup or ""]
            yield Statement("event", measure, None, None, None, "exact", None, start, end), due_on


def _before(folded: str, day: re.Match[str]) -> re.Match[str] | None:
    """The event whose day it is: "earnings on June 24"."""
    near = max(0, day.start() - _REACH)
    events = list(_NAMED.finditer(folded, near, day.start()))
    if events and _LEADS_TO_DAY.fullmatch(folded, events[-1].end(), day.start()):
        return events[-1]
    return None


def _behind(folded: str, day: re.Match[str]) -> re.Match[str] | None:
    """The event that a day begins with: "on June 24 Micron reports earnings"."""
    verb = _ON_DAY.match(folded, day.end(), day.end() + _REACH)
    event = _NAMED.match(folded, verb.end()) if verb else None
    return event if event and not _BARE_REPORTS.match(event[0]) else None
