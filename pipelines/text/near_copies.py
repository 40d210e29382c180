"""By what two texts are told to be nearly the same, in 128 bytes a text.

Here: the fingerprint of a text: a MinHash of its words (by rensa) beside the figures, names and tags in it. Not here:
which text is a copy of which (``copies.py``), equal words (``clean.py``).

"$MU up 3% on strong demand" and "$AMD up 5% on strong demand" share most words and are two messages. So words alone
never make a copy: figures and words of direction must be the same, and the names and tags of one be among those of
the other (a copy may add a list of tickers).
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from rensa import RMinHash

from pipelines.text.language import FUNCTION_WORDS
from pipelines.text.low_information import LINK_OR_HANDLE

SLOTS = 88
FINGERPRINT = np.dtype([("slots", "u1", SLOTS), ("names", "<u8", 2), ("tags", "<u8", 2), ("figures", "<u8")])

LEAST_WORDS = 6  # different ones, without figures and tags: fewer are alike by chance
MOST_CHARACTERS = 5_000  # of a text that are read
_ROWS = 2_500  # texts read at a time: some 12 MB of words at most
_SEED = 4

_DIRECTIONS = (  # noqa: SIM905
    "up down long short buy buying buys bought sell selling sells sold call calls put puts bull bullish bulls bear "
    "bearish bears bid ask higher lower high low rise rises rising rose fall falls falling fell gain gains gained "
    "lose loses lost loss losses beat beats miss misses missed upgrade upgrades upgraded downgrade downgrades "
    "downgraded raise raises raised cut cuts lowered over under above below outperform underperform overweight "
    "underweight positive negative minus no not never nor without dont doesnt didnt cant wont isnt arent wasnt"
).split()

_CUT_OFF = r"[$#\p{L}\p{N}]*…\s*\z|[$#]?\p{L}*\.{3,}\s*\z"  # the last word of a shortened text may be half a word
_MINUS = r"(^|\s)[\-−]([$€£]?\d)"
_APOSTROPHE = r"(\p{L})['’](?:s\b)?"
_THOUSANDS = r"(\d),(\d)"
_DECIMALS = r"(\d)\.(\d)"
_BETWEEN = r"[^\p{L}\p{M}\p{N}\p{So}$#%]+"
_SYMBOL = r"(\p{So})"

_TAG = r"^(?:[$#]\p{L}|\p{So})"
_NAME = r"^\p{Lu}[\p{L}\p{N}]"

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio, odd: multiplying mixes (Knuth, TAOCP 6.4)


class _Words(NamedTuple):
    """The words of some texts, one after the other."""

    row: np.ndarray  # the text each belongs to
    code: np.ndarray  # 64-bit hash, equal whatever the case, $ and #
    is_figure: np.ndarray
    is_name: np.ndarray
    is_tag: np.ndarray


def fingerprints(texts: pa.Table) -> pa.Array:
    """Fingerprints of cleaned texts, ``FINGERPRINT.itemsize`` bytes each.

    Reads ``title`` and ``body`` (string), ``MOST_CHARACTERS`` of both. Null where a text has fewer than
    ``LEAST_WORDS`` different words: "to the moon" is no copy of anything, nor is a text in a script that does not
    part its words. The bytes are

    - ``slots``: 8 bits each of a MinHash over single words and pairs of neighbours. The share in which two texts
      agree estimates how much of their wording they share (Jaccard; standard error 0.04). Links, @handles, retweet
      marks, tags at the end, punctuation and case leave no trace in it;
    - ``names``: a Bloom filter (4 of 128 bits each) of the capitalised words;
    - ``tags``: the same of tickers, hashtags and emoji;
    - ``figures``: a 64-bit hash of the set of numbers and of words of direction ("up", "not", "sell").
    """
    batches = [_print(texts.slice(start, _ROWS)) for start in range(0, texts.num_rows, _ROWS)]
    return pa.concat_arrays(batches) if batches else pa.array([], pa.binary(FINGERPRINT.itemsize))


def _print(texts: pa.Table) -> pa.Array:
    words = _read(texts)
    prints = np.zeros(texts.num_rows, FINGERPRINT)
    speaks = _speaks(words, texts.num_rows)
    prints["slots"][speaks] = _slots(words, speaks)
    prints["names"] = _filter(words, words.is_name, texts.num_rows)
    prints["tags"] = _filter(words, words.is_tag, texts.num_rows)
    prints["figures"] = _figures(words, texts.num_rows)
    buffers = [pa.array(speaks).buffers()[1], pa.py_buffer(prints)]
    return pa.Array.from_buffers(pa.binary(FINGERPRINT.itemsize), texts.num_rows, buffers)


def _read(texts: pa.Table) -> _Words:
    """Split into words; what can be told of a word is told once for each different word."""
    lists = pc.utf8_split_whitespace(pc.utf8_trim_whitespace(_plain(texts)))
    words = lists.flatten().dictionary_encode()
    place, kinds = words.indices.to_numpy(), words.dictionary
    bare = pc.utf8_lower(pc.utf8_ltrim(kinds, "$#"))
    is_figure = pc.or_(pc.match_substring_regex(bare, r"\d"), pc.is_in(bare, pa.array(_DIRECTIONS)))
    code = pd.util.hash_array(bare.to_numpy(zero_copy_only=False), categorize=False)
    is_name = pc.and_not(pc.match_substring_regex(kinds, _NAME), pc.is_in(bare, pa.array(FUNCTION_WORDS)))
    return _Words(
        row=pc.list_parent_indices(lists).to_numpy(),
        code=code[place],
        is_figure=_flags(is_figure)[place],
        is_name=_flags(is_name)[place],
        is_tag=_flags(pc.match_substring_regex(kinds, _TAG))[place],
    )


def _plain(texts: pa.Table) -> pa.Array:
    """Words and figures with single spaces between them."""
    title, body = (pc.fill_null(texts[name].combine_chunks().cast(pa.string()), "") for name in ("title", "body"))
    plain = pc.utf8_slice_codeunits(pc.binary_join_element_wise(title, body, "\n"), 0, MOST_CHARACTERS)
    for pattern, instead in (
        (LINK_OR_HANDLE, " "),
        (_CUT_OFF, ""),
        (_MINUS, r"\1minus \2"),
        (_APOSTROPHE, r"\1"),
        (_THOUSANDS, r"\1\2"),
        (_DECIMALS, r"\1p\2"),
        (_BETWEEN, " "),
        (_SYMBOL, r" \1 "),
    ):
        plain = pc.replace_substring_regex(plain, pattern, instead)
    return plain


def _flags(values: pa.Array) -> np.ndarray:
    return values.to_numpy(zero_copy_only=False)


def _speaks(words: _Words, count: int) -> np.ndarray:
    """Which texts have enough different words of their own."""
    own = ~(words.is_figure | words.is_tag)
    row, _ = _distinct(words.row[own], words.code[own])
    return np.bincount(row, minlength=count) >= LEAST_WORDS


def _slots(words: _Words, speaks: np.ndarray) -> np.ndarray:
    """MinHash of the words of the texts that speak, tags at their end left out."""
    place = np.arange(len(words.row))
    last = np.zeros(len(speaks), np.int64)
    np.maximum.at(last, words.row, np.where(words.is_tag, -1, place))
    used = speaks[words.row] & (place <= last[words.row])
    row, code = words.row[used], words.code[used]
    follows = np.append(row[1:] == row[:-1], False)
    pair = np.where(follows, code * _GOLDEN + np.roll(code, -1), code)  # the last word, once more, adds nothing
    offsets = 2 * np.append(0, np.cumsum(np.bincount(row, minlength=len(speaks))[speaks]))
    hashes = np.column_stack([code, pair]).ravel()
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(hashes, offsets.astype(np.uint64), SLOTS, _SEED)
    values = np.array(matrix.to_rows(), np.uint32).reshape(-1, SLOTS)
    return (values * np.uint32(_GOLDEN >> np.uint64(32)) >> np.uint32(24)).astype(np.uint8)


def _filter(words: _Words, chosen: np.ndarray, count: int) -> np.ndarray:
    """Bloom filter of the chosen words: two bits in either half for each."""
    row, code = words.row[chosen], words.code[chosen]
    filters = np.zeros((count, 2), np.uint64)
    for half, shifts in enumerate(((58, 52), (46, 40))):
        for shift in shifts:
            bits = np.uint64(1) << (code >> np.uint64(shift) & np.uint64(63))
            np.bitwise_or.at(filters[:, half], row, bits)
    return filters


def _figures(words: _Words, count: int) -> np.ndarray:
    """Hash of the set of figures, whatever their order."""
    row, code = _distinct(words.row[words.is_figure], words.code[words.is_figure])
    sums = np.zeros(count, np.uint64)
    np.add.at(sums, row, (code ^ (code >> np.uint64(31))) * _GOLDEN)
    return sums


def _distinct(row: np.ndarray, code: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each word of a text once."""
    order = np.lexsort((code, row))
    row, code = row[order], code[order]
    first = np.ones(len(row), bool)
    first[1:] = (row[1:] != row[:-1]) | (code[1:] != code[:-1])
    return row[first], code[first]
