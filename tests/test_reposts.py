"""A repost brings no new opinion; a quote with words of one's own does."""

import pyarrow as pa
import pytest

from pipelines.text.reposts import is_repost


def reposted(body: str | None, title: str | None = None, repost_of: str | None = None) -> bool:
    columns = {"repost_of": repost_of, "title": title, "body": body}
    [answer] = is_repost(
        pa.table({name: pa.array([value], pa.string()) for name, value in columns.items()})
    ).to_pylist()
    return answer


def test_what_the_source_calls_a_repost_is_one():
    assert reposted("MU is up", repost_of="twitter:1")
    assert reposted(None, repost_of="reddit:t3_1")


@pytest.mark.parametrize(
    "body", ["RT @ann: MU is up", "RT @ann MU is up", 'RT "@ann: MU is up"', '"RT @ann: MU is up"', "MT .@ann: up"]
)
def test_a_retweet_by_hand_is_one(body):
    assert reposted(body)
    assert reposted("see there", title=body)
    assert reposted(body, title="A title")


@pytest.mark.parametrize(
    "body",
    [
        "So true! RT @ann: MU is up",
        "MU is up (via @ann)",
        "Repost: why I hold MU",
        "via @ann",
        "RT if you hold MU",
        "RTX @ann is a good card",
        "@ann MU is up",
        "MT Bank @ 150",
        "",
        None,
    ],
)
def test_words_of_ones_own_are_none(body):
    assert not reposted(body)


def test_rows_keep_their_order_and_none_is_none():
    bodies = ["RT @ann: up", None, "up"]
    texts = pa.table({name: pa.array([None] * 3, pa.string()) for name in ("repost_of", "title")})
    assert is_repost(texts.append_column("body", pa.array(bodies))).to_pylist() == [True, False, False]
    assert is_repost(texts.append_column("body", pa.array(bodies)).slice(0, 0)).to_pylist() == []
