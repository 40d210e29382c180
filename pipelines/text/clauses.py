"""Which words of a sentence are about which of the companies it names.

Here: sentences cut into clauses where the cut is clear, and the words that each ticker gets. Not here: who is named
(``mentions.py``) and where (``named_words.py``), comparisons of companies (``comparisons.py``), scores.

Companies named in one breath ("AMD and INTC") share their words. A light mark (a comma, "and", a dash) parts a
sentence only where both sides take a stand in the same order ("MU up, INTC down"; "long MU, short INTC"), a strong one
("but", "while") where the other side begins with its own company, a semicolon wherever both sides say something.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.text.clause_words import ACTS, BAD, CONTRASTS, DASHES, EMPTY, FULL_MARKS, GOOD, LEADS, SEPARATORS, VERBS
from pipelines.text.comparisons import Comparison, find_comparisons
from pipelines.text.named_words import NAMED, Mention, Words, named_words

CLAUSES = pa.schema(
    [
        pa.field("text_id", pa.string(), nullable=False),
        pa.field("position", pa.int32(), nullable=False),
        pa.field("ticker", pa.string(), nullable=False),
        pa.field("rule", pa.string(), nullable=False),  # clause, preferred, passed_over
        pa.field("clause", pa.string(), nullable=False),  # words of the sentence, in order
    ]
)
KEYS = ["text_id", "position"]
ACT_REACH = 4  # words from an act to whom it is done to: "bearish on my old INTC"

_MOVE = re.compile(r"[+\-−]\$?\d.*")
_QUESTION = re.compile(r"\?(?!\S*\w)")  # but not the one inside a link
_EXCEPT = re.compile(
    rf"\b(?:except|excluding|besides|(?:all|none|nothing|everything|everyone|nobody|anything) but)(?: for)? {NAMED}"
)


class _Said(NamedTuple):
    """What a stretch of words that names somebody holds."""

    has_words: bool
    before: bool  # it takes a stand before the first name
    after: bool
    opens_named: bool = False
    opens_with_act: bool = False
    is_direct: bool = False  # the name is followed at once by what is said of it


def divide(sentences: pa.Table, mentions: pa.Table) -> pa.Table:
    """The words of sentences that are about each of the tickers named there.

    ``sentences``: ``text_id`` string, ``position`` int32, ``sentence`` string of at most 1,000 characters.
    ``mentions``: ``text_id``, ``position``, ``ticker``, ``matched``, ``start`` as in ``mentions.MENTIONS``; rows of
    other sentences and rows without a position do not matter, nor does a ``start`` that is not one.

    Returns ``CLAUSES`` in the order of the sentences and then of the tickers, one row per sentence and ticker:

    - ``preferred`` or ``passed_over`` where the sentence sets the ticker above or below another;
    - ``clause``: its own clauses, joined by a space; the whole sentence where it is only tagged on.

    A sentence that cannot be divided with certainty has no rows. Time is linear in the words and mentions.
    """
    numbered = sentences.select([*KEYS, "sentence"])
    numbered = numbered.append_column("row", pa.array(range(len(sentences)), pa.int64()))
    named = mentions.select([*KEYS, "ticker", "matched", "start"])
    named = named.filter(pc.and_(pc.is_valid(named["position"]), pc.is_valid(named["matched"])))
    named = named.join(numbered, KEYS, join_type="inner").sort_by("row")
    columns = (named[name].to_pylist() for name in ("row", "sentence", "ticker", "matched", "start"))
    found = [
        (row, *clause)
        for (row, sentence), group in groupby(zip(*columns, strict=True), key=itemgetter(0, 1))
        if sentence is not None
        for clause in _clauses(sentence, {mention[2:] for mention in group})
    ]
    row, *words = zip(*found, strict=True) if found else [()] * 4
    spoken = numbered.select(KEYS).take(pa.array(row, pa.int64()))
    return pa.table([*spoken.columns, *(pa.array(column, pa.string()) for column in words)], schema=CLAUSES)


def _clauses(sentence: str, mentions: set[Mention]) -> list[tuple[str, str, str]]:
    """Ticker, rule and clause for every ticker mentioned, or nothing."""
    tickers = sorted({ticker for ticker, _, _ in mentions})
    if len(tickers) < 2 or _QUESTION.search(sentence):
        return []
    words = named_words(sentence, mentions)
    if len(words.named) < 2 or _EXCEPT.search(" ".join(words.written)):
        return []
    comparisons = list(find_comparisons(words.written))
    own = _own_clauses(words, sentence, list(_parts(words, sentence, comparisons)))
    sides = _sides(words, comparisons)
    if not sides and len(set(map(tuple, own.values()))) < 2:
        return []
    return [(ticker, sides.get(ticker, "clause"), " ".join(own.get(ticker, [sentence]))) for ticker in tickers]


def _own_clauses(words: Words, sentence: str, parts: list[tuple[int, int]]) -> dict[str, list[str]]:
    """The parts of each ticker: those that begin with it; where there is none, those that name it in passing."""
    subject, passing = defaultdict(list), defaultdict(list)
    for first, last in parts:
        clause = _trimmed(words, sentence, first, last)
        begins = next(tickers for index in range(first, last) if (tickers := words.named.get(index)) is not None)
        for ticker in words.tickers(first, last):
            (subject if ticker in begins else passing)[ticker].append(clause)
    return passing | subject


def _sides(words: Words, comparisons: list[Comparison]) -> dict[str, str]:
    """Tickers that stand on one side of the comparisons only, and which."""
    preferred, passed_over = set(), set()
    for one in comparisons:
        above, below = words.named[one.preferred], words.named[one.passed_over]
        preferred |= above - below or above  # "Costco beats Walmart $WMT $COST"
        passed_over |= below - above or below
    return dict.fromkeys(preferred - passed_over, "preferred") | dict.fromkeys(passed_over - preferred, "passed_over")


def _parts(words: Words, sentence: str, comparisons: list[Comparison]) -> Iterator[tuple[int, int]]:
    """The first word of each part that is about companies of its own, and the first one behind it."""
    names = sorted(words.named)
    compared = {index for one in comparisons for index in range(one.first + 1, one.last + 1)}
    first, said = 0, None
    for start, end in pairwise([*_stretches(words, sentence, names, compared), len(words.written)]):
        here = _said(words, names[bisect_left(names, start)], start, end)
        if not compared.isdisjoint(range(start, end)):
            here = here._replace(after=True)
        if said is None:
            said = here
        elif _divides(words.written[start], said, here):
            yield first, start
            first, said = start, here
        else:
            said = _Said(*(left or right for left, right in zip(said[:3], here[:3], strict=True)))
    yield first, len(words.written)


def _stretches(words: Words, sentence: str, names: list[int], compared: set[int]) -> list[int]:
    """Where stretches begin that might stand alone; each names somebody, and none cuts a comparison."""
    free = (index for index in range(1, len(words.written)) if index not in compared)
    cuts = [index for index in free if _may_cut(words, sentence, index)]
    bounds = pairwise([*cuts, len(words.written)])
    naming = [cut for cut, end in bounds if bisect_left(names, cut) < bisect_left(names, end)]
    return [0, *(cut for cut in naming if cut > names[0])]  # what comes before the first name belongs to it


def _may_cut(words: Words, sentence: str, index: int) -> bool:
    """Whether another clause may begin with the word."""
    word, before = words.written[index], words.written[index - 1]
    after = words.written[index + 1] if index + 1 < len(words.written) else ""
    if before == ")":
        return True
    if word in CONTRASTS:
        return before not in ("not", "a") and after not in ("also", "rather") and not after.endswith("ing")
    if word in DASHES:
        start, end = words.start[index], words.end[index]
        return word != "-" or (sentence[start - 1].isspace() and sentence[end : end + 1].isspace())
    if word == NAMED:  # "$MU +5% $INTC -3%", "$MU long $INTC short", but not "short $MU up"
        is_governed = before in ACTS and words.written[index - 2] != NAMED
        return _takes_stand(before) and _takes_stand(after) and not is_governed
    if word in ACTS and before not in LEADS:  # "long MU short INTC"
        return after == NAMED or (before == NAMED and NAMED in words.written[index + 1 : index + 3])
    is_pair = before in ACTS and after in ACTS  # "upgrades and downgrades"
    return word in SEPARATORS and word not in (":", ")") and after != "of" and not is_pair


def _said(words: Words, name: int, first: int, last: int) -> _Said:
    written = words.written
    opening = next(index for index in range(first, last) if written[index] not in LEADS)
    behind = next((written[i] for i in range(name + 1, last) if written[i] not in (")", "'s", "stock", "shares")), "")
    return _Said(
        has_words=any(word not in EMPTY and word != NAMED and word[:4] != "http" for word in written[first:last]),
        before=any(_takes_stand(written[i]) or _is_act(written, i) for i in range(first, name)),
        after=any(map(_takes_stand, written[name + 1 : last])),
        opens_named=opening == name,
        opens_with_act=_is_act(written, opening) and name - opening <= ACT_REACH,
        is_direct=behind in VERBS or _takes_stand(behind),
    )


def _takes_stand(word: str) -> bool:
    return word in GOOD or word in BAD or _MOVE.fullmatch(word) is not None


def _is_act(written: list[str], index: int) -> bool:
    """Whether the word is an act: "I like MU", but not "stocks like MU"."""
    if written[index] in ("like", "liked"):
        return index == 0 or written[index - 1] in LEADS
    return written[index] in ACTS


def _divides(mark: str, left: _Said, right: _Said) -> bool:
    """Whether what is said left and right of the mark is about different companies, as clearly as the mark asks."""
    if not (left.has_words and right.has_words):
        return False
    if mark in FULL_MARKS:
        return True
    if mark in CONTRASTS:
        return right.opens_named or right.opens_with_act
    if right.opens_with_act:
        return left.before or (left.after and mark not in ACTS)
    return right.opens_named and right.after and (left.after or (left.before and right.is_direct))


def _trimmed(words: Words, sentence: str, first: int, last: int) -> str:
    """The words without the marks and conjunctions around them."""
    while words.written[first] in SEPARATORS:
        first += 1
    closed = {")"} if "(" in words.written[first:last] else set()
    while words.written[last - 1] in SEPARATORS - closed:
        last -= 1
    return sentence[words.start[first] : words.end[last - 1]]
