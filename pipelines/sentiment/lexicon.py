"""The words that the rules know, and what each is worth.

Here: lexicon, emoji table and constants of the installed vaderSentiment (read, never copied), what a scorer
lays over them, and the arrays that the kernels read. Not here: the rules (``rules.py``), any overlay's words.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
from vaderSentiment import vaderSentiment

from pipelines.sentiment.characters import UNSTABLE_LOWER, characters
from pipelines.sentiment.rules import (
    IN_LEXICON,
    IN_PHRASE,
    IS_BOOSTER,
    IS_NEGATION,
    RULE_WORDS,
    Worth,
    phrase_key,
)
from pipelines.sentiment.words import HASH_PRIME, HASH_SEED, Characters, Terms

Value = TypeVar("Value", float, str)


@dataclass(frozen=True)
class Scorer:
    """A scorer is data: what it lays over the package's lexicon and emoji (None takes out), and its cleaning.

    A term is one word in lower case, an emoji one character, described by words. ``clean`` is a plain
    function from a ``large_string`` array without NULL to another of the same length; threads call it side by
    side. ``fingerprint`` is a hash of all that decides what it does, and part of the version.
    """

    valences: Mapping[str, float | None] = field(default_factory=dict)
    emoji: Mapping[str, str | None] = field(default_factory=dict)
    clean: Callable[[pa.Array], pa.Array] | None = None
    fingerprint: str = ""


class Lexicon(NamedTuple):
    """All that scoring needs to know, as arrays, and the hash of what they hold."""

    characters: Characters
    terms: Terms
    worth: Worth
    version: str


def lexicon(scorer: Scorer) -> Lexicon:
    """The package's tables with the scorer's laid over them.

    Raises ValueError naming a term or emoji that could never match.
    """
    for term in scorer.valences:
        if term.lower() != term or term.split() != [term] or UNSTABLE_LOWER & set(term):
            raise ValueError(f"a term is one lower-case word, without final sigma or dotted i: {term!r}")
    for character in scorer.emoji:
        if len(character) != 1 or character.isascii():
            raise ValueError(f"an emoji is one character that is not ASCII: {character!r}")
    package = vaderSentiment.SentimentIntensityAnalyzer()
    valences, emoji = _laid_over(package.lexicon, scorer.valences), _laid_over(package.emojis, scorer.emoji)
    terms, worth = _terms_and_worth(valences)
    return Lexicon(characters(emoji), terms, worth, _version(valences, emoji, scorer.fingerprint))


def _laid_over(table: Mapping[str, Value], overlay: Mapping[str, Value | None]) -> dict[str, Value]:
    """``table`` with the overlay's entries in place of its own, without those that it sets to None."""
    return {key: value for key, value in {**table, **overlay}.items() if value is not None}


def _version(valences: Mapping[str, float], emoji: Mapping[str, str], fingerprint: str) -> str:
    """Version of the package and a hash of every word, number and line of cleaning that decides a score."""
    content = (
        sorted(valences.items()),
        sorted(emoji.items()),
        sorted(vaderSentiment.BOOSTER_DICT.items()),
        sorted(vaderSentiment.NEGATE),
        sorted(vaderSentiment.SPECIAL_CASES.items()),
        vaderSentiment.C_INCR,
        vaderSentiment.N_SCALAR,
        fingerprint,
    )
    return f"{version('vaderSentiment')}+{hashlib.sha256(repr(content).encode()).hexdigest()[:12]}"


def _terms_and_worth(valences: Mapping[str, float]) -> tuple[Terms, Worth]:
    """Every word that the lexicon or a rule names, and its part in the rules."""
    boosters, phrases = vaderSentiment.BOOSTER_DICT, vaderSentiment.SPECIAL_CASES
    in_phrases = [word for phrase in (*boosters, *phrases) if " " in phrase for word in phrase.split(" ")]
    words = dict.fromkeys([*RULE_WORDS, *valences, *boosters, *vaderSentiment.NEGATE, *in_phrases])
    ids = {word: number for number, word in enumerate(words, start=1)}

    traits = np.zeros(len(ids) + 1, np.uint8)
    for bit, group in (
        (IN_LEXICON, valences),
        (IS_BOOSTER, boosters),
        (IS_NEGATION, vaderSentiment.NEGATE),
        (IN_PHRASE, in_phrases),
    ):
        for word in group:
            traits[ids[word]] |= bit
    keys, sets, phrase_valences, whole, boosts = _phrases(ids, boosters, phrases)
    return _terms(ids), Worth(
        traits=traits,
        valences=np.array([0.0, *(valences.get(word, 0.0) for word in ids)]),
        boosts=np.array([0.0, *(boosters.get(word, 0.0) for word in ids)]),
        phrases=keys,
        phrase_sets=sets,
        phrase_valences=phrase_valences,
        phrase_is_whole=whole,
        phrase_boosts=boosts,
        increment=vaderSentiment.C_INCR,
        scalar=vaderSentiment.N_SCALAR,
    )


def _phrases(ids: Mapping[str, int], boosters: Mapping[str, float], phrases: Mapping[str, float]) -> list[np.ndarray]:
    """The ``phrase…`` columns of ``Worth``."""
    rows = []
    for phrase in {*boosters, *phrases}:
        words = [ids[word] for word in phrase.split(" ") if " " in phrase]
        if len(words) in (2, 3):
            value = phrases.get(phrase, 0.0)
            key = phrase_key.py_func(*words, *[0] * (3 - len(words)), len(ids) + 1)
            rows.append((key, phrase in phrases, value, isinstance(value, int), boosters.get(phrase, 0.0)))
    columns, kinds = zip(*sorted(rows), strict=True), (np.int64, np.bool_, np.float64, np.bool_, np.float64)
    return [np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]


def _terms(ids: Mapping[str, int]) -> Terms:
    """The open-addressed table of the words, at most a quarter full."""
    bits = (4 * len(ids)).bit_length()
    word_ids, hashes = np.zeros(1 << bits, np.int32), np.zeros(1 << bits, np.uint32)
    for word, number in ids.items():
        hashed = HASH_SEED
        for character in word:
            hashed = (hashed ^ ord(character)) * HASH_PRIME & 0xFFFFFFFFFFFFFFFF
        slot = hashed >> 64 - bits
        while hashes[slot]:
            slot = (slot + 1) % hashes.size
        hashes[slot], word_ids[slot] = hashed & 0xFFFFFFFF | 1, number
    return Terms(
        hashes=hashes,
        ids=word_ids,
        points=np.array([ord(character) for word in ids for character in word], np.int32),
        ends=np.cumsum([0, *map(len, ids)], dtype=np.int32),
        shift=np.uint64(64 - bits),
        longest=4 * max(map(len, ids)),
    )
