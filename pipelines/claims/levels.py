"""Where a price or an index stands: "trades at $1,050", "closed at $98.20", "S&P 500 above 6,000".

Not here: how far it moved (``changes.py``), where it should go (``targets.py``), chart levels (support, resistance),
strikes, and what somebody paid.
"""

import re

from pipelines.claims.changes import DOWN, UP
from pipelines.claims.figures import Figure
from pipelines.claims.measures import find_measures, is_about_price
from pipelines.claims.statement import Statement

_INDEX = re.compile(
    r"\b(?:s&p(?: 500)?|nasdaq|dow|russell|nikkei|dax|ftse|vix|spx|index|hang seng|stoxx|sensex|nifty)\b"
)
_CRYPTO = re.compile(r"\$?\b(?:bitcoin|btc|ether|ethereum|eth|solana|sol)\b")
_CLOSED = re.compile(
    r"\b(?:clos(?:e[sd]?|ing)|end(?:s|ed|ing)|settl(?:es?|ed|ing)|finish(?:es|ed|ing)?)"
    r"(?: (?:the|day|session|week|friday|trading|out|up|down|higher|lower|shares?|at|price|today|yesterday|of|was"
    r"|is))*[ :]+$"
)
_TRADED = re.compile(
    r"\b(?:trad(?:es?|ed|ing)|chang(?:es?|ed|ing) hands|open(?:s|ed|ing)?|sit(?:s|ting)?|stands?|hover(?:s|ed"
    r"|ing)?|price[ds]?"
    r"|quoted|shares?|stock|it's|is|now)(?: (?:currently|now|just|still|is|sitting|hovering|trading|was|back|well"
    r"|price|at))*"
    r"(?: (?:at|@)| |: ?)$"
)
_REACHED = re.compile(
    r"\b(?:hit(?:s|ting)?|reach(?:es|ed|ing)?|touch(?:es|ed|ing)?|top(?:s|ped|ping)?|cross(?:es|ed|ing)?"
    r"|break(?:s|ing)?"
    r"|broke(?:n)?|reclaim(?:s|ed|ing)?|pass(?:es|ed|ing)?|breach(?:es|ed|ing)?|clear(?:s|ed|ing)?)"
    r"(?: (?!\w+ed\b)[\w-]+){0,4} ?$"
)
_TURNED = re.compile(
    rf"(?<![\w-])(?:(?P<up>{UP})|(?P<down>{DOWN}))(?: (?:back|all the way|by|another|about|nearly|over|more than"
    rf"|percent"
    r"|\$?[\d.,]+%?))*(?P<to> to(?: an? (?:\S+ ){0,3}of)?)? ?$"
)
_HOW_FAR = re.compile(r"\b(?:up|down|off|higher|lower) $")
_SIDE = re.compile(r"\b(?:above|below|over|under|past|beyond|beneath)\b")
_NO_LEVEL = re.compile(
    r"\d shares?\b|\b(?:account|value|portfolio|gains?|support|resistance|strikes?|calls?|puts?|stop(?: |-)?loss|entry"
    r"|entries|average|avg|cost|limit|order|ticket|starts?"
    r"|target|gap|level|revenue|sales|earnings|margin|moving|per month|phone|iphone|model|deal|offer|fee)\b"
)
_PER = re.compile(
    r"\s?(?:an?|per|each|/) ?(?:gallon|pound|bottle|night|day|month|week|year|hour|mo|barrel|user"
    r"|seat|trade|month)\b"
)


def read_level(folded: str, figure: Figure) -> Statement | None:
    """The price or index level that a figure states."""
    unit = _unit(figure)
    if not unit or figure.scale > 1e3 or figure.sign or _PER.match(figure.after) or figure.lead.endswith("from "):
        return None
    near = figure.lead[-70:]
    if _NO_LEVEL.search(near[-40:]) or _is_other(near) or _is_distance(figure):
        return None
    turned = _TURNED.search(near)
    moved = turned and (turned["to"] or _SIDE.search(figure.bounding))
    closed, reached, traded = _CLOSED.search(near), _REACHED.search(near), _TRADED.search(near)
    said = (turned if moved else None) or closed or reached or _stands(folded, figure, traded)
    if not said:
        return None
    direction = ("up" if turned["up"] else "down") if moved else None
    start = figure.start - len(figure.bounding) - (len(near) - said.start())
    basis = "close" if closed else "intraday"
    return Statement("level", "price", figure.value, unit, direction, figure.bound, basis, start, figure.end)


def _unit(figure: Figure) -> str | None:
    """Dollars, or points of an index; None where a bare number is neither."""
    if figure.unit in ("usd", "points"):
        return figure.unit
    if figure.unit is not None or not re.match(r"$|[\s.,;)!?](?!\d)", figure.after):
        return None
    if _INDEX.search(figure.lead) and figure.value >= 10:
        return "points"
    if _CRYPTO.search(figure.lead) and figure.value >= 1000:
        return "usd"
    is_price = figure.value != int(figure.value) and (
        _CLOSED.search(figure.lead) or re.search(r"(?:\bat|@) $", figure.lead)
    )
    return "usd" if is_price else None


def _stands(folded: str, figure: Figure, traded: re.Match[str] | None) -> re.Match[str] | None:
    """The words before a figure that say only that the price is there."""
    if traded and (re.search(r"(?:\bat|@) ?$", traded[0]) or figure.bounding or re.search(r"\bprice", figure.lead)):
        return traded
    if _SIDE.search(figure.bounding) and figure.unit != "points" and is_about_price(folded):
        return re.search(r"\S+(?: \S+)? ?$", figure.lead) or re.search(r"$", figure.lead)
    return None


def _is_distance(figure: Figure) -> bool:
    """Whether it tells how far, not where: "up over $600"."""
    return bool(_HOW_FAR.search(figure.lead)) and figure.bounding.startswith(("over", "under", "more", "less", "well"))


def _is_other(near: str) -> bool:
    """Whether the nearest measure is a business figure: "market value topped $4"."""
    named = find_measures(near)
    return bool(named) and named[-1].kind != "price"
