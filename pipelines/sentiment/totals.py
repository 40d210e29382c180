"""Valences to scores: what vaderSentiment 3.3.2 makes of all the words of a text, in its order of arithmetic.

Here: the "but" rule, Python's sum and round, emphasis by punctuation, the four figures. Not here: the valence
of a word (``rules.py``).

Linear in the valences, but for the heaps of ``_but_check``: n log n at worst, where the package is quadratic.
"""

from typing import NamedTuple

import numpy as np

from pipelines.sentiment.compiled import kernel, part

_PRIME = np.uint64(0x9E3779B97F4A7C15)


class Summing(NamedTuple):
    """How ``sum`` of the running Python adds floats: all False up to 3.11, compensated from 3.12 on."""

    floats: bool
    whole: bool
    first_float: bool


def python_sum() -> Summing:
    """What the running ``sum`` compensates: floats, ints among floats, the first float after ints."""
    return Summing(
        floats=sum([1e16, 1.0, -1e16]) != 0.0,
        whole=sum([1e16, 1, -1e16]) != 0.0,
        first_float=sum([1, 1e16, -1e16]) != 0.0,
    )


@part
def _link(child, sibling, a, b):
    """Root of the two pairing heaps ``a`` and ``b`` (-1: empty) as one; the smallest place is the root."""
    if a < 0 or b < 0:
        return max(a, b)
    if b < a:
        a, b = b, a
    sibling[b] = child[a]
    child[a] = b
    return a


@part
def _without_root(child, sibling, root):
    """Root of the pairing heap once ``root`` is taken out: its children joined two by two, then all."""
    node, pairs, rest = child[root], -1, -1
    child[root] = -1
    while node >= 0:
        other = sibling[node]
        following = sibling[other] if other >= 0 else -1
        pair = _link(child, sibling, node, other)
        sibling[pair] = pairs
        node, pairs = following, pair
    while pairs >= 0:
        following = sibling[pairs]
        rest = _link(child, sibling, rest, pairs)
        pairs = following
    return rest


@part
def _place(keys, key):
    """Where ``key`` stands in the open-addressed ``keys`` (0: free), or the free place for it."""
    place = np.int64(np.uint64(key) * _PRIME >> np.uint64(32)) & (keys.size - 1)
    while keys[place] != 0 and keys[place] != key:
        place = (place + 1) & (keys.size - 1)
    return place


@kernel
def _but_check(values, places, is_whole, but):
    """Halve what stands before the first "but" at ``but``, raise by half what follows, as the package does.

    The package walks the list while it changes it, and for each value changes the first that is equal *now*.
    So for each value the places passed that hold it are kept in a heap. Zeros stay zeros and need none.
    """
    count, bits = values.size, values.view(np.int64)
    child, sibling = np.full(count, -1, np.int32), np.full(count, -1, np.int32)
    keys, roots, used = np.zeros(16, np.int64), np.empty(16, np.int32), 0
    for k in range(count):
        if values[k] == 0.0:
            continue
        if 2 * (used + 1) > keys.size:
            old_keys, old_roots = keys, roots
            keys, roots = np.zeros(2 * old_keys.size, np.int64), np.empty(2 * old_keys.size, np.int32)
            for old in range(old_keys.size):
                if old_keys[old] != 0:
                    place = _place(keys, old_keys[old])
                    keys[place], roots[place] = old_keys[old], old_roots[old]
        changed = k
        place = _place(keys, bits[k])
        if keys[place] != 0 and roots[place] >= 0:
            changed = roots[place]
            roots[place] = _link(child, sibling, _without_root(child, sibling, changed), k)
        if places[changed] != but:
            values[changed] *= 0.5 if places[changed] < but else 1.5
            is_whole[changed] = False
        place = _place(keys, bits[changed])
        if keys[place] == 0:
            keys[place], roots[place] = bits[changed], -1
            used += 1
        roots[place] = _link(child, sibling, roots[place], changed)


@part
def _sum(values, places, is_whole, first_float, summing):
    """Python's ``sum`` of a list of ints and floats; a float zero stands at ``first_float`` at the latest."""
    total, lost = 0.0, 0.0
    for k in range(values.size):
        value = values[k]
        among_floats = places[k] > first_float
        compensated = summing.floats if among_floats else summing.first_float
        if is_whole[k]:
            compensated = summing.whole and among_floats
        else:
            first_float = min(first_float, places[k])
        added = total + value
        if compensated:
            if abs(total) >= abs(value):
                lost += (total - added) + value
            else:
                lost += (value - added) + total
        total = added
    return total + lost


@part
def rounded(number, scale):
    """Python's ``round`` of a number up to a million to log10(``scale``) digits: exact value, half to even.

    ``over`` is exact for ``scaled``, which is off by half a unit in its last place at most; so it decides
    unless it is zero: then the error of the product does. A whole number divided by a power of ten is the
    double nearest to that decimal, as if it were read.
    """
    size = abs(number)
    scaled = size * scale
    whole = np.floor(scaled)
    over = scaled - whole - 0.5
    if over == 0.0:
        high = size * 134217729.0  # Veltkamp's split: both halves times the scale are exact
        high = high - (high - size)
        over = (high * scale - scaled) + (size - high) * scale
        if over == 0.0:
            over = whole % 2.0 - 0.5
    return np.copysign((whole + 1.0 if over > 0.0 else whole) / scale, number)


@part
def _punctuation_emphasis(bangs, questions):
    amplifier = min(bangs, 4) * 0.292
    if questions > 3:
        return amplifier + 0.96
    return amplifier + questions * 0.18 if questions > 1 else amplifier


@part
def _score_valence(values, words, total, emphasis):
    """neg, neu, pos, compound from the sum of all valences and, apart, the positive and the negative ones."""
    if words == 0:
        return 0.0, 0.0, 0.0, 0.0
    if total > 0:
        total += emphasis
    elif total < 0:
        total -= emphasis
    compound = total / np.sqrt(total * total + 15.0)
    positive, negative, neutral = 0.0, 0.0, words - values.size
    for k in range(values.size):
        if values[k] > 0:
            positive += values[k] + 1.0
        elif values[k] < 0:
            negative += values[k] - 1.0
        else:
            neutral += 1
    if positive > abs(negative):
        positive += emphasis
    elif positive < abs(negative):
        negative -= emphasis
    everything = positive + abs(negative) + neutral
    return (
        rounded(abs(negative / everything), 1e3),
        rounded(abs(neutral / everything), 1e3),
        rounded(abs(positive / everything), 1e3),
        rounded(min(max(compound, -1.0), 1.0), 1e4),
    )


@kernel
def score_texts(valences, ends, bangs, questions, summing, scores, row):
    """Fill ``scores`` (neg, neu, pos, compound by text) from text ``row`` on.

    ``ends`` says where the words of a text end; ``valences`` are changed as the package changes them.
    """
    first, first_value = 0, 0
    for t in range(ends.size):
        past, past_value = ends[t], valences.ends[t]
        values = valences.values[first_value:past_value]
        places = valences.places[first_value:past_value]
        is_whole = valences.is_whole[first_value:past_value]
        first_float = past
        if valences.buts[t] >= 0:
            _but_check(values, places, is_whole, valences.buts[t])
            if 0 <= valences.zeros[t] != valences.buts[t]:
                first_float = valences.zeros[t]
        total = _sum(values, places, is_whole, first_float, summing)
        emphasis = _punctuation_emphasis(bangs[t], questions[t])
        scores[0, row], scores[1, row], scores[2, row], scores[3, row] = _score_valence(
            values, past - first, total, emphasis
        )
        first, first_value = past, past_value
        row += 1
