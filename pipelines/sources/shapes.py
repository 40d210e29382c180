"""The shapes of one JSON record: which service wrote it, and what an answer of an interface wraps.

Here: choosing the service's file and opening wrappings. Each service's file gives the same two functions:
``recognise(names) -> bool``, by the record's field names, and ``parse(record, saved_at) -> Found``, which
raises ``ValueError`` with a reason for the person who reads the rejects.
Not here: files (``inbox_texts.py``), the fields of a service.
"""

from collections.abc import Collection, Mapping
from types import ModuleType

import msgspec

from pipelines.sources import bluesky, hackernews, own, pushshift, stocktwits, twitter

SHAPES = (own, twitter, pushshift, stocktwits, hackernews, bluesky)

EXPECTED = (
    f"our own rows ({', '.join(own.REQUIRED)} and {' or '.join(own.CONTENT)}),"
    " X/Twitter v1.1 objects (id_str, created_at, text),"
    " Pushshift or Reddit submissions and comments (id, created_utc, subreddit, title or body),"
    " StockTwits messages (id, body, created_at, user),"
    " Hacker News items (objectID or id, type, time),"
    " Bluesky posts (uri, author, record, indexedAt)"
)

# The fields of an answer that hold its records, or the next wrapping: Algolia, StockTwits, Twitter's search,
# Reddit's listings and their additions, Bluesky's lists, feeds and threads.
WRAPPINGS = ("hits", "messages", "statuses", "children", "things", "data", "json", "posts", "feed", "thread", "post")
# What Reddit's interface lists beside texts: "more" stands for comments that it did not send.
NO_TEXTS = ("more",)

# Every field that tells shapes and wrappings apart; a million other fields in a record cost no memory.
TELLING = (
    *("id", "id_str", "objectID", "created_at", "created_at_i", "created_utc", "published_at", "time"),
    *("title", "body", "text", "full_text", "source", "subreddit", "user", "author", "replies"),
    *("type", "kind", *WRAPPINGS),
    *("uri", "record", "indexedAt", "notFound", "blocked", "parent"),
)

_UNREAD = msgspec.Raw | msgspec.UnsetType
_TELLING = msgspec.json.Decoder(msgspec.defstruct("Telling", [(name, _UNREAD, msgspec.UNSET) for name in TELLING]))
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_TEXT = msgspec.json.Decoder(str)


def telling(record: str | msgspec.Raw) -> dict[str, msgspec.Raw]:
    """The fields of a JSON object that tell its shape, with values unread; ``ValueError`` when it is none."""
    fields = _TELLING.decode(record)
    return {name: value for name in TELLING if (value := getattr(fields, name)) is not msgspec.UNSET}


def recognise(names: Collection[str], guess: ModuleType | None = None) -> ModuleType | None:
    """The file of the service whose records have these fields, ``guess`` being asked first; else None."""
    if guess and guess.recognise(names):
        return guess
    return next((shape for shape in SHAPES if shape.recognise(names)), None)


def unwrap(fields: Mapping[str, msgspec.Raw]) -> list[str]:
    """The records, or the next wrapping, that an interface's answer holds; ``ValueError`` when it is none."""
    value = next((fields[name] for name in WRAPPINGS if _begins(fields.get(name), b"[{")), None)
    if value is None:
        raise ValueError("none of the known shapes")
    if value is fields.get("post"):
        return _texts(bluesky.posts(fields))
    if _begins(value, b"["):
        return _texts(_LIST.decode(value))
    if "kind" in fields and _TEXT.decode(fields["kind"]) in NO_TEXTS:
        return []
    replies = telling(value).get("replies")
    return _texts([value, replies] if _begins(replies, b"{") else [value])


def listed(record: str) -> list[str]:
    """The elements of a JSON array; ``ValueError`` when the record is another value."""
    if not record.lstrip().startswith("["):
        raise ValueError("not a JSON object")
    return _texts(_LIST.decode(record))


def _begins(value: msgspec.Raw | None, brackets: bytes) -> bool:
    return value is not None and memoryview(value)[0] in brackets


def _texts(values: list[msgspec.Raw]) -> list[str]:
    return [str(memoryview(value), "utf-8") for value in values]
