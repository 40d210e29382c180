"""The scorer ``vader`` equals vaderSentiment to the last digit, for every text."""

import json
import math
import random
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import zstandard
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.sentiment import score
from pipelines.sentiment.totals import rounded
from tests.vader_pieces import EMOJI, GROUPS, MARKS, PACKAGE

# Hypothesis profile "nightly": 20,000.
EXAMPLES = max(1_000, settings.default.max_examples)


def bits(scores: dict[str, float]) -> bytes:
    """The four figures as they are in memory: 0.0 and -0.0 differ."""
    return struct.pack("4d", *(scores[name] for name in ("neg", "neu", "pos", "compound")))


def assert_equal_to_the_package(texts: list[str]) -> None:
    for text, ours in zip(texts, score(pa.array(texts, pa.string())).to_pylist(), strict=True):
        theirs = PACKAGE.polarity_scores(text)
        assert bits(ours) == bits(theirs), f"{text!r}: {ours}, the package says {theirs}"


def tweets(shared: Path) -> Iterator[str]:
    for path in sorted((shared / "stocknet-2014").glob("*.zst")):
        with zstandard.open(path, "rt", encoding="utf-8") as lines:
            yield from (json.loads(line)["text"] for line in lines)


def texts_in(answer: Any) -> Iterator[str]:
    """Every title and body anywhere in recorded JSON."""
    if isinstance(answer, list):
        for each in answer:
            yield from texts_in(each)
    elif isinstance(answer, dict):
        for key, value in answer.items():
            if key in ("title", "body", "selftext") and isinstance(value, str):
                yield value
            else:
                yield from texts_in(value)


@pytest.mark.parametrize("corpus", ["tweets", "movieReviewSnippets", "amazonReviewSnippets", "nytEditorialSnippets"])
def test_every_text_of_the_vader_corpora_scores_the_same(shared: Path, corpus: str):
    lines = (shared / "vader-icwsm2014" / f"{corpus}_GroundTruth.txt").read_bytes().splitlines()
    texts = [line.decode(errors="replace").split("\t", 2)[2] for line in lines]
    assert len(texts) > 3_000
    assert_equal_to_the_package(texts)


def test_five_thousand_tweets_score_the_same(shared: Path):
    assert_equal_to_the_package(random.Random(5).sample(list(tweets(shared)), 5_000))


@pytest.mark.slow
def test_every_tweet_scores_the_same(shared: Path):
    texts = list(tweets(shared))
    assert len(texts) == 51_140
    assert_equal_to_the_package(texts)


def test_every_post_and_comment_of_reddit_scores_the_same(shared: Path):
    lines = [line for path in (shared / "wsb-pushshift").glob("*.ndjson") for line in path.read_bytes().splitlines()]
    texts = [text for line in lines for text in texts_in(json.loads(line))]
    assert len(texts) > 3_000
    assert_equal_to_the_package(texts)


def test_every_message_of_stocktwits_scores_the_same(shared: Path):
    paths = (shared / "api" / "stocktwits").glob("*.json")
    texts = [text for path in paths for text in texts_in(json.loads(path.read_text(encoding="utf-8")))]
    assert texts
    assert_equal_to_the_package(texts)


piece = st.one_of(*map(st.sampled_from, GROUPS), st.text(max_size=3))
case = st.sampled_from([str, str, str, str.upper, str.lower, str.title, str.swapcase])
mark = st.sampled_from(["", "", "", "", *MARKS])
glue = st.sampled_from([" ", " ", " ", " ", " ", "", "\n", "\u2003"])
token = st.builds(
    lambda before, piece, case, after, glue: before + case(piece) + after + glue,
    mark,
    piece,
    case,
    mark,
    glue,
)


@settings(max_examples=EXAMPLES)
@given(st.lists(st.lists(token, max_size=24).map("".join), min_size=1, max_size=3))
@example(["", " ", "\n\u2003", "!", "?!?!", "but", "no", "kind of", "never so this", "\x00"])
@example(["at least good", "very least bad", "least good", "VERY no good", "(so\u212a) (id\u212a) (o\u212a)"])
def test_any_text_of_words_marks_and_oddities_scores_the_same(texts: list[str]):
    assert_equal_to_the_package(texts)


def test_values_that_meet_after_but_are_changed_as_the_package_changes_them():
    chance = random.Random(2)
    words = [
        "good",
        "nice",
        "great",
        "bad",
        "sad",
        "fun",
        "very",
        "GOOD",
        "not",
        "x",
        "the shit",
        "yeah right",
    ]
    texts = [
        " ".join(
            [
                *chance.choices(words, k=chance.randrange(60)),
                "but",
                *chance.choices(words, k=chance.randrange(60)),
            ]
        )
        for _ in range(300)
    ]
    assert_equal_to_the_package([text + "!" * (i % 3) for i, text in enumerate(texts)])


def test_halved_values_that_equal_later_ones_are_halved_again():
    doubles = sorted(word for word, valence in PACKAGE.lexicon.items() if abs(valence) in (0.4, 0.8, 1.6, 3.2))
    chance = random.Random(3)
    texts = [" ".join([*chance.choices(doubles, k=40), "but", *chance.choices(doubles, k=9)]) for _ in range(200)]
    assert_equal_to_the_package(texts)


def test_sums_that_cancel_are_added_as_the_running_python_adds_them():
    """A sum of 1e-16 takes the emphasis of "!!!" and 0 does not; ints among the floats add differently."""
    chance = random.Random(6)
    words = {value: word for word, value in PACKAGE.lexicon.items() if word.isalpha() and len(word) > 3}
    whole = {"x the shit": 3, "x yeah right": -2, "to die for x": 3, "kiss of death": -1.5}
    texts = []
    while len(texts) < 4_000:
        values = chance.choices(list(words), k=chance.randrange(1, 5))
        phrase = chance.choice(list(whole))
        pieces = [*(f"x x x x {words[value]}" for value in values), phrase]
        if (rest := words.get(round(-sum(values) - whole[phrase], 1))) is not None:
            chance.shuffle(pieces)
            texts.append(" ".join([*pieces, "x x x x", rest, *["but"] * chance.randrange(2)]) + "!!!")
    assert_equal_to_the_package(texts)


def characters_that_matter() -> list[str]:
    """All below U+3000, all with case, all spaces, all emoji, and some of the others."""
    every = (chr(point) for point in range(sys.maxunicode + 1) if not 0xD800 <= point <= 0xDFFF)
    few = set(random.Random(4).sample(range(sys.maxunicode), 2_000))
    known = {character for emoji in EMOJI for character in emoji}
    return [
        character
        for character in every
        if character < "\u3000"
        or character.swapcase() != character
        or character.isupper()
        or character.isspace()
        or character in known
        or ord(character) in few
    ]


@pytest.mark.parametrize("frame", ["GOOD {}1", "GOOD A{}", "bad{}bad", "{}good x", "Good{} !{}a!"])
def test_a_character_counts_as_space_case_mark_or_emoji_as_in_the_package(frame: str):
    assert_equal_to_the_package([frame.format(character, character) for character in characters_that_matter()])


@pytest.mark.slow
@pytest.mark.parametrize("frame", ["GOOD {}1", "GOOD A{}", "bad{}bad", "{}good x"])
def test_every_character_of_unicode_counts_as_in_the_package(frame: str):
    points = (point for point in range(sys.maxunicode + 1) if not 0xD800 <= point <= 0xDFFF)
    assert_equal_to_the_package([frame.format(chr(point)) for point in points])


def test_every_term_scores_the_same_alone_and_in_upper_case_and_after_a_negation():
    terms = [term for group in GROUPS for term in group]
    frames = ["{}", "x {} but bad!", "not very {}", "no {} good??"]
    assert_equal_to_the_package([frame.format(term) for term in terms for frame in frames])
    assert_equal_to_the_package([f"x {term.upper()} good" for term in terms])


@pytest.mark.parametrize("digits", [3, 4])
def test_rounding_is_that_of_python_around_every_tie(digits: int):
    scale = 10.0**digits
    for whole in range(int(scale)):
        for sign in (1.0, -1.0):
            number = sign * (whole + 0.5) / scale
            for near in (number, math.nextafter(number, 2.0), math.nextafter(number, -2.0)):
                assert struct.pack("d", rounded(near, scale)) == struct.pack("d", round(near, digits)), near.hex()


@settings(max_examples=EXAMPLES)
@given(st.floats(-1.0, 1.0))
def test_rounding_is_that_of_python_for_any_share(number: float):
    for digits in (3, 4):
        assert struct.pack("d", rounded(number, 10.0**digits)) == struct.pack("d", round(number, digits))
