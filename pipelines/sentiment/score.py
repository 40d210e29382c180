"""Scores of texts by a named scorer; today vaderSentiment as it is. Not here: which texts, or tables."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa
import vaderSentiment.vaderSentiment as vader

SCORERS = ("vader",)
FIGURES = ("neg", "neu", "pos", "compound")


@cache
def _analyzer() -> vader.SentimentIntensityAnalyzer:
    return vader.SentimentIntensityAnalyzer()


@cache
def scorer_version(scorer: str) -> str:
    """Package version and hash of the lexicons, e.g. ``3.3.2-1f0c9a7b``: another lexicon, another version.

    Raises ``ValueError`` for an unknown scorer, naming the known ones.
    """
    _known(scorer)
    digest = hashlib.blake2b(digest_size=4)
    for name in ("vader_lexicon.txt", "emoji_utf8_lexicon.txt"):
        digest.update((Path(vader.__file__).parent / name).read_bytes())
    return f"{version('vaderSentiment')}-{digest.hexdigest()}"


def score(texts: pa.Array | pa.ChunkedArray, scorer: str = "vader") -> pa.Table:
    """``neg, neu, pos, compound`` (float64) of each text, in order; NULL in, NULL out.

    Raises ``TypeError`` for anything but strings, ``ValueError`` for an unknown scorer.
    """
    _known(scorer)
    if not (pa.types.is_string(texts.type) or pa.types.is_large_string(texts.type)):
        raise TypeError(f"score() takes a string array, not {texts.type}")
    scores = _analyzer().polarity_scores
    rows = [{} if text is None else scores(text) for text in texts.to_pylist()]
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.float64()) for name in FIGURES})


def _known(scorer: str) -> None:
    if scorer not in SCORERS:
        raise ValueError(f"unknown scorer {scorer!r}; known: {', '.join(SCORERS)}")
