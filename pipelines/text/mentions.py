"""Which instruments a text names, with the words that say so: the audit rows of ``core.mentions``.

Here: all rules over many sentences at once, and what the source declares. Not here: the rules themselves
(``cashtags.py``, ``symbols.py``, ``names.py``, ``hashtags.py``), which bank only speaks (``houses.py``), what a
quotation counts (``meant.py``), how much of a text is about an instrument (``relevance.py``).
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.text.cashtags import find_cashtags
from pipelines.text.hashtags import find_hashtags
from pipelines.text.houses import find_speakers
from pipelines.text.joined import Joined, join
from pipelines.text.lexicon import (
    ANY_CASE,
    CAPITAL,
    Found,
    Lexicon,
    compile_lexicon,
    find_phrases,
    find_symbols,
    rows_by_ticker,
    stable_ids,
)
from pipelines.text.names import NameHits, believe_words, choose_instruments, find_names, is_plain
from pipelines.text.surroundings import Surroundings, find_likened, look_around
from pipelines.text.symbols import (
    believe_bare,
    find_exchange_tickers,
    find_named_tickers,
    find_pairs,
    find_symbol_places,
)

# How often a row of the rule means what it says; set by judgement, in the order of the rules' strength.
CONFIDENCE = {
    "source_symbol": 1.0,  # the source files the text under the symbol
    "exchange_and_ticker": 0.99,  # NASDAQ: MU
    "name_and_ticker": 0.99,  # Micron (MU)
    "cashtag": 0.98,  # $MU
    "pair": 0.95,  # BTC/USD
    "company_name": 0.9,  # Micron
    "hashtag": 0.85,  # #Micron
    "symbol": 0.7,  # MU
}
MENTIONS = pa.schema(
    [
        pa.field("text_id", pa.string(), nullable=False),
        ("position", pa.int32()),  # of the sentence; null where the source declares the symbol
        pa.field("ticker", pa.string(), nullable=False),  # as listed: $FB stays FB
        pa.field("instrument_id", pa.string(), nullable=False),  # FB and META are both meta
        pa.field("rule", pa.string(), nullable=False),
        pa.field("matched", pa.string(), nullable=False),  # as written
        ("start", pa.int32()),  # offset of the matched words in the sentence, in characters
        pa.field("confidence", pa.float64(), nullable=False),
    ]
)
BATCH_BYTES = 2 * 2**20  # sentences searched at a time, unless one text alone is longer
RULES = tuple(CONFIDENCE)
NO_THREADS = pa.schema([("text_id", pa.string()), ("ticker", pa.string())]).empty_table()
_BY_SYMBOL = frozenset(("cashtag", "exchange_and_ticker", "name_and_ticker", "symbol"))
_SYMBOL_RULES = ("cashtag", "exchange_and_ticker", "name_and_ticker")


def find_mentions(sentences: pa.Table, instruments: pa.Table, thread_tickers: pa.Table = NO_THREADS) -> pa.Table:
    """Find the instruments that sentences name.

    ``sentences``: one row per sentence with ``text_id`` string, ``position`` int32, ``sentence``
    string; other columns are ignored, except ``day`` (date32): where it is given, a former symbol and a name
    stand for the symbol that the company had on that day ("Facebook" is FB in 2014), and a symbol that was
    not yet the company's is dropped. ``instruments``: an ``INSTRUMENTS`` table; a row may have a
    ticker and nothing else. ``thread_tickers``: ``text_id``, ``ticker``: what the first post of the text's thread
    names; a doubtful symbol or name of such a company is believed.

    Returns ``MENTIONS``: one row per text, position, ticker, rule and matched words, the first place of
    each, in the order of the sentences (texts in the order of their first sentence). Raises
    ``KeyError`` for a missing column.
    """
    lexicon = compile_lexicon(instruments)
    columns = ["text_id", "position", "sentence"]
    sentences = _text_by_text(sentences.select([*columns, *{"day"}.intersection(sentences.column_names)]))
    texts, ids = _numbered(sentences["text_id"])
    given = _given_by_thread(lexicon, ids, thread_tickers)
    found = [
        _find_in_batch(instruments, lexicon, sentences.slice(first, last - first), texts[first:last], given)
        for first, last in _batches(sentences["sentence"], texts)
    ]
    return pa.concat_tables([MENTIONS.empty_table(), *found])


def declared_mentions(texts: pa.Table, instruments: pa.Table) -> pa.Table:
    """Mentions that the source itself declares; symbols that are not listed are dropped.

    ``texts``: ``text_id`` string, ``symbols`` list<string>. Returns ``MENTIONS``: one row per text and
    ticker with rule ``source_symbol``, position and start null.
    """
    row_of = rows_by_ticker(instruments)
    declared = texts["symbols"].combine_chunks()
    written = pc.list_flatten(declared)
    owner = pc.list_parent_indices(declared).to_numpy()
    symbols = pc.replace_substring(pc.utf8_upper(pc.utf8_trim(written, "$ ")), "-", ".").dictionary_encode()
    rows = np.array([*(row_of.get(s, -1) for s in symbols.dictionary.to_pylist()), -1], dtype=np.int64)
    row = rows[pc.fill_null(symbols.indices, -1).to_numpy()]
    _, first = np.unique(np.column_stack([owner, row]), axis=0, return_index=True)
    first = np.sort(first[row[first] >= 0])
    return _table(
        instruments,
        texts["text_id"].take(pa.array(owner[first])),
        pa.nulls(len(first), pa.int32()),
        row[first],
        np.full(len(first), RULES.index("source_symbol")),
        written.take(pa.array(first)),
        pa.nulls(len(first), pa.int32()),
    )


def _find_in_batch(
    instruments: pa.Table, lexicon: Lexicon, batch: pa.Table, texts: np.ndarray, given: np.ndarray
) -> pa.Table:
    """Mentions in sentences that are searched together."""
    joined = join(batch["sentence"], texts)
    phrases, symbols = find_phrases(lexicon, joined), find_symbols(lexicon, joined)
    around = look_around(lexicon, joined, phrases, texts)
    names = find_names(lexicon, joined, phrases)
    places = find_symbol_places(lexicon, joined, symbols, phrases)
    named, is_named = find_named_tickers(lexicon, joined, places, names)
    by_rule = {
        "cashtag": find_cashtags(lexicon, joined),
        "exchange_and_ticker": find_exchange_tickers(lexicon, joined, phrases),
        "name_and_ticker": named,
        "pair": find_pairs(lexicon, joined, phrases),
    }
    by_rule["company_name"], by_rule["hashtag"] = _believe_names(lexicon, joined, around, names, by_rule, given)
    places = _where(places, ~is_named & ~_is_covered(places, *by_rule.values()))
    backed = _is_backed(lexicon, joined, texts, places, by_rule.values(), given)
    rows = joined.rows(np.concatenate([by_rule[rule].start for rule in _SYMBOL_RULES]))
    name_rows = joined.rows(by_rule["company_name"].start)
    believed = believe_bare(lexicon, joined, places, around, backed, rows, name_rows)
    by_rule["symbol"] = _where(places, believed & ~find_likened(joined, places))
    by_rule = _without_speakers(lexicon, joined, by_rule)
    if "day" in batch.column_names:
        days = batch["day"].to_numpy().astype("datetime64[D]")
        by_rule = {rule: _on_their_day(lexicon, joined, days, rule, part) for rule, part in by_rule.items()}
    return _as_mentions(instruments, joined, batch, by_rule)


def _believe_names(
    lexicon: Lexicon,
    joined: Joined,
    around: Surroundings,
    names: NameHits,
    by_symbol: dict[str, Found],
    given: np.ndarray,
) -> tuple[Found, Found]:
    """Names and hashtags that mean a company; doubtful ones only where text or thread is clear about it."""
    texts = around.text
    instrument = choose_instruments(lexicon, names, around, _said(lexicon, joined, texts, by_symbol.values()))
    by_name = Found(instrument, names.visible_start, names.visible_end)
    plain = is_plain(lexicon, names)
    tags, need = find_hashtags(lexicon, joined)
    clear = [*by_symbol.values(), _where(by_name, plain), _where(tags, need == ANY_CASE)]
    backed = _is_backed(lexicon, joined, texts, by_name, clear, given)
    believed = believe_words(lexicon, joined, names, around, backed)
    believed &= ~_is_covered(by_name, *by_symbol.values()) & ~find_likened(joined, by_name)
    about_market = around.is_about_a_market[joined.rows(tags.start)]
    tagged = (need == ANY_CASE) | ((need == CAPITAL) & about_market)
    tagged |= _is_backed(lexicon, joined, texts, tags, clear, given)
    return _where(by_name, believed), _where(tags, tagged)


def _without_speakers(lexicon: Lexicon, joined: Joined, by_rule: dict[str, Found]) -> dict[str, Found]:
    """Without the houses that speak of others; a cashtag is never taken for a speaker."""
    named = Found(*map(np.concatenate, zip(*by_rule.values(), strict=True)))
    is_asked = np.repeat([rule != "cashtag" for rule in by_rule], [len(part.start) for part in by_rule.values()])
    keep = np.ones(len(named.start), dtype=bool)
    keep[is_asked] = ~find_speakers(lexicon, joined, _where(named, is_asked), named)
    kept = np.split(keep, np.cumsum([len(part.start) for part in by_rule.values()])[:-1])
    return {rule: _where(part, mask) for (rule, part), mask in zip(by_rule.items(), kept, strict=True)}


def _on_their_day(lexicon: Lexicon, joined: Joined, days: np.ndarray, rule: str, found: Found) -> Found:
    """What each finding stood for on its day: the symbol its company had then.

    A symbol before its first day was somebody else's and is dropped. One after its last day, like a name on any
    day, means the company: the symbol that came after it, or itself where none did.
    """
    day = days[joined.rows(found.start)]
    is_early, is_late = lexicon.valid_from[found.instrument] > day, lexicon.valid_to[found.instrument] < day
    instrument = found.instrument.copy()
    asked = np.flatnonzero(is_early | is_late)
    known: dict[tuple[int, np.datetime64], int] = {}
    for place in asked.tolist():
        key = (int(instrument[place]), day[place])
        if key not in known:
            own = np.flatnonzero(lexicon.company == lexicon.company[key[0]])
            then = own[(lexicon.valid_from[own] <= key[1]) & (lexicon.valid_to[own] >= key[1])]
            known[key] = int(then[0]) if len(then) else key[0]
        instrument[place] = known[key]
    keep = ~is_early if rule in _BY_SYMBOL else np.ones(len(day), dtype=bool)
    return _where(Found(instrument, found.start, found.end), keep)


def _where(found: Found, mask: np.ndarray) -> Found:
    return Found(*(column[mask] for column in found))


def _said(lexicon: Lexicon, joined: Joined, texts: np.ndarray, found: Iterable[Found]) -> set[int]:
    """Numbers of text and row of the list, in one, of what is named by symbol."""
    count = len(lexicon.tickers)
    return {key for part in found for key in (texts[joined.rows(part.start)] * count + part.instrument).tolist()}


def _given_by_thread(lexicon: Lexicon, ids: pa.Array, thread_tickers: pa.Table) -> np.ndarray:
    """Numbers of text and company, in one, of what the first post of a text's thread names; sorted."""
    row = np.array([lexicon.row_of.get(ticker, -1) for ticker in thread_tickers["ticker"].to_pylist()], dtype=np.int64)
    text = (
        pc.fill_null(pc.index_in(thread_tickers["text_id"], value_set=ids.cast(pa.string())), -1)
        .to_numpy()
        .astype(np.int64)
    )
    is_known = (row >= 0) & (text >= 0)
    return np.unique(text[is_known] * len(lexicon.tickers) + lexicon.company[row[is_known]])


def _is_backed(
    lexicon: Lexicon, joined: Joined, texts: np.ndarray, asked: Found, clear: Iterable[Found], given: np.ndarray
) -> np.ndarray:
    """Whether the same text names the same company clearly, or the first post of its thread does."""
    count = len(lexicon.tickers)
    clear_keys = [texts[joined.rows(part.start)] * count + lexicon.company[part.instrument] for part in clear]
    keys = np.sort(np.concatenate([given, *clear_keys]))
    asks = texts[joined.rows(asked.start)] * count + lexicon.company[asked.instrument]
    return np.searchsorted(keys, asks, side="right") > np.searchsorted(keys, asks)


def _is_covered(asked: Found, *covers: Found) -> np.ndarray:
    """Whether the first byte of each span lies in one of the ``covers``."""
    start = np.concatenate([part.start for part in covers])
    order = np.argsort(start, kind="stable")
    reach = np.maximum.accumulate(np.concatenate([[-1], np.concatenate([part.end for part in covers])[order]]))
    return reach[np.searchsorted(start[order], asked.start, side="right")] > asked.start


def _as_mentions(instruments: pa.Table, joined: Joined, batch: pa.Table, by_rule: dict[str, Found]) -> pa.Table:
    """Rows in the order of the sentences, each rule's first place of the same words."""
    rule = np.concatenate([np.full(len(part.start), RULES.index(name)) for name, part in by_rule.items()])
    instrument, start, end = (np.concatenate(columns) for columns in zip(*by_rule.values(), strict=True))
    order = np.lexsort((instrument, rule, start))
    rule, instrument, start, end = (column[order] for column in (rule, instrument, start, end))
    row = joined.rows(start)
    matched = pa.array(joined.written(start, end), pa.string())
    words = matched.dictionary_encode().indices.to_numpy()
    _, first = np.unique(np.column_stack([row, instrument, rule, words]), axis=0, return_index=True)
    first = np.sort(first)
    return _table(
        instruments,
        batch["text_id"].take(pa.array(row[first])),
        batch["position"].take(pa.array(row[first])),
        instrument[first],
        rule[first],
        matched.take(pa.array(first)),
        pa.array(joined.offsets(start[first]), pa.int32()),
    )


def _table(
    instruments: pa.Table,
    text_id: pa.ChunkedArray,
    position: pa.ChunkedArray | pa.Array,
    instrument: np.ndarray,
    rule: np.ndarray,
    matched: pa.Array,
    start: pa.Array,
) -> pa.Table:
    """Columns as ``MENTIONS``; ``instrument`` holds rows of the list, ``rule`` places in ``RULES``."""
    instrument, rule = pa.array(instrument), pa.array(rule)
    columns = [
        text_id,
        position,
        instruments["ticker"].take(instrument),
        pa.array(stable_ids(instruments), pa.string()).take(instrument),
        pa.array(RULES, pa.string()).take(rule),
        matched,
        start,
        pa.array(CONFIDENCE.values(), pa.float64()).take(rule),
    ]
    return pa.table(columns, names=MENTIONS.names).cast(MENTIONS)


def _text_by_text(sentences: pa.Table) -> pa.Table:
    """The sentences of each text side by side; as given where they are so already."""
    number, ids = _numbered(sentences["text_id"])
    stretches = np.count_nonzero(np.diff(number)) + 1
    if stretches <= len(ids) or not len(number):
        return sentences
    return sentences.take(pa.array(np.argsort(number, kind="stable")))


def _numbered(text_id: pa.ChunkedArray) -> tuple[np.ndarray, pa.Array]:
    """0, 1, 2 … for each text in the order of their first sentences, and the texts."""
    codes = text_id.combine_chunks().dictionary_encode()
    return codes.indices.to_numpy().astype(np.int64), codes.dictionary


def _batches(sentences: pa.ChunkedArray, texts: np.ndarray) -> Iterator[tuple[int, int]]:
    """From which to which row to search at a time: whole texts, about ``BATCH_BYTES``."""
    if not len(sentences):
        return
    size = np.cumsum(pc.fill_null(pc.binary_length(sentences), 0).to_numpy(), dtype=np.int64)
    edges = np.flatnonzero(np.diff(texts)) + 1  # where a text begins
    full = np.searchsorted(size, np.arange(BATCH_BYTES, int(size[-1]), BATCH_BYTES))
    edges = np.append(edges, len(sentences))
    yield from pairwise(np.unique([0, *edges[np.searchsorted(edges, full)], len(sentences)]).tolist())
