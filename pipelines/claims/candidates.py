"""Which sentences may hold a claim: cheap patterns over whole columns (RE2), wider than the rules that follow.

Not here: the rules; a sentence left out here is never read.
"""

from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

_NUMBER = r"\p{Nd}"
_GAP = r"[\s\x{a0}\x{202f}]"
_WITH_UNIT = (
    rf"(?i)[$＄]{_GAP}?\.?{_NUMBER}|{_NUMBER}{_GAP}?(?:[%％]|percent|per cent|pct|x\b|×|times\b|-?points?\b|pts\b"
    rf"|dollars?\b|bucks\b|cents?\b)"
    rf"|usd{_GAP}{_NUMBER}"
)
_BARE = (
    r"(?i)\b(?:pts?|tp|targets?|objective|p/e|pe|p/s|p/b|ev/\w+|price|eo[ymwd]|nasdaq|dow|s&p|spx|russell|nikkei"
    r"|dax|ftse|vix"
    r"|bitcoin|btc|ether|ethereum|eth|solana|sol|clos(?:es?|ed|ing)|finish(?:es|ed)|end(?:s|ed)|trad(?:es?|ed|ing))\b"
)
_EVENT = (
    r"(?i)\b(?:earnings|results|reports?|er|ex-div|fda|ema|pdufa|adcom|split|ipo|listing|debut|day|meeting|agm"
    r"|vote|dividend"
    r"|conference|keynote|wwdc|gtc|summit|launch|event|lock-?up|deal|merger|acquisition|takeover|halving|delist)"
)
_DAY = (
    rf"(?i)\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?{_GAP}{_NUMBER}|{_NUMBER}(?:st|nd|rd"
    rf"|th)?{_GAP}(?:of )?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    rf"|{_NUMBER}[/-]{_NUMBER}|\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b|\b(?:today|tonight|tomorrow|yesterday"
    rf"|this (?:morning"
    r"|afternoon|evening))\b|\bin \w+ (?:day|week|month)"
)


def may_claim(sentences: pa.ChunkedArray) -> pa.ChunkedArray:
    """For each sentence (string) whether it is worth reading; false for null."""
    return pa.chunked_array([_may_claim(chunk) for chunk in sentences.chunks], pa.bool_())


def _may_claim(sentences: pa.Array) -> pa.Array:
    counted = _where(sentences, _has(sentences, _NUMBER), _WITH_UNIT, _BARE)
    return pc.or_(counted, _where(sentences, _has(sentences, _EVENT), _DAY))


def _has(sentences: pa.Array, pattern: str) -> pa.Array:
    return pc.fill_null(pc.match_substring_regex(sentences, pattern), False)


def _where(sentences: pa.Array, asked: pa.Array, *patterns: str) -> pa.Array:
    """Whether one of the patterns is found, looked for only where ``asked``."""
    some = sentences.filter(asked)
    found = reduce(pc.or_, (_has(some, pattern) for pattern in patterns))
    return pc.replace_with_mask(asked, asked, found)
