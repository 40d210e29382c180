"""Text to words, exactly as vaderSentiment splits it, on the bytes of an Arrow buffer.

Here: the kernels that describe emoji and turn each text into word codes, and the layout of the tables that
they read. Not here: how the tables are filled (``characters.py``, ``lexicon.py``), what words are worth
(``rules.py``).

A word code is ``word id << 2 | has "n't" << 1 | is upper case``. Word id 0 is any word that no rule knows.
Linear in the text: a word is hashed while it is read, and compared letter by letter only with terms of its hash.
"""

from typing import NamedTuple

import numpy as np

from pipelines.sentiment.compiled import kernel, part

# What a character is, one bit each. Wide: more than one byte of UTF-8.
SPACE, PUNCTUATION, UPPER, LOWER, WIDE = 1, 2, 4, 8, 16
SPECIAL = SPACE | PUNCTUATION | WIDE
CASES = UPPER | LOWER

BLANK, BANG, APOSTROPHE, QUESTION, N, T = b" !'?nt"

# The cell of a wide character: bits 0-7 what it is, 8-31 its lower case (0: itself), from 32 on its number as
# an emoji (0: none).
LOWER_SHIFT, LOWER_MASK, EMOJI_SHIFT = 8, 0xFFFFFF, 32

IS_UPPER, HAS_NT, ID_SHIFT = 1, 2, 2

HASH_SEED = 0xCBF29CE484222325
HASH_PRIME = 0x9E3779B97F4A7C15
_SEED = np.uint64(HASH_SEED)
_PRIME = np.uint64(HASH_PRIME)


class Characters(NamedTuple):
    """What each character is.

    ``kinds`` and ``lowered`` answer for a byte; ``pages`` and ``cells`` for a code point from 128 on, 256 to
    a page; ``descriptions`` holds the UTF-8 of every emoji's words, ``description_ends`` where number i ends.
    """

    kinds: np.ndarray
    lowered: np.ndarray
    pages: np.ndarray
    cells: np.ndarray
    descriptions: np.ndarray
    description_ends: np.ndarray


class Terms(NamedTuple):
    """The known words as an open-addressed table: by slot ``hashes`` (0: free, else 32 bits, odd) and ``ids``.

    ``shift`` takes a hash to its slot. The code points of word i are ``points[ends[i - 1] : ends[i]]``. No
    term matches more than ``longest`` bytes.
    """

    hashes: np.ndarray
    ids: np.ndarray
    points: np.ndarray
    ends: np.ndarray
    shift: np.uint64
    longest: int


@part
def _decode(data, i):
    """Code point and width of the UTF-8 sequence at ``i`` (valid by the contract of ``split``)."""
    lead = np.int64(data[i])
    if lead < 0xE0:
        return (lead & 0x1F) << 6 | (np.int64(data[i + 1]) & 0x3F), 2
    if lead < 0xF0:
        return (lead & 0x0F) << 12 | (np.int64(data[i + 1]) & 0x3F) << 6 | (np.int64(data[i + 2]) & 0x3F), 3
    return (
        (lead & 0x07) << 18
        | (np.int64(data[i + 1]) & 0x3F) << 12
        | (np.int64(data[i + 2]) & 0x3F) << 6
        | (np.int64(data[i + 3]) & 0x3F)
    ), 4


@part
def _lower(data, i, characters):
    """Lower-case code point and width of the character at ``i``."""
    byte = data[i]
    if byte < 128:
        return np.int64(characters.lowered[byte]), 1
    point, width = _decode(data, i)
    lower = (characters.cells[characters.pages[point >> 8] << 8 | point & 255] >> LOWER_SHIFT) & LOWER_MASK
    return (lower if lower else point), width


@part
def _is_term(data, start, end, word, characters, terms):
    """Whether ``data[start:end]`` in lower case is the term ``word``."""
    at = terms.ends[word - 1]
    i = start
    while i < end:
        point, width = _lower(data, i, characters)
        if at == terms.ends[word] or terms.points[at] != point:
            return False
        at += 1
        i += width
    return at == terms.ends[word]


@part
def _find(data, start, end, hashed, characters, terms):
    """Id of the word ``data[start:end]``, 0 if no rule knows it."""
    slot, key = np.int64(hashed >> terms.shift), np.uint32(hashed) | np.uint32(1)
    while terms.hashes[slot] != 0:
        if terms.hashes[slot] == key and _is_term(data, start, end, terms.ids[slot], characters, terms):
            return terms.ids[slot]
        slot = (slot + 1) & (terms.hashes.size - 1)
    return 0


@part
def _is_short(data, start, end):
    """Whether ``data[start:end]`` has at most two characters."""
    if end - start > 8:
        return False
    count = 0
    for i in range(start, end):
        count += (data[i] & 0xC0) != 0x80
    return count <= 2


@part
def _hash(data, start, end, characters):
    hashed = _SEED
    i = start
    while i < end:
        point, width = _lower(data, i, characters)
        hashed = (hashed ^ np.uint64(point)) * _PRIME
        i += width
    return hashed


@part
def _split_text(data, start, end, codes, count, characters, terms):
    """Write the codes of the words of ``data[start:end]`` from ``codes[count]`` on.

    Returns the new count and the numbers of ``!`` and ``?``.
    """
    kinds, lowered = characters.kinds, characters.lowered
    bangs, questions = 0, 0
    i = start
    while i < end:
        word_start, kept_start, kept_end = i, -1, i
        hashed, kept_hash = _SEED, _SEED
        seen, has_nt, width = 0, False, 1
        while i < end:
            run = i
            while i < end:
                byte = data[i]
                kind = np.int64(kinds[byte])
                if kind & SPECIAL:
                    break
                seen |= kind
                hashed = (hashed ^ lowered[byte]) * _PRIME
                i += 1
            if i > run:
                kept_start = run if kept_start < 0 else kept_start
                kept_end, kept_hash = i, hashed
            if i == end:
                break
            point, width = lowered[byte], 1
            if kind & WIDE:
                wide, width = _decode(data, i)
                cell = characters.cells[characters.pages[wide >> 8] << 8 | wide & 255]
                kind = WIDE | cell & 255
                lower = (cell >> LOWER_SHIFT) & LOWER_MASK
                point = np.uint64(lower if lower else wide)
            if kind & SPACE:
                break
            if byte == BANG:
                bangs += 1
            elif byte == QUESTION:
                questions += 1
            elif byte == APOSTROPHE and word_start < i < end - 1:
                has_nt = has_nt or (lowered[data[i - 1]] == N and lowered[data[i + 1]] == T)
            seen |= kind
            i += width
            if not kind & PUNCTUATION:
                kept_start = i - width if kept_start < 0 else kept_start
                hashed = (hashed ^ point) * _PRIME
                kept_end, kept_hash = i, hashed
            elif kept_start >= 0:
                hashed = (hashed ^ point) * _PRIME
        if i > word_start:
            size = kept_end - kept_start
            if kept_start < 0 or size <= 2 or (seen & WIDE and _is_short(data, kept_start, kept_end)):
                # Of a word so short the package keeps the punctuation: it may be an emoticon.
                kept_start, kept_end = word_start, i
                kept_hash = _SEED
                if kept_end - kept_start <= terms.longest:
                    kept_hash = _hash(data, kept_start, kept_end, characters)
            word = 0
            if kept_end - kept_start <= terms.longest:
                word = _find(data, kept_start, kept_end, kept_hash, characters, terms)
            codes[count] = word << ID_SHIFT | has_nt * HAS_NT | (seen & CASES == UPPER) * IS_UPPER
            count += 1
        i += width
    return count, bangs, questions


@kernel
def _split(data, offsets, described, described_offsets, characters, terms):
    texts = offsets.size - 1
    bytes_at_most = offsets[texts] - offsets[0] + described.size
    codes = np.empty((bytes_at_most + texts) // 2 + 1, np.uint32)
    ends = np.empty(texts, np.int64)
    bangs = np.empty(texts, np.int64)
    questions = np.empty(texts, np.int64)
    count = 0
    for t in range(texts):
        text, start, end = described, described_offsets[t], described_offsets[t + 1]
        if start == end:
            text, start, end = data, offsets[t], offsets[t + 1]
        count, bangs[t], questions[t] = _split_text(text, start, end, codes, count, characters, terms)
        ends[t] = count
    return codes[:count], ends, bangs, questions


@part
def _next_wide(data, i, end):
    """First place from ``i`` on that holds no ASCII, else ``end``; 32 bytes at a stride."""
    while i + 32 <= end:
        seen = np.uint8(0)
        for k in range(i, i + 32):
            seen |= data[k]
        if seen >= 128:
            break
        i += 32
    while i < end and data[i] < 128:
        i += 1
    return i


@part
def _emoji(data, i, characters):
    """Number of the emoji at ``i`` (0: none) and the width of the character there."""
    point, width = _decode(data, i)
    return characters.cells[characters.pages[point >> 8] << 8 | point & 255] >> EMOJI_SHIFT, width


@part
def _described_size(data, start, i, end, characters):
    """Bytes of ``data[start:end]``, ASCII up to ``i``, once each emoji is described; 0 if it has none."""
    size, found = end - start, False
    while True:
        i = _next_wide(data, i, end)
        if i == end:
            return size if found else 0
        emoji, width = _emoji(data, i, characters)
        if emoji:
            size += 1 + characters.description_ends[emoji] - characters.description_ends[emoji - 1] - width
            found = True
        i += width


@part
def _describe_text(data, i, end, described, at, characters):
    """Write ``data[i:end]`` to ``described[at:]`` with a space and its description for each emoji.

    The package sets that space only after a character other than a space; one more splits no differently.
    """
    while i < end:
        if data[i] >= 0xC0:  # the first byte of a wide character; the others follow it one by one
            emoji, width = _emoji(data, i, characters)
            if emoji:
                described[at] = BLANK
                at += 1
                for k in range(characters.description_ends[emoji - 1], characters.description_ends[emoji]):
                    described[at] = characters.descriptions[k]
                    at += 1
                i += width
                continue
        described[at] = data[i]
        at += 1
        i += 1


@kernel
def _describe_emoji(data, offsets, characters):
    """The texts that hold an emoji, with all of them described, and their offsets (no bytes: no emoji)."""
    described_offsets = np.zeros(offsets.size, np.int64)
    t, i = 0, _next_wide(data, offsets[0], offsets[-1])
    while i < offsets[-1]:
        while offsets[t + 1] <= i:
            t += 1
        described_offsets[t + 1] = _described_size(data, offsets[t], i, offsets[t + 1], characters)
        i = _next_wide(data, offsets[t + 1], offsets[-1])
    for t in range(offsets.size - 1):
        described_offsets[t + 1] += described_offsets[t]
    described = np.empty(described_offsets[-1], np.uint8)
    for t in range(offsets.size - 1):
        if described_offsets[t] < described_offsets[t + 1]:
            _describe_text(data, offsets[t], offsets[t + 1], described, described_offsets[t], characters)
    return described, described_offsets


def split(data: np.ndarray, offsets: np.ndarray, characters: Characters, terms: Terms) -> tuple[np.ndarray, ...]:
    """Codes of all words of the texts ``data[offsets[t]:offsets[t + 1]]``, which must be valid UTF-8.

    Returns the codes, for each text where its codes end, and its numbers of ``!`` and ``?``.
    """
    data, offsets = _read_only(data), _read_only(offsets)
    described = map(_read_only, _describe_emoji(data, offsets, characters))
    return _split(data, offsets, *described, characters, terms)


def _read_only(array: np.ndarray) -> np.ndarray:
    """A view that cannot be written: buffers come in both kinds, and each would be compiled for."""
    view = array.view()
    view.flags.writeable = False
    return view
