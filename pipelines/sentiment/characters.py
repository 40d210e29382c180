"""What each character is, as the running Python sees it: space, punctuation, upper or lower case, emoji.

Here: the tables behind ``words.Characters``. Not here: the words (``lexicon.py``), the loop over the text
(``words.py``).
"""

import string
from collections.abc import Mapping

import numpy as np

from pipelines.sentiment.words import (
    EMOJI_SHIFT,
    LOWER,
    LOWER_SHIFT,
    PUNCTUATION,
    SPACE,
    UPPER,
    WIDE,
    Characters,
)

_CODE_POINTS = 0x110000
_PAGE = 256

# No character from here on has case or is a space: planes 2 to 16 hold ideographs, tags and private use.
_CASELESS_FROM = 0x20000

# Characters that `str.lower` turns into something that depends on their neighbours, or into two characters.
# No term may hold one of the results, so that one code point for one is enough to find every term.
UNSTABLE_LOWER = frozenset("σς\N{COMBINING DOT ABOVE}")


def kind(character: str) -> int:
    """Bits of one character, cased as ``str.isupper`` judges it inside a word: title case counts as lower."""
    bits = SPACE if character.isspace() else 0
    if character.isupper():
        bits |= UPPER
    elif not f"A{character}".isupper():
        bits |= LOWER
    if character in string.punctuation:
        bits |= PUNCTUATION
    return bits


def characters(emoji: Mapping[str, str]) -> Characters:
    """The tables; ``emoji`` gives the words for a character (keys of several code points never match)."""
    described = {character: words for character, words in emoji.items() if len(character) == 1}
    last = max([_CASELESS_FROM - 1, *map(ord, described)])
    cells = np.zeros((last // _PAGE + 1) * _PAGE, np.int64)
    for point in range(128, _CASELESS_FROM):
        character = chr(point)
        bits = kind(character)
        if bits:
            lower = character.lower()[-1]
            cells[point] = bits | (lower != character) * ord(lower) << LOWER_SHIFT
    for number, character in enumerate(described, start=1):
        cells[ord(character)] |= number << EMOJI_SHIFT
    page_cells, page_of = np.unique(cells.reshape(-1, _PAGE), axis=0, return_inverse=True)
    pages = np.zeros(_CODE_POINTS // _PAGE, np.int64)  # page 0 of the sorted ones: all zero
    pages[: page_of.size] = page_of.reshape(-1)
    descriptions = [words.encode() for words in described.values()]
    return Characters(
        kinds=np.array([kind(chr(byte)) for byte in range(128)] + [WIDE] * 128, np.uint8),
        lowered=np.array([ord(chr(byte).lower()) for byte in range(128)] + [0] * 128, np.uint64),
        pages=pages,
        cells=page_cells.reshape(-1),
        descriptions=np.frombuffer(b"".join(descriptions), np.uint8).copy(),
        description_ends=np.cumsum([0, *map(len, descriptions)], dtype=np.int64),
    )
