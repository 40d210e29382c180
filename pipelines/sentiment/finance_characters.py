"""Characters that the rules cannot read, made ASCII: curly quotation marks, dashes, spaces, and the emoji of
the field.

Here: which characters become what, and the compiled pass that does it. Not here: words (`finance_tokens.py`).
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from pipelines.sentiment.compiled import kernel, part

MAX_REPEATS = 3

_ONE = np.uint64(1)  # unsigned: no wrap-around

PUNCTUATION = {
    "‘": "'", "’": "'", "ʼ": "'", "′": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "–": " - ", "—": " - ", "−": "-", "‐": "-", "‑": "-", "…": "... ", "•": " ", "·": " ",
    "\u00a0": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\u200a": " ", "\u202f": " ", "\u3000": " ",
    "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "", "\ufe0e": "",
    "\ufe0f": "", "🏻": "", "🏼": "", "🏽": "", "🏾": "", "🏿": "",
}  # fmt: skip
SYMBOLS = {
    "rocket": "🚀", "chart_up": "📈💹", "chart_down": "📉", "gem": "💎", "raised_hands": "🙌🤲👐",
    "moon": "🌕🌙🌝🌚🌑", "bull": "🐂🐃", "bear": "🐻🧸", "fire": "🔥", "money": "🤑💰💵💸🏦",
    "red_flag": "🚩🏴", "blood": "🩸", "red": "🔴🟥", "green": "🟢🟩✅💚❇",
    "up": "⬆▲△🔺⤴↗🔼↑☝", "down": "⬇▼▽🔻⤵↘🔽↓",
    "clown": "🤡", "poo": "💩", "strong": "💪🦍",
}  # fmt: skip


class Characters(NamedTuple):
    """What becomes of a character: sorted code points and, for each, its replacement in `text`."""

    points: np.ndarray  # uint32, sorted
    starts: np.ndarray  # int64, one more than points
    text: np.ndarray  # uint8
    is_symbol: np.ndarray  # bool: counted at most MAX_REPEATS times in a row
    longest: np.int64  # bytes of the longest replacement


def characters() -> Characters:
    """The table for `clean`; a symbol becomes a word of its own, `emoji_<name>`."""
    table = {ord(char): (text.encode(), False) for char, text in PUNCTUATION.items()}
    for name, chars in SYMBOLS.items():
        table |= {ord(char): (f" emoji_{name} ".encode(), True) for char in chars}
    points = sorted(table)
    texts = [table[point][0] for point in points]
    return Characters(
        points=np.array(points, np.uint32),
        starts=np.cumsum([0, *map(len, texts)], dtype=np.int64),
        text=np.frombuffer(b"".join(texts), np.uint8),
        is_symbol=np.array([table[point][1] for point in points]),
        longest=np.int64(max(map(len, texts))),
    )


@kernel
def clean(text: np.ndarray, offsets: np.ndarray, table: Characters) -> tuple[np.ndarray, np.ndarray]:
    """Cleaned UTF-8 bytes and their offsets. Pictographs are set apart by spaces, so that words beside them
    are seen.
    """
    points, starts, replacements, is_symbol, longest = table
    rows = offsets.size - 1
    out = np.empty(offsets[rows] - offsets[0] + 64, np.uint8)
    cleaned = np.zeros(rows + 1, np.int64)
    used = np.uint64(0)
    for row in range(rows):
        begin, end = np.uint64(offsets[row]), np.uint64(offsets[row + 1])
        seen = np.uint8(0)
        for byte in text[begin:end]:
            seen |= byte
        size = offsets[row + 1] - offsets[row]
        room = np.int64(used) + size + (size // 2 * longest if seen >= 128 else 0)
        if out.size < room:
            grown = np.empty(max(out.size * 2, room), np.uint8)
            grown[:used] = out[:used]
            out = grown
        last, repeats, at = np.uint32(0), 0, begin
        while at < end:
            stop = at
            if seen < 128:
                stop = end
            else:
                while stop < end and text[stop] < 128:
                    if text[stop] > 32:
                        last = np.uint32(0)
                    stop += _ONE
            used = _copy(text[at:stop], out, used)
            at = stop
            if at == end:
                break
            length = np.uint64(2 if text[at] < 0xE0 else (3 if text[at] < 0xF0 else 4))
            point = _code_point(text, at, length)
            low, high = 0, points.size
            while low < high:
                middle = (low + high) >> 1
                if points[middle] < point:
                    low = middle + 1
                else:
                    high = middle
            if low == points.size or points[low] != point:
                is_apart = 0x1F300 <= point <= 0x1FAFF or 0x2600 <= point <= 0x27BF
                if is_apart:
                    out[used] = 32
                    used += _ONE
                used = _copy(text[at : at + length], out, used)
                if is_apart:
                    out[used] = 32
                    used += _ONE
                last = np.uint32(0)
            else:
                if is_symbol[low]:
                    repeats = repeats + 1 if point == last else 1
                    last = point
                if not is_symbol[low] or repeats <= MAX_REPEATS:
                    used = _copy(replacements[starts[low] : starts[low + 1]], out, used)
            at += length
        cleaned[row + 1] = used
    return out[:used], cleaned


@part
def _code_point(text, at, length):
    point = np.uint32(text[at]) & np.uint32(0xFF >> np.int64(length + _ONE))
    for index in range(_ONE, length):
        point = point << np.uint32(6) | np.uint32(text[at + index]) & np.uint32(0x3F)
    return point


@njit(nogil=True, inline="always")
def _copy(source, out, used):
    target = out[used : used + np.uint64(source.size)]
    for index in range(source.size):
        target[index] = source[index]
    return used + np.uint64(source.size)
