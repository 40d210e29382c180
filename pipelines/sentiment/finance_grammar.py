"""From the tables of the finance scorer to the arrays its compiled passes read.

Here: what a term is called once it is found, and the layout of the arrays. Not here: reading and checking the
tables (`finance.py`), and the passes (`finance_tokens.py`, `finance_terms.py`).
"""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

import numpy as np

from pipelines.sentiment.finance_terms import ALWAYS, BEGINS, BEGINS_BIT, MAX_GAP, NO_WORD, SPEAKS, Grammar, Names
from pipelines.sentiment.finance_tokens import NUMBER_CLASSES, Vocabulary, hash_word

WEAK = "_weak"
NEGATES = "not"
TICKER_WORD = "CASHTAG"
BARRIERS = ("barrier", "good", "bad", "rise", "fall", "raise", "cut")

Valence = float | Literal["not"] | None


class Element(NamedTuple):
    """A word, or else the bits of a class, and how many tokens may stand before it."""

    word: str
    classes: int
    gap: int


NOTHING = Element("", 0, 0)


class Rules(NamedTuple):
    """All that the rewriting reads."""

    vocabulary: Vocabulary
    grammar: Grammar
    names: Names


def elements(term: str) -> list[str]:
    """The words, `<classes>` and gaps (`..`) of a term; a hyphen parts words as a space does, an apostrophe
    is nothing.
    """
    return [part.replace("'", "") for word in term.split() for part in ([word] if word == ".." else word.split("-"))]


def is_pattern(term: str, valence: Valence) -> bool:
    """Whether the rewriting has to find the term; a single word is found by the rules themselves."""
    return valence == NEGATES or "<" in term or len(elements(term)) > 1


def token(term: str) -> str:
    """What stands for the term in a rewritten text: `to the moon` → `to_the_moon`, `<cut> .. <bad>` →
    `cut_bad`.
    """
    return "_".join(part.strip("<>").replace("&", "_") for part in elements(term) if part != "..")


def weak_token(term: str) -> str:
    """What stands for the term where it is hypothetical, or only the circumstance of something else."""
    return token(term) + WEAK


def compile_rules(
    valences: Mapping[str, Valence], classes: Mapping[str, Iterable[str]], spoken: Iterable[str]
) -> Rules:
    """The arrays for these terms and classes of words; `spoken` are the words that a cashtag may not be read
    as.
    """
    bits = {name: bit for bit, name in enumerate([*NUMBER_CLASSES, *classes])}
    members = {name: sorted({word.replace("'", "") for word in words}) for name, words in classes.items()}
    patterns = {term: _pattern(term, bits) for term in valences if is_pattern(term, valences[term])}
    words = dict.fromkeys(word for pattern in patterns.values() for word, _, _ in pattern if word)
    words |= dict.fromkeys(word for group in members.values() for word in group)
    words |= dict.fromkeys(term for term in valences if term not in patterns and valences[term])
    number = {word: index for index, word in enumerate(words)}
    word_classes = np.zeros(len(number), np.int64)
    for name, group in members.items():
        for word in group:
            word_classes[number[word]] |= 1 << bits[name]
    hints = _hints(patterns.values(), len(bits))
    for word, index in number.items():
        word_classes[index] |= hints.get(word, 0) | (SPEAKS if _has_weak_twin(valences.get(word)) else 0)
    for word, _, _ in (pattern[0] for pattern in patterns.values()):
        if word:
            word_classes[number[word]] |= BEGINS
    order = sorted(patterns, key=lambda term: (*_first(patterns[term], number), -_weight(term)))
    names = [NEGATES if valences[term] == NEGATES else token(term) for term in order]
    return Rules(
        _vocabulary(number, word_classes, spoken, 1 << bits["unit"]),
        _grammar({term: patterns[term] for term in order}, number, bits, hints, valences),
        Names(
            starts=np.cumsum([0, *map(len, names)], dtype=np.int64),
            text=_bytes("".join(names)),
            weak=_bytes(WEAK),
            ticker=_bytes(TICKER_WORD),
            longest=np.int64(max(map(len, names)) + len(WEAK)),
        ),
    )


def _vocabulary(number: Mapping[str, int], classes: np.ndarray, spoken: Iterable[str], unit: int) -> Vocabulary:
    size = 1 << (4 * len(number)).bit_length()
    slots, words = np.zeros(size, np.uint64), np.zeros(size, np.int32)
    for word, index in number.items():
        key = hash_word(word)
        slot = key >> 16 & size - 1
        while slots[slot]:
            slot = slot + 1 & size - 1
        slots[slot], words[slot] = key, index
    return Vocabulary(slots, words, _bit_set(number), _bit_set(spoken), classes, np.int64(unit))


def _bit_set(words: Iterable[str]) -> np.ndarray:
    """The last 16 bits of each word's hash, as a set of 65,536 bits."""
    ends = np.zeros(1 << 10, np.uint64)
    for word in words:
        end = hash_word(word) & 0xFFFF
        ends[end >> 6] |= np.uint64(1 << (end & 63))
    return ends


def _grammar(
    patterns: Mapping[str, list[Element]],
    number: Mapping[str, int],
    bits: Mapping[str, int],
    hints: Mapping[str, int],
    valences: Mapping[str, Valence],
) -> Grammar:
    firsts = [pattern[0] for pattern in patterns.values()]
    seconds = [(*pattern, NOTHING)[1] for pattern in patterns.values()]
    rest = [element for pattern in patterns.values() for element in pattern[1:]]
    first_bits = [classes.bit_length() - 1 for word, classes, _ in firsts if not word]
    words_before = len(number) + 1
    places = [number[word] + 1 if word else words_before + classes.bit_length() - 1 for word, classes, _ in firsts]
    ahead = [classes | hints.get(word, 0) or ALWAYS for word, classes, _ in seconds]
    near, far = np.zeros((2, words_before + 64), np.int64)
    begin_far = 0
    for place, needed, (_, classes, _), (_, _, gap) in zip(places, ahead, firsts, seconds, strict=True):
        (far if gap else near)[place] |= needed
        begin_far |= 1 << classes.bit_length() - 1 if gap and classes else 0
    return Grammar(
        by_first=_ranges(places, words_before + 64),
        near=near,
        far=far,
        first_classes=np.array([classes for _, classes, _ in firsts], np.int64),
        next_words=np.array([NO_WORD if gap else number.get(word, NO_WORD) for word, _, gap in seconds], np.int32),
        classes_ahead=np.array(ahead, np.int64),
        starts=np.cumsum([0, *(len(pattern) - 1 for pattern in patterns.values())], dtype=np.uint64),
        words=np.array([number.get(word, NO_WORD) for word, _, _ in rest], np.int32),
        classes=np.array([classes for _, classes, _ in rest], np.int64),
        reaches=np.array([gap for _, _, gap in rest], np.int64),
        has_weak_twin=np.array([_has_weak_twin(valences[term]) for term in patterns]),
        words_before=np.uint64(words_before),
        begin=np.int64(sum({1 << bit for bit in first_bits})),
        begin_far=np.int64(begin_far),
        barrier=np.int64(sum(1 << bits[name] for name in BARRIERS)),
        conditional=np.int64(1 << bits["conditional"]),
        subordinate=np.int64(1 << bits["subordinate"]),
    )


def _hints(patterns: Iterable[list[Element]], first: int) -> dict[str, int]:
    """A bit above those of the classes for each word that some pattern has second; words may share one."""
    seconds = dict.fromkeys(pattern[1].word for pattern in patterns if len(pattern) > 1 and pattern[1].word)
    return {word: 1 << first + place % (BEGINS_BIT - first) for place, word in enumerate(seconds)}


def _pattern(term: str, bits: Mapping[str, int]) -> list[Element]:
    pattern, gap = [], 0
    for part in elements(term):
        if part == "..":
            gap = MAX_GAP
            continue
        is_class = part.startswith("<")
        classes = sum(1 << bits[name] for name in part.strip("<>").split("&")) if is_class else 0
        pattern.append(Element("" if is_class else part, classes, gap))
        gap = 0
    return pattern


def _first(pattern: list[Element], number: Mapping[str, int]) -> tuple[bool, int]:
    """Patterns that begin with a word come before those that begin with a class."""
    word, classes, _ = pattern[0]
    return not word, number[word] if word else classes.bit_length()


def _has_weak_twin(valence: Valence) -> bool:
    return isinstance(valence, float) and valence != 0


def _weight(term: str) -> int:
    parts = elements(term)
    return sum(part != ".." for part in parts) * 16 + term.count("&") * 2 + sum("<" not in p for p in parts)


def _ranges(firsts: list[int], size: int) -> np.ndarray:
    """Where, among sorted ones, each of `size` numbers begins, and the end."""
    return np.cumsum([0, *np.bincount(firsts, minlength=size)], dtype=np.uint64)


def _bytes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), np.uint8)
