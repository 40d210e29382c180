"""Companies in hashtags: ``#Micron``, ``#MU``, ``#MicronAnnouncesPartnership``.

Here: a hashtag as a symbol, as a name, or as words run together that begin with capitals. Not here:
what a name or a symbol is (``lexicon.py``).
"""

import re

import numpy as np

from pipelines.text.finance_words import COMPANY_WORDS
from pipelines.text.joined import Joined
from pipelines.text.lexicon import ANY_CASE, CAPITAL, CONTEXT, Found, Lexicon, found

_BODY = re.compile(rb"[A-Za-z0-9_]{2,140}")
_GOES_ON = re.compile(rb"&[A-Za-z]")  # #PG&E is not #PG
_HUMP = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+[A-Z]?(?![a-z])|[0-9]+")
_LONGEST_NAME = 5  # words
_SHORTEST_ANY_CASE = 3  # letters of a symbol that may be written #aapl


def find_hashtags(lexicon: Lexicon, joined: Joined) -> tuple[Found, np.ndarray]:
    """Hashtags that hold a listed symbol or name, the sign in the span; and what each needs to be believed.

    ``ANY_CASE``: nothing; ``CAPITAL``: a sentence about a market; ``CONTEXT``: another mention of the
    company.
    """
    visible = joined.visible
    text = visible.tobytes()
    sign = np.flatnonzero(visible == ord("#"))
    sign = sign[joined.is_gap[sign - 1] & (visible[sign - 1] != ord("&"))]
    known: dict[bytes, list[tuple[int, int]]] = {}
    entries, needs = [], []
    for start in sign.tolist():
        body = _BODY.match(text, start + 1)
        if not body or _GOES_ON.match(text, body.end()):
            continue
        if body[0] not in known:
            known[body[0]] = _read(lexicon, body[0].decode())
        for row, need in known[body[0]]:
            entries.append((row, start, body.end()))
            needs.append(need)
    return found(entries), np.array(needs, dtype=np.int8)


def _read(lexicon: Lexicon, body: str) -> list[tuple[int, int]]:
    """Rows of the list that a hashtag names, and what each needs."""
    row = lexicon.row_of.get(body.upper())
    if row is not None and (body.isupper() or (len(body) >= _SHORTEST_ANY_CASE and not lexicon.is_word[row])):
        return [(row, CONTEXT if lexicon.is_word[row] else ANY_CASE)]
    whole = lexicon.name_of.get(body.lower(), -1)
    if whole >= 0:
        name = lexicon.names[whole]
        is_clear = name.need == CAPITAL and body[0].isupper()
        return [(name.instruments[0], ANY_CASE if is_clear else name.need)]
    rows: dict[int, int] = {}
    humps = _HUMP.findall(body)
    while humps:
        row, need, length = _name_first(lexicon, humps)
        if row >= 0:
            rows[row] = min(need, rows.get(row, need))
        humps = humps[length:]
    return list(rows.items())


def _name_first(lexicon: Lexicon, humps: list[str]) -> tuple[int, int, int]:
    """Row, need and number of words of the longest name that ``humps`` begin with; row -1 for none."""
    for length in range(min(_LONGEST_NAME, len(humps)), 0, -1):
        written = "".join(humps[:length])
        known = lexicon.name_of.get(written.lower())
        if known is None or not written[0].isupper():
            continue
        if known < 0:
            return -1, ANY_CASE, length
        name = lexicon.names[known]
        if name.is_capitals and not written.isupper():
            continue
        is_company = "".join(humps[length : length + 1]).lower() in COMPANY_WORDS
        return name.instruments[0], CONTEXT if name.need == CONTEXT and not is_company else ANY_CASE, length
    row = lexicon.row_of.get(humps[0], -1)
    is_symbol = row >= 0 and len(humps[0]) >= _SHORTEST_ANY_CASE and not lexicon.is_word[row]
    return row if is_symbol else -1, ANY_CASE, 1
