"""The words of a stretch of prose, to ask whether a line speaks of the same thing.

Here: words as compared (the common ones left out, endings cut), the part of a line's words that others use.
Not here: which lines are asked (``page_prose``).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

SEEN = 4000  # characters of a line whose words are counted
VOCABULARY_LINES = 1000  # lines whose words are counted
STEM = 6  # letters that make two words one: partner, partners, partnership

_WORD = re.compile(r"[^\W_]+")
_COMMON_WORDS = """
about after again all also and another any are because been before being between both but can could
did does doing down during each every for from further get had has have having her here him his how
into its just like made make many may more most much new not now one only other our out over same
say see she should some such than that the their them then there these they this those through time
too under until upon use very want was well were what when where which while who will with would you
your yours
"""
_COMMON = frozenset(_COMMON_WORDS.split())


class Vocabulary:
    """Words of the lines given, and in how many lines each stands."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Count the words of the first 1,000 lines, each distinct line once."""
        self._lines = set(islice(lines, VOCABULARY_LINES))
        self._counts = Counter(word for line in self._lines for word in _words(line))

    def shared(self, line: str) -> float:
        """Part of the line's words that other lines use: 0 to 1."""
        words = _words(line)
        own = line in self._lines
        return sum(self._counts[word] > own for word in words) / len(words) if words else 0.0

    def shared_apart(self, lines: Sequence[str]) -> float:
        """Part of the words of these lines that other lines use: 0 to 1."""
        words = {word for line in lines for word in _words(line)}
        own = Counter(word for line in self._lines.intersection(lines) for word in _words(line))
        return sum(self._counts[word] > own[word] for word in words) / len(words) if words else 0.0


def _words(line: str) -> set[str]:
    found = set()
    for word in _WORD.findall(line[:SEEN]):
        folded = word.casefold()
        if "\u3040" <= word[0] <= "\ud7af":  # no spaces between words: pairs of characters stand for them
            found.update(word[i : i + 2] for i in range(len(word) - 1))
        elif folded in _COMMON or word.isdigit():
            continue
        elif len(word) >= 4 or (len(word) >= 2 and word.isupper()):
            found.add(folded[:STEM])
    return found
