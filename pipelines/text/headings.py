"""What a line is besides its words (a heading, a quote, an item of a list), and what stance a heading takes.

Here: rules over single lines, as columns. Not here: which lines stand under which heading
(``sentences.py``), the stance of a sentence from its own words (that is scoring).
"""

import pyarrow as pa
import pyarrow.compute as pc

HEADING_WORDS = 8
HEADING_CHARACTERS = 80
BOLD_HEADING_WORDS = 6  # a longer bold line is somebody shouting

_QUOTE = r"^(?:>\s?)+((?:\$\p{L}|[\p{L}\"'“‘(\[*@#]).*)$"
# "- 5%" is a fall, not an item; "$MU" after a dash is an item. "β" is a mis-read bullet.
_ITEM = r"^(?:[-–—]\s+(?:β(\p{Lu})|(\$?[^\s\d$€£.]))|[•‣▪●◦·]\s*(\S)|\*\s+(\S)|\(?\d{1,2}[.)]\s+(\S))"
_RULE = r"^[-_*=~|:+#>\s]+$"  # lines drawn with signs: "---", "***", "|:-:|"

_MARKED = r"^#{1,6}\s+\S"
_BOLD = r"^(?:\*\*[^*]+\*\*|__[^_]+__)\s*:?$"
_FRAME = r"^[\s#*_]+|[\s*_:：]+$"  # what is around the words of a heading
_NOT_IN_HEADING = r"[$%!;…@#]|\d|[.?]\s|https?:"
_SMALL_LONG_WORD = r"(?:^|\s)\p{Ll}[\p{Ll}'’]{3,}"  # headings write these with a capital, sentences do not
_FEW_WORDS = r"^\S+(?:\s+\S+){0,2}$"

_ABOUT = r"(?:\s+(?:for|on|of|against|in|with|to)\s.{1,40})?"
_TURNED = r"(?:bull(?:ish|s)?|bear(?:ish|s)?)"
_CASE = r"(?:case|thesis|arguments?|scenario|view|side|points?|outlook|factors|signals|catalysts|take)"
_GREAT = r"(?:key|main|major|biggest|top|other|some|potential|possible|downside)"
_RISKS = rf"(?:{_GREAT}\s+)*(?:risks?|risk factors|headwinds)"
_ANNOUNCED = (
    rf"^(?:(?:the|my|our|a|base)\s+)*(?:{_TURNED}\s+{_CASE}{_ABOUT}"
    rf"|why\s+(?:i'm|i am|we're|we are)\s+(?:not\s+|still\s+|so\s+|very\s+|super\s+)?{_TURNED}{_ABOUT}"
    rf"|reasons\s+to\s+(?:buy|sell){_ABOUT}|{_RISKS}(?:\s+to\s+(?:watch|consider|note|know))?{_ABOUT}"
    r"|what\s+could\s+go\s+wrong)\??$"
)
_LABEL = r"^[#*_\s]*(?P<label>[\p{L}'’ ]{3,40}?)[*_\s]*[:：–—][*_]*\s*\S"
_SHORT_LABEL = r"^(?:bull(?:ish)?|bear(?:ish)?|pros|cons|upside|downside|risks?)$"
_CLOSING = (
    r"(?i)^[#*_\s]*(?P<label>tl\s*[;,:/]?\s*dr|edit\s*\d*|update\s*\d*|(?:in\s+)?conclusions?|summary|in\s+summary|bottom\s+line"
    r"|final\s+(?:thoughts?|words)|(?:my\s+)?positions?|disclaimer|disclosure|verdict|overall)\b[*_\s]*[:–—-]"
)

# Markets, trades and games named after the animals announce nothing.
_NO_STANCE = (
    rf"\b{_TURNED}(?:\s+(?:call|put))?\s+(?:market|run|trap|flag|spread|cycle|rally)s?\b"
    r"|\brisks?\s*(?:/|-|and|vs\.?)?\s*(?:reward|return|free|on|off|management|tolerance)\b"
)
_BULLISH = (
    r"\bbull(?:ish|s)?\b|\bupside\b|\btailwinds\b|\bpros\b|\breasons\s+to\s+buy\b|\bstrengths\b"
    r"|\bcase\s+for\b|\bwhy\s+(?:i'm|i\s+am|we're|we\s+are)\s+(?:long|buying)\b"
)
_BEARISH = (
    r"\bbear(?:ish|s)?\b|\bcons\b|\breasons\s+to\s+sell\b|\bweaknesses\b|\bcase\s+against\b"
    r"|\bwhy\s+(?:i'm|i\s+am|we're|we\s+are)\s+(?:short|selling)\b"
)
_RISK = r"\brisks?\b|\bheadwinds\b|\bdownside\b|\bred\s+flags\b|\bwhat\s+could\s+go\s+wrong\b|\bthreats\b"


def strip_quote(lines: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Lines without the ``>`` of a quote, and whether they had one (">5%" and ">.<" do not)."""
    return _without(lines, _QUOTE, r"\1")


def strip_item(lines: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Lines without the bullet or number of a list, and whether they had one."""
    return _without(lines, _ITEM, r"\1\2\3\4\5")


def is_rule(lines: pa.Array) -> pa.Array:
    """Whether a line is drawn, not written."""
    return pc.match_substring_regex(lines, _RULE)


def closing_label(lines: pa.Array) -> pa.Array:
    """The label of a line that ends the section above ("TL;DR: …", "Edit: …", "Positions: …"); else null."""
    return pc.struct_field(pc.extract_regex(lines, _CLOSING), "label")


def heading_words(lines: pa.Array) -> pa.Array:
    """The words of each line that has the form of a heading, without marks and colon; null for the others.

    A heading is marked as one ("## Valuation", "**Valuation**"), or ends with a colon and is short and
    either in title case or of at most three words, or announces a stance in so many words ("Bull case",
    "Why I'm bearish"). Lines with figures, cashtags or several sentences say something themselves and are
    none.
    """
    words = pc.replace_substring_regex(lines, _FRAME, "")
    plain = _plain(words)
    count = pc.count_substring_regex(words, r"\S+")
    is_marked = pc.match_substring_regex(lines, _MARKED)
    is_bold = pc.and_(pc.match_substring_regex(lines, _BOLD), pc.less_equal(count, BOLD_HEADING_WORDS))
    has_colon = pc.match_substring_regex(lines, r"[:：][*_\s]*$")
    is_titled = pc.invert(pc.match_substring_regex(words, _SMALL_LONG_WORD))
    is_introduced = pc.and_(has_colon, pc.or_(is_titled, pc.match_substring_regex(words, _FEW_WORDS)))
    has_form = pc.or_(pc.or_(is_marked, is_bold), pc.or_(is_introduced, pc.match_substring_regex(plain, _ANNOUNCED)))
    is_short = pc.and_(pc.less_equal(count, HEADING_WORDS), pc.less_equal(pc.utf8_length(words), HEADING_CHARACTERS))
    says_something = pc.match_substring_regex(words, _NOT_IN_HEADING)
    is_heading = pc.and_(pc.and_not(has_form, says_something), is_short)
    is_heading = pc.and_(is_heading, pc.match_substring_regex(words, r"\p{L}"))
    return pc.if_else(is_heading, words, pa.scalar(None, pa.string()))


def heading_stance(headings: pa.Array) -> pa.Array:
    """bullish | bearish | risk where a heading announces one of them, null where none or both sides."""
    plain = pc.replace_substring_regex(_plain(headings), _NO_STANCE, " ")
    plain = pc.replace_substring_regex(plain, r"\bnot\s+bullish\b", "bear")
    plain = pc.replace_substring_regex(plain, r"\bnot\s+bearish\b", "bull")
    is_bullish = pc.match_substring_regex(plain, _BULLISH)
    is_bearish = pc.match_substring_regex(plain, _BEARISH)
    is_risk = pc.match_substring_regex(plain, _RISK)
    one_sided = pc.xor(is_bullish, is_bearish)
    return pc.case_when(
        pc.make_struct(pc.and_(one_sided, is_bullish), pc.and_(one_sided, is_bearish), pc.and_not(is_risk, is_bullish)),
        *(pa.scalar(stance) for stance in ("bullish", "bearish", "risk")),
    )


def label_stance(lines: pa.Array) -> pa.Array:
    """The stance that a line's own label announces: "Bull case: memory is sold out" is bullish; else null."""
    if not pc.any(pc.match_substring_regex(lines, _LABEL)).as_py():
        return pa.nulls(len(lines), pa.string())
    label = _plain(pc.struct_field(pc.extract_regex(lines, _LABEL), "label"))
    announces = pc.or_(pc.match_substring_regex(label, _ANNOUNCED), pc.match_substring_regex(label, _SHORT_LABEL))
    return pc.if_else(announces, heading_stance(label), pa.scalar(None, pa.string()))


def _plain(words: pa.Array) -> pa.Array:
    return pc.replace_substring(pc.utf8_lower(words), "’", "'")


def _without(lines: pa.Array, mark: str, rest: str) -> tuple[pa.Array, pa.Array]:
    has_mark = pc.match_substring_regex(lines, mark)
    if not pc.any(has_mark).as_py():
        return lines, has_mark
    return pc.replace_with_mask(
        lines, has_mark, pc.replace_substring_regex(lines.filter(has_mark), mark, rest)
    ), has_mark
