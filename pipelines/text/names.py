"""Company names: which hits are the company and which are the word.

Here: hits on names sifted by how they are written and joined, by what they are part of, and, for names that
are everyday words, by the words around them. Not here: the list of names (``lexicon.py``), symbols.
"""

from typing import NamedTuple

import numpy as np

from pipelines.text.finance_words import COMPANY_WORDS, DETERMINERS, FINANCE_WORDS, STANCE_WORDS
from pipelines.text.joined import Joined
from pipelines.text.lexicon import (
    ANY_CASE,
    CONTEXT,
    MEANING,
    NAME,
    Hits,
    Lexicon,
    Name,
    is_joined_alike,
    reads_as_capitals,
)
from pipelines.text.surroundings import (
    Surroundings,
    is_headline,
    is_part_of_a_name,
    words_after,
    words_before,
)

_COMPANY = frozenset(word.encode() for word in COMPANY_WORDS)
_FINANCE = frozenset(word.encode() for word in FINANCE_WORDS)
_STANCE = frozenset(word.encode() for word in STANCE_WORDS)
_DETERMINERS = frozenset(word.encode() for word in DETERMINERS)
_WAYS = frozenset((b"on", b"via", b"through", b"using"))
_SEARCHES = frozenset((b"search", b"searches", b"searching"))
# micron-sized, micron-scale: a length, whatever its case.
_MEASURES = frozenset(b"sized size scale thick thickness wide long level range diameter class".split())


class NameHits(NamedTuple):
    """Names found, in order of their place; one entry per name and place."""

    name: np.ndarray
    start: np.ndarray  # word offsets
    end: np.ndarray
    visible_start: np.ndarray
    visible_end: np.ndarray
    row: np.ndarray


def find_names(lexicon: Lexicon, joined: Joined, phrases: Hits) -> NameHits:
    """Hits written like the name; of those that overlap the one that begins first, the longest.

    A phrase with another meaning hides the names that begin in it: apple pie, H&R Block Inc.
    """
    kind = lexicon.phrase_kind[phrases.pattern]
    chosen = (kind == NAME) | (kind == MEANING)
    pattern, start, end = phrases.pattern[chosen], phrases.start[chosen], phrases.end[chosen]
    is_name = lexicon.phrase_kind[pattern] == NAME
    name = np.where(is_name, lexicon.phrase_ref[pattern], -1)
    first, last = joined.to_visible[start], joined.to_visible[end - 1] + 1
    keep = ~is_name | _is_written_alike(lexicon, joined, name, start, end)
    name, start, end, first, last = (column[keep] for column in (name, start, end, first, last))
    order = np.lexsort((-last, first))
    furthest = np.maximum.accumulate(np.concatenate([[-1], last[order]]))[:-1]
    order = order[(first[order] >= furthest) & (name[order] >= 0)]
    name, start, end, first, last = (column[order] for column in (name, start, end, first, last))
    keep = _stands_free(joined, start, end, first, last)
    is_place = np.array([entry.is_place for entry in lexicon.names] or [False], dtype=bool)[name]
    for place in np.flatnonzero(keep & is_place).tolist():
        keep[place] = not _is_place(joined, int(start[place]), int(end[place]))
    return NameHits(*(c[keep] for c in (name, start, end, first, last, joined.rows(first))))


def is_plain(lexicon: Lexicon, found: NameHits) -> np.ndarray:
    """Which hits need nothing more: their name is no everyday word."""
    need = np.array([name.need for name in lexicon.names], dtype=np.int8)
    return need[found.name] == ANY_CASE


def choose_instruments(lexicon: Lexicon, found: NameHits, around: Surroundings, said: set[int]) -> np.ndarray:
    """The instrument each name stands for: whose symbol the same text gives, else the first of its owners.

    ``said``: number of a text times the length of the list, plus the row of an instrument named by
    symbol in it.
    """
    owners = [name.instruments for name in lexicon.names]
    chosen = np.array([rows[0] for rows in owners] or [0], dtype=np.int64)[found.name]
    shared = np.array([len(rows) > 1 for rows in owners], dtype=bool)[found.name]
    for place in np.flatnonzero(shared).tolist():
        text = int(around.text[found.row[place]]) * len(lexicon.tickers)
        rows = owners[found.name[place]]
        chosen[place] = next((row for row in rows if text + row in said), rows[0])
    return chosen


def believe_words(
    lexicon: Lexicon, joined: Joined, found: NameHits, around: Surroundings, is_backed: np.ndarray
) -> np.ndarray:
    """Which hits on names that are everyday words mean the company.

    ``is_backed``: the same text names that company by a symbol or by a name that is no word.
    """
    believed = is_plain(lexicon, found)
    for place in np.flatnonzero(~believed).tolist():
        name = lexicon.names[found.name[place]]
        judge = _is_meant_in_context if name.need == CONTEXT else _is_meant_by_capital
        hit = _Hit(name, int(found.start[place]), int(found.end[place]), int(found.row[place]))
        believed[place] = judge(joined, around, hit, bool(is_backed[place]))
    return believed


class _Hit(NamedTuple):
    name: Name
    start: int
    end: int
    row: int


def _is_meant_by_capital(joined: Joined, around: Surroundings, hit: _Hit, is_backed: bool) -> bool:
    """Apple, Oracle, Visa: a capital is enough, unless everything is in capitals."""
    if not reads_as_capitals(joined.words[hit.start : hit.end].tobytes()):
        return is_backed
    return not around.is_shouted[hit.row] or is_backed or bool(around.is_about_a_market[hit.row])


def _is_meant_in_context(joined: Joined, around: Surroundings, hit: _Hit, is_backed: bool) -> bool:
    """Target, Gap, Block: a capital, and a company's word after it or no other reason for the capital."""
    if not reads_as_capitals(joined.words[hit.start : hit.end].tobytes()):
        return False
    after, before = words_after(joined, hit.end), words_before(joined, hit.start)
    if after[:1] == [b"s"]:
        after = after[1:]
    if is_backed or (after and after[0].lower() in _COMPANY):
        return True
    if around.is_shouted[hit.row] or hit.name.written[0].isdigit():
        return False
    if hit.name.is_capitals:
        about_market = bool(around.is_about_a_market[hit.row])
        return about_market and not is_part_of_a_name(joined, around, hit.start, hit.end, hit.row)
    if before and before[-1].lower() in _DETERMINERS:
        return False
    if is_headline(joined, around, hit.row):
        return any(word.lower() in _FINANCE for word in before[-2:] + after[:2])
    is_inside = bool(before) and not _begins_sentence(joined, hit.start)
    return is_inside and all(word[:1].islower() for word in [*before[-1:], *after[:1]])


def _is_place(joined: Joined, start: int, end: int) -> bool:
    """Said on Facebook, bought on Amazon, a google search; but bullish on Facebook, on Amazon's earnings."""
    before = [word.lower() for word in words_before(joined, start)[-2:]]
    after = words_after(joined, end)
    follows = after[0].lower() if after else b""
    gap = joined.visible[joined.to_visible[end - 1] + 1 : joined.to_visible[end - 1] + 3].tobytes()
    is_searching = follows in _SEARCHES or gap == b' "'
    if is_searching and joined.words[start : start + 1].tobytes().islower():
        return True
    is_way = bool(before) and before[-1] in _WAYS
    return is_way and before[0] not in _STANCE and follows != b"s" and follows not in _FINANCE


def _begins_sentence(joined: Joined, start: int) -> bool:
    """Whether a full stop, a colon or a quotation mark stands right before the word."""
    gap = joined.visible[joined.to_visible[start - 2] + 1 : joined.to_visible[start]].tobytes()
    return any(sign in gap for sign in (b".", b"!", b"?", b":", b'"', "“".encode(), b"\n", b"|"))


def _is_written_alike(
    lexicon: Lexicon, joined: Joined, name: np.ndarray, start: np.ndarray, end: np.ndarray
) -> np.ndarray:
    """Abbreviations as capitals; names of several words with the signs that the name has between them."""
    is_lower = (joined.words >= ord("a")) & (joined.words <= ord("z"))
    lower_before = np.concatenate([[0], np.cumsum(is_lower, dtype=np.int32)])
    has_lower = lower_before[end] > lower_before[start]
    capitals = np.array([entry.is_capitals for entry in lexicon.names] or [False], dtype=bool)
    several = np.array([bool(entry.marks) for entry in lexicon.names] or [False], dtype=bool)
    keep = ~(capitals[name] & has_lower)
    judged: dict[tuple[int, bytes], bool] = {}
    for place in np.flatnonzero(keep & several[name] & (name >= 0)).tolist():
        first, last = joined.to_visible[start[place]], joined.to_visible[end[place] - 1] + 1
        key = (int(name[place]), joined.visible[first:last].tobytes())
        if key not in judged:
            judged[key] = is_joined_alike(lexicon.names[key[0]], key[1].decode("utf-8", "replace"))
        keep[place] = judged[key]
    return keep


def _stands_free(joined: Joined, start: np.ndarray, end: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Not a handle, hashtag, domain or measure: @micron, #Micron, mail.micron.com, 5 micron, micron-sized."""
    visible = joined.visible
    before, after = visible[first - 1], visible[last]
    further_before = visible[np.maximum(first - 2, 0)]
    further_after = visible[np.minimum(last + 1, len(visible) - 1)]
    lower = (visible[first] >= ord("a")) & (visible[first] <= ord("z"))
    in_domain = (before == ord(".")) & _is_letter(further_before)
    in_domain &= (after == ord(".")) & _is_letter(further_after)
    is_amount = (before == ord("$")) & (visible[first] <= ord("9"))
    keep = ~((before == ord("#")) | (before == ord("@")) | (after == ord("@")) | in_domain | is_amount)
    digit_before = (joined.words[start - 2] >= ord("0")) & (joined.words[start - 2] <= ord("9"))
    hyphen_after = (after == ord("-")) & _is_letter(further_after)
    keep &= ~(lower & (digit_before | (before == ord("-")) | hyphen_after))
    for place in np.flatnonzero(keep & hyphen_after).tolist():
        keep[place] = words_after(joined, int(end[place]))[0].lower() not in _MEASURES
    return keep


def _is_letter(byte: np.ndarray) -> np.ndarray:
    return ((byte | 32) >= ord("a")) & ((byte | 32) <= ord("z"))
