"""Copies of the same words: which is the first, the how many-eth a text is, what its news is still worth.

Copies of nearly the same words are in ``test_near_copies.py``.
"""

import time
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
from conftest import at
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.copies import number_copies
from pipelines.text.near_copies import FINGERPRINT

HOUR = timedelta(hours=1)
NOON = at("2024-03-04 12:00:00")
INSTANT = pa.timestamp("us", "UTC")

Post = tuple[str, str | None, datetime | None]


def numbered(posts: list[Post]) -> dict[str, tuple[str | None, int, float]]:
    """Copy-of, number and novelty by text_id, of texts that have no near copies."""
    ids, hashes, moments = zip(*posts, strict=True) if posts else ((), (), ())
    texts = pa.table(
        {
            "text_id": pa.array(ids, pa.string()),
            "content_hash": pa.array(hashes, pa.string()),
            "fingerprint": pa.nulls(len(ids), pa.binary(FINGERPRINT.itemsize)),
            "known_at": pa.array(moments, INSTANT),
        }
    )
    rows = number_copies(texts).to_pylist()
    assert [row["text_id"] for row in rows] == list(ids)
    assert [row["copy_kind"] for row in rows] == [row["copy_of"] and "exact" for row in rows]
    return {row["text_id"]: (row["copy_of"], row["copy_number"], row["novelty"]) for row in rows}


def test_the_kth_copy_within_a_day_weighs_less() -> None:
    assert numbered([("c", "x", NOON + 2 * HOUR), ("a", "x", NOON), ("b", "x", NOON + HOUR), ("d", "y", NOON)]) == {
        "a": (None, 1, 1.0),
        "b": ("a", 2, 0.75),
        "c": ("a", 3, 0.5625),
        "d": (None, 1, 1.0),
    }


def test_only_the_day_before_counts() -> None:
    day, instant = timedelta(hours=24), timedelta(microseconds=1)
    assert numbered([("a", "x", NOON), ("b", "x", NOON + day), ("c", "x", NOON + 2 * day + instant)]) == {
        "a": (None, 1, 1.0),
        "b": ("a", 2, 0.75),
        "c": (None, 1, 1.0),
    }


def test_a_chain_of_daily_copies_points_at_the_first_of_its_day() -> None:
    posts = [(f"t{i}", "x", NOON + 20 * i * HOUR) for i in range(4)]
    assert [one[:2] for one in numbered(posts).values()] == [(None, 1), ("t0", 2), ("t1", 2), ("t2", 2)]


def test_texts_of_one_moment_are_ordered_by_id() -> None:
    assert numbered([("b", "x", NOON), ("a", "x", NOON)]) == {"a": (None, 1, 1.0), "b": ("a", 2, 0.75)}


def test_texts_without_words_or_moment_copy_nothing() -> None:
    posts = [("a", None, NOON), ("b", None, NOON), ("c", "x", None), ("d", "x", None), ("e", "x", NOON)]
    assert set(numbered(posts).values()) == {(None, 1, 1.0)}


def test_no_texts_give_no_rows() -> None:
    assert numbered([]) == {}


POSTS = st.lists(
    st.tuples(st.sampled_from("xyz") | st.none(), st.integers(0, 80).map(lambda hours: NOON + hours * HOUR)),
    max_size=25,
).map(lambda posts: [(f"t{i:02}", words, moment) for i, (words, moment) in enumerate(posts)])


@given(POSTS)
def test_the_numbers_are_those_of_counting_one_by_one(posts: list[Post]) -> None:
    found = numbered(posts)
    for text_id, words, moment in posts:
        before = sorted(
            (other_moment, other_id)
            for other_id, other_words, other_moment in posts
            if words and other_words == words and moment - 24 * HOUR <= other_moment <= moment
            if (other_moment, other_id) <= (moment, text_id)
        ) or [(moment, text_id)]
        first = before[0][1]
        number = len(before)
        assert found[text_id] == (None if first == text_id else first, number, 0.75 ** (number - 1))


@given(POSTS, st.integers(0, 80))
def test_cutting_the_input_changes_no_row_before_the_cut(posts: list[Post], hours: int) -> None:
    cut = NOON + hours * HOUR
    before = [post for post in posts if post[2] < cut]
    whole = numbered(posts)
    assert numbered(before) == {post[0]: whole[post[0]] for post in before}


@given(POSTS, st.randoms())
def test_the_order_of_the_input_does_not_matter(posts: list[Post], chance) -> None:
    shuffled = posts.copy()
    chance.shuffle(shuffled)
    assert numbered(shuffled) == numbered(posts)


def test_a_million_texts_take_seconds() -> None:
    count, chance = 1_000_000, np.random.default_rng(7)
    moments = chance.integers(0, 30 * 86_400_000_000, count) + 1_700_000_000_000_000
    texts = pa.table(
        {
            "text_id": pa.array(np.arange(count)).cast(pa.string()),
            "content_hash": pa.array(chance.integers(0, 50_000, count)).cast(pa.string()),
            "fingerprint": pa.nulls(count, pa.binary(FINGERPRINT.itemsize)),
            "known_at": pa.array(moments, INSTANT),
        }
    )
    number_copies(texts.slice(0, 10))  # compiles
    started = time.process_time()
    assert number_copies(texts).num_rows == count
    assert time.process_time() - started < 3
