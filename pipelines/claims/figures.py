"""Figures in a sentence, with unit, sign and bound: "over 5%", "$1,500+", "9.74x", "98 cents".

Here: which characters are one figure, and the words of its clause before and after. Not here: what it claims.
Ranges, ratios, versions, option strikes, dates with slashes and foreign currencies are no figures.
"""

import re
import unicodedata
from itertools import pairwise
from typing import NamedTuple

MOST_FIGURES = 24  # a sentence with more is a table

_SCALES = {"": 1.0, "k": 1e3, "thousand": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}  # else by the first letter
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "−": "-", "‑": "-", "—": ";", "…": "."})
_FIGURE = re.compile(
    r"(?<![\w.,:/$€£¥#@&*^%-])(?P<sign>[+-](?=[\d$.]))?(?P<currency>(?:us)?\$ ?|usd )?"
    r"(?P<digits>\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,6})?|\d{1,12}(?:\.\d{1,6})?|\.\d{1,4})"
    r"(?P<scale>[ -]?(?:thousand|million|billion|trillion|mn|mln|bn|bln|tn)\b|(?:mm|k|m|b|t)\b)?"
    r"(?P<unit> ?(?:%|percent\b|per cent\b|pct\b)|x\b| times\b| dollars?\b| bucks\b| cents?\b|[ -]points?\b| pts\b)?"
    r"(?![\w/%]|[-:.,]\d|'s\b|-for-)"
)
_UNITS = {"%": "percent", "p": "percent", "x": "times", "t": "times", "d": "usd", "b": "usd", "c": "usd"}
_OPTION = re.compile(r"[ -]?(?:strikes?|calls?|puts?|leaps?|c|p|cc|csp)\b|\s?(?:otm|itm|dte)\b")
_FOREIGN_BEFORE = re.compile(r"(?:rs\.?|inr|eur|gbp|jpy|yen|rmb|cny|chf|sek|nok|krw|cad|aud|hkd|sgd|twd) ?$")
_FOREIGN_BEHIND = re.compile(r" (?:crores?|cr|lakhs?|euros?|pounds?|yen|yuan|rupees?|won|francs?|kronor)\b")
_RANGE_BETWEEN = re.compile(r" ?- ?| to | (?:and|or) ")
_FROM = re.compile(
    r"\b(?:from|rais\w+|cut|lower\w*|(?:f[ae]ll|r[io]s|drop|gain|jump|los[est]|slip|slid|climb|add|tumbl|up"
    r"|down)\w*) $"
)
_BOUNDS = {
    "at_least": re.compile(
        r"(?:\b(?:(?:well |way |just |far )?(?:over|above|past|beyond|more than|greater than|in excess of)|at least"
        r"|north of|upwards? of|a minimum of)|>=?|≥) ?$"
    ),
    "at_most": re.compile(
        r"(?:\b(?:(?:well |way |just |far )?(?:under|below|beneath|less than)|at most|up to|no more than|south of"
        r"|a maximum of)|<=?|≤) ?$"
    ),
    "about": re.compile(
        r"(?:\b(?:about|around|roughly|nearly|almost|approximately|approx\.?|some|close to|near|circa|like"
        r"|(?:a bit|a little|just) shy of)|~|≈) ?$"
    ),
}
_MORE_AFTER = re.compile(r"\+(?!\d)| or (?:more|higher|better)\b| plus\b")
_CLAUSE_END = re.compile(
    r"[;!?]|\.(?= )| - | \| | // |,? (?:but|while|whereas|although|though|yet|compared (?:to|with)) "
    r"|\((?=[^)]{0,80}\d)|(?<=[\dx%bnm])\)"  # "(Nasdaq 25.5x)", not "(MU)"
)


class Figure(NamedTuple):
    """One figure; offsets in characters of the sentence, texts folded."""

    value: float  # as said: 5.58 for 5.58%, 65e9 for $65 billion
    unit: str | None  # percent, usd, times, points; None for a bare number
    scale: float  # 1e6 for a million; 1 where it is written in full
    sign: str | None  # + or -
    bound: str  # exact, about, at_least, at_most
    bounding: str  # the words that say so, before it
    start: int  # with its sign and currency, without the words of the bound
    end: int
    lead: str  # its clause up to the words of the bound
    after: str  # its clause behind it


def fold(sentence: str) -> str:
    """The sentence in lower case with plain digits, quotes, spaces and dashes, character for character."""
    if sentence.isascii():
        return sentence.lower()
    return "".join(map(_fold_character, sentence.translate(_PLAIN)))


def _fold_character(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if len(folded) == 1 else character


def clause_edges(folded: str) -> list[int]:
    """Where clauses begin, and the end of the sentence."""
    return [0, *(match.end() for match in _CLAUSE_END.finditer(folded)), len(folded)]


def find_figures(folded: str) -> list[Figure]:
    """All figures of a folded sentence, in order; none of a sentence that is a table."""
    matches = list(_FIGURE.finditer(folded))
    if len(matches) > MOST_FIGURES:
        return []
    edges = clause_edges(folded)
    figures = [figure for match in matches if (figure := _figure(folded, match, edges))]
    in_range = {end for pair in pairwise(figures) if _is_range(folded, *pair) for end in pair}
    return [figure for figure in figures if figure not in in_range]


def _is_range(folded: str, low: Figure, high: Figure) -> bool:
    """Whether two figures are the ends of one: "$90 to $95", "between 5% and 7%"; not "from $100 to $120"."""
    between = _RANGE_BETWEEN.fullmatch(folded, low.end, high.start)
    if not between or low.unit not in (high.unit, None) or low.value >= high.value:
        return False
    is_joined = "and" not in between[0] or low.lead.endswith("between ")
    return is_joined and not (low.unit == "usd" and _FROM.search(low.lead))


def _figure(folded: str, match: re.Match[str], edges: list[int]) -> Figure | None:
    start, end = match.span()
    begins = max(edge for edge in edges if edge <= start)
    ends = min((edge for edge in edges if edge > end), default=len(folded))
    before, after = folded[begins:start], folded[end:ends]
    if _OPTION.match(after) or _FOREIGN_BEFORE.search(before[-8:]) or _FOREIGN_BEHIND.match(after):
        return None
    written = (match["unit"] or "").strip(" -")
    unit = _UNITS.get(written[:1]) if match["unit"] else None
    unit = "points" if written.startswith(("po", "pt")) else unit
    unit = unit or ("usd" if match["currency"] else None)
    scale = (match["scale"] or "").strip(" -")
    factor = _SCALES.get(scale) or _SCALES[scale[0]]
    value = float(match["digits"].replace(",", "")) * factor
    value = value / 100 if written.startswith("cent") else value
    bound, bounding = _bound(before, after)
    lead = before[: len(before) - len(bounding)]
    return Figure(value, unit, factor, match["sign"], bound, bounding, start, end, lead, after)


def _bound(before: str, after: str) -> tuple[str, str]:
    """The bound, and the words before the figure that say it."""
    for bound, pattern in _BOUNDS.items():
        if said := pattern.search(before[-30:]):
            return bound, said[0]
    return ("at_least", "") if _MORE_AFTER.match(after) else ("exact", "")
