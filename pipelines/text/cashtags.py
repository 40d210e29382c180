"""Symbols behind a dollar sign: ``$MU``, ``$brk.b``, ``$BTC.X``.

Here: Twitter's grammar (a dollar sign that follows no letter, digit, ``_`` or ``$``; one to six
letters; perhaps a dot and one or two more; then no letter or digit) and what goes beyond it: Twitter
wants white space before the dollar sign, here brackets, quotes, commas and slashes do too, as in
``($MU)`` and ``$MU/$NVDA``. A single letter gets none of that freedom: ``$C`` in capitals, formulas and
swearing is too often no bank. Not here: symbols without a dollar sign (``symbols.py``).
"""

import re

import numpy as np

from pipelines.text.joined import Joined
from pipelines.text.lexicon import Found, Lexicon

_LONGEST = 6
_NONE = -1
_FIRST_UNSPACED = "\N{CJK RADICAL REPEAT}"  # from here on, letters that follow a word without a space
_CURRENCY = "€£¥₩₴"
_NEVER_BEFORE = np.frombuffer(b"$#@%=^_", dtype=np.uint8)  # swearing, formulas, addresses
_PLAIN_AFTER = np.frombuffer(b" \t\r\n,;:!?)]}\"'|+*~", dtype=np.uint8)
_SUFFIX = re.compile(r"([._\-/])([A-Za-z]{1,2})(?!\w)")
_GOES_ON = re.compile(rf"[\w{_CURRENCY}]")
_CUT_OFF = re.compile(r"…\s*$")
_DRAWN_LETTERS = re.compile(r"(?![«»‐-‧])[¡-⯿][A-Za-z]")  # $T∆RT
_OPENS = re.compile(r"[\s(\[{\"'“‘«,;:/|\-]")
_CLOSES = re.compile(r"[.,;:!?)\]}\"'”’»…|\-]*(?:\s|\$[A-Za-z]|$)|['’]s\b|\.{2,}|/|:US\b")


def find_cashtags(lexicon: Lexicon, joined: Joined) -> Found:
    """All cashtags of listed symbols, lower case too; the span holds the dollar sign."""
    visible = joined.visible
    dollar = np.flatnonzero(visible == ord("$"))
    before = visible[dollar - 1]
    dollar = dollar[joined.is_gap[dollar - 1] & ~np.isin(before, _NEVER_BEFORE)]
    window = visible[np.minimum(dollar[:, None] + np.arange(1, _LONGEST + 2), len(visible) - 1)]
    letters = np.minimum.accumulate(((window | 32) >= ord("a")) & ((window | 32) <= ord("z")), axis=1)
    length = letters.sum(axis=1)
    fits = (length >= 1) & (length <= _LONGEST)
    dollar, window, letters, length = dollar[fits], window[fits], letters[fits], length[fits]
    symbols = np.where(letters, window & ~np.uint8(32), 0)[:, :_LONGEST]
    spelled, which = np.unique(np.ascontiguousarray(symbols).view(f"S{_LONGEST}").ravel(), return_inverse=True)
    tickers = [symbol.decode() for symbol in spelled.tolist()]
    instrument = np.array([lexicon.row_of.get(ticker, _NONE) for ticker in tickers], dtype=np.int64)[which]
    end = dollar + 1 + length
    after = window[np.arange(len(window)), length]
    is_plain = (length > 1) & np.isin(after, _PLAIN_AFTER) & (visible[dollar - 1] < 0x80)
    for place in np.flatnonzero(~is_plain).tolist():
        judged = _judge(lexicon, joined, int(dollar[place]), tickers[which[place]])
        instrument[place], end[place] = judged
    listed = instrument != _NONE
    return Found(instrument[listed], dollar[listed], end[listed])


def _judge(lexicon: Lexicon, joined: Joined, dollar: int, ticker: str) -> tuple[int, int]:
    """Row of the list and end of the span, by what stands around; row -1 for no cashtag."""
    end = dollar + 1 + len(ticker)
    before = joined.visible[max(0, dollar - 4) : dollar].tobytes().decode("utf-8", "ignore")[-1:]
    after = joined.visible[end : end + 12].tobytes().partition(b"\xff")[0].decode("utf-8", "ignore")
    if suffix := _SUFFIX.match(after):
        row = lexicon.row_of.get(f"{ticker}.{suffix[2].upper()}", _NONE)
        if row != _NONE or suffix[1] in "._":  # $VOD.L is London's, $ES_F a future
            return row, end + len(suffix[0])
    goes_on = _GOES_ON.match(after) and after[0] < _FIRST_UNSPACED
    if after[:1] == "$" and not before.isspace():
        return _NONE, end  # ❤$UN$HINE❤
    if goes_on or before in _CURRENCY or _CUT_OFF.match(after) or _DRAWN_LETTERS.match(after):
        return _NONE, end
    if joined.visible[dollar + 1 : end].tobytes() == b"s":
        return _NONE, end  # too many $s
    if len(ticker) == 1 and not (_OPENS.match(before) and _CLOSES.match(after)):
        return _NONE, end
    return lexicon.row_of.get(ticker, _NONE), end
