"""What a record of Reddit becomes, from a dump or an answer: parents, times, deletions, trees."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.text_files import SAVED_AT, at, given, read_records

SUBMISSION = {
    "id": "k48sqm",
    "created_utc": 1606780814,
    "retrieved_on": 1606780827,
    "subreddit": "stocks",
    "author": "ann",
    "title": "MU &gt; 100?",
    "selftext": "I think *so*.",
    "permalink": "/r/stocks/comments/k48sqm/mu_100/",
    "url": "https://example.com/picture.jpg",
    "score": 12,
    "num_comments": 3,
    "num_crossposts": 1,
    "total_awards_received": 2,
    "edited": False,
}
COMMENT = {
    "id": "ge7etj8",
    "created_utc": 1606780900,
    "subreddit": "stocks",
    "author": "bob",
    "body": "no",
    "link_id": "t3_k48sqm",
    "parent_id": "t1_ge6e0j0",
    "score": -4,
}


def test_a_submission_is_a_post_seen_when_it_was_retrieved(tmp_path: Path) -> None:
    read = read_records(tmp_path, SUBMISSION)
    seen = at(2020, 12, 1, 0, 0, 27)
    assert [given(row) for row in read.texts] == [
        {
            "text_id": "reddit:t3_k48sqm",
            "source": "reddit",
            "kind": "post",
            "author": "ann",
            "community": "stocks",
            "title": "MU &gt; 100?",
            "body": "I think *so*.",
            "body_format": "markdown",
            "url": "https://www.reddit.com/r/stocks/comments/k48sqm/mu_100/",
            "published_at": at(2020, 12, 1, 0, 0, 14),
            "fetched_at": seen,
            "time_precision": "exact",
            "is_deleted": False,
        }
    ]
    counts = {"likes": 12, "replies": 3, "reposts": 1, "rewards": 2}
    assert [given(row) for row in read.counts] == [{"text_id": "reddit:t3_k48sqm", "observed_at": seen, **counts}]


def test_a_reddit_comment_knows_its_parent_and_its_th_read(tmp_path: Path) -> None:
    read = read_records(tmp_path, COMMENT)
    row = read.texts[0]
    assert (row["text_id"], row["kind"]) == ("reddit:t1_ge7etj8", "comment")
    assert (row["parent_id"], row["thread_id"]) == ("reddit:t1_ge6e0j0", "reddit:t3_k48sqm")
    assert (row["fetched_at"], row["url"], row["title"]) == (SAVED_AT, None, None)
    assert [(row["likes"], row["observed_at"]) for row in read.counts] == [(-4, SAVED_AT)]


@pytest.mark.parametrize("mark", ["[removed]", "[deleted]", "[ Removed by Reddit ]"])
def test_a_removed_body_is_no_body(tmp_path: Path, mark: str) -> None:
    read = read_records(tmp_path, {**SUBMISSION, "selftext": mark, "author": "[deleted]"}, {**COMMENT, "body": mark})
    assert [(row["body"], row["is_deleted"]) for row in read.texts] == [(None, True), (None, True)]
    assert [row["author"] for row in read.texts] == [None, "bob"]
    assert read.texts[0]["title"] == SUBMISSION["title"]


def test_a_link_post_has_no_body_and_is_not_deleted(tmp_path: Path) -> None:
    rest = {name: value for name, value in SUBMISSION.items() if name != "selftext"}
    read = read_records(tmp_path, {**SUBMISSION, "selftext": ""}, rest)
    assert [(row["body"], row["is_deleted"]) for row in read.texts] == [(None, False)] * 2


@pytest.mark.parametrize(
    ("edited", "moment"),
    [(False, None), (True, None), (None, None), (1606781000.0, at(2020, 12, 1, 0, 3, 20))],
)
def test_an_edit_is_known_by_its_time(tmp_path: Path, edited, moment: datetime | None) -> None:
    assert read_records(tmp_path, {**COMMENT, "edited": edited}).texts[0]["edited_at"] == moment


@pytest.mark.parametrize(
    "seen",
    [
        {"retrieved_on": 1606780827, "_meta": {"retrieved_2nd_on": 1606910827}},
        {"retrieved_utc": 1606910827},
        {"retrieved_on": 1606780827, "updated_utc": 1606910827.0},
        {"retrieved_on": "1606910827"},
    ],
)
def test_a_text_that_was_retrieved_again_was_seen_the_last_time(tmp_path: Path, seen: dict[str, Any]) -> None:
    read = read_records(tmp_path, {**COMMENT, **seen})
    assert read.texts[0]["fetched_at"] == read.counts[0]["observed_at"] == at(2020, 12, 2, 12, 7, 7)


def test_a_crosspost_repeats_another_post(tmp_path: Path) -> None:
    assert read_records(tmp_path, {**SUBMISSION, "crosspost_parent": "t3_abc"}).texts[0]["repost_of"] == "reddit:t3_abc"


def test_a_crosspost_with_words_of_its_own_is_a_text_of_its_own(tmp_path: Path) -> None:
    shared = {**SUBMISSION, "crosspost_parent": "t3_abc", "selftext": ""}
    original = {"title": SUBMISSION["title"], "selftext": "I think *so*."}
    read = read_records(
        tmp_path,
        {**shared, "crosspost_parent_list": [original]},
        {**shared, "crosspost_parent_list": [original], "title": "They are wrong about MU"},
        {**shared, "crosspost_parent_list": [original], "selftext": "I do not."},
    )
    assert [row["repost_of"] for row in read.texts] == ["reddit:t3_abc", None, None]


def test_submissions_and_comments_may_be_mixed_and_old_dumps_write_seconds_as_text(tmp_path: Path) -> None:
    read = read_records(tmp_path, SUBMISSION, {**COMMENT, "created_utc": "1606780900", "parent_id": 123}, SUBMISSION)
    assert [row["kind"] for row in read.texts] == ["post", "comment", "post"]  # duplicates are kept
    assert read.texts[1]["parent_id"] == "reddit:t3_k48sqm"  # a number names no parent: the thread does


@pytest.mark.parametrize("created", ["soon", 10**30, float(10**15), "nan", "inf", None])
def test_a_submission_without_a_moment_is_a_reject(tmp_path: Path, created) -> None:
    read = read_records(tmp_path, SUBMISSION, {**SUBMISSION, "created_utc": created})
    assert (len(read.texts), len(read.rejects)) == (1, 1)


def test_an_answer_of_reddit_holds_its_tree(tmp_path: Path) -> None:
    def thing(kind: str, data: dict[str, Any]) -> dict[str, Any]:
        return {"kind": kind, "data": data}

    def listing(*children: dict[str, Any]) -> dict[str, Any]:
        return thing("Listing", {"after": None, "children": list(children)})

    more = thing("more", {"id": "zzz", "children": ["a", "b"]})
    answer = {**COMMENT, "id": "c2", "parent_id": "t1_c1", "replies": ""}
    tree = {**COMMENT, "id": "c1", "parent_id": "t3_k48sqm", "replies": listing(thing("t1", answer), more)}
    late = {"json": {"errors": [], "data": {"things": [thing("t1", {**COMMENT, "id": "c3"})]}}}
    subreddit = thing("t5", {"id": "2th52", "title": "a subreddit", "created_utc": 1})
    read = read_records(tmp_path, [listing(thing("t3", SUBMISSION)), listing(thing("t1", tree), more)], late, subreddit)
    assert [row["text_id"] for row in read.texts] == [
        "reddit:t3_k48sqm",
        "reddit:t1_c1",
        "reddit:t1_c2",
        "reddit:t1_c3",
    ]
    assert [(row["line"], row["reason"]) for row in read.rejects] == [(3, "none of the known shapes")]


def test_nan_is_no_value(tmp_path: Path) -> None:
    read = read_records(tmp_path, {**SUBMISSION, "score": float("nan"), "num_comments": float("inf")})
    assert [(row["likes"], row["replies"]) for row in read.counts] == [(None, None)]
