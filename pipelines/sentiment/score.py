"""Texts to sentiment scores.

Here: ``score`` and the scorers it knows. Not here: what a scorer is and its words (``lexicon.py``), splitting
(``words.py``), the valence of a word (``rules.py``) and of a text (``totals.py``).
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pyarrow as pa

from pipelines.sentiment.finance import fingerprint, overlay, rewrite
from pipelines.sentiment.lexicon import Lexicon, Scorer, lexicon
from pipelines.sentiment.rules import value
from pipelines.sentiment.totals import python_sum, score_texts
from pipelines.sentiment.words import split

SCORERS = {
    "vader": Scorer(),
    "finance": Scorer(valences=overlay(), clean=rewrite, fingerprint=fingerprint()),
}

COLUMNS = ("neg", "neu", "pos", "compound")

# Bytes of text that one kernel call takes: its words stay in the processor's cache, and cores share the work.
SLICE_BYTES = 1 << 19


def score(texts: pa.Array | pa.ChunkedArray, scorer: str = "vader", threads: int | None = None) -> pa.Table:
    """Columns ``neg``, ``neu``, ``pos`` (shares) and ``compound`` (-1 to 1), a row per text; NULL gives NULL.

    ``vader`` equals ``SentimentIntensityAnalyzer().polarity_scores(text)`` of the installed package for every
    string. The package raises for no string; an empty or blank text is 0 in all four. ``finance`` is the same
    rules over another lexicon and rewritten texts (``finance.py``). ``threads``: how many cores work, by
    default all that the process may use. Time and memory grow linearly with the text.

    Raises TypeError if ``texts`` are not strings, ValueError if the scorer is unknown, ``pa.ArrowInvalid`` if
    a text is not valid UTF-8.
    """
    clean, words = _known(scorer).clean, _lexicon(scorer)
    scores = np.zeros((len(COLUMNS), len(texts)))
    is_null = np.zeros(len(texts), bool)

    def score_slice(row: int, strings: pa.Array) -> None:
        if clean is not None:
            strings = clean(strings).cast(pa.large_string())
        codes, *of_texts = split(*_buffers(strings), words.characters, words.terms)
        valences = value(codes, of_texts[0], words.worth)
        score_texts(valences, *of_texts, python_sum(), scores, row)

    row = 0
    with ThreadPoolExecutor(threads or _cores()) as pool:
        running = []
        for strings in _large_strings(texts):
            if strings.null_count:
                is_null[row : row + len(strings)] = strings.is_null().to_numpy(zero_copy_only=False)
                strings = strings.fill_null("")
            running += [pool.submit(score_slice, row + first, part) for first, part in _slices(strings)]
            row += len(strings)
        for done in running:
            done.result()
    mask = is_null if is_null.any() else None
    return pa.table({name: pa.array(column, mask=mask) for name, column in zip(COLUMNS, scores, strict=True)})


def scorer_version(scorer: str) -> str:
    """Version of the package and a hash of all words, values and cleaning code: ``3.3.2+1a2b3c4d5e6f``.

    Raises ValueError if the scorer is unknown.
    """
    _known(scorer)
    return _lexicon(scorer).version


def _known(scorer: str) -> Scorer:
    if scorer not in SCORERS:
        raise ValueError(f"unknown scorer {scorer!r}; known are {', '.join(SCORERS)}")
    return SCORERS[scorer]


@cache
def _lexicon(scorer: str) -> Lexicon:
    """The tables of a scorer, built once in a process."""
    return lexicon(SCORERS[scorer])


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _large_strings(texts: pa.Array | pa.ChunkedArray) -> Iterator[pa.Array]:
    """The chunks of ``texts`` as valid ``large_string`` arrays, sharing the text's bytes where they can."""
    kind = texts.type if isinstance(texts, pa.Array | pa.ChunkedArray) else type(texts).__name__
    is_dictionary = isinstance(kind, pa.DictionaryType)
    plain = kind.value_type if is_dictionary else kind
    if isinstance(plain, str) or plain not in (pa.string(), pa.large_string(), pa.string_view()):
        raise TypeError(f"texts must be an Arrow array of strings, not {kind}")
    for chunk in texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]:
        chunk.validate(full=True)
        if is_dictionary:
            yield chunk.dictionary.cast(pa.large_string()).take(chunk.indices)
        else:
            yield chunk.cast(pa.large_string())


def _slices(strings: pa.Array) -> Iterator[tuple[int, pa.Array]]:
    """First row and texts of parts of about ``SLICE_BYTES``, of one text at least."""
    if not len(strings):
        return
    _, offsets = _buffers(strings)
    marks = np.arange(offsets[0], max(offsets[-1], offsets[0] + 1), SLICE_BYTES)
    starts = np.unique(np.searchsorted(offsets[:-1], marks))
    for first, past in zip(starts, [*starts[1:], len(strings)], strict=True):
        yield int(first), strings.slice(first, past - first)


def _buffers(strings: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Bytes and offsets of a ``large_string`` array, without a copy."""
    _, offsets, data = strings.buffers()
    first, past = strings.offset, strings.offset + len(strings) + 1
    return np.frombuffer(data or b"", np.uint8), np.frombuffer(offsets, np.int64)[first:past]
