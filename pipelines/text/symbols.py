"""Symbols without a dollar sign: ``NASDAQ: MU``, ``BTC/USD``, ``Micron (MU)`` and the bare ``MU``.

Here: where a symbol stands and whether what surrounds it makes it one. Not here: ``$MU``
(``cashtags.py``), names (``names.py``), ``#MU`` (``hashtags.py``).
"""

import re

import numpy as np

from pipelines.text.finance_words import COMPANY_WORDS, DEAL_WORDS
from pipelines.text.joined import Joined
from pipelines.text.lexicon import COIN, EXCHANGE, PAIR, Found, Hits, Lexicon, found
from pipelines.text.names import NameHits
from pipelines.text.surroundings import Surroundings, is_part_of_a_name, words_after, words_before

SHORTEST_BARE = 3  # two capitals alone are no symbol
_COMPANY = frozenset(word.encode() for word in COMPANY_WORDS)
_DEALS = frozenset(word.encode() for word in DEAL_WORDS)
_NEAREST_NAME = 60  # bytes between a name and its symbol in brackets
_ATTACHED_BEFORE = np.frombuffer(b"$#@&.", dtype=np.uint8)
_EXCHANGE_SYMBOL = re.compile(rb"\s{0,2}:\s{0,2}\$?([A-Z]{1,6}(?:[.\-/][A-Z]{1,2})?)(?![A-Za-z0-9_])")
_ENDS_LIST = re.compile(rb"\s{0,2}(?:[)\],;]|\xff)")
_BRACKET_CLOSES = re.compile(rb"(?:[.:][A-Z]{1,2}|\s(?:US|UN|UW))?\)")
_LEGAL_FORM = (
    rb"(?:Inc|Incorporated|Corp|Corporation|Co|Company|plc|PLC|Ltd|Limited|N\.?V|S\.?A|AG|SE"
    rb"|Group|Holdings?|ETF|Trust)"
)
_NAME_TAIL = re.compile(
    rb"(?:[\s,.]|\b(?:%b|Technolog(?:y|ies)|Systems|International|ADR|stock|shares)\b)*" % _LEGAL_FORM
)
_CAPITAL_WORD = re.compile(rb"(?<![\w.])[A-Z][\w&.'-]{0,40},?\s?$")
_LEGAL_FORM_LAST = re.compile(rb"\b%b\.?\s?$" % _LEGAL_FORM)


def find_exchange_tickers(lexicon: Lexicon, joined: Joined, phrases: Hits) -> Found:
    """``NASDAQ: MU``, ``NYSE:BRK.B``; a symbol that is a word only before a bracket or a comma."""
    entries = []
    for start, end, _ in _places(lexicon, joined, phrases, EXCHANGE):
        after = joined.visible[end : end + 16].tobytes()
        match = _EXCHANGE_SYMBOL.match(after)
        if not match:
            continue
        row = lexicon.row_of.get(re.sub(r"[-/]", ".", match[1].decode()), -1)
        if row >= 0 and (not lexicon.is_word[row] or _ENDS_LIST.match(after, match.end())):
            entries.append((row, start, end + match.end()))
    return found(entries)


def find_pairs(lexicon: Lexicon, joined: Joined, phrases: Hits) -> Found:
    """``BTC/USD``, ``btc-usd``, ``BTCUSDT``; not ``BTC USD``, which is two words."""
    return found(
        [
            (int(lexicon.phrase_ref[pattern]), start, end)
            for start, end, pattern in _places(lexicon, joined, phrases, PAIR)
            if not re.search(rb"\s", joined.visible[start:end].tobytes())
        ]
    )


def find_symbol_places(lexicon: Lexicon, joined: Joined, symbols: Hits, phrases: Hits) -> Found:
    """Words that spell a listed symbol in capitals, or a coin's symbol that is no word in any case."""
    coin = lexicon.phrase_kind[phrases.pattern] == COIN
    instrument = np.concatenate([lexicon.symbol_row[symbols.pattern], lexicon.phrase_ref[phrases.pattern[coin]]])
    start = joined.to_visible[np.concatenate([symbols.start, phrases.start[coin]])]
    end = joined.to_visible[np.concatenate([symbols.end, phrases.end[coin]]) - 1] + 1
    before, after = joined.visible[start - 1], joined.visible[end]
    further = joined.is_gap[np.minimum(end + 1, len(joined.visible) - 1)]
    keep = ~np.isin(before, _ATTACHED_BEFORE) & ~np.isin(after, _ATTACHED_BEFORE[2:4])
    keep &= (after != ord(".")) | further
    dotted = np.array(["." in ticker for ticker in lexicon.tickers] or [False], dtype=bool)[instrument]
    for place in np.flatnonzero(keep & dotted).tolist():
        keep[place] = b" " not in joined.visible[start[place] : end[place]].tobytes()
    return Found(*np.unique(np.column_stack([instrument, start, end])[keep], axis=0).T)


def find_named_tickers(lexicon: Lexicon, joined: Joined, places: Found, names: NameHits) -> tuple[Found, np.ndarray]:
    """``Micron (MU)``; and which entries of ``places`` these are.

    Before the bracket stands a name of that very instrument, or, where the symbol is no word or a legal
    form stands there, any word with a capital, unless the symbol just abbreviates the words before it.
    """
    is_named = np.zeros(len(places.start), dtype=bool)
    entries = []
    by_end = np.argsort(names.visible_end, kind="stable")
    ends = names.visible_end[by_end]
    for place in np.flatnonzero(joined.visible[places.start - 1] == ord("(")).tolist():
        row, start, end = (int(column[place]) for column in places)
        close = _BRACKET_CLOSES.match(joined.visible[end : end + 6].tobytes())
        nearest = by_end[: int(np.searchsorted(ends, start - 1, side="right"))][-4:]
        begin = _own_name(lexicon, joined, names, nearest.tolist(), row, start - 1)
        if begin is None:
            begin = _other_name(lexicon, joined, row, start - 1)
        if close and begin is not None:
            is_named[place] = True
            entries.append((row, begin, end + close.end()))
    return found(entries), is_named


def believe_bare(
    lexicon: Lexicon,
    joined: Joined,
    places: Found,
    around: Surroundings,
    is_backed: np.ndarray,
    rows: np.ndarray,
    name_rows: np.ndarray,
) -> np.ndarray:
    """Which bare symbols are meant as such.

    ``is_backed``: the same text names the company in another way, or the first post of its thread names it; a
    single letter wants a finance word beside it then. Without that: a symbol of three letters or more that is no
    word, in a sentence about a market or beside a company's name ("AMD over INTC"), and a coin's such symbol
    anywhere; a symbol of two letters that is no word, in a sentence that gives another symbol. ``rows`` and
    ``name_rows``: the sentences that give a symbol, or a name, otherwise.
    """
    row = joined.rows(places.start)
    length = np.array([len(ticker) for ticker in lexicon.tickers] or [0], dtype=np.int64)[places.instrument]
    is_word = lexicon.is_word[places.instrument]
    is_crypto = lexicon.is_crypto[places.instrument]
    is_in_company = around.is_about_a_market[row] | np.isin(row, name_rows)
    alone = (length >= SHORTEST_BARE) & ~is_word & (is_in_company | is_crypto)
    alone &= ~_is_compound(joined, places.end)
    first, last = (
        np.searchsorted(joined.to_visible, places.start),
        np.searchsorted(joined.to_visible, places.end),
    )
    for place in np.flatnonzero(alone & ~is_crypto & ~is_backed).tolist():
        alone[place] = not is_part_of_a_name(joined, around, int(first[place]), int(last[place]), int(row[place]))
    accompanied = (length > 1) & ~is_word & np.isin(row, np.concatenate([rows, row[alone]]))
    backed = is_backed & ~(is_word & around.is_shouted[row])
    for place in np.flatnonzero(backed & (length == 1)).tolist():
        backed[place] = _is_letter_meant(joined, int(first[place]), int(last[place]))
    return alone | accompanied | backed


def _is_compound(joined: Joined, end: np.ndarray) -> np.ndarray:
    """Whether a hyphen and a small letter follow: ALK-positive."""
    further = joined.visible[np.minimum(end + 1, len(joined.visible) - 1)]
    return (joined.visible[end] == ord("-")) & (further >= ord("a")) & (further <= ord("z"))


def _is_letter_meant(joined: Joined, start: int, end: int) -> bool:
    """Whether a company's word follows or the word before is a deal: "F calls", "bought T"; no "A good day"."""
    before, after = words_before(joined, start)[-1:], words_after(joined, end)[:1]
    return any(word.lower() in _COMPANY for word in after) or any(word.lower() in _DEALS for word in before)


def _places(lexicon: Lexicon, joined: Joined, phrases: Hits, kind: int) -> list[tuple[int, int, int]]:
    """Start, end and pattern of the hits of one kind."""
    chosen = np.flatnonzero(lexicon.phrase_kind[phrases.pattern] == kind)
    start = joined.to_visible[phrases.start[chosen]].tolist()
    end = (joined.to_visible[phrases.end[chosen] - 1] + 1).tolist()
    return list(zip(start, end, phrases.pattern[chosen].tolist(), strict=True))


def _own_name(
    lexicon: Lexicon, joined: Joined, names: NameHits, nearest: list[int], row: int, bracket: int
) -> int | None:
    """Where the instrument's own name begins that ends before the bracket."""
    for place in nearest:
        last = int(names.visible_end[place])
        owners = list(lexicon.names[names.name[place]].instruments)
        if bracket - last > _NEAREST_NAME or lexicon.company[row] not in lexicon.company[owners]:
            continue
        if _NAME_TAIL.fullmatch(joined.visible[last:bracket].tobytes()):
            return int(names.visible_start[place])
    return None


def _other_name(lexicon: Lexicon, joined: Joined, row: int, bracket: int) -> int | None:
    """Where the capital word before the bracket begins, if the symbol does not abbreviate the words there."""
    before = joined.visible[max(0, bracket - _NEAREST_NAME) : bracket].tobytes().rpartition(b"\xff")[2]
    word = _CAPITAL_WORD.search(before)
    has_legal_form = _LEGAL_FORM_LAST.search(before)
    if not word or (lexicon.is_word[row] and not has_legal_form):
        return None
    initials = "".join(part[:1] for part in before.decode("utf-8", "ignore").split())
    if initials.upper().endswith(lexicon.tickers[row]):
        return None
    return bracket - len(before) + word.start()
