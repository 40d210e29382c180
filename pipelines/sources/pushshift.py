"""Reddit submissions and comments: dumps of Pushshift and Arctic Shift, and answers of Reddit's interface.

A dump is a snapshot: ``retrieved_on`` says of when, and with it when score and body were seen.
Not here: Reddit's wrapping of such records in listings (``shapes.py``).
"""

from collections.abc import Collection
from typing import Any

import msgspec

from pipelines.sources.fields import Found, counted, from_seconds

REMOVED = {"[removed]", "[deleted]", "[deleted by user]"}
REMOVED_BEGINNING = "[ Removed by "


class Meta(msgspec.Struct):
    """Arctic Shift's own notes."""

    retrieved_2nd_on: float | None = None


class Original(msgspec.Struct):
    """The submission that a crosspost shares."""

    title: str | None = None
    selftext: str | None = None


class Thing(msgspec.Struct):
    """The fields that are read, of submissions and comments alike."""

    id: str
    created_utc: int | float | str
    subreddit: str | None
    title: str | None = None
    selftext: str | None = None
    body: str | None = None
    link_id: str | None = None
    parent_id: str | int | None = None
    author: str | None = None
    permalink: str | None = None
    edited: bool | int | float | str | None = None
    retrieved_on: int | float | str | None = None
    retrieved_utc: int | float | str | None = None
    updated_utc: int | float | str | None = None
    meta: Meta | None = msgspec.field(name="_meta", default=None)
    crosspost_parent: str | None = None
    crosspost_parent_list: list[Original] | None = None
    score: int | float | None = None
    num_comments: int | float | None = None
    num_crossposts: int | float | None = None
    total_awards_received: int | float | None = None


_THING = msgspec.json.Decoder(Thing)


def recognise(names: Collection[str]) -> bool:
    """Whether a record with these field names is a submission or a comment."""
    has_text = "title" in names or "body" in names
    return has_text and "id" in names and "created_utc" in names and "subreddit" in names


def parse(record: str, saved_at: int) -> Found:
    """One text and its counts; ``ValueError`` says what is wrong."""
    thing = _THING.decode(record)
    seen = [moment for moment in _seen(thing) if moment]
    observed_at = max(map(from_seconds, seen)) if seen else saved_at
    specific = _submission(thing) if thing.body is None and thing.link_id is None else _comment(thing)
    row = {
        **specific,
        "source": "reddit",
        "author": None if thing.author in REMOVED else thing.author,
        "community": thing.subreddit,
        "body_format": "markdown",
        "url": _absolute(thing.permalink),
        "published_at": from_seconds(thing.created_utc),
        "edited_at": None if isinstance(thing.edited, bool | str | None) else from_seconds(thing.edited),
        "fetched_at": observed_at,
        "time_precision": "exact",
    }
    counts = {
        "likes": thing.score,
        "replies": thing.num_comments,
        "reposts": thing.num_crossposts,
        "rewards": thing.total_awards_received,
    }
    return Found([row], counted(row["text_id"], observed_at, counts))


def _submission(thing: Thing) -> dict[str, Any]:
    return {
        "text_id": f"reddit:t3_{thing.id}",
        "kind": "post",
        "title": None if thing.title in REMOVED else thing.title,
        "body": None if _is_removed(thing.selftext) else thing.selftext or None,
        "is_deleted": _is_removed(thing.selftext),
        "repost_of": None if _has_own_words(thing) else _named(thing.crosspost_parent),
    }


def _comment(thing: Thing) -> dict[str, Any]:
    # Some dumps of late 2022 give the parent's number instead of its name; the thread is then what is known.
    parent = thing.parent_id if isinstance(thing.parent_id, str) else thing.link_id
    return {
        "text_id": f"reddit:t1_{thing.id}",
        "kind": "comment",
        "parent_id": _named(parent),
        "thread_id": _named(thing.link_id),
        "body": None if _is_removed(thing.body) else thing.body,
        "is_deleted": _is_removed(thing.body),
    }


def _has_own_words(thing: Thing) -> bool:
    """Whether a crosspost says something itself: another title than the original's, or a body of its own."""
    originals = thing.crosspost_parent_list or ()
    return any(thing.title != one.title or thing.selftext not in (None, "", one.selftext) for one in originals)


def _seen(thing: Thing) -> tuple[float | str | None, ...]:
    """When the record was fetched, and fetched again: the last time is when these scores were seen."""
    second = thing.meta and thing.meta.retrieved_2nd_on
    return thing.retrieved_on, thing.retrieved_utc, thing.updated_utc, second


def _is_removed(body: str | None) -> bool:
    return body is not None and (body.strip() in REMOVED or body.startswith(REMOVED_BEGINNING))


def _named(fullname: str | None) -> str | None:
    return f"reddit:{fullname}" if fullname else None


def _absolute(permalink: str | None) -> str | None:
    if permalink and permalink.startswith("/"):
        return f"https://www.reddit.com{permalink}"
    return permalink if permalink and permalink.startswith("https://") else None
