"""The position that an author says to hold: "I'm long", "bought puts", "short $INTC".

Here: what a text states of its author. Not here: the tag that a source declares beside the text, and the tone
of a text (`score`). Only the author's own position in the present counts: no advice, question, wish or
memory, nobody else's position, no retweet, and no text that states both sides.
"""

import pyarrow as pa
import pyarrow.compute as pc

_TICKER = r"\$[a-z][a-z.]{0,6}\b"
_SOME = r"(?:[^\s.!?,;]+\s+){0,5}"

# Where a statement of one's own begins: at a sentence or clause, or after a first person.
_START = (
    r"(?:^|[.!?;:,(|\n]\s*|\s-\s|\b(?:i|we|i've|ive|i have|we've|i'm|im|i am|we're|we are)\s+)"
    r"(?:(?:and|just|also|recently|again|finally|only|now|still|currently|then|so|but)\s+)*"
)
_I_AM = (
    rf"(?:\b(?:i'?m|i am|we're|we are|me|disclosure|disclaimer|disc|position)[,:]?\s+"
    rf"|{_START}(?:still|remain|staying)\s+)"
    r"(?:(?:am|i'?m|still|now|very|super|mega|quite|also|already|net|all|heavily|massively|staying|extremely)\s+)*"
)
_GOES = r"(?:went|going|gone|go|stay|staying)\s+"
_BUY = (
    r"(?:bought|buying|grabbed|grabbing|loaded|loading|added|adding|picked up|picking up"
    r"|holding|hodling|own)\s+"
)
_SELL = r"(?:sold|selling|wrote|writing)\s+"

_BULLISH = "(?i)" + "|".join(
    (
        rf"{_I_AM}(?:long|bullish)\b",
        rf"{_START}{_GOES}long\b",
        rf"{_START}long\s+{_SOME}{_TICKER}",
        rf"{_START}(?:{_BUY}|long\s+){_SOME}calls\b",
        rf"{_START}{_BUY}(?:(?:more|some|my|up|on|to|the|dip|in|a|lot|of|shares|position)\s+)*{_TICKER}",
        rf"{_START}(?:{_SELL}|short\s+){_SOME}puts\b",
        r"\bmy (?:calls|longs) (?:are|will|print|paid|pay)",
    )
)
_BEARISH = "(?i)" + "|".join(
    (
        rf"{_I_AM}(?:short|bearish)\b",
        rf"{_START}{_GOES}short\b",
        rf"{_START}(?:short|shorted|shorting)\s+{_SOME}{_TICKER}",
        rf"{_START}(?:{_BUY}|long\s+){_SOME}puts\b",
        rf"{_START}(?:{_SELL}|short\s+){_SOME}calls\b",
        r"\bmy (?:puts|shorts) (?:are|will|print|paid|pay)",
    )
)
_HINTS = r"(?i)\b(?:long|short|bullish|bearish|calls?|puts?)|\$[a-z]"

# The options of a ticker are a position in the options: "$QQQ 300 puts" becomes "puts".
_STRIKES = r"(?:[^\s.!?,;]*\d\S*\s+|(?:weekly|weeklies|monthly|otm|itm|atm)\s+){0,3}"
_OPTIONS = (
    (rf"(?i){_TICKER}\s+{_STRIKES}(?:calls?|\$?\d[\d.]*\s?c)\b", "calls"),
    (rf"(?i){_TICKER}\s+{_STRIKES}(?:puts?|\$?\d[\d.]*\s?p)\b", "puts"),
)
# Words that take no side, and statements that are none: quoted, negated, wished for, remembered, conditional,
# asked.
_UNSTATED = "(?i)" + "|".join(
    (
        r"^\W*rt\W[\s\S]*",
        r"\blong story short\b",
        r"\b(?:short|long)[\s-]+"
        r"(?:term|run|squeeze|covering|interest|sellers?|time|way|story|ago|enough|list|dated)\b",
        r"\b(?:not|never|\w+n't|if|wish|should|would|could|might|may|was|were|used to|before|until|unless"
        r"|when|why)\s+"
        r"(?:[^\s.!?]+\s+){0,3}"
        r"(?:long|short|bullish|bearish|bought|buying|loaded|added|sold|selling|shorting|shorted)\b",
        r"\b(?:long|short)\s+(?:[^\s.!?]+\s+){0,2}(?:if|unless|when)\b",
        r"[^.!?\n]*\?",
    )
)


def stated_stance(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`bullish`, `bearish`, or NULL where the author states no own position, or both; one row per text, in
    order.

    Time grows linearly with the text. Raises TypeError for anything but strings.
    """
    if not (pa.types.is_string(texts.type) or pa.types.is_large_string(texts.type)):
        raise TypeError(f"texts are strings, not {texts.type}")
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    is_candidate = pc.fill_null(pc.match_substring_regex(texts, _HINTS), False)
    stated = pc.replace_substring(texts.filter(is_candidate), "’", "'")
    stated = pc.replace_substring_regex(stated, _UNSTATED, ".")
    for options, side in _OPTIONS:
        stated = pc.replace_substring_regex(stated, options, side)
    is_bullish = pc.match_substring_regex(stated, _BULLISH)
    is_one = pc.xor(is_bullish, pc.match_substring_regex(stated, _BEARISH))
    stances = pc.if_else(is_one, pc.if_else(is_bullish, "bullish", "bearish"), pa.scalar(None, pa.string()))
    return pc.replace_with_mask(pa.nulls(len(texts), pa.string()), is_candidate, stances)
