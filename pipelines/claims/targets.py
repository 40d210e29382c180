"""Price targets: who set them, at what, and by when. Not here: the price itself (``levels.py``)."""

import re

from pipelines.claims.figures import Figure
from pipelines.claims.measures import is_about_price
from pipelines.claims.statement import Statement

_TARGET = r"(?:price[- ]targets?|target prices?|price objectives?|fair value(?: estimate)?|\bpts?\b|\btp\b|targets?)"
_NAMED_BEFORE = re.compile(
    rf"\b{_TARGET}(?: (?!(?:audience|demographic|market|date|customers?|was hit)\b)[\w$&'.%-]+){{0,6}}?[ :=(-]*$"
)
_NAMED_BEHIND = re.compile(
    rf"(?:/share| per share| a share)?[- ](?:\d+-month |(?:one|1)-year |mean |average )?{_TARGET}\b"
)
_RAISED = re.compile(r"\b(?:rais|lift|boost|hik|up(?:s|ped)\b|increas|bump)\w*")
_CUT = re.compile(r"\b(?:cut|lower|slash|trim|reduc|drop|decreas)\w*")
_AT_FIRST = re.compile(r"\b(?:initiat|reiterat|maintain|keep|kept|affirm)\w*")
_AIMED = re.compile(
    r"(?:\b(?:i|we|he|she|they) (?:can |could |do )?(?:see|expect|think|call|predict)\w*(?: \S+){0,3}?"
    r"|\b(?:path|road|way|run|going|heading|headed|heads|goes|gets|moon|ride|fly|march)(?: back)?(?: up| down)?"
    r"|\$[a-z]{1,5}|^\s*[a-z]{2,5}|\b(?:stock|shares|it))(?: to)? $|^[a-z]{2,15} to $"
)
_HORIZON = re.compile(
    r"\+?(?: per share| a share|/share)? ?(?:by (?:the )?(?:end|year|next|summer|fall|winter|spring|christmas"
    r"|q[1-4]|20\d\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|eo[ymwd])"
    r"|eo[ymwd]\b|end of|this year|next year"
    r"|in (?:\d+|a|two|three|six|twelve) (?:days?|weeks?|months?|years?)|(?:one|two|three|five) years? from)"
)
_NO_PRICE = re.compile(r"\s?(?:users|subscribers|units|people|followers|members|cars|million|billion)")


def read_target(folded: str, figure: Figure) -> Statement | None:
    """The price target that a figure states."""
    if figure.unit not in ("usd", None) or figure.scale > 1e3 or figure.lead.endswith("from "):
        return None
    named = _NAMED_BEFORE.search(figure.lead[-90:])
    behind = _NAMED_BEHIND.match(figure.after)
    aimed = _aimed(folded, figure)
    if not (named or behind or aimed) or _NO_PRICE.match(figure.after):
        return None
    if figure.unit is None and not _is_bare_price(figure, named):
        return None
    said = named or (None if behind else aimed)
    start = figure.start - len(figure.bounding) - (len(said[0].lstrip()) if said else 0)
    end = figure.end + (behind.end() if behind else 0)
    return Statement("target", "price", figure.value, "usd", _turn(figure), figure.bound, "close", start, end)


def _is_bare_price(figure: Figure, named: re.Match[str] | None) -> bool:
    """Whether a number without currency is the price meant: "PT 200", "my target is 50"; no year, no "3 questions"."""
    is_followed = re.match(r"\s?(?:$|[.,;:!?)(]|eo[ymwd]\b|by\b|from\b|this\b|and\b|for\b|on\b|in\b)", figure.after)
    is_year = 1990 <= figure.value <= 2100
    words = named[0].split() if named else []
    return bool(is_followed) and not is_year and len(words) <= 5


def _aimed(folded: str, figure: Figure) -> re.Match[str] | None:
    """The words that say where a price will be by a day: "$TSLA to $1,000 by year-end"."""
    aimed = _AIMED.search(figure.lead[-60:])
    if not aimed or not _HORIZON.match(figure.after):
        return None
    is_price = figure.unit == "usd" or re.match(r" ?eo[ymwd]\b", figure.after) or is_about_price(folded)
    return aimed if is_price else None


def _turn(figure: Figure) -> str | None:
    """Up for a raised target, down for a cut one."""
    said = figure.lead[-120:]
    raised, cut = [[match.start() for match in turn.finditer(said)] for turn in (_RAISED, _CUT)]
    if _AT_FIRST.search(said) or not (raised or cut):
        return None
    return "up" if max(raised, default=-1) > max(cut, default=-1) else "down"
