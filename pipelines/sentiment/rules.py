"""Words to valences: the rules of vaderSentiment 3.3.2 about a word and those around it.

Here: the kernel that gives each word of the lexicon its valence. Not here: splitting (``words.py``), the
terms and their values (``lexicon.py``), what becomes of a text's valences (``totals.py``).

Names of the rules follow the package, so that both can be read side by side; each sum and product is done in
its order, since the last digit depends on it. Linear in the words, where the package is quadratic.
"""

from typing import NamedTuple

import numpy as np

from pipelines.sentiment.compiled import kernel, part

# Words that the rules name. Their ids are their places here, from 1 on, so that the kernel knows them.
RULE_WORDS = (
    "but", "no", "or", "nor", "never", "so", "this", "without", "doubt", "least", "at", "very", "kind", "of",
)  # fmt: skip
BUT, NO, OR, NOR, NEVER, SO, THIS, WITHOUT, DOUBT, LEAST, AT, VERY, KIND, OF = range(1, len(RULE_WORDS) + 1)

# What a word is, one bit each.
IN_LEXICON, IS_BOOSTER, IS_NEGATION, IN_PHRASE = 1, 2, 4, 8

IS_UPPER, HAS_NT, ID_SHIFT = 1, 2, 2  # layout of a word code, see ``words.py``


class Valences(NamedTuple):
    """The words of the lexicon: values, places among all words, and whether the package's value is an int.

    By text: where they end, the place of the first "but" (-1: none) and of the first word worth 0 (-1: none).
    """

    values: np.ndarray
    places: np.ndarray
    is_whole: np.ndarray
    ends: np.ndarray
    buts: np.ndarray
    zeros: np.ndarray


class Worth(NamedTuple):
    """What the words are worth: ``traits``, ``valences`` and ``boosts`` by word id.

    ``phrases`` holds the sorted keys of word pairs and triples (``phrase_key``); for each, whether it sets
    the valence, to what, whether that is an int, and what it adds. ``increment`` and ``scalar`` are the
    package's C_INCR and N_SCALAR.
    """

    traits: np.ndarray
    valences: np.ndarray
    boosts: np.ndarray
    phrases: np.ndarray
    phrase_sets: np.ndarray
    phrase_valences: np.ndarray
    phrase_is_whole: np.ndarray
    phrase_boosts: np.ndarray
    increment: float
    scalar: float


@part
def phrase_key(first, second, third, words):
    """One number for a pair (``third`` 0) or triple of word ids below ``words``."""
    return (np.int64(first) * words + second) * words + third


@part
def _find_phrase(key, worth):
    """Place of ``key`` in ``worth.phrases``, -1 if it is none."""
    low, high = 0, worth.phrases.size
    while low < high:
        middle = (low + high) // 2
        if worth.phrases[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low if low < worth.phrases.size and worth.phrases[low] == key else -1


@part
def _pair(first, second, worth):
    """Place of a pair of word codes in ``worth.phrases``, -1 if it is none."""
    a, b = np.int64(first >> ID_SHIFT), np.int64(second >> ID_SHIFT)
    if not worth.traits[a] & worth.traits[b] & IN_PHRASE:
        return -1
    return _find_phrase(phrase_key(a, b, 0, worth.traits.size), worth)


@part
def _triple(first, second, third, worth):
    """Place of a triple of word codes in ``worth.phrases``, -1 if it is none."""
    a, b, c = np.int64(first >> ID_SHIFT), np.int64(second >> ID_SHIFT), np.int64(third >> ID_SHIFT)
    if not worth.traits[a] & worth.traits[b] & worth.traits[c] & IN_PHRASE:
        return -1
    return _find_phrase(phrase_key(a, b, c, worth.traits.size), worth)


@part
def _set_by_phrase(place, valence, is_whole, worth):
    if place >= 0 and worth.phrase_sets[place]:
        return worth.phrase_valences[place], worth.phrase_is_whole[place]
    return valence, is_whole


@part
def _special_idioms_check(valence, is_whole, codes, i, past, worth):
    three, two, one, zero = codes[i - 3], codes[i - 2], codes[i - 1], codes[i]
    twoone, threetwo = _pair(two, one, worth), _pair(three, two, worth)
    threetwoone = _triple(three, two, one, worth)
    # Of the phrases up to the word the package takes the first it finds: here the last one set.
    for place in (threetwo, threetwoone, twoone, _triple(two, one, zero, worth), _pair(one, zero, worth)):
        valence, is_whole = _set_by_phrase(place, valence, is_whole, worth)
    if i + 1 < past:
        place = _pair(zero, codes[i + 1], worth)
        valence, is_whole = _set_by_phrase(place, valence, is_whole, worth)
    if i + 2 < past:
        place = _triple(zero, codes[i + 1], codes[i + 2], worth)
        valence, is_whole = _set_by_phrase(place, valence, is_whole, worth)
    for place in (threetwoone, threetwo, twoone):
        if place >= 0 and worth.phrase_boosts[place] != 0.0:
            valence, is_whole = valence + worth.phrase_boosts[place], False
    return valence, is_whole


@part
def _scalar_inc_dec(code, valence, is_cap_diff, worth):
    word = code >> ID_SHIFT
    if not worth.traits[word] & IS_BOOSTER:
        return 0.0
    scalar = worth.boosts[word]
    if valence < 0:
        scalar = -scalar
    if code & IS_UPPER and is_cap_diff:
        scalar += worth.increment if valence > 0 else -worth.increment
    return scalar


@part
def _negation_check(valence, codes, back, i, worth):
    """The words between ``i`` and the one ``back`` before it decide what a negation there does."""
    farthest, near = codes[i - back] >> ID_SHIFT, codes[i - 1] >> ID_SHIFT
    if back == 2:
        if farthest == NEVER and near in (SO, THIS):
            return valence * 1.25
        if farthest == WITHOUT and near == DOUBT:
            return valence
    if back == 3:
        middle = codes[i - 2] >> ID_SHIFT
        if (farthest == NEVER and middle in (SO, THIS)) or near in (SO, THIS):
            return valence * 1.25
        if farthest == WITHOUT and DOUBT in (middle, near):
            return valence
    if codes[i - back] & HAS_NT or worth.traits[farthest] & IS_NEGATION:
        return valence * worth.scalar
    return valence


@part
def _least_check(valence, is_whole, codes, first, i, worth):
    if i == first or codes[i - 1] >> ID_SHIFT != LEAST or worth.traits[LEAST] & IN_LEXICON:
        return valence, is_whole
    if i - first > 1 and (codes[i - 2] >> ID_SHIFT == AT or codes[i - 2] >> ID_SHIFT == VERY):
        return valence, is_whole
    return valence * worth.scalar, False


@part
def _sentiment_valence(codes, first, i, past, is_cap_diff, worth):
    """Valence of word ``i``, of the lexicon, in the text ``codes[first:past]``, and whether it is an int."""
    word = codes[i] >> ID_SHIFT
    before = i - first
    valence, is_whole = worth.valences[word], False
    if word == NO and i + 1 < past and worth.traits[codes[i + 1] >> ID_SHIFT] & IN_LEXICON:
        valence = 0.0
    if (
        (before > 0 and codes[i - 1] >> ID_SHIFT == NO)
        or (before > 1 and codes[i - 2] >> ID_SHIFT == NO)
        or (
            before > 2
            and codes[i - 3] >> ID_SHIFT == NO
            and (codes[i - 1] >> ID_SHIFT == OR or codes[i - 1] >> ID_SHIFT == NOR)
        )
    ):
        valence = worth.valences[word] * worth.scalar
    if codes[i] & IS_UPPER and is_cap_diff:
        valence += worth.increment if valence > 0 else -worth.increment
    for back in range(1, min(before, 3) + 1):
        if worth.traits[codes[i - back] >> ID_SHIFT] & IN_LEXICON:
            continue
        scalar = _scalar_inc_dec(codes[i - back], valence, is_cap_diff, worth)
        if back == 2:
            scalar *= 0.95
        if back == 3:
            scalar *= 0.9
        valence = _negation_check(valence + scalar, codes, back, i, worth)
        if back == 3:
            valence, is_whole = _special_idioms_check(valence, is_whole, codes, i, past, worth)
    return _least_check(valence, is_whole, codes, first, i, worth)


@kernel
def value(codes, ends, worth):
    """Valences of the words of the lexicon in texts whose word ``codes`` end at ``ends``."""
    values, places = np.empty(codes.size, np.float64), np.empty(codes.size, np.int64)
    is_whole = np.empty(codes.size, np.bool_)
    value_ends, buts, zeros = np.empty_like(ends), np.full(ends.size, -1), np.full(ends.size, -1)
    count, first = 0, 0
    for t in range(ends.size):
        past, upper = ends[t], 0
        for i in range(first, past):
            upper += codes[i] & IS_UPPER
            if codes[i] >> ID_SHIFT == BUT and buts[t] < 0:
                buts[t] = i
        is_cap_diff = 0 < upper < past - first
        for i in range(first, past):
            word = codes[i] >> ID_SHIFT
            is_kind_of = word == KIND and i + 1 < past and codes[i + 1] >> ID_SHIFT == OF
            if worth.traits[word] & (IN_LEXICON | IS_BOOSTER) == IN_LEXICON and not is_kind_of:
                values[count], is_whole[count] = _sentiment_valence(codes, first, i, past, is_cap_diff, worth)
                places[count] = i
                count += 1
                if values[count - 1] != 0.0:
                    continue
            if zeros[t] < 0:
                zeros[t] = i
        value_ends[t] = count
        first = past
    return Valences(values[:count], places[:count], is_whole[:count], value_ends, buts, zeros)
