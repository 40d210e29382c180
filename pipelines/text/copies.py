"""Copies: the same words posted again, or nearly the same, by whomever and wherever.

Here: which text is a copy of which, and how much of its news is left. Not here: the hash of the words
(``clean.py``), the fingerprint by which near copies are told (``near_copies.py``), who posts them.

Texts are compared in pairs and never through a third: where B is like A and C like B, C is no copy of A unless it is
like A itself. A row so depends on nothing but the texts of its own 24 hours.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.sentiment.compiled import kernel, part
from pipelines.text.near_copies import FINGERPRINT, SLOTS

WINDOW_HOURS = 24
NOVELTY_PER_COPY = 0.75  # weight of a text over the weight of the copy before it, within the window
LEAST_ALIKE = 0.6  # share of slots that agree in near copies
BAND_SLOTS = 4  # near copies agree in all slots of some band: 95 of 100 pairs at LEAST_ALIKE do, 99.7 at 0.7
RECENT = 16  # wordings of a bucket that a text is compared with: more than people use, and a bound for floods

_WINDOW = WINDOW_HOURS * 3_600_000_000  # microseconds
_MIX = np.uint64(0x9E3779B97F4A7C15)


def number_copies(texts: pa.Table) -> pa.Table:
    """Number the texts of the same or nearly the same words in the order in which they could be known.

    Reads ``text_id``, ``content_hash`` (string), ``fingerprint`` (binary, of ``near_copies.fingerprints``; null means
    that only the same words make it a copy) and ``known_at`` (timestamp, UTC); a text that lacks hash or moment copies
    nothing. Returns, in the order of the input,

    - ``text_id``;
    - ``copy_of``: the first text of the same words in the 24 hours before it; if there is none, the first of nearly
      the same words; else null;
    - ``copy_kind``: exact | near, null where ``copy_of`` is;
    - ``copy_number``: k for the k-th text of the same or nearly the same words within those 24 hours, itself included;
    - ``novelty``: 0.75^(k-1).

    Two texts are near copies if they have the same figures, if the names of one are among those of the other and so
    are the tags, and if ``LEAST_ALIKE`` of their slots agree, among them all of one band. Texts of one ``content_hash``
    are one wording, judged by the fingerprint of its latest text. Where very many share figures and a band, a text is
    compared with the first of them in its 24 hours and with the ``RECENT`` latest wordings: a flood may hide near
    copies and ends their count there, where little novelty is left; exact copies it cannot hide.

    Ties in ``known_at`` are broken by ``text_id``. Only the 24 hours before a text matter: neither later texts nor
    what is older than a day changes its row. Time grows as n log n, whatever the texts.
    """
    ids = texts["text_id"].combine_chunks()
    hashes = texts["content_hash"].combine_chunks().dictionary_encode()
    known_at = texts["known_at"].combine_chunks().cast(pa.timestamp("us", "UTC")).cast(pa.int64())
    has_print = texts["fingerprint"].is_valid().to_numpy()

    row = _in_order(ids, pc.and_(hashes.indices.is_valid(), known_at.is_valid()), known_at)
    prints = _prints(texts["fingerprint"])[row]
    words, moment = (column.take(pa.array(row)).to_numpy() for column in (hashes.indices, known_at))
    buckets, starts = _buckets(prints, has_print[row])
    slots = prints.view(np.uint8).reshape(len(prints), FINGERPRINT.itemsize)[:, :SLOTS]
    by_words = np.argsort(words, kind="stable")
    oldest = np.cumsum(np.bincount(words + 1, minlength=len(hashes.dictionary) + 1))
    number, first, is_exact = _compare(
        moment, words, by_words, oldest, slots, prints["names"], prints["tags"], prints["figures"],
        buckets, starts, _WINDOW,
    )  # fmt: skip

    copy_number = np.ones(len(ids), np.int64)
    copy_number[row] = number
    copy_of = np.full(len(ids), -1)
    copy_of[row] = np.where(first < 0, -1, row[first])
    kind = np.zeros(len(ids), np.int8)
    kind[row] = is_exact
    is_original = copy_of < 0
    return pa.table(
        {
            "text_id": ids,
            "copy_of": ids.take(pa.array(copy_of, mask=is_original)),
            "copy_kind": pa.array(["near", "exact"]).take(pa.array(kind, mask=is_original)),
            "copy_number": copy_number,
            "novelty": NOVELTY_PER_COPY ** (copy_number - 1),
        }
    )


def _prints(column: pa.ChunkedArray) -> np.ndarray:
    """Fingerprints as records; anything where there is none."""
    column = column.cast(pa.binary(FINGERPRINT.itemsize)).combine_chunks()
    return np.frombuffer(column.buffers()[1], FINGERPRINT, len(column), column.offset * FINGERPRINT.itemsize)


def _in_order(ids: pa.Array, is_known: pa.Array, known_at: pa.Array) -> np.ndarray:
    """Rows with words and moment, by moment and text_id."""
    row = np.flatnonzero(is_known.to_numpy(zero_copy_only=False))
    keys = pa.table({"moment": known_at.take(pa.array(row)), "text_id": ids.take(pa.array(row))})
    return row[pc.sort_indices(keys, sort_keys=[("moment", "ascending"), ("text_id", "ascending")]).to_numpy()]


def _buckets(prints: np.ndarray, has_print: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Buckets of texts that share figures and a band.

    Returns for each text and band the number of its bucket, -1 where it is alone in it; and for each bucket where
    its list of recent texts starts.
    """
    place = np.flatnonzero(has_print)
    figures = prints["figures"][place]
    buckets = np.full((len(prints), SLOTS // BAND_SLOTS), -1, np.int32)
    lengths = [np.zeros(1, np.int64)]
    used = 0
    for band, start in enumerate(range(0, SLOTS, BAND_SLOTS)):
        content = np.ascontiguousarray(prints["slots"][place, start : start + BAND_SLOTS]).view(np.uint32)[:, 0]
        code, size = _codes(figures ^ content * _MIX)
        is_shared = size > 1
        number = np.where(is_shared, used + np.cumsum(is_shared) - 1, -1)
        buckets[place, band] = number[code]
        lengths.append(np.minimum(size[is_shared], RECENT))
        used += len(lengths[-1])
    return buckets, np.cumsum(np.concatenate(lengths))


def _codes(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A number for each different key, and how many there are of each."""
    order = np.argsort(keys)
    code = np.empty(len(keys), np.int64)
    code[order] = np.cumsum(np.diff(keys[order], prepend=keys[order[:1]]) != 0)
    return code, np.bincount(code)


@kernel
def _compare(moment, words, by_words, oldest, slots, names, tags, figures, buckets, starts, window):
    """For each text, in order of time: its number, the place of the first it copies (-1), whether that is exact.

    ``by_words`` lists the places by wording, for each from its ``oldest`` on; in the window are those up to ``newest``.
    ``recent`` holds the latest text of each wording of a bucket, the latest first, and ``head`` the first text of a
    bucket in the window; from there ``buckets``, once read, leads on from each text to the next.
    """
    count = len(moment)
    number, first = np.ones(count, np.int64), np.full(count, -1, np.int64)
    is_exact = np.zeros(count, np.bool_)
    newest = oldest.copy()
    recent, head = np.full(starts[-1], -1, np.int32), np.full(len(starts) - 1, -1, np.int32)
    met, counted = np.full(count, -1, np.int32), np.full(len(oldest), -1, np.int32)  # by which text, last

    for place in range(count):
        own, since = words[place], moment[place] - window
        counted[own] = place
        earlier = _posted(own, since, moment, by_words, oldest, newest)
        number[place] += earlier
        is_exact[place] = earlier > 0
        near = count
        for band in range(buckets.shape[1]):
            bucket = buckets[place, band]
            if bucket < 0:
                continue
            start, end = starts[bucket], starts[bucket + 1]
            head[bucket] = _first_since(since, head[bucket], recent[start], moment, buckets[:, band])
            for spot in range(start - 1, end):
                other = head[bucket] if spot < start else recent[spot]
                if other < 0 or moment[other] < since:
                    break
                wording = words[other]
                if met[other] == place or counted[wording] == place:
                    continue
                met[other] = place
                if (
                    figures[place] == figures[other]
                    and _is_nested(place, other, names)
                    and _is_nested(place, other, tags)
                    and _is_alike(slots[place], slots[other])
                ):
                    counted[wording] = place
                    number[place] += _posted(wording, since, moment, by_words, oldest, newest)
                    near = min(near, by_words[oldest[wording]])
            if head[bucket] < 0:
                head[bucket] = place
            else:
                buckets[recent[start], band] = place
            _move_to_front(place, words, recent[start:end])
        if is_exact[place]:
            first[place] = by_words[oldest[own]]
        elif near < count:
            first[place] = near
        newest[own] += 1
    return number, first, is_exact


@part
def _first_since(since, first, last, moment, following):
    """The first text of a bucket from that moment on, -1 if there is none."""
    while first >= 0 and moment[first] < since:
        first = following[first] if first != last else -1
    return first


@part
def _posted(wording, since, moment, by_words, oldest, newest):
    """How often the wording was posted since that moment; moves its ``oldest`` there."""
    while oldest[wording] < newest[wording] and moment[by_words[oldest[wording]]] < since:
        oldest[wording] += 1
    return newest[wording] - oldest[wording]


@part
def _is_nested(one, other, filters):
    """Is what one speaks of among what the other does, or the other way round."""
    low, high = filters[one, 0] & filters[other, 0], filters[one, 1] & filters[other, 1]
    return (low == filters[one, 0] and high == filters[one, 1]) or (
        low == filters[other, 0] and high == filters[other, 1]
    )


@part
def _is_alike(one, other):
    agreeing = 0
    for slot in range(len(one)):
        agreeing += one[slot] == other[slot]
    return agreeing >= LEAST_ALIKE * len(one)


@part
def _move_to_front(place, words, recent):
    """The text takes the first spot; its wording leaves the one it had, else the last falls out."""
    carried = place
    for spot in range(len(recent)):
        pushed = recent[spot]
        recent[spot] = carried
        if pushed < 0 or words[pushed] == words[place]:
            return
        carried = pushed
