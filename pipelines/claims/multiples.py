"""Valuation multiples: "9.74x forward earnings", "25 times sales", "P/E of 12", "(Nasdaq 25.5x)".

Not here: anything else that is so many times something ("10x faster").
"""

import re

from pipelines.claims.figures import Figure
from pipelines.claims.statement import Statement

_WHEN = r"(?:(?:forward|fwd|trailing|ttm|ntm|ltm|expected|estimated|projected|next year's|this year's|annual|20\d\d) )?"
_OF = (
    r"(?:price[- ]to[- ])?(?:earnings|sales|revenues?|book(?: value)?|tangible book|ebitda|ebit|free cash flow|fcf"
    r"|cash flow|eps|p/e|profits?)"
)
_BASE_BEHIND = re.compile(rf" (?P<measure>{_WHEN}(?:(?:its|their|the) )?{_WHEN}{_OF})\b")
_NAME = (
    rf"{_WHEN}(?:p/e|p/s|p/b|pe|ev/(?:ebitda|sales|revenue)|price[- ]to[- ](?:earnings|sales|book)"
    r"|price[-/]earnings)"
)
_NAMED_BEFORE = re.compile(
    rf"\b(?P<measure>{_NAME})(?: (?:ratio|multiple))?(?: (?:of|at|is|was|stands at|now|just|only|sits at|under"
    rf"|over))*[ :=]*$"
)
_MULTIPLE_BEHIND = re.compile(r" (?:(?:forward|earnings|sales|p/e|pe|valuation) )?multiple\b")
_VALUED = re.compile(r"\b(?:trad(?:es?|ed|ing)|valued|fetch(?:es)?|multiple)(?: (?:at|on|of|for|just|only|a|now))+ $")
_IN_FULL = {"pe": "earnings", "p/e": "earnings", "p/s": "sales", "p/b": "book"}


def read_multiple(figure: Figure, earlier: Statement | None) -> Statement | None:
    """The multiple that a figure states; ``earlier`` is the one stated before it in the same sentence."""
    if figure.unit not in ("times", None) or figure.scale > 1:
        return None
    before = _NAMED_BEFORE.search(figure.lead[-60:])
    if figure.unit is None:
        is_whole = re.match(r"$|[\s.,;)!?](?!\d)", figure.after)
        return _statement(figure, before["measure"], len(before[0]), 0) if before and is_whole else None
    if behind := _BASE_BEHIND.match(figure.after):
        return _statement(figure, behind["measure"], 0, behind.end())
    if before:
        return _statement(figure, before["measure"], len(before[0]), 0)
    if multiple := _MULTIPLE_BEHIND.match(figure.after):
        return _statement(figure, "earnings", 0, multiple.end())
    if _VALUED.search(figure.lead[-40:]):
        return _statement(figure, "earnings", 0, 0)
    if earlier:
        return _statement(figure, earlier.measure or "earnings", 0, 0)
    return None


def _statement(figure: Figure, measure: str, before: int, behind: int) -> Statement:
    start = figure.start - len(figure.bounding) - before
    words = measure.replace("fwd", "forward").replace("price to ", "").replace("price-to-", "").split()
    measure = " ".join(_IN_FULL.get(word, word) for word in words if word not in ("its", "their", "the"))
    return Statement("multiple", measure, figure.value, "times", None, figure.bound, None, start, figure.end + behind)
