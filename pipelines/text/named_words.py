"""A sentence in words, with whoever is named there as one word each.

Here: every place of the matched words, lists of companies ("AMD and INTC") in one, tags around the sentence left out.
Not here: who is named (``mentions.py``), what the words say of whom (``clauses.py``).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from pipelines.text.clause_words import BAD, GOOD, GOVERNING, JOINERS, LABELS, SINGULAR

NAMED = "\ue000"  # the word for whoever is named; a text's own is a full stop

_WORD = re.compile(
    r"https?://\S+|(?P<cashtag>\$[A-Za-z]{1,6}(?:\.[A-Za-z]{1,2})?(?!\w))|(?<![\w.])[+\-−]\$?\d+(?:[.,]\d+)*%?|\d+(?:[.,]\d+)*%?(?!\w)|[@#$]?\w+(?:['’.&-]\w+)*|['’]s\b|--+|\S"
)
_TAIL = ("#", "@", ".", "!", "…", '"', "”", ",", "http", "via")  # begin what may stand among tags behind a sentence
_BREATH = 3  # joiners between two companies named in one breath: "Micron (MU), and Intel"

Mention = tuple[str, str, int | None]  # ticker, matched words, offset of their first place


class Words(NamedTuple):
    """The words of a sentence in order; each list of companies is one word, ``NAMED``."""

    written: list[str]  # lower case
    start: list[int]  # in characters of the sentence
    end: list[int]
    named: dict[int, frozenset[str]]  # tickers of the words that name somebody; none for a cashtag that is not listed

    def append(self, word: str, start: int, end: int, tickers: frozenset[str] | None) -> None:
        """Add a word; ``tickers`` are None where it names nobody."""
        if tickers is not None:
            self.named[len(self.written)] = tickers
        self.written.append(word)
        self.start.append(start)
        self.end.append(end)

    def tickers(self, first: int, last: int) -> set[str]:
        """Who is named from the first word to the one before the last."""
        return {ticker for index in range(first, last) for ticker in self.named.get(index, ())}


def named_words(sentence: str, mentions: Iterable[Mention]) -> Words:
    """The words of ``sentence`` without the tags around it.

    ``mentions`` give matched words as written; an offset that is none of theirs does not matter, and the same words
    count wherever else they stand on their own.
    """
    return _in_one_breath(_without_tags(_words(sentence, _places(sentence, mentions)), sentence))


def _places(sentence: str, mentions: Iterable[Mention]) -> dict[tuple[int, int], set[str]]:
    """Start and end of every place of the matched words, in order, none inside another; and whom they name."""
    found = defaultdict(set)
    by_words = defaultdict(set)
    for ticker, matched, start in mentions:
        by_words[matched].add(ticker)
        if matched and start is not None and start >= 0 and sentence.startswith(matched, start):
            found[start, start + len(matched)].add(ticker)
    for matched, tickers in by_words.items():
        for start in _starts(sentence, matched):
            found[start, start + len(matched)] |= tickers
    reach, places = 0, {}
    for start, end in sorted(found, key=lambda place: (place[0], -place[1])):
        if start >= reach:
            places[start, end] = found[start, end]
            reach = end
    return places


def _starts(sentence: str, matched: str) -> Iterator[int]:
    """Where the words stand on their own."""
    start = sentence.find(matched) if matched else -1
    while start >= 0:
        end = start + len(matched)
        before, after = sentence[max(start - 1, 0) : start], sentence[end : end + 1]
        if not (before.isalnum() or before in ("_", "$", "#", "@") or after.isalnum() or after == "_"):
            yield start
        start = sentence.find(matched, end)


def _words(sentence: str, places: dict[tuple[int, int], set[str]]) -> Words:
    words = Words([], [], [], {})
    reach = 0
    for start, end in [*places, (len(sentence), len(sentence))]:
        for match in _WORD.finditer(sentence, reach, start):
            is_unlisted = match["cashtag"] is not None
            word = NAMED if is_unlisted else match[0].lower().replace("’", "'").replace(NAMED, ".")
            words.append(word, *match.span(), frozenset() if is_unlisted else None)
        if start < end:
            words.append(NAMED, start, end, frozenset(places[start, end]))
        reach = end
    return words


def _without_tags(words: Words, sentence: str) -> Words:
    """Without the cashtags that only file the sentence: "$MU - Apple and Intel rise", "… rise $SPY $QQQ"."""
    is_tag = [index in words.named and sentence[start] in "$#" for index, start in enumerate(words.start)]
    first = _after_tags(words, is_tag)
    last = _before_tags(words, is_tag, first)
    named = {index - first: tickers for index, tickers in words.named.items() if first <= index < last}
    return Words(*(column[first:last] for column in words[:3]), named)


def _after_tags(words: Words, is_tag: list[bool]) -> int:
    """The first word behind tags before a company by name, or before a mark and what is not said of them alone."""
    first = next((index for index, tag in enumerate(is_tag) if not tag), 0)
    mark, behind = [*words.written[first : first + 2], "", ""][:2]
    if not first or mark == NAMED:
        return first
    is_label = mark in LABELS and behind not in GOOD | BAD and (NAMED, mark) not in pairwise(words.written[first + 1 :])
    return first + 1 if is_label else 0


def _before_tags(words: Words, is_tag: list[bool], first: int) -> int:
    """The end of the words before a run of tags; all words where these belong to the sentence ("… short $INTC")."""
    last = len(words.written)
    while last > first and (is_tag[last - 1] or words.written[last - 1].startswith(_TAIL)):
        last -= 1
    tags = [index for index in range(last, len(is_tag)) if is_tag[index]]
    said = words.tickers(first, last)
    is_filed = len(tags) > 1 or all(words.named[index] <= said for index in tags)
    is_governed = last in tags and words.written[last - 1] in GOVERNING
    if not tags or not is_filed or is_governed or last == first or words.written[last] == ",":
        return len(words.written)
    return last


def _in_one_breath(words: Words) -> Words:
    """Lists of companies as one word each."""
    joined = Words([], [], [], {})
    last = None  # the list so far
    for index, word in enumerate(words.written):
        tickers = words.named.get(index)
        if tickers is not None and last is not None and _goes_on(words, index, joined, last):
            del joined.written[last + 1 :], joined.start[last + 1 :], joined.end[last + 1 :]
            joined.end[last] = words.end[index]
            joined.named[last] |= tickers
            continue
        if tickers is not None:
            last = len(joined.written)
        joined.append(word, words.start[index], words.end[index], tickers)
    return joined


def _goes_on(words: Words, index: int, joined: Words, last: int) -> bool:
    """Whether the name at ``index`` goes on with the list at ``last``: not so in "I sold MU, INTC is weak"."""
    between = joined.written[last + 1 : last + 2 + _BREATH]
    if len(between) > _BREATH or not JOINERS.issuperset(between):
        return False
    has_verb_alone = last > 0 and words.written[index + 1 : index + 2] and words.written[index + 1] in SINGULAR
    return not has_verb_alone or words.named[index] <= joined.named[last]
