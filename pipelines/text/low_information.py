"""Texts that say nothing: "thnx for sharing", "first", a row of emoji, a bare link.

Here: the reason why a text says nothing, read from its words alone. Not here: bots, copies, spam, which say
much; what is done with such texts (they are kept, and left out of signals). The phrases are in
``warehouse/reference/low_information.txt``.
"""

import functools
import string
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.text.language import FUNCTION_WORDS

PHRASES = Path(__file__).parents[2] / "warehouse" / "reference" / "low_information.txt"
MOST_CONTENT_WORDS = 4  # whoever uses more than these says something
LONGEST_CHARACTERS = 80  # of a text made of phrases

LINK_OR_HANDLE = r"(?i:https?://\S+|\bwww\.\S+)|@\w+|\bRT\b"
_LINK = r"(?i)https?://\S|\bwww\.\S"
_EMOJI = r"[\p{So}\x{1F3FB}-\x{1F3FF}\x{20E3}]"
_LAUGHTER = ("a?(?:ha)+h?", "(?:he){2,}h?", "(?:ja){2,}", "l(?:ol)+s?", "x+d+")
_DRAWN_OUT = "|".join(3 * letter for letter in string.ascii_lowercase)  # RE2 has no way to say "the same again"
_SAYS_SOMETHING = r"\$[A-Za-z]{1,6}\b|\d\s?%"
_FUNCTION_WORD = r"\b(?:" + "|".join(FUNCTION_WORDS) + r")\b"


def low_information_reason(texts: pa.Array, symbols: pa.Array | None = None) -> pa.Array:
    """Why a cleaned text says nothing: empty | link only | emoji only | no letters | empty phrase; else null.

    A text with a cashtag, a figure in per cent, a symbol that its source declares (``symbols``,
    list<string>) or at least five content words is never of low information. A null text is empty.
    """
    texts = pc.fill_null(texts, "")
    is_open = pc.invert(pc.match_substring_regex(texts, _SAYS_SOMETHING))
    if symbols is not None:
        is_open = pc.and_not(is_open, pc.fill_null(pc.greater(pc.list_value_length(symbols), 0), False))
    return pc.replace_with_mask(pa.nulls(len(texts), pa.string()), is_open, _reason(texts.filter(is_open)))


def _reason(texts: pa.Array) -> pa.Array:
    words = pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, LINK_OR_HANDLE, " "))
    is_empty = pc.equal(pc.utf8_trim_whitespace(texts), "")
    has_letters = pc.match_substring_regex(words, r"\p{L}")
    has_figure = pc.match_substring_regex(words, r"\p{N}")
    has_sign = pc.match_substring_regex(words, r"\p{S}")
    has_words = pc.or_(has_letters, has_figure)
    is_link = pc.and_not(pc.match_substring_regex(texts, _LINK), pc.or_(has_words, has_sign))
    is_emoji = pc.and_not(pc.match_substring_regex(words, _EMOJI), has_words)
    return pc.case_when(
        pc.make_struct(is_empty, is_link, is_emoji, pc.invert(has_letters), _is_phrase(words)),
        *(pa.scalar(why) for why in ("empty", "link only", "emoji only", "no letters", "empty phrase")),
    )


def _is_phrase(words: pa.Array) -> pa.Array:
    """Whether nothing but phrases of the list, in any order, makes up each text."""
    found = pa.repeat(False, len(words))
    is_short = pc.less_equal(pc.utf8_length(words), LONGEST_CHARACTERS)
    plain = pc.replace_substring(pc.utf8_lower(words.filter(is_short)), "’", "'")
    plain = pc.utf8_trim_whitespace(pc.replace_substring_regex(plain, r"[^\p{L}\p{N}']+", " "))
    content = pc.count_substring_regex(pc.replace_substring_regex(plain, _FUNCTION_WORD, ""), r"\p{L}{3,}")
    # "niceee" is tried as "nice", "coool" as "cool".
    is_drawn_out = pc.match_substring_regex(plain, _DRAWN_OUT)
    drawn_out = plain.filter(is_drawn_out)
    either = pc.or_(_matches(_shortened(drawn_out, times=1)), _matches(_shortened(drawn_out, times=2)))
    is_phrase = pc.replace_with_mask(_matches(plain), is_drawn_out, either)
    return pc.replace_with_mask(found, is_short, pc.and_(is_phrase, pc.less_equal(content, MOST_CONTENT_WORDS)))


def _matches(plain: pa.Array) -> pa.Array:
    return pc.match_substring_regex(pc.binary_join_element_wise(plain, "", " "), _phrase_pattern())


def _shortened(plain: pa.Array, times: int) -> pa.Array:
    """A letter written three times or more in a row is written so many times instead."""
    for letter in string.ascii_lowercase:
        plain = pc.replace_substring_regex(plain, f"{letter}{{3,}}", times * letter)
    return plain


@functools.cache
def _phrase_pattern() -> str:
    """The phrase list as one RE2 pattern over "word word "."""
    lines = (line.partition("#")[0].strip().lower() for line in PHRASES.read_text("utf-8").splitlines())
    phrases = sorted({line for line in lines if line}, reverse=True)
    return "^(?:(?:" + "|".join([*phrases, *_LAUGHTER]) + ") )+$"
