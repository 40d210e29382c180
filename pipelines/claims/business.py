"""Amounts of money and ratios of a business: "revenue of $9.3 billion", "gross margin of 80%", "raised $65 billion".

Not here: how much they grew (``changes.py``).
"""

import re

from pipelines.claims.changes import DOWN, UP
from pipelines.claims.figures import Figure
from pipelines.claims.measures import Measure, find_measures
from pipelines.claims.statement import Statement

_LINK = re.compile(
    r"(?: (?:of|at|is|was|were|are|be|to|in|near|for|about|now|just|only|will|would|could|should|may|might|can"
    r"|has|have|had"
    r"|been|came|comes|come|stands?|stood|sits?|hit|hits|hitting|reach(?:es|ed|ing)?|total(?:s|ed|ing)?|topp?(?:s"
    r"|ed|ing)?"
    r"|exceed(?:s|ed|ing)?|guid(?:es|ed|ance)|forecast|expected|potentially|a|an|the|record|this|next|quarter"
    r"|year|program"
    r"|plan|worth|approximately|ratio|q[1-4]|share|per|"
    rf"{UP}|{DOWN}|\d+(?:\.\d+)?%|,|and))*[ :=]*$"
)
_TO = re.compile(rf"(?:(?P<up>{UP})|(?P<down>{DOWN}))(?: \S+)? to (?:a record )?$")
_BEHIND = re.compile(
    r"(?:[- ](?:a|per)[- ]share)?(?: (?:of|in|worth of|net|total|annual|quarterly|a share|per share|the|its"
    r"|outstanding|new"
    r"|share|stock))* (?=\w)"
)
_DEALS = {
    "funding": (
        r"\b(?:rais(?:es?|ed|ing)|secur(?:es?|ed|ing))(?: (?:a|about|just|over|another|up to))* $",
        r"[ -].{0,20}\b(?:funding )?round\b",
    ),
    "investment": (
        r"\b(?:invest(?:s|ed|ing)?|spend(?:s|ing)?|spent|pledg\w+|commit(?:s|ted)?)(?: (?:a|another|up to))* $",
        r" (?:investment|stake)\b",
    ),
    "deal value": (
        r"\b(?:buy|acquire|takeover|merger|acquisition|purchase|sell|sold|bought|acquired)\w*(?: \S+){0,6} for $",
        r"[ -](?:\S+ ){0,2}(?:deal|acquisition|takeover|merger|contract|order|bid|buyout)\b",
    ),
    "market value": (
        r"\b(?:valued at|(?:is|are|was|be|now) worth|valuation of|values? \S+ at|at a) (?=$)",
        r" (?:valuation|market (?:cap|value)\w*|company|giant|startup|ai lab|lab)\b",
    ),
    "earnings per share": (r"\b(?:earn(?:s|ed)?|profit of|loss of|lost)(?: \S+)? $", r" (?:a|per) share\b"),
}
_DEAL = {name: (re.compile(before), re.compile(behind)) for name, (before, behind) in _DEALS.items()}
_EXPECTED = re.compile(
    r"(?:\b(?:vs\.?|versus|against|estimates? (?:of|for)|consensus(?: of)?|expectations? (?:of|for))|\() ?$"
)
_RATIOS = frozenset(
    (
        "gross margin",
        "operating margin",
        "net margin",
        "margin",
        "market share",
        "dividend yield",
        "short interest",
        "payout ratio",
    )
)
_PER_SHARE = re.compile(r"(?: in (?:profit|earnings))?(?: (?:a|per) |/)share\b")
_SHARE_OF = re.compile(r" of (?:the |its |their |total |all )?(?P<measure>revenues?|sales|profits?|float)\b")


def read_business(figure: Figure) -> Statement | None:
    """The amount or ratio of a business that a figure states."""
    if figure.unit not in ("usd", "percent") or _EXPECTED.search(figure.lead) or figure.lead.endswith("from "):
        return None
    measure, before, behind = _measure_before(figure) or _measure_behind(figure) or (None, 0, 0)
    if figure.unit == "usd" and not measure:
        measure, before, behind = _deal(figure)
    if not measure or not _is_measured_in(measure, figure):
        return None
    kind = "amount" if figure.unit == "usd" else "ratio"
    turned = _TO.search(figure.lead[-60:])
    direction = turned.lastgroup if turned else None
    start = figure.start - len(figure.bounding) - before
    return Statement(
        kind, measure, figure.value, figure.unit, direction, figure.bound, None, start, figure.end + behind
    )


def _is_measured_in(measure: str, figure: Figure) -> bool:
    """Whether a measure comes in such figures: margins in percent, revenue in millions, a dividend in dollars too."""
    if figure.unit == "percent":
        return measure in _RATIOS or measure.startswith("share of")
    is_large = figure.scale >= 1e6 or figure.value >= 1e6
    is_per_share = measure in ("earnings per share", "dividend") or _PER_SHARE.match(figure.after)
    return bool(is_large or is_per_share) and measure not in ("price", "neither", "growth")


def _measure_before(figure: Figure) -> tuple[str, int, int] | None:
    """The measure that leads up to the figure, and how long that is."""
    lead = figure.lead[-110:]
    named = [measure for measure in find_measures(lead) if not _is_aside(lead, measure)]
    if not named or not _LINK.match(lead, named[-1].end):
        return None
    return named[-1].name, len(lead) - named[-1].start, 0


def _is_aside(lead: str, measure: Measure) -> bool:
    return measure.kind == "price" and lead[measure.end :].startswith((" buyback", " repurchase"))


def _measure_behind(figure: Figure) -> tuple[str, int, int] | None:
    """The measure right behind the figure, and how far it reaches."""
    if part := _SHARE_OF.match(figure.after):
        is_short = part["measure"] == "float"
        return ("short interest" if is_short else f"share of {part['measure']}"), 0, part.end()
    link = _BEHIND.match(figure.after)
    if not link or (figure.unit == "percent" and " of " in link[0]):
        return None
    named = find_measures(figure.after[link.end() : link.end() + 40])
    if not named or named[0].start > 0:
        return None
    return named[0].name, 0, link.end() + named[0].end


def _deal(figure: Figure) -> tuple[str | None, int, int]:
    """What money changed hands for: funding, an acquisition; a valuation."""
    lead = figure.lead[-70:]
    for name, (before, behind) in _DEAL.items():
        said, follows = before.search(lead), behind.match(figure.after)
        is_share = name == "earnings per share"
        if (said and follows) if is_share else (figure.scale >= 1e6 and (said or follows)):
            return name, len(lead) - said.start() if said else 0, follows.end() if follows else 0
    return None, 0, 0
