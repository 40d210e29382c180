"""What the words around a hit tell: whose text, is it about a market, do its capitals mean anything.

Here: facts per sentence, and the words before and after a place. Not here: what follows from them.
"""

from typing import NamedTuple

import numpy as np

from pipelines.text.finance_words import COMPANY_WORDS, FINANCE_WORDS
from pipelines.text.joined import END, Joined
from pipelines.text.lexicon import FINANCE, Found, Hits, Lexicon

_REACH = 60  # word bytes read to each side
_SHOUT_LETTERS = 12  # fewer letters than this do not shout
_HEADLINE_WORDS = 3  # fewer long words than this make no headline
_CHART_EMOJI = (0x1F680, 0x1F4C8, 0x1F4C9, 0x1F48E)  # rocket, chart up, chart down, diamond
_NEXT = np.frombuffer(b"next ", dtype=np.uint8)
_ARTICLES = frozenset((b"the", b"a", b"an", b"another", b"this", b"next"))
_MARKET_WORDS = frozenset(word.encode() for word in FINANCE_WORDS | COMPANY_WORDS)


class Surroundings(NamedTuple):
    """Facts per sentence of a batch."""

    text: np.ndarray  # number of the text
    is_about_a_market: np.ndarray  # a finance word, a per cent sign, an amount or a rocket
    is_shouted: np.ndarray  # written in capitals throughout
    is_headline: dict[int, bool]  # filled where asked for


def look_around(lexicon: Lexicon, joined: Joined, phrases: Hits, texts: np.ndarray) -> Surroundings:
    """Collect the facts of each sentence."""
    count = len(joined.starts)
    market = np.zeros(count, dtype=bool)
    found = phrases.start[lexicon.phrase_kind[phrases.pattern] == FINANCE]
    market[joined.rows(joined.to_visible[found])] = True
    market[joined.rows(_market_signs(joined.visible))] = True
    is_upper = (joined.visible >= ord("A")) & (joined.visible <= ord("Z"))
    is_lower = (joined.visible >= ord("a")) & (joined.visible <= ord("z"))
    edges = np.searchsorted(joined.to_raw, joined.starts - 1)
    upper = np.add.reduceat(is_upper, edges, dtype=np.int64) if count else np.zeros(0)
    lower = np.add.reduceat(is_lower, edges, dtype=np.int64) if count else np.zeros(0)
    shouted = (upper + lower >= _SHOUT_LETTERS) & (upper > 3 * lower)
    return Surroundings(texts, market, shouted, {})


def words_before(joined: Joined, start: int) -> list[bytes]:
    """Up to a few words before a word offset, in the same sentence, the nearest last."""
    return joined.words[max(0, start - _REACH) : start].tobytes().rpartition(b"\xff")[2].split()


def words_after(joined: Joined, end: int) -> list[bytes]:
    """Up to a few words after a word offset, in the same sentence."""
    return joined.words[end : end + _REACH].tobytes().partition(b"\xff")[0].split()


def is_headline(joined: Joined, around: Surroundings, row: int) -> bool:
    """Whether nearly All Words of a Sentence Begin With Capitals, so that a capital tells nothing."""
    if row not in around.is_headline:
        start = int(joined.starts[row])
        end = int(joined.starts[row + 1]) if row + 1 < len(joined.starts) else len(joined.raw)
        long = [word for word in joined.raw[start:end].split() if len(word) > 3 and word[:1].isalpha()]
        capital = sum(word[:1].isupper() for word in long)
        around.is_headline[row] = len(long) >= _HEADLINE_WORDS and capital >= 0.7 * len(long)
    return around.is_headline[row]


def is_part_of_a_name(joined: Joined, around: Surroundings, start: int, end: int, row: int) -> bool:
    """Whether a Capitalised word that is none of the market's stands next to it: CCL Products, Quantum AMC.

    ``start`` and ``end`` are word offsets. The first word of a sentence has its capital from there, a
    headline has them everywhere: neither tells.
    """
    if is_headline(joined, around, row):
        return False
    before, after = words_before(joined, start), words_after(joined, end)
    is_first = len(before) < 2
    return (not is_first and _gap_before(joined, start).isspace() and _is_name_like(before[-1])) or (
        bool(after) and _gap_after(joined, end).isspace() and _is_name_like(after[0])
    )


def find_likened(joined: Joined, found: Found) -> np.ndarray:
    """Which names stand for something like the company: the Tesla of boats, the next GME."""
    words = joined.words | 32  # small letters
    padded = np.concatenate([words, np.full(4, END, dtype=np.uint8)])
    first, last = (np.searchsorted(joined.to_visible, offsets) for offsets in (found.start, found.end))
    is_of = np.all(padded[last[:, None] + np.arange(4)] == np.frombuffer(b" of ", dtype=np.uint8), axis=1)
    is_next = np.all(words[np.maximum(first[:, None] - np.arange(5, 0, -1), 0)] == _NEXT, axis=1)
    likened = np.zeros(len(first), dtype=bool)
    for place in np.flatnonzero(is_of | is_next).tolist():
        start, end = int(first[place]), int(last[place])
        before, after = words_before(joined, start), words_after(joined, end)
        if is_of[place]:
            likened[place] = bool(before) and before[-1].lower() in _ARTICLES and after[1:2] != [b"course"]
        elif before[:-1] == [] or before[-2].lower() in _ARTICLES:
            goes_on = bool(after) and (after[0].lower() in _MARKET_WORDS or not after[0].islower())
            goes_on &= _gap_after(joined, end).isspace()
            likened[place] = not goes_on and _gap_before(joined, start).isspace()
    return likened


def _gap_before(joined: Joined, start: int) -> bytes:
    """What stands between a word and the one before it."""
    return joined.visible[joined.to_visible[start - 2] + 1 : joined.to_visible[start]].tobytes()


def _gap_after(joined: Joined, end: int) -> bytes:
    """What stands between a word and the one after it."""
    return joined.visible[joined.to_visible[end - 1] + 1 : joined.to_visible[end + 1]].tobytes()


def _is_name_like(word: bytes) -> bool:
    return word[:1].isupper() and word[1:2].islower() and word.lower() not in _MARKET_WORDS


def _market_signs(visible: np.ndarray) -> np.ndarray:
    """Places of per cent signs, of dollar signs before a digit, of the emoji of rising and falling prices."""
    after = np.append(visible[1:], END)
    is_amount = (visible == ord("$")) & (after >= ord("0")) & (after <= ord("9"))
    spots = [np.flatnonzero((visible == ord("%")) | is_amount)]
    lead = np.flatnonzero(visible == 0xF0)
    lead = lead[lead + 3 < len(visible)]
    code = np.full(len(lead), 0)
    for step in range(4):
        code = code << 6 | (visible[lead + step] & (63 if step else 7)).astype(np.int64)
    return np.concatenate([*spots, lead[np.isin(code, _CHART_EMOJI)]])
