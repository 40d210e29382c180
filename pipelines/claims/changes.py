"""Figures that rose or fell: "jumps over 5%", "-2.4%", "revenue up 93%", "a 14% drop".

Here: the direction, and whether a price moved or a figure of the business grew. Not here: what a price or figure
stands at (``levels.py``, ``business.py``).
"""

import re
from typing import NamedTuple

from pipelines.claims.figures import Figure
from pipelines.claims.measures import Measure, find_measures, is_about_price
from pipelines.claims.statement import Statement

UP = (
    r"tack(?:s|ed|ing)? on|"
    r"up|higher|gain(?:s|ed|ing)?|r[io]se[sn]?|rising|jump(?:s|ed|ing)?|surg(?:es?|ed|ing)|soar(?:s|ed|ing)?"
    r"|rall(?:y|ies|ied|ying)|climb(?:s|ed|ing)?|advanc(?:es?|ed|ing)|add(?:s|ed|ing)?|pop(?:s|ped|ping)?"
    r"|rip(?:s|ped|ping)?|spik(?:es?|ed|ing)|(?:sky)?rocket(?:s|ed|ing)?|moon(?:s|ed|ing)?|leap(?:s|t|ed|ing)?"
    r"|rebound(?:s|ed|ing)?|recover(?:s|ed|ing)?|bounc(?:es?|ed|ing)|return(?:s|ed|ing)?|appreciat(?:es?|ed|ing)"
    r"|r[ua]n(?:s|ning)? up|green|grew|grow(?:s|n|ing)?|increas(?:es?|ed|ing)|expand(?:s|ed|ing)?"
    r"|widen(?:s|ed|ing)?|improv(?:es?|ed|ing)"
)
DOWN = (
    r"down|lower|f[ae]ll(?:s|en|ing)?|drop(?:s|ped|ping)?|los(?:t|es?|ing)|slid(?:es?|ing)?|slip(?:s|ped|ping)?"
    r"|s[iau]nk(?:s|ing)?|plung(?:es?|ed|ing)|plummet(?:s|ed|ing)?|tumbl(?:es?|ed|ing)|crash(?:es|ed|ing)?"
    r"|crater(?:s|ed|ing)?|tank(?:s|ed|ing)?|shed(?:s|ding)?|dip(?:s|ped|ping)?|slump(?:s|ed|ing)?"
    r"|declin(?:es?|ed|ing)|decreas(?:es?|ed|ing)|retreat(?:s|ed|ing)?|off|red|s[eo]l[ld](?:s|ing)? off"
    r"|pull(?:s|ed|ing)? back|shr[aiu]nk(?:s|ing)?|contract(?:s|ed|ing)?|narrow(?:s|ed|ing)?|wip(?:es?|ed|ing)"
    r"|eras(?:es?|ed|ing)"
)
# A headline's present tense: the price is on its way while it is written.
_SURGING = re.compile(
    r"^(?:jumps?|surges?|soars?|plunges?|plummets?|tanks?|craters?|spikes?|rips?|pops?|(?:sky)?rockets?|tumbles?"
    r"|crashes|rallies|leaps?|slumps?|sinks?|moons?)\b"
)
# The same of a quieter price: what is said of no other days is said of the session.
IS_MOVING = re.compile(
    rf"{_SURGING.pattern[1:]}|(?:rises|gains|climbs|advances|adds|falls|drops|loses|slides|slips|sheds|dips|declines)\b"
)
_WITHIN_SESSION = re.compile(r"\b(?:as (?:much|high|low) as|at one point|intra-?day|at (?:the|its) (?:highs?|lows?))\b")
_NEVER_A_PRICE = re.compile(r"^(?:grew|grow(?:s|n|ing)?|growth|expand\w*|widen\w*|narrow\w*|contract\w*)\b|\bgrowth\b")

_VERB = re.compile(
    rf"(?<![\w-])(?:(?P<up>{UP})|(?P<down>{DOWN}))(?: (?:back|another|an?|further|just|only|even|some|by|of|down|up"
    r"|as (?:much|high|low) as|additional|on average|in total|whopping|massive|extra|over))*[ :]*$"
)
_NOUN_BEFORE = re.compile(
    r"\b(?:(?P<up>growth|gains?|increase|rise|jump)|(?P<down>declines?|loss|drop|fall|decrease)) (?:of|was|is) $"
)
_NOUN = re.compile(
    r"-? ?(?:(?!(?:of|chance|in|the|and|or|from|to|for|on|at|who|are|is|as)\b)[a-z'-]{1,20} ){0,2}?"
    r"(?:(?P<up>jump|gain|rise|surge|rally|climb|advance|pop|spike|increase|growth|upside|rebound|bounce|run-?up|leap"
    r"|higher|up(?! to)|in the green)"
    r"|(?P<down>drop|fall|decline|loss|slide|slump|plunge|dip|decrease|sell-?off|pullback|correction|crash|tumble"
    r"|haircut"
    r"|lower|down|downside|in the red|off (?:the|its|their) (?:shares?|stock|price|value|highs?|peak)))(?!\w)"
)
_AGO = re.compile(r"\bago\b")  # "a week ago it stood 12% lower"
_IN_WHAT = re.compile(r" (?:in |of |for )?(?:its |the |their )?(?P<what>[a-z0-9' -]{1,25})")
_PART_OF = re.compile(r" of (?!(?:its|their|the) (?:market )?value)| (?:chance|odds|sure|days?|moves?|swings?)\b")
_SIDE = re.compile(
    r"(?:well |way |just |far )?(?:above|over|past|beyond|below|under|beneath)\b"
)  # of a level: "fell below $90"
# "The beat sends it up 8%": what goes up is a price, whatever the sentence began with.
_PUSHED = re.compile(r"\b(?:send|sent|driv|drove|push|lift|boost|drag|knock|help|leav|left)\w* (?:\S+ ){0,4}$")
_POSTED = re.compile(r"\b(?:posts?|posted|reports?|reported|registers?|registered) (?:an? )?$")
_OVER_A_YEAR = re.compile(
    r"[ ,(]*(?:yoy|y/y|qoq|q/q|year[- ](?:over|on)[- ]year|quarter[- ](?:over|on)[- ]quarter|sequentially"
    r"|(?:from|than) (?:a|the) (?:(?:same|prior|previous) )?(?:year|quarter))"
)


class _Direction(NamedTuple):
    """Up or down, and the words that say so: ``words`` is empty where it is only the sign."""

    direction: str
    words: str
    said: str  # the clause before those words
    start: int
    end: int


def read_change(folded: str, figure: Figure) -> Statement | None:
    """The move of a price, or the growth of a business figure, that a figure states; None for neither."""
    turned = _direction(figure)
    if not turned or _PART_OF.match(figure.after) or _AGO.search(turned.said):
        return None
    measure = _subject(figure, turned)
    if measure == "neither":
        return None
    is_price = measure == "price" and not _NEVER_A_PRICE.search(turned.words)
    if figure.unit != "percent":
        is_level = figure.unit == "usd" and _SIDE.match(figure.bounding)
        if not is_price or is_level or figure.scale > 1 or not is_about_price(folded):
            return None
    elif not is_price:
        name = "growth" if measure == "price" else measure
        return _statement("ratio", name, figure, turned, None)
    within = _SURGING.match(turned.words) or _WITHIN_SESSION.search(figure.lead) or _WITHIN_SESSION.search(figure.after)
    return _statement("move", "price", figure, turned, "intraday" if within else "close")


def _statement(kind: str, measure: str, figure: Figure, turned: _Direction, basis: str | None) -> Statement:
    return Statement(
        kind, measure, figure.value, figure.unit, turned.direction, figure.bound, basis, turned.start, turned.end
    )


def _direction(figure: Figure) -> _Direction | None:
    """Where the figure goes, by the nearest word before or behind it, else by its sign."""
    if figure.unit not in ("percent", "usd", "points"):
        return None
    lead, begins = figure.lead, figure.start - len(figure.bounding) - len(figure.lead)
    tail = max(0, len(lead) - 80)
    if before := _VERB.search(lead, tail) or _NOUN_BEFORE.search(lead, tail):
        at = before.start()
        return _Direction(before.lastgroup or "", before[0], lead[:at], begins + at, figure.end)
    if figure.unit == "usd":
        return None
    if behind := _NOUN.match(figure.after):
        words_end = figure.end + behind.end()
        return _Direction(behind.lastgroup or "", behind[0].strip(), lead, figure.start, words_end)
    if figure.sign:
        return _Direction("up" if figure.sign == "+" else "down", "", lead, figure.start, figure.end)
    return None


def _subject(figure: Figure, turned: _Direction) -> str:
    """What rose or fell: price (also where nothing is said), a business measure, or neither."""
    near = turned.said[turned.said.rfind(", ") + 2 :] if ", " in turned.said else turned.said
    inside = find_measures(turned.words) + _of_what(figure, turned)
    acts = len(near.rstrip())  # "after revenue jumped 38%": what stands before the verb is its subject
    named = inside or [one for one in find_measures(near) if not one.is_occasion or one.end >= acts]
    if not named and near == "":
        named = _before_comma(turned.said)
    if not inside and _PUSHED.search(near[-60:]):
        return "price"
    if _OVER_A_YEAR.match(figure.after) and not any(measure.kind != "price" for measure in named):
        named = [measure for measure in find_measures(turned.said) if measure.kind == "business"]
        return named[-1].name if named else "growth"
    if not named:
        return "growth" if turned.end > figure.end and _POSTED.search(near) else "price"
    return (named[0] if inside else named[-1]).name


def _of_what(figure: Figure, turned: _Direction) -> list[Measure]:
    """The measure right behind the words of change: "a jump in the stock", "adds 6% revenue growth"."""
    said = _IN_WHAT.match(figure.after, turned.end - figure.end)
    is_noun = turned.end > figure.end
    named = find_measures(said["what"]) if said else []
    return [one for one in named if is_noun or (one.kind == "business" and one.start == 0)]


def _before_comma(said: str) -> list[Measure]:
    """The measure that ends right before a comma: "revenue, up 93%"."""
    return [measure for measure in find_measures(said) if measure.end >= len(said.rstrip(", "))]
