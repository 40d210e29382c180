"""Empty replies in the ways people write them, and opinions that look like them."""

import time

import pyarrow as pa
import pytest

from pipelines.text.low_information import low_information_reason


def reasons(*texts: str) -> list[str | None]:
    return low_information_reason(pa.array(texts, pa.string())).to_pylist()


@pytest.mark.parametrize(
    "text",
    [
        "thnx for sharing",
        "thanks for sharing!!!",
        "THANKS 4 SHARING",
        "Thank youuuu 🙏🙏",
        "great post op",
        "Niceeee!",
        "nice post 👏👏",
        "FIRST!!!",
        "1st",
        "this ☝️",
        "THISSSS",
        "following",
        "bump",
        "ty",
        "lol",
        "LOLOLOLOL",
        "hahahahahahaha",
        "lmfaooooo",
        "yesss sirrr",
        "coool",
        "Thanks a lot for the detailed post!",
        "Wait, what?",
        "this is the way",
        "RemindMe!",
    ],
)
def test_an_empty_reply_is_one_however_it_is_written(text):
    assert reasons(text) == ["empty phrase"]


@pytest.mark.parametrize(
    "text",
    [
        "great",
        "good",
        "awful",
        "bullish lol",
        "moon soon haha",
        "too expensive, thanks",
        "thanks for the calls",
        "nice dip",
        "niceee run up",
        "this is garbage",
        "this will tank",
        "not this one again",
        "first to go bankrupt",
        "no way",
        "sell, man",
        "holy dip",
        "puts it is",
        "yes, calls",
        "lol no chance",
        "holding",
        "printing",
        "link $LINK",
        "ban shorts",
    ],
)
def test_an_opinion_that_begins_or_ends_like_an_empty_reply_is_kept(text):
    assert reasons(text) == [None]


def test_a_letter_drawn_out_for_ever_costs_no_more_than_its_length():
    began = time.monotonic()
    assert reasons("lo" + "o" * 70 + "l", "a" * 1_000_000) == ["empty phrase", None]
    reasons(*["niceeeeee" + "e" * (n % 60) for n in range(100_000)])
    assert time.monotonic() - began < 8
