"""Banks and research houses as the source of what is said of others: ``UBS raised its target on Micron``.

Here: whether a house speaks at a place or is spoken of, by the words around its name. A house that speaks is no
subject: the sentence holds no opinion about it. Not here: which instruments are houses (``name_is_word`` in
``instruments.csv``); ``$UBS``, which is never asked, because who tags a bank means the bank.
"""

import re
from itertools import pairwise

import numpy as np

from pipelines.text.joined import Joined
from pipelines.text.lexicon import Found, Lexicon

_REACH = 120  # bytes read to each side
_LONGEST_JOINT = 40  # bytes between two names of one list
_APOSTROPHES = str.maketrans("\u2019\u02bc\u2018", "'''")
_GRADE = (
    r"(?:buy|sell|hold|add|accumulate|neutral|overweight|underweight|equal[ -]weight|outperform|underperform"
    r"|(?:market|sector|peer)[ -](?:perform|weight))"
)
_TARGET = r"(?:price (?:target|objective)s?|target prices?|pts?\b|tps?\b)"
# What a house sets: a target, a rating, a grade. Not: raises $2bn to buy a rival.
_SET = (
    rf"\b(?:{_TARGET}|price (?:forecast|estimate|outlook)s?|targets? (?:on|for|to|of|at)\b"
    r"|(?:its|their|his|her) targets?\b|ratings?\b|coverage\b|top pick"
    rf"|(?:at|to|a|an|its|on|as|from) [\"']?{_GRADE}\b(?! (?:back|out|off|up|a|an|the|its|more|shares|stake|assets)\b)"
    r"|conviction|call\b)"
)
_STAFF = (
    r"(?:(?:senior|lead|top|star|chief|head|us|u\.s\.|global|india|china|asia|europe|equity|credit|quant|commodity|tech"
    r"|technology|semiconductor|chip|software|auto|bank|oil|retail|internet|media|hardware|market|sell-side|research"
    r"|investment) ){0,4}(?:analysts?|strategists?|economists?|researchers?|research (?:note|report|head)|survey"
    r"|comments)\b(?! (?:estimates?|expectations|consensus|forecasts?)\b)"
)
_FORM = (
    r"(?:,? (?:inc|co|corp|group|holdings|securities|capital|markets|global|research|chase|ag|plc|& ?co|and co)\b\.?)"
    r"{0,4}"
)
_HEAD = rf"\)?(?:'s?)?{_FORM}(?:'s?)?(?: \([a-z: .]{{1,16}}\))?,? "
_PERSON = r"(?:(?-i:[A-Z])[\w.'-]{1,20} ){0,3}?"
_ADVERB = r"(?:(?:has|have|had|also|now|today|just|recently|still|again|and|on \w{3,6}day|this morning) ){0,3}"
_HAS_GRADE = rf"(?:has|have|had) (?!.{{0,12}}(?:consensus|average))[^;!?]{{0,60}}?{_SET}[^;!?]{{0,30}} (?:on|for)\b"
_NOW = (
    r"(?:raise|lift|boost|hike|up|cut|lower|trim|slashe?|reduce|increase|bump|adjust|keep|maintain|retain|set|put|give"
    r"|assign|move|slap|place|rate|rank|stick|peg|add|name|hold|revise)s"
)
_THEN = (
    r"(?:raised|lifted|boosted|hiked|upped|cut|lowered|trimmed|slashed|reduced|increased|bumped|adjusted|kept|maintained"
    r"|retained|set|put|gave|assigned|moved|slapped|placed|rated|ranked|stuck|pegged|added|named|raising|cutting"
    r"|lifting|keeping|lowering|boosting)(?! (?:to|by|from|at|as|in)\b)"
)
_MOOD = (
    r"(?:bullish|bearish|positive|negative|cautious|upbeat|neutral|overweight|underweight|constructive|s[ck]eptical)"
)
_ITSELF = (
    r"(?! (?:that )?(?:(?:weak|strong|higher|lower|better|record|adjusted|net|more|further|flat|slower|annual) ){0,2}"
    r"(?:it|its|it's|we|our|they|their|the bank|income|profits?|earnings|revenues?|results|quarterly|expenses?"
    r"|costs?|charges?|loss|losses|first|second|third|fourth|q[1-4]|jobs?|layoffs)\b)"
)
# After the name, whatever else the sentence holds.
_SPEAKS = re.compile(
    rf"{_HEAD}(?:{_STAFF}|{_PERSON}{_ADVERB}(?:upgrades|downgrades|reiterates?|reaffirms?|initiates?"
    r"|(?:upgraded|downgraded|reiterated|reaffirmed|initiated)(?! (?:to|by|at|from|as|on|after|in|with|for)\b)(?= \w)"
    r"|(?:starts?|started|begins?|began|resumes?|resumed|assumes?|assumed|launches|launched|drops|dropped) coverage"
    rf"|{_NOW}\b[^;!?]{{0,90}}?{_SET}|{_THEN}[^;!?]{{0,90}}?{_SET}|{_HAS_GRADE}"
    rf"|(?:(?:is|are|was|remain(?:s|ed)|stay(?:s|ed)|turn(?:s|ed)) (?:\w+ )?)?'?{_MOOD}'? (?:on|about)\b"
    rf"(?! the (?:day|year))|(?:sees|predicts|forecasts|recommends?|likes|prefers|favou?rs){_ITSELF}(?= \w)"
    r"|(?:us 1|conviction|focus|best ideas|top picks)(?: buy| sell)? list\b))"
    # Its conference: the host is not the subject.
    r"|(?:'s)?(?: (?:(?-i:[A-Z0-9&])[\w&.'-]{0,20}|of|and|on)){0,7} (?:conference|summit|forum|symposium)\b",
    re.IGNORECASE,
)
_IS_CHANGED = r"(?! (?:\w+ )?(?:raised|cut|lowered|lifted|upped|hiked|increased|reduced|boosted|trimmed|set)\b)"
# After the name, where the sentence names another company.
_SPEAKS_OF_ANOTHER = re.compile(
    rf"{_HEAD}(?:{_PERSON}{_ADVERB}(?:says?|said|expects?|notes?|noted|writes|wrote|warns?|warned|estimates?|reckons"
    rf"|argues?|believes?|thinks?|tells|told){_ITSELF}\b|{_TARGET}{_IS_CHANGED})|\s?: .{{0,90}}{_SET}",
    re.IGNORECASE,
)
# Before the name: "according to analysts at", "upgraded to buy by".
_IS_CITED = re.compile(
    r"(?:\baccording to(?: [\w.'-]{1,20}){0,6}|\bper|\bas per"
    r"|\b(?:analysts?|strategists?|economists?|research|note|survey|data|the team|comments|commentary)"
    r"(?: [\w.'-]{1,20}){0,4} (?:at|from|by|of)"
    rf"|\b(?:upgrad\w{{1,3}}|downgrad\w{{1,3}}|initiat\w{{1,3}}|reiterate[ds]?|reaffirmed|rated|ratings?|{_TARGET}|target"
    rf"|coverage|top pick|(?:to|at|a|is|as) [\"']?{_GRADE})\b[^;!?]{{0,60}} (?:by|at|from))"
    r"(?: (?:the |its )?(?:\w{1,12} )?analysts? (?:at|from))? (?:the )?$",
    re.IGNORECASE,
)
_SAYINGS = frozenset(("says", "said", "warns", "thinks", "reckons", "predicts", "estimates", "notes"))
_IS_CLOSED = re.compile(rf"{_FORM}\s?(?:$|[.,;:|\"”)#$@\[(–—-])", re.IGNORECASE)
_BY_LINE = (": ", "– ", "— ", "- ", "| ")  # "Margins likely to rise: Barclays"
_SHORTEST_LINE = 4  # words before that; fewer are a label
_ENDS = re.compile(r"\W*$")
_LINKS = frozenset(("at", "from", "by", "of", "per", "the"))  # the last word before a house that is cited
_OCCASIONS = frozenset(("on", "after", "following", "as"))
_CALL = re.compile(
    rf"(?:'s?)? (?:upgrade|downgrade|initiation|call|note|{_TARGET})s?\b(?! (?:to|by|from)\b)", re.IGNORECASE
)
_JOINT = re.compile(rf"{_FORM}(?:'s)?\s?(?:,|,? and|,? &|/|,? or|\()\s?", re.IGNORECASE)
_COMMON_JOINTS = frozenset((b", ", b" and ", b" & ", b" (", b"/"))


def find_speakers(lexicon: Lexicon, joined: Joined, asked: Found, named: Found) -> np.ndarray:
    """Which of ``asked`` are houses that speak of others; ``named``: all that the sentences name."""
    speaks = np.zeros(len(asked.start), dtype=bool)
    places = np.flatnonzero(lexicon.is_house[asked.instrument])
    places = places[np.lexsort((asked.end[places], asked.start[places]))]
    if not len(places):
        return speaks
    rows = joined.rows(asked.start[places])
    named_rows = joined.rows(named.start)
    is_near = np.isin(named_rows, rows)
    companies = np.column_stack([named_rows[is_near], lexicon.company[named.instrument[is_near]]])
    companies = np.unique(companies, axis=0)[:, 0]
    count = np.searchsorted(companies, rows, side="right") - np.searchsorted(companies, rows)
    known: dict[tuple[str, str], bool] = {}  # the same words around again have the same answer
    for place, is_with_another in zip(places.tolist(), (count > 1).tolist(), strict=True):
        around = _around(joined, int(asked.start[place]), int(asked.end[place]))
        if around not in known:
            known[around] = _is_source(*around)
        speaks[place] = known[around] or (is_with_another and bool(_SPEAKS_OF_ANOTHER.match(around[1])))
    # "Citi, UBS and Barclays cut their targets": what goes for one goes for all.
    is_joint = [_is_joint(joined, int(asked.end[one]), int(asked.start[two])) for one, two in pairwise(places.tolist())]
    for steps in (range(len(is_joint)), range(len(is_joint) - 1, -1, -1)):
        for step in steps:
            if is_joint[step] and speaks[places[step : step + 2]].any():
                speaks[places[step : step + 2]] = True
    return speaks


def _is_source(before: str, after: str) -> bool:
    """Whether the words around the name make the house the one who speaks, whatever else the sentence holds."""
    last = before.rstrip().rpartition(" ")[2].lower()
    return bool(
        _SPEAKS.match(after)
        or ((last in _LINKS or "ccording to" in before) and _IS_CITED.search(before))
        or (last in _SAYINGS and _IS_CLOSED.match(after))
        or (last in _OCCASIONS and _CALL.match(after))
        or (before.endswith(_BY_LINE) and len(before.split()) >= _SHORTEST_LINE and _ENDS.fullmatch(after))
    )


def _around(joined: Joined, start: int, end: int) -> tuple[str, str]:
    """The words before and after a visible span, in its sentence, with single spaces and straight apostrophes."""
    before = joined.visible[max(0, start - _REACH) : start].tobytes().rpartition(b"\xff")[2]
    after = joined.visible[end : end + _REACH].tobytes().partition(b"\xff")[0]
    return _plain(before), _plain(after)


def _plain(text: bytes) -> str:
    return re.sub(r"\s+", " ", text.decode("utf-8", "ignore").translate(_APOSTROPHES))


def _is_joint(joined: Joined, end: int, start: int) -> bool:
    """Whether only "and", a comma or a bracket stands between two names."""
    if not 0 < start - end < _LONGEST_JOINT:
        return False
    gap = joined.visible[end:start].tobytes()
    return gap in _COMMON_JOINTS or bool(_JOINT.fullmatch(_plain(gap)))
