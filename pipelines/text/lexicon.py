"""What mentions are searched for: names, symbols, pairs and the words around them, compiled once per list.

Here: from the list of instruments to two Aho-Corasick automata, one for words in any case (names,
phrases with another meaning, exchanges, pairs, finance words), one for symbols in capitals. Not here:
which hit is believed (``names.py``, ``symbols.py``, ``hashtags.py``).
"""

import re
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from ahocorasick_rs import BytesAhoCorasick

from pipelines.text.finance_words import FINANCE_WORDS
from pipelines.text.joined import Joined, as_words, lower

ANY_CASE, CAPITAL, CONTEXT = 0, 1, 2  # what a name needs to be believed
_NEED = {"capital": CAPITAL, "context": CONTEXT}
NAME, MEANING, EXCHANGE, PAIR, FINANCE, COIN = range(6)  # what a pattern is
EXCHANGES = (
    "nasdaq", "nasdaqgs", "nasdaqgm", "nasdaqcm", "nasdaq gs", "nasdaq gm", "nasdaq cm",
    "nyse", "nyse arca", "nysearca", "nyse american", "nyseamerican", "nyse mkt", "nysemkt", "amex", "arca",
    "cboe", "bats", "otc", "otcmkts", "otcqx", "otcqb", "crypto", "ticker", "symbol",
)  # fmt: skip
QUOTE_CURRENCIES = ("usd", "usdt", "usdc", "busd", "eur", "gbp", "jpy", "krw", "perp", "btc", "eth")
SHORTEST_BARE_COIN = 3
_GAP = re.compile(r"(?<=\w)[^\w]+(?=\w)")
_MARKS_THAT_MATTER = ("&", "'")
_LOOSE = " \t\r\n\u00a0\u2009\u202f-\u2010\u2011"
_APOSTROPHES = str.maketrans("\u2019\u02bc", "''")
_ARTICLES = frozenset((b"of", b"the", b"and", b"for", b"in", b"de", b"y"))


class Name(NamedTuple):
    """A name and whom it can mean."""

    written: str
    instruments: tuple[int, ...]  # rows of the list, the one to prefer first
    need: int
    is_capitals: bool  # an abbreviation such as IBM: read only as written
    is_place: bool  # things are said or bought there: on Facebook
    marks: tuple[str, ...]  # what stands between its words, "" for space and hyphen


class Lexicon(NamedTuple):
    """A list of instruments, ready to be searched for."""

    tickers: list[str]
    company: np.ndarray  # number of the instrument_id of each row
    is_word: np.ndarray
    is_crypto: np.ndarray
    is_house: np.ndarray  # it rates other companies, or counts for them
    valid_from: np.ndarray  # first day of the symbol, as datetime64; long ago where it always was
    valid_to: np.ndarray
    row_of: dict[str, int]  # row of each ticker, $BTC.X for a coin among them
    names: list[Name]
    name_of: dict[str, int]  # lower case without spaces, for hashtags; -1 where a phrase means otherwise
    phrases: BytesAhoCorasick
    phrase_kind: np.ndarray
    phrase_ref: np.ndarray  # into names; into the rows for pairs and coins
    symbols: BytesAhoCorasick
    symbol_row: np.ndarray


class Hits(NamedTuple):
    """Which pattern was found, and its first and last-plus-one word byte without the spaces around it."""

    pattern: np.ndarray
    start: np.ndarray
    end: np.ndarray


class Found(NamedTuple):
    """Rows of the list that were found, and from which to which visible byte."""

    instrument: np.ndarray
    start: np.ndarray
    end: np.ndarray


def found(entries: list[tuple[int, int, int]]) -> Found:
    """Entries of (row of the list, start, end) as columns."""
    return Found(*np.array(entries, dtype=np.int64).reshape(-1, 3).T)


def compile_lexicon(instruments: pa.Table) -> Lexicon:
    """Compile an ``INSTRUMENTS`` table; rows with only a ticker (all else null) are found by symbol alone."""
    rows = instruments.to_pylist()
    tickers = [row["ticker"] for row in rows]
    identities = stable_ids(instruments)
    number = {identity: count for count, identity in enumerate(dict.fromkeys(identities))}
    is_crypto = np.array([row["kind"] == "crypto" for row in rows], dtype=bool)
    # A symbol nobody has looked at may be a word.
    is_word = np.array([row["is_word"] is not False for row in rows], dtype=bool)
    names = _names(rows)
    patterns = _phrases(rows, names, tickers, is_crypto & ~is_word)
    symbol_row = [row for row, ticker in enumerate(tickers) if not ticker.endswith(".X")]
    return Lexicon(
        tickers=tickers,
        company=np.array([number[identity] for identity in identities], dtype=np.int64),
        is_word=is_word,
        is_crypto=is_crypto,
        is_house=np.array(["=house" in (row["name_is_word"] or "") for row in rows], dtype=bool),
        valid_from=np.array([row["valid_from"] or date.min for row in rows], dtype="datetime64[D]"),
        valid_to=np.array([row["valid_to"] or date.max for row in rows], dtype="datetime64[D]"),
        row_of=rows_by_ticker(instruments),
        names=names,
        name_of=dict.fromkeys(map(_squeezed, _other_meanings(rows)), -1)
        | {_squeezed(name.written): count for count, name in enumerate(names)},
        phrases=BytesAhoCorasick([pattern for pattern, _, _ in patterns]),
        phrase_kind=np.array([kind for _, kind, _ in patterns], dtype=np.int8),
        phrase_ref=np.array([ref for _, _, ref in patterns], dtype=np.int64),
        symbols=BytesAhoCorasick([as_words(tickers[row]) for row in symbol_row] or [b" \xff "]),
        symbol_row=np.array(symbol_row, dtype=np.int64),
    )


def stable_ids(instruments: pa.Table) -> list[str]:
    """The instrument_id of each row; where there is none, the ticker in lower case."""
    pairs = zip(instruments["instrument_id"].to_pylist(), instruments["ticker"].to_pylist(), strict=True)
    return [identity or ticker.lower() for identity, ticker in pairs]


def rows_by_ticker(instruments: pa.Table) -> dict[str, int]:
    """The row of each ticker; a coin's also under BTC.X, as StockTwits writes it."""
    tickers, kinds = instruments["ticker"].to_pylist(), instruments["kind"].to_pylist()
    coins = {f"{t.removesuffix('.X')}.X": row for row, t in enumerate(tickers) if kinds[row] == "crypto"}
    return coins | {ticker: row for row, ticker in enumerate(tickers)}


def find_phrases(lexicon: Lexicon, joined: Joined) -> Hits:
    """All phrases in any case, overlapping ones too."""
    return _hits(lexicon.phrases, lower(joined.words))


def find_symbols(lexicon: Lexicon, joined: Joined) -> Hits:
    """All symbols written in capitals as words of their own."""
    return _hits(lexicon.symbols, joined.words.tobytes())


def _hits(automaton: BytesAhoCorasick, words: bytes) -> Hits:
    found = automaton.find_matches_as_indexes(words, overlapping=True)
    table = np.array(found, dtype=np.int64).reshape(-1, 3)
    return Hits(table[:, 0], table[:, 1] + 1, table[:, 2] - 1)


def _names(rows: list[dict]) -> list[Name]:
    """One entry per name; who has it now comes before who had it once."""
    owners: dict[bytes, list[int]] = {}
    written: dict[bytes, str] = {}
    needs = _needs(rows)
    for row, instrument in enumerate(rows):
        listed = [instrument["name"] or "", *(instrument["other_names"] or "").split("|")]
        for variant in [*listed, *(name.replace("'", "") for name in listed if "'" in name)]:
            key = as_words(variant).lower()
            if not key.strip():
                continue
            written.setdefault(key, variant)
            if row not in owners.setdefault(key, []):
                owners[key].append(row)
    return [
        Name(
            written=written[key],
            instruments=tuple(sorted(found, key=lambda row: rows[row]["valid_to"] is not None)),
            need=max((_NEED.get(need, ANY_CASE) for need in needs.get(key, ())), default=ANY_CASE),
            is_capitals=written[key].isalnum() and written[key].isupper(),
            is_place="place" in needs.get(key, ()),
            marks=_marks(written[key]),
        )
        for key, found in owners.items()
    ]


def _needs(rows: list[dict]) -> dict[bytes, set[str]]:
    """What each name needs, with and without its apostrophe."""
    needs: dict[bytes, set[str]] = {}
    for entries in filter(None, (row["name_is_word"] for row in rows)):
        for entry in entries.split("|"):
            name, _, need = entry.rpartition("=")
            for variant in (name, name.replace("'", "")):
                needs.setdefault(as_words(variant).lower(), set()).add(need)
    return needs


def _marks(written: str) -> tuple[str, ...]:
    """The signs between the words of a name; spaces and hyphens stand for each other and count as nothing."""
    gaps = _GAP.findall(written)
    return tuple(gap.translate(_APOSTROPHES).strip(_LOOSE) for gap in gaps)


def _phrases(rows: list[dict], names: list[Name], tickers: list[str], is_bare: np.ndarray) -> list:
    """Patterns in lower case, what each is and what it refers to; only finance words may repeat another."""
    patterns: dict[bytes, tuple[int, int]] = {}
    for count, name in enumerate(names):
        patterns.setdefault(as_words(name.written).lower(), (NAME, count))
    for row, ticker in enumerate(tickers):
        coin = ticker.lower().removesuffix(".x")
        if rows[row]["kind"] == "crypto":
            for quote in QUOTE_CURRENCIES:
                if quote != coin:
                    for joint in ("", "_", " "):
                        patterns.setdefault(f" {coin}{joint}{quote} ".encode(), (PAIR, row))
        if is_bare[row] and len(coin) >= SHORTEST_BARE_COIN:
            patterns.setdefault(f" {coin} ".encode(), (COIN, row))
    for phrase in _other_meanings(rows):
        patterns.setdefault(as_words(phrase).lower(), (MEANING, -1))
    for exchange in EXCHANGES:
        patterns.setdefault(as_words(exchange), (EXCHANGE, -1))
    listed = [(pattern, kind, ref) for pattern, (kind, ref) in patterns.items()]
    return listed + [(as_words(word), FINANCE, -1) for word in sorted(FINANCE_WORDS)]


def _other_meanings(rows: list[dict]) -> list[str]:
    return [phrase for row in rows for phrase in (row["other_meanings"] or "").split("|") if phrase]


def _squeezed(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def is_joined_alike(name: Name, written: str) -> bool:
    """Whether ``written`` has the signs of ``name`` between its words: AT&T, not at T; but Yum Brands."""
    found = _marks(written)
    is_close = len(written) <= len(name.written) + 4 * len(name.marks)
    return (
        is_close
        and len(found) == len(name.marks)
        and all(
            mark == own or (mark == "" and own not in _MARKS_THAT_MATTER)
            for mark, own in zip(found, name.marks, strict=True)
        )
    )


def reads_as_capitals(words: bytes) -> bool:
    """Whether each word of a name, small ones apart, is written with a capital or a digit."""
    return all(not word[:1].islower() for word in words.split() if word.lower() not in _ARTICLES)
