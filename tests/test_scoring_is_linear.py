"""No text stalls the scorer: time grows with length, whatever the text is made of."""

import random
import time

import pyarrow as pa
import pytest

from pipelines.sentiment import score
from tests.vader_pieces import EMOJI, PACKAGE

FLOODS = {
    "prose": "Revenue grew and the outlook is good, but margins fell. ",
    "emoji": "".join(emoji for emoji in EMOJI if len(emoji) == 1),
    "but": "but ",
    "but between equal values": "good bad great but good nice sad GREAT ",
    "one word": "a",
    "one word of punctuation": "(!?",
    "one word of wide letters": "漢É",
    "negations": "isn't not never so ",
    "idioms": "the shit kiss of death yeah right ",
    "spaces": " \n\t",
    "wide spaces": "\u2003\u3000",
}


def seconds(text: str) -> float:
    """Best of three."""
    texts, best = pa.array([text]), float("inf")
    for _ in range(3):
        began = time.perf_counter()
        score(texts)
        best = min(best, time.perf_counter() - began)
    return best


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_ten_times_the_text_takes_nowhere_near_a_hundred_times_the_time(flood: str):
    """A quadratic rule would take 100 times as long; linear and noise together stay far below 40."""
    score(pa.array(["warm"]))
    short = flood * (100_000 // len(flood.encode()))
    assert seconds(short * 10) < 40 * max(seconds(short), 0.000_2)


def test_six_thousand_emoji_without_spaces_take_no_time():
    """The package needs minutes."""
    score(pa.array(["warm"]))
    assert seconds("😀" * 6_400) < 0.05


def test_a_word_that_resembles_a_term_a_million_times_over_is_read_once():
    """Only words as long as a term are looked up; the rest of a long word is never compared."""
    score(pa.array(["warm"]))
    assert seconds("((" * 500_000 + "a") < 0.5
    assert score(pa.array(["good" * 250_000])).to_pylist() == [{"neg": 0.0, "neu": 1.0, "pos": 0.0, "compound": 0.0}]


def test_values_before_but_are_matched_without_searching_the_list():
    """Half of a value equals the next one, so that each word changes an earlier one, over and over.

    The package searches its whole list for each of the 100,000 words.
    """
    words = {value: word for word, value in PACKAGE.lexicon.items() if word.isalpha()}
    chance = random.Random(1)
    text = " ".join(words[chance.choice((3.2, 1.6, 0.8, 0.4))] for _ in range(100_000)) + " but"
    score(pa.array(["warm"]))
    assert seconds(text) < 1.0
