"""Bluesky's posts, as its application view shows them, alone, in lists and in threads.

When a post was written is its author's claim (``createdAt``), and it may be any moment: clocks go wrong, imported
archives carry the dates of another network. What can be relied on is when the network took it in (``indexedAt``),
before which nobody could read it. ``published_at`` is therefore always ``indexedAt``, also where the claim is but a
second earlier, and the claim is not used. The service searches and sorts by the earlier of the two, so that a search
for one day gives some posts of the next. What the service took in late, or again, counts late; never early.

``author`` is the handle as shown, which names automatic accounts for what they are and is what people know; who changes
the handle counts as another author from then on. Where no valid handle is shown it is the DID, since all such people
would otherwise be one. The DID, which never changes, is in ``text_id`` and ``url`` as it is in the service's own URIs.

A post that quotes another one has words of its own and is no repost. Of an entry in a feed only its post is read.
Not here: asking (``bluesky_asking.py``), the answer's wrapping (``shapes.py``), pictures, links, quoted posts.
"""

import re
from collections.abc import Collection, Mapping

import msgspec

from pipelines.sources.fields import Found, counted, from_iso, language

POST = "app.bsky.feed.post"
POST_URI = re.compile(
    rf"at://(did:[a-z0-9]{{1,20}}:[A-Za-z0-9._:%-]{{1,250}})/{re.escape(POST)}/([A-Za-z0-9._:~-]{{1,512}})"
)
NO_HANDLE = "handle.invalid"  # shown for everybody whose handle no longer leads back to them
MOST_POSTS = 50_000  # in one thread


class Author(msgspec.Struct):
    """Who wrote a post."""

    did: str
    handle: str | None = None


class Reference(msgspec.Struct):
    """Another post."""

    uri: str | None = None


class Reply(msgspec.Struct):
    """Where a post stands in its thread."""

    root: Reference | None = None
    parent: Reference | None = None


class Record(msgspec.Struct):
    """What the author wrote."""

    type: str | None = msgspec.field(name="$type", default=None)
    text: str | None = None
    langs: list[str] | None = None
    reply: Reply | None = None


class View(msgspec.Struct):
    """The fields of a post's view that are read; of a post that is gone or hidden only ``uri`` is there."""

    uri: str
    author: Author | None = None
    record: Record | None = None
    indexedAt: str | None = None
    replyCount: int | None = None
    repostCount: int | None = None
    likeCount: int | None = None
    notFound: bool = False
    blocked: bool = False


class Node(msgspec.Struct):
    """A post of a thread, with what it answers and what answers it; without a post it is gone or hidden."""

    post: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    parent: "Node | None" = None
    replies: "list[Node] | None" = None


_VIEW = msgspec.json.Decoder(View)
_NODE = msgspec.json.Decoder(Node | None)
_NODES = msgspec.json.Decoder(list[Node] | None)


def recognise(names: Collection[str]) -> bool:
    """Whether a record with these field names is a post's view, or stands for a post that is gone or hidden."""
    is_post = "author" in names and "record" in names and "indexedAt" in names
    return "uri" in names and (is_post or "notFound" in names or "blocked" in names)


def parse(record: str, saved_at: int) -> Found:
    """One text and its counts, nothing for a post that is gone; ``ValueError`` says what is wrong."""
    view = _VIEW.decode(record)
    if view.notFound or view.blocked:
        return Found([], [])
    place, said = POST_URI.fullmatch(view.uri), view.record
    if place is None or said is None or said.type != POST:
        raise ValueError(f"{view.uri[:100]!r} with a record of type {said and said.type!r:.100} is no {POST}")
    if view.author is None or view.indexedAt is None:
        raise ValueError("a post without author or without indexedAt")
    did, key = place.groups()
    text_id = f"bluesky:{view.uri}"
    reply = said.reply or Reply()
    row = {
        "text_id": text_id,
        "source": "bluesky",
        "kind": "comment" if said.reply else "post",
        "parent_id": _text_id(reply.parent),
        "thread_id": _text_id(reply.root),
        "author": _name(view.author),
        "body": said.text or None,
        "body_format": "plain",
        "url": f"https://bsky.app/profile/{did}/post/{key}",
        "language": _language(said.langs or []),
        "published_at": from_iso(view.indexedAt),
        "fetched_at": saved_at,
        "time_precision": "exact",
        "is_deleted": False,
    }
    counts = {"likes": view.likeCount, "replies": view.replyCount, "reposts": view.repostCount}
    return Found([row], counted(text_id, saved_at, counts))


def posts(fields: Mapping[str, msgspec.Raw]) -> list[msgspec.Raw]:
    """The views in a thread's node, its own first, then what it answers and its answers; or the one of a feed's entry.

    ``fields`` are the node's, unread. Each view is a record of its own, so that a bad one hides no other.
    ``ValueError`` when there are too many.
    """
    found = [fields["post"]]
    replies = _NODES.decode(fields.get("replies", b"null"))
    waiting = [*reversed(replies or ()), _NODE.decode(fields.get("parent", b"null"))]
    while waiting:
        node = waiting.pop()
        if node is None:
            continue
        if node.post is not msgspec.UNSET:
            found.append(node.post)
        waiting += [*reversed(node.replies or ()), node.parent]
        if len(found) + len(waiting) > MOST_POSTS:
            raise ValueError(f"a thread of more than {MOST_POSTS:,} posts")
    return found


def _name(author: Author) -> str:
    handle = author.handle or NO_HANDLE
    return author.did if handle == NO_HANDLE or "." not in handle else handle


def _language(codes: list[str]) -> str | None:
    """The one that is declared; who declares several tells what they speak, not what this is."""
    known = {language(code) for code in codes}
    return known.pop() if len(known) == 1 else None


def _text_id(post: Reference | None) -> str | None:
    return f"bluesky:{post.uri}" if post and post.uri and POST_URI.fullmatch(post.uri) else None
