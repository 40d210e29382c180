"""Characters that the rules cannot read, made ASCII: curly quotation marks, dashes, spaces, and the emoji of
the field.

Here: which characters become what, and the compiled pass that does it. Not here: words (`finance_tokens.py`).
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from pipelines.sentiment.compiled import kernel, part

MAX_REPEATS = 3

_ONE, _STRIDE = np.uint64(1), np.uint64(32)  # unsigned: no wrap-around

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
    at, end = np.uint64(offsets[0]), np.uint64(offsets[rows])
    out = np.empty(end - at + (end - at) // np.uint64(8) + np.uint64(64), np.uint8)
    cleaned = np.zeros(rows + 1, np.int64)
    row, used, last, repeats = 0, np.uint64(0), np.uint32(0), 0
    while True:
        room = np.int64(used + end - at) + longest
        if out.size < room:
            grown = np.empty(max(out.size * 2, room), np.uint8)
            grown[:used] = out[:used]
            out = grown
        wide = _next_wide(text, at, end)
        used = _copy(text[at:wide], out, used)
        while row < rows and np.uint64(offsets[row + 1]) <= wide:
            cleaned[row + 1] = np.int64(used) - np.int64(wide - np.uint64(offsets[row + 1]))
            row += 1
            last = np.uint32(0)
        if wide == end:
            break
        if last:
            for byte in text[at:wide]:
                if byte > 32:
                    last = np.uint32(0)
        length = np.uint64(2 if text[wide] < 0xE0 else (3 if text[wide] < 0xF0 else 4))
        at = wide + length
        point = _code_point(text, wide, length)
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
            used = _copy(text[wide:at], out, used)
            if is_apart:
                out[used] = 32
                used += _ONE
            last = np.uint32(0)
            continue
        if is_symbol[low]:
            repeats = repeats + 1 if point == last else 1
            last = point
        if not is_symbol[low] or repeats <= MAX_REPEATS:
            used = _copy(replacements[starts[low] : starts[low + 1]], out, used)
    return out[:used], cleaned


@part
def _next_wide(text, at, end):
    """First place from `at` on that holds no ASCII, else `end`; 32 bytes at a stride."""
    while at + _STRIDE <= end:
        seen = np.uint8(0)
        for index in range(at, at + _STRIDE):
            seen |= text[index]
        if seen >= 128:
            break
        at += _STRIDE
    while at < end and text[at] < 128:
        at += _ONE
    return at


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
