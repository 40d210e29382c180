"""Exact copies: the same words posted again, by whomever and wherever.

Here: which text is a copy of which, and how much of its news is left. Not here: the hash of the words
(``clean.py``), near copies, who posts them.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

WINDOW_HOURS = 24
NOVELTY_PER_COPY = 0.75  # weight of a text over the weight of the copy before it, within the window

_WINDOW = WINDOW_HOURS * 3_600_000_000  # microseconds


def number_copies(texts: pa.Table) -> pa.Table:
    """Number the texts of equal ``content_hash`` in the order in which they could be known.

    Reads ``text_id``, ``content_hash`` (string) and ``known_at`` (timestamp, UTC); a text that lacks one of
    these two copies nothing. Returns, in the order of the input,

    - ``text_id``;
    - ``copy_of``: the first text of the same words in the 24 hours before it, null if there is none;
    - ``copy_number``: k for the k-th text within those 24 hours, itself included;
    - ``novelty``: 0.75^(k-1).

    Ties in ``known_at`` are broken by ``text_id``. Only the 24 hours before a text matter: neither later
    texts nor what is older than a day changes its row.
    """
    ids = texts["text_id"].combine_chunks()
    hashes = texts["content_hash"].combine_chunks().dictionary_encode()
    known_at = texts["known_at"].combine_chunks().cast(pa.timestamp("us", "UTC")).cast(pa.int64())

    row, words, moment = _repeated(ids, hashes.indices, known_at)
    first = _first_within(words, moment, _WINDOW)
    place = np.arange(len(row))

    number = np.ones(len(ids), np.int64)
    number[row] = place - first + 1
    original = np.full(len(ids), -1)
    original[row] = np.where(first < place, row[first], -1)
    return pa.table(
        {
            "text_id": ids,
            "copy_of": ids.take(pa.array(original, mask=original < 0)),
            "copy_number": number,
            "novelty": NOVELTY_PER_COPY ** (number - 1),
        }
    )


def _repeated(ids: pa.Array, words: pa.Array, known_at: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows whose words occur more than once, with words and moment, sorted by words, moment and text_id."""
    row = np.flatnonzero(pc.and_(words.is_valid(), known_at.is_valid()).to_numpy(zero_copy_only=False))
    code = words.take(pa.array(row)).to_numpy().astype(np.int64)
    row = row[np.bincount(code)[code] > 1]
    places = pa.array(row)
    keys = pa.table({"words": words.take(places), "moment": known_at.take(places), "text_id": ids.take(places)})
    order = pc.sort_indices(keys, sort_keys=[(name, "ascending") for name in keys.column_names]).to_numpy()
    return row[order], keys["words"].to_numpy()[order], keys["moment"].to_numpy()[order]


def _first_within(group: np.ndarray, moment: np.ndarray, window: int) -> np.ndarray:
    """For each place the first place of its group that is at most ``window`` before it; both inputs sorted.

    All groups are laid on one axis on which a gap longer than the window, and a change of group, counts just
    more than the window: one sorted search then answers for all, and the axis cannot overflow.
    """
    if not len(group):
        return np.zeros(0, np.int64)
    gap = np.diff(moment, prepend=moment[0])
    is_far = (np.diff(group, prepend=group[0]) != 0) | (gap > window)
    axis = np.cumsum(np.where(is_far, window + 1, gap))
    return np.searchsorted(axis, axis - window)
