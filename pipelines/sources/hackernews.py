"""Hacker News items in three shapes: Algolia's search hits, Algolia's items with their tree, Firebase's.

Not here: asking for them (``hackernews_asking.py``), the answer around the hits (``shapes.py``), users.
"""

from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from pipelines.sources.fields import Found, counted, from_seconds

MOST_ANSWERS = 50_000  # in one tree; the longest threads have some 5,000

PLAIN = {"&#x27;": "'", "&#x2F;": "/", "&quot;": '"'}  # harmless in HTML, so either spelling is the same text


class Item(msgspec.Struct):
    """The fields that are read, of all three shapes."""

    objectID: str | None = None
    id: int | None = None
    created_at_i: int | None = None
    time: int | None = None
    type: str | None = None
    tags: list[str] | None = msgspec.field(name="_tags", default=None)
    author: str | None = None
    by: str | None = None
    title: str | None = None
    text: str | None = None
    story_text: str | None = None
    comment_text: str | None = None
    parent_id: int | None = None
    parent: int | None = None
    poll: int | None = None
    story_id: int | None = None
    points: int | None = None
    score: int | None = None
    num_comments: int | None = None
    descendants: int | None = None
    deleted: bool | None = None
    dead: bool | None = None
    children: "list[Item] | None" = None


_ITEM = msgspec.json.Decoder(Item)


def recognise(names: Collection[str]) -> bool:
    """Whether a record with these field names is an item; users have an ``objectID`` too, but no author."""
    if "objectID" in names:
        return "created_at_i" in names and "author" in names
    return "id" in names and "type" in names and ("time" in names or "created_at_i" in names)


def parse(record: str, saved_at: int) -> Found:
    """The item, and of Algolia's trees every answer below it; ``ValueError`` says what is wrong."""
    found = Found([], [])
    for item in _tree(_ITEM.decode(record)):
        row = _row(item, saved_at)
        replies = _first(item.num_comments, item.descendants)
        counts = {"likes": _first(item.points, item.score), "replies": replies}
        found.texts.append(row)
        found.engagement.extend(counted(row["text_id"], saved_at, counts))
    return found


def _tree(root: Item) -> Iterator[Item]:
    waiting, seen = [root], 0
    while waiting:
        item = waiting.pop()
        yield item
        seen += 1
        waiting += reversed(item.children or ())
        if seen + len(waiting) > MOST_ANSWERS:
            raise ValueError(f"a tree of more than {MOST_ANSWERS:,} items")


def _row(item: Item, saved_at: int) -> dict[str, Any]:
    number = item.objectID or item.id
    published = _first(item.created_at_i, item.time)
    if number is None or published is None:
        raise ValueError("an item without a number or without a time")
    parent = _first(item.parent_id, item.parent, item.poll)
    body = _body(item)
    is_comment = parent is not None
    # Of a deleted answer Algolia keeps the place in the tree, without author and text.
    is_deleted = bool(item.deleted or item.dead) or (is_comment and body is None)
    return {
        "text_id": _text_id(number),
        "source": "hackernews",
        "kind": "comment" if is_comment else "post",
        "parent_id": _text_id(parent),
        "thread_id": _text_id(item.story_id) if is_comment else None,
        "author": item.author or item.by,
        "title": item.title,
        "body": None if is_deleted else body or None,
        "body_format": "html",
        "url": f"https://news.ycombinator.com/item?id={number}",
        "published_at": from_seconds(published),
        "fetched_at": saved_at,
        "time_precision": "exact",
        "is_deleted": is_deleted,
    }


def _body(item: Item) -> str | None:
    """As the search gives it; the same words of a tree have closed paragraphs and plain quotes.

    One spelling for both, else a comment that is found and then met in its thread would look edited.
    """
    body = _first(item.text, item.comment_text, item.story_text)
    if body and body.endswith("</p>"):
        body = body.removeprefix("<p>").replace("</p>", "")
    for written, plain in PLAIN.items():
        body = body and body.replace(written, plain)
    return body


def _first(*values: Any) -> Any:
    """The first value that is given, 0 and "" being values."""
    return next((value for value in values if value is not None), None)


def _text_id(number: int | str | None) -> str | None:
    return None if number is None else f"hackernews:{number}"
