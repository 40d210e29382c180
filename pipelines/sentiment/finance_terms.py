"""Multi-word terms in tokenised texts: found, and replaced by the one token that the lexicon knows.

Here: the compiled search and the compiled writing. Not here: which terms there are (`finance_grammar.py`).
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from pipelines.sentiment.compiled import kernel, part
from pipelines.sentiment.finance_tokens import NEEDS_SPACE, SENTENCE_ENDS, SPOKEN, Tokens

MAX_GAP = 3
HYPOTHETICAL_REACH = 4
NO_PATTERN = -1
NO_WORD, NO_TOKEN = -1, -2
# Bits above those of the classes: a word that begins a pattern, one with a weak twin, and what a pattern of
# one element needs ahead, which is always there.
BEGINS_BIT = 60
BEGINS, SPEAKS, ALWAYS = (1 << bit for bit in range(BEGINS_BIT, BEGINS_BIT + 3))

_ONE = np.uint64(1)  # unsigned: no wrap-around


class Grammar(NamedTuple):
    """Patterns, sorted by the word or else the class they begin with, the longest first.

    An element is a word, or a class of words; it stands `reaches` tokens at most behind the one before it.
    """

    by_first: np.ndarray  # uint64: range of patterns by what they begin with: nothing, the words, the 64 classes
    near: np.ndarray  # int64: for each of these ranges, what any of its patterns needs of the next token
    far: np.ndarray  # int64: what any of them needs of the next 1 + MAX_GAP tokens
    first_classes: np.ndarray  # int64: what the first token must be, 0 where the pattern begins with a word
    next_words: np.ndarray  # int32: the word that must be next, NO_WORD where another could be
    classes_ahead: np.ndarray  # int64: what must be among the next 1 + MAX_GAP tokens, or ALWAYS
    starts: np.ndarray  # uint64, one more than patterns: range of elements, without the first
    words: np.ndarray  # int32: the word of the element, NO_WORD where it is a class
    classes: np.ndarray  # int64: the class of the element
    reaches: np.ndarray  # int64: 0, or MAX_GAP
    has_weak_twin: np.ndarray  # bool of each pattern
    words_before: np.uint64  # place of the first class among the ranges
    begin: np.int64  # classes that some pattern begins with
    begin_far: np.int64  # those of them that begin one with a gap after its first element
    barrier: np.int64  # classes that a gap does not reach across
    conditional: np.int64  # class of the words that make what follows hypothetical
    subordinate: np.int64  # class of the words that begin a clause of circumstance


class Edits(NamedTuple):
    """Tokens that are written otherwise than they stand, in order."""

    tokens: np.ndarray  # uint64: the first token
    lasts: np.ndarray  # uint64: the last token
    patterns: np.ndarray  # int32: the pattern whose name is written, NO_PATTERN = the token as it stands
    matched: np.ndarray  # uint32: bit set of the tokens from the first on that the name stands for
    is_weak: np.ndarray  # bool: hypothetical, or only a circumstance
    rows: np.ndarray  # int64, one more than texts: range of edits of each text


class Names(NamedTuple):
    """What is written for a match."""

    starts: np.ndarray  # int64, one more than patterns
    text: np.ndarray  # uint8: the pseudo-tokens
    weak: np.ndarray  # uint8: suffix of what is hypothetical or circumstance
    ticker: np.ndarray  # uint8: stands for a cashtag that would be read as a word
    longest: np.int64  # bytes of the longest name with suffix


@kernel
def find(tokens: Tokens, grammar: Grammar) -> Edits:
    """The edits of all texts.

    The first pattern that fits wins, longer ones being tried first; matches do not overlap. A gap reaches
    over at most MAX_GAP tokens, and nothing reaches over the end of a clause. A word or pattern with a weak
    twin is weak up to HYPOTHETICAL_REACH tokens after a conditional word, and behind a subordinating word
    that follows another of them.
    """
    by_first, near, far, words_before = grammar.by_first, grammar.near, grammar.far, grammar.words_before
    begin, begin_far, barrier = grammar.begin, grammar.begin_far, grammar.barrier
    first_classes, next_words = grammar.first_classes, grammar.next_words
    classes_ahead, starts = grammar.classes_ahead, grammar.starts
    element_words, element_classes, reaches = grammar.words, grammar.classes, grammar.reaches
    has_weak_twin = grammar.has_weak_twin
    conditional, subordinate = grammar.conditional, grammar.subordinate
    notable = begin | conditional | subordinate | BEGINS | SPEAKS | SPOKEN
    words, classes, breaks = tokens.words, tokens.classes, tokens.breaks
    size = words.size
    edit_tokens, lasts, patterns = (
        np.empty(size, np.uint64),
        np.empty(size, np.uint64),
        np.empty(size, np.int32),
    )
    matched, is_weak = np.empty(size, np.uint32), np.empty(size, np.bool_)
    rows = np.empty(tokens.rows.size, np.int64)
    count = np.uint64(0)
    for row in range(tokens.rows.size - 1):
        at, end = np.uint64(tokens.rows[row]), np.uint64(tokens.rows[row + 1])
        rows[row] = count
        hypothetical, has_spoken, is_aside = at, False, False
        while at < end:
            bits, last = classes[at], at
            if not bits & notable and not breaks[at]:
                at += _ONE
                continue
            pattern, marks = NO_PATTERN, np.uint32(1)
            starters, class_ = bits & begin, words_before
            first = np.uint64(words[at] + 1)
            following, ahead = np.int32(NO_TOKEN), np.int64(ALWAYS)
            if at + _ONE < end and not breaks[at]:
                following = words[at + _ONE]
                ahead |= classes[at + _ONE]
            beside = ahead
            if far[first] or starters & begin_far:
                for position in range(at + np.uint64(2), min(at + np.uint64(2 + MAX_GAP), end)):
                    ahead |= classes[position]
            while True:
                stop = by_first[first]
                if near[first] & beside or far[first] & ahead:
                    stop = by_first[first + _ONE]
                for candidate in range(by_first[first], stop):
                    next_word, needed = next_words[candidate], classes_ahead[candidate]
                    if (next_word != NO_WORD and next_word != following) or ahead & needed != needed:
                        continue
                    if bits & first_classes[candidate] != first_classes[candidate]:
                        continue
                    position, marks, fits = at, np.uint32(1), True
                    for element in range(starts[candidate], starts[candidate + _ONE]):
                        wanted, wanted_class = element_words[element], element_classes[element]
                        gap = reaches[element]
                        position += _ONE
                        while fits:
                            if position >= end or breaks[position - _ONE]:
                                fits = False
                            elif wanted == NO_WORD:
                                if classes[position] & wanted_class == wanted_class:
                                    break
                            elif words[position] == wanted:
                                break
                            if gap == 0 or classes[position] & barrier:
                                fits = False
                            gap -= 1
                            position += _ONE
                        if not fits:
                            break
                        marks |= np.uint32(1) << np.uint32(position - at)
                    if fits:
                        pattern, last = np.int64(candidate), position
                        break
                if pattern >= 0 or not starters:
                    break
                while not starters & 1:
                    starters >>= 1
                    class_ += _ONE
                first = class_
                starters >>= 1
                class_ += _ONE
            speaks = has_weak_twin[pattern] if pattern >= 0 else bits & SPEAKS != 0
            weak = speaks and (at < hypothetical or is_aside)
            has_spoken |= speaks
            if pattern >= 0 or weak or bits & SPOKEN or breaks[last] & NEEDS_SPACE:
                edit_tokens[count], lasts[count], patterns[count] = at, last, pattern
                matched[count], is_weak[count] = marks, weak
                count += _ONE
            if bits & conditional:
                hypothetical = at + np.uint64(HYPOTHETICAL_REACH + 1)
            is_aside |= has_spoken and bits & subordinate != 0
            if breaks[last]:
                hypothetical = at
                if breaks[last] & SENTENCE_ENDS:
                    has_spoken, is_aside = False, False
            at = last + _ONE
    rows[rows.size - 1] = count
    return Edits(edit_tokens[:count], lasts[:count], patterns[:count], matched[:count], is_weak[:count], rows)


@kernel
def write(
    text: np.ndarray,
    offsets: np.ndarray,
    tokens: Tokens,
    edits: Edits,
    names: Names,
    out: np.ndarray,
    used: int,
    written: np.ndarray,
) -> tuple[np.ndarray, int]:
    """`out`, or a larger array in its place, with the texts behind its first `used` bytes, and what is then used.

    Each match is replaced by its name, in capitals where its first word was; the words of a gap follow the
    name; all else stays as it is. `written` takes the offsets of the texts in `out`.
    """
    starts, ends, _, classes, breaks, _ = tokens
    edit_tokens, lasts, patterns, matched, is_weak, rows = edits
    name_starts, name_text, weak, ticker, longest = names
    done, stop = offsets[0], offsets[offsets.size - 1]
    written[0] = used
    for row in range(offsets.size - 1):
        begin, end = offsets[row], offsets[row + 1]
        room = stop - done + (rows[row + 1] - rows[row]) * (longest + 4)
        if out.size - used < room:
            grown = np.empty(max(out.size * 2, used + room), np.uint8)
            grown[:used] = out[:used]
            out = grown
        for edit in range(rows[row], rows[row + 1]):
            at, last, pattern = edit_tokens[edit], lasts[edit], patterns[edit]
            is_ticker = pattern < 0 and classes[at] & SPOKEN
            upto = starts[at] if pattern >= 0 or is_ticker else ends[at]
            used = _copy(text[done:upto], out, used)
            done = upto
            is_shouted = not is_ticker and _is_shouted(text, starts[at], ends[at])
            if pattern >= 0:
                if starts[at] > begin and text[starts[at] - 1] > 32:
                    out[used] = 32
                    used += 1
                used = _copy_name(name_text[name_starts[pattern] : name_starts[pattern + 1]], is_shouted, out, used)
            if is_ticker:
                used = _copy(ticker, out, used)
                done = ends[at]
            if is_weak[edit]:
                used = _copy_name(weak, is_shouted, out, used)
            if pattern >= 0:
                for position in range(at + _ONE, last):
                    if not matched[edit] >> np.uint32(position - at) & np.uint32(1):
                        out[used] = 32
                        used = _copy(text[starts[position] : ends[position]], out, used + 1)
                done = ends[last]
                if done < end and (text[done] == 45 or text[done] == 47):
                    out[used] = 32
                    used += 1
            if breaks[last] & NEEDS_SPACE:
                used = _copy(text[done : starts[last + _ONE]], out, used)
                out[used] = 32
                used += 1
                done = starts[last + _ONE]
        written[row + 1] = used + end - done
    used = _copy(text[done:stop], out, used)
    return out, used


@part
def _is_shouted(text, start, end):
    """Whether the word is of capitals, two at least."""
    is_shouted = end - start > 1
    for index in range(start, end):
        is_shouted &= 65 <= text[index] <= 90
    return is_shouted


@njit(nogil=True, inline="always")
def _copy(source, out, used):
    """Write the bytes; return where the next go."""
    target = out[used : used + source.size]
    for index in range(source.size):
        target[index] = source[index]
    return used + source.size


@njit(nogil=True, inline="always")
def _copy_name(name, is_shouted, out, used):
    fold = np.uint8(32 if is_shouted else 0)
    for byte in name:
        out[used] = byte - fold if byte >= 97 else byte
        used += 1
    return used
