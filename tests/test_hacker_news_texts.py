"""What an item of Hacker News becomes, in its three shapes; and answers that hold nothing."""

from pathlib import Path
from typing import Any

from tests.text_files import SAVED_AT, at, given, read_records

STORY = {
    "objectID": "9",
    "created_at_i": 1385518716,
    "title": "A title",
    "url": "https://example.com/",
    "author": "ann",
    "points": 81,
    "story_text": None,
    "comment_text": None,
    "num_comments": 5,
    "parent_id": None,
    "story_id": None,
    "_tags": ["story"],
}
ANSWER = {
    **STORY,
    "objectID": "10",
    "title": None,
    "comment_text": "<p>yes",
    "parent_id": 9,
    "story_id": 9,
    "points": None,
    "num_comments": None,
}


def test_hits_of_hacker_news_are_stories_and_comments(tmp_path: Path) -> None:
    read = read_records(tmp_path, {"hits": [STORY, ANSWER], "nbHits": 2})
    story, answer = read.texts
    assert given(story) == {
        "text_id": "hackernews:9",
        "source": "hackernews",
        "kind": "post",
        "author": "ann",
        "title": "A title",
        "body_format": "html",
        "url": "https://news.ycombinator.com/item?id=9",
        "published_at": at(2013, 11, 27, 2, 18, 36),
        "fetched_at": SAVED_AT,
        "time_precision": "exact",
        "is_deleted": False,
    }
    assert (answer["kind"], answer["body"], answer["title"]) == ("comment", "<p>yes", None)
    assert (answer["parent_id"], answer["thread_id"]) == ("hackernews:9", "hackernews:9")
    assert [given(row) for row in read.counts] == [
        {"text_id": "hackernews:9", "observed_at": SAVED_AT, "likes": 81, "replies": 5}
    ]


def test_a_tree_of_hacker_news_gives_every_answer_in_order(tmp_path: Path) -> None:
    def item(number: int, parent: int | None, text: str | None, *children: dict[str, Any]) -> dict[str, Any]:
        place = {"id": number, "parent_id": parent, "story_id": 1, "type": "comment" if parent else "story"}
        told = {"author": "ann" if text else None, "text": text, "created_at_i": 1160418111}
        return {**place, **told, "children": list(children)}

    tree = item(1, None, "ask", item(2, 1, "a", item(3, 2, None)), item(4, 1, "b"))
    read = read_records(tmp_path, tree)
    assert [(row["text_id"], row["parent_id"], row["is_deleted"]) for row in read.texts] == [
        ("hackernews:1", None, False),
        ("hackernews:2", "hackernews:1", False),
        ("hackernews:3", "hackernews:2", True),
        ("hackernews:4", "hackernews:1", False),
    ]


def test_items_of_firebase_are_read_too(tmp_path: Path) -> None:
    story = {
        "by": "ann",
        "descendants": 7,
        "id": 8,
        "kids": [9],
        "score": 11,
        "time": 1175714200,
        "title": "T",
        "type": "story",
    }
    answer = {"by": "bob", "id": 9, "parent": 8, "text": "hm", "time": 1175714300, "type": "comment"}
    read = read_records(
        tmp_path,
        story,
        answer,
        {"deleted": True, "id": 10, "parent": 8, "time": 1175714400, "type": "comment"},
        {**answer, "id": 11, "dead": True},
    )
    assert [(row["text_id"], row["kind"], row["parent_id"]) for row in read.texts[:2]] == [
        ("hackernews:8", "post", None),
        ("hackernews:9", "comment", "hackernews:8"),
    ]
    assert [(row["body"], row["is_deleted"]) for row in read.texts[1:]] == [
        ("hm", False),
        (None, True),
        (None, True),
    ]
    assert [(row["likes"], row["replies"]) for row in read.counts] == [(11, 7)]


def test_a_user_of_hacker_news_is_no_text(tmp_path: Path) -> None:
    user = {"id": 5, "username": "ann", "about": "", "created_at_i": 5, "objectID": "ann"}
    read = read_records(tmp_path, STORY, user)
    assert (len(read.texts), [row["reason"] for row in read.rejects]) == (1, ["none of the known shapes"])


def test_an_empty_answer_gives_nothing_and_is_no_error(tmp_path: Path) -> None:
    for answer in ({"hits": []}, {"messages": []}, [], {"kind": "Listing", "data": {"children": []}}):
        read = read_records(tmp_path, answer)
        assert (read.texts, read.rejects) == ([], [])
