"""What the `finance` scorer knows beside VADER: changes to its lexicon, and a rewriting of texts before they
are scored.

Here: the two tables, read and checked, and the rewriting. Not here: the passes over the bytes
(`finance_characters.py`, `finance_tokens.py`, `finance_terms.py`), and the score, which is VADER's rules over
the rewritten text.
"""

import csv
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
from vaderSentiment import vaderSentiment as vader

from pipelines.sentiment.finance_characters import characters, clean
from pipelines.sentiment.finance_grammar import (
    NEGATES,
    Rules,
    Valence,
    compile_rules,
    elements,
    is_pattern,
    token,
    weak_token,
)
from pipelines.sentiment.finance_terms import find, write
from pipelines.sentiment.finance_tokens import NUMBER_CLASSES, cut, tokenise

LEXICON = Path(__file__).with_name("finance_lexicon.tsv")
CLASSES = Path(__file__).with_name("finance_classes.tsv")

# Bytes of text that are read at once: a longer text is cut at a space, and no term is found across the cut.
PART_BYTES = 1 << 16
READ_BYTES = 1 << 16

# What a statement counts that is only hypothetical, or only the circumstance of another.
WEAK_SHARE = 0.4


class BadTable(ValueError):
    """A line of a table cannot be meant; the message names file and line."""


def overlay(path: Path = LEXICON) -> dict[str, float | None]:
    """Changes to VADER's lexicon: token of a rewritten text → valence (-4 to 4), None = taken out.

    Raises BadTable for a term that stands twice, a valence that is none, a class that is not known, a missing
    reason.
    """
    tokens: dict[str, float | None] = {}
    for term, valence in terms(path).items():
        if valence is None and not is_pattern(term, valence):
            tokens[term] = None
        elif isinstance(valence, float):
            tokens[token(term)] = valence
            tokens[weak_token(term)] = round(valence * WEAK_SHARE, 4)
    return tokens


def rewrite(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The texts as the rules can read them, in order and of the same type; NULL stays NULL.

    Quotation marks and dashes become ASCII; emoji of the field, multi-word terms, and figures that move
    become one word each, which `overlay` knows. Time and memory grow linearly with the text. Raises TypeError
    for anything but strings, OverflowError where a `string` array would outgrow its 2 GiB.
    """
    if not (pa.types.is_string(texts.type) or pa.types.is_large_string(texts.type)):
        raise TypeError(f"texts are strings, not {texts.type}")
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    text, offsets = _rewrite(*clean(*_buffers(texts), _characters()))
    kind, width = (pa.LargeStringArray, np.int64) if texts.type == pa.large_string() else (pa.StringArray, np.int32)
    if text.size > np.iinfo(width).max:
        raise OverflowError(f"{text.size} bytes do not fit a string array: pass large_string, or less text")
    buffers = pa.py_buffer(offsets.astype(width)), pa.py_buffer(text)
    missing = texts.is_valid().buffers()[1] if texts.null_count else None
    return kind.from_buffers(len(texts), *buffers, missing, texts.null_count)


def _rewrite(text: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bytes and offsets of the rewritten texts; what is kept beside them does not grow with them."""
    rules = _rules()
    parts, rows = cut(text, offsets, PART_BYTES)
    ends = np.zeros(parts.size, np.int64)
    out, used = np.empty((parts[-1] - parts[0]) * 5 // 4 + 64, np.uint8), 0
    cuts = np.unique(np.searchsorted(parts, np.arange(parts[0], parts[-1] + READ_BYTES, READ_BYTES)))
    for first, last in zip(cuts[:-1], np.minimum(cuts[1:], parts.size - 1), strict=True):
        tokens = tokenise(text, parts[first : last + 1], rules.vocabulary)
        edits = find(tokens, rules.grammar)
        out, used = write(text, parts[first : last + 1], tokens, edits, rules.names, out, used, ends[first : last + 1])
    return out[:used], ends[rows]


def fingerprint() -> str:
    """Hash of the tables and of the code that read them: another one, other scores."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("finance*")):
        if path.suffix in (".py", ".tsv"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def terms(path: Path = LEXICON) -> dict[str, Valence]:
    """Terms as the table has them, with their valence; None = VADER's is taken out, "not" = negates what
    follows.
    """
    valences: dict[str, Valence] = {}
    lines: dict[str, int] = {}
    known = {*NUMBER_CLASSES, *classes()}
    for line, (term, valence, _) in _rows(path, ("term", "valence", "why")):
        where = f"{path.name}:{line}"
        if token(term) in lines:
            raise BadTable(f"{where}: the term {term!r} stands there twice, first in line {lines[token(term)]}")
        if term != " ".join(term.lower().split()):
            raise BadTable(f"{where}: the term {term!r} is not in lower case with single spaces")
        named = {name for part in elements(term) if part.startswith("<") for name in part.strip("<>").split("&")}
        if not named <= known:
            raise BadTable(f"{where}: the term {term!r} names an unknown class; known are {', '.join(sorted(known))}")
        lines[token(term)] = line
        valences[term] = _valence(valence, where)
    return valences


def classes(path: Path = CLASSES) -> dict[str, frozenset[str]]:
    """Words of each class that a term can name as `<class>`."""
    words: dict[str, frozenset[str]] = {}
    for line, (name, members, _) in _rows(path, ("class", "words", "why")):
        if name in words or name in NUMBER_CLASSES:
            raise BadTable(f"{path.name}:{line}: the class {name!r} stands there twice")
        words[name] = frozenset(members.split())
    return words


@cache
def _rules() -> Rules:
    package = vader.SentimentIntensityAnalyzer().lexicon
    spoken = {word for word in (*package, *overlay(), *vader.BOOSTER_DICT, *vader.NEGATE) if word.isalpha()}
    return compile_rules(terms(), classes(), spoken)


_characters = cache(characters)


def _buffers(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Bytes and offsets of the array; NULL has no bytes."""
    if not len(texts):
        return np.empty(0, np.uint8), np.zeros(1, np.int64)
    if texts.null_count:
        texts = texts.fill_null("")
    _, offsets, data = texts.buffers()
    width = np.int64 if texts.type == pa.large_string() else np.int32
    offsets = np.frombuffer(offsets, width)[texts.offset : texts.offset + len(texts) + 1]
    return np.frombuffer(data or b"", np.uint8), offsets.astype(np.int64)


def _rows(path: Path, header: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        if tuple(next(rows, ())) != header:
            raise BadTable(f"{path.name}:1: the columns are {', '.join(header)}")
        for line, row in enumerate(rows, 2):
            if len(row) != len(header) or not all(cell.strip() for cell in row):
                raise BadTable(f"{path.name}:{line}: {', '.join(header)} are all needed")
            yield line, row


def _valence(text: str, where: str) -> Valence:
    if text == "none":
        return None
    if text == NEGATES:
        return NEGATES
    try:
        valence = float(text)
    except ValueError:
        raise BadTable(f"{where}: the valence {text!r} is neither a number nor 'none' nor '{NEGATES}'") from None
    if not -4 <= valence <= 4:
        raise BadTable(f"{where}: the valence {text} is not within -4 and 4")
    return valence
