"""Words, numbers and cashtags of a text: where they are, which of our words they are, what ends between them.

Here: the compiled pass over the cleaned bytes. Not here: which words there are (`finance_grammar.py`), and
the terms that are made of them (`finance_terms.py`).
"""

from typing import NamedTuple

import numpy as np

from pipelines.sentiment.compiled import kernel, part

NUMBER, PERCENT, SMALL, LARGE, PLUS, MINUS, TICKER, SPOKEN = (1 << bit for bit in range(8))
NUMBER_CLASSES = ("number", "percent", "small", "large", "plus", "minus", "ticker", "spoken")
CLAUSE_ENDS, SENTENCE_ENDS, NEEDS_SPACE = 1, 2, 4

_SPACE, _LETTER, _DIGIT, _SIGN, _MARK = range(5)
_KIND = np.full(256, _MARK, np.uint8)
_KIND[:33] = _SPACE
_KIND[[ord(letter) for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"]] = _LETTER
_KIND[128:] = _LETTER
_KIND[[ord(digit) for digit in "0123456789"]] = _DIGIT
_KIND[[ord(sign) for sign in "+-$."]] = _SIGN
_JOINS = np.zeros(256, np.bool_)
_JOINS[[ord(mark) for mark in "'&_"]] = True
_IS_WORD = (_KIND == _LETTER) | (_KIND == _DIGIT)
_BREAK = np.zeros(256, np.uint8)
_BREAK[[ord(mark) for mark in ",:;()[]|<>"]] = CLAUSE_ENDS
_BREAK[[ord(mark) for mark in ".!?"]] = SENTENCE_ENDS


def _scrambled(number: int) -> int:
    """A number that looks random, the same on every machine (splitmix64)."""
    number = number * 0x9E3779B97F4A7C15 & _ALL_BITS
    number = (number ^ number >> 30) * 0xBF58476D1CE4E5B9 & _ALL_BITS
    number = (number ^ number >> 27) * 0x94D049BB133111EB & _ALL_BITS
    return number ^ number >> 31


# A word's hash turns and takes in such a number for each byte; an odd number marks the bytes that only join,
# 1 those that no word has.
_ALL_BITS = (1 << 64) - 1
_CODE = np.array([_scrambled(byte + 1) for byte in range(256)], np.uint64)
_CODE[65:91] = _CODE[97:123]
_CODE[_IS_WORD] &= ~np.uint64(1)
_CODE[_JOINS] |= np.uint64(1)
_CODE[~(_IS_WORD | _JOINS)] = 1
_TURN, _BACK, _TAIL, _LAST = np.uint64(11), np.uint64(53), np.uint64(0xFFFF), np.uint64(63)
# Unsigned, so that an index is not checked for being negative.
_NONE, _ONE, _TWO, _SIX, _SIXTEEN = (np.uint64(number) for number in (0, 1, 2, 6, 16))


class Vocabulary(NamedTuple):
    """Words by hash."""

    slots: np.ndarray  # uint64: hash of the word, 0 = empty; a power of two of them
    words: np.ndarray  # int32: number of the word in the slot
    known: np.ndarray  # uint64, 1,024: a bit for each of the 65,536 ends of a hash that a word has
    spoken: np.ndarray  # uint64, 1,024: the same for what the rules would read in a cashtag
    classes: np.ndarray  # int64: bit set of each word
    unit: np.int64  # class of the words that make the number before them a percentage


class Tokens(NamedTuple):
    """One entry per token, in order."""

    starts: np.ndarray  # int64: byte
    ends: np.ndarray  # int64: byte
    words: np.ndarray  # int32: number in the vocabulary, -1 = none of ours
    classes: np.ndarray  # int64: bit set
    breaks: np.ndarray  # uint8: what ends after the token
    rows: np.ndarray  # int64, one more than texts: range of tokens of each text


def hash_word(word: str) -> int:
    """The hash under which `tokenise` looks the word up."""
    key = 0
    for byte in word.replace("'", "").encode():
        key = ((key << 11 | key >> 53) & _ALL_BITS) ^ int(_CODE[byte])
    return key


@kernel
def cut(text: np.ndarray, offsets: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Offsets of the parts of texts longer than `size` bytes, and where texts begin among them.

    A part ends before a space, or between two characters if there is none for another `size` bytes.
    """
    rows = offsets.size - 1
    parts, firsts = (
        np.empty(rows + 1 + (offsets[rows] - offsets[0]) // size, np.int64),
        np.empty(rows + 1, np.int64),
    )
    count = 0
    for row in range(rows):
        at, end = offsets[row], offsets[row + 1]
        parts[count], firsts[row] = at, count
        count += 1
        while end - at > size:
            at += size
            latest = min(at + size, end)
            while at < latest and text[at] > 32:
                at += 1
            while at < end and text[at] & 0xC0 == 0x80:
                at += 1
            if at < end:
                parts[count] = at
                count += 1
    parts[count], firsts[rows] = offsets[rows], count
    return parts[: count + 1], firsts


@kernel
def tokenise(text: np.ndarray, offsets: np.ndarray, vocabulary: Vocabulary) -> Tokens:
    """The tokens of all texts.

    A web address or a handle is no token. A hyphen or slash parts two tokens; an apostrophe, `&` or `_`
    between two letters does not. A word is looked up without its apostrophes and its possessive 's.
    """
    slots, numbers, known, spoken, word_classes, unit = vocabulary
    mask = np.uint64(slots.size - 1)
    rows = offsets.size - 1
    size = (offsets[rows] - offsets[0]) // 2 + rows + 2
    starts, ends, words = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int32)
    classes, breaks, first = np.empty(size, np.int64), np.empty(size, np.uint8), np.empty(rows + 1, np.int64)
    count = _NONE
    for row in range(rows):
        at, end, opening = np.uint64(offsets[row]), np.uint64(offsets[row + 1]), count
        first[row] = count
        chunk, is_inside = at, False
        while at < end:
            byte = text[at]
            kind = _KIND[byte]
            if kind == _SPACE:
                if byte == 10 and count > opening:
                    breaks[count - _ONE] |= SENTENCE_ENDS
                is_inside = False
                at += _ONE
                continue
            if not is_inside:
                chunk, is_inside = at, True
                if byte == 64 or (byte | 32 == 104 and _is_link(text, at, end)):
                    while at < end and text[at] > 32:
                        at += _ONE
                    continue
            begin, digit, bits, is_number = at, at, np.int64(0), kind == _DIGIT
            if kind > _DIGIT:
                if kind == _SIGN and (at == chunk or (_KIND[text[at - _ONE]] >= _SIGN and text[at - _ONE] != 37)):
                    if byte == 43 or byte == 45:
                        digit += _ONE
                    if digit < end and text[digit] == 36:
                        digit += _ONE
                    point = digit
                    if point < end and text[point] == 46:
                        point += _ONE
                    is_number = point < end and _KIND[text[point]] == _DIGIT
                if not is_number and byte == 36 and at + _ONE < end and _KIND[text[at + _ONE]] == _LETTER:
                    bits = np.int64(TICKER)
                    at += _ONE
                elif not is_number:
                    if count > opening:
                        ending = _BREAK[byte]
                        if byte == 46 and ends[count - _ONE] - starts[count - _ONE] <= 2:
                            ending = 0
                        if byte == 45 and at == chunk:
                            ending = CLAUSE_ENDS
                        is_list = byte == 44 or byte == 58 or byte == 59 or (byte == 46 and text[at - _ONE] == 46)
                        if is_list and at > chunk and at + _ONE < end and _KIND[text[at + _ONE]] == _LETTER:
                            ending |= NEEDS_SPACE
                        breaks[count - _ONE] |= ending
                    at += _ONE
                    continue
            key = np.uint64(0)
            if is_number:
                value, scale, at = 0.0, 0.0, digit
                while at < end:
                    byte = text[at]
                    if _KIND[byte] == _DIGIT:
                        if scale == 0.0:
                            value = value * 10 + (byte - 48)
                        else:
                            value += (byte - 48) * scale
                            scale *= 0.1
                        key = (key << _TURN | key >> _BACK) ^ _CODE[byte]
                    elif byte == 46 and scale == 0.0 and at + _ONE < end and _KIND[text[at + _ONE]] == _DIGIT:
                        scale = 0.1
                    elif not (byte == 44 and at + _ONE < end and _KIND[text[at + _ONE]] == _DIGIT):
                        break
                    at += _ONE
                bits = np.int64(NUMBER | (SMALL if value < 1 else 0) | (LARGE if value >= 5 else 0))
                bits |= PLUS if text[begin] == 43 else (MINUS if text[begin] == 45 else 0)
                if at < end and text[at] == 37:
                    bits |= PERCENT
                    at += _ONE
            letters, before, mark = at, key, end
            while at < end:
                byte = text[at]
                code = _CODE[byte]
                if code & _ONE:
                    if code == _ONE or at == letters or at + _ONE == end or not _IS_WORD[text[at + _ONE]]:
                        break
                    if byte == 39:
                        before, mark = key, at
                        at += _ONE
                        continue
                key = (key << _TURN | key >> _BACK) ^ code
                at += _ONE
            if is_number and at > letters:
                bits = np.int64(NUMBER if at - letters <= 2 else 0)
            if mark + _TWO == at and text[mark + _ONE] | 32 == 115:
                key = before
            word = np.int32(-1)
            tail = key & _TAIL
            if bits & TICKER:
                if spoken[tail >> _SIX] >> (tail & _LAST) & _ONE:
                    bits |= SPOKEN
            elif known[tail >> _SIX] >> (tail & _LAST) & _ONE:
                slot = key >> _SIXTEEN & mask
                while slots[slot] != 0:
                    if slots[slot] == key:
                        word = numbers[slot]
                        bits |= word_classes[word]
                        break
                    slot = slot + _ONE & mask
            if bits & unit and count > opening and classes[count - _ONE] & NUMBER:
                classes[count - _ONE] |= PERCENT
            starts[count], ends[count], words[count], classes[count], breaks[count] = begin, at, word, bits, 0
            count += _ONE
    first[rows] = count
    return Tokens(starts[:count], ends[:count], words[:count], classes[:count], breaks[:count], first)


@part
def _is_link(text, at, end):
    """Whether `http:` or `https:` stands at `at`."""
    if at + np.uint64(7) > end or text[at + np.uint64(3)] | 32 != 112:
        return False
    after = text[at + np.uint64(4)]
    return after == 58 or (after | 32 == 115 and text[at + np.uint64(5)] == 58)
