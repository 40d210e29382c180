"""Bluesky: a session, a search of nine pages over one day, threads with answers that the search does not find.

Some 850 invented posts, their claims in milli- and in microseconds by turns; one claims an hour before it was taken in,
one a day after. Posts of the day before and after are there too, and are not asked for.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines.sources.windows import Subject, Window
from tests.local_service import Asked, Reply

NAME = "bluesky"
SUBJECT = Subject("search", "micron")
WINDOW = Window(datetime(2025, 3, 4, tzinfo=UTC), datetime(2025, 3, 5, tzinfo=UTC))
NOW = datetime(2025, 3, 6, 9, 30, tzinfo=UTC)
KEYS = {"bluesky_handle": "invented-reader.example", "bluesky_app_password": "invented-pass-0001"}
TOKEN = "invented-access-token-0001"
DID = "did:plc:invented"

IN_DAY = 850
THREADS = 12  # of the posts, each with two answers and an answer to an answer
LATE, EARLY = 40, 41  # the posts that claim an hour before, and a day after, they were taken in
LOST, OUTSIDE = 60, 61  # answers in threads whose first post is gone, and is not found by the search


def uri(name: str) -> str:
    """The address of an invented post."""
    return f"at://{DID}{name[0]}/app.bsky.feed.post/{name}"


def view(name: str, indexed: datetime, text: str, claimed: datetime | None = None, **more: Any) -> dict[str, Any]:
    """A post's view in the recorded shape; ``reply`` is (root, parent), ``replies`` a count."""
    claim = claimed or indexed - timedelta(microseconds=351_234)
    is_fine = sum(name.encode()) % 2
    said = {"$type": "app.bsky.feed.post", "createdAt": iso(claim, "microseconds" if is_fine else "milliseconds")}
    if "reply" in more:
        root, parent = ({"cid": f"bafy{name}", "uri": uri(one)} for one in more["reply"])
        said["reply"] = {"parent": parent, "root": root}
    author = {"did": f"{DID}{name[0]}", "handle": f"{name[0]}-writes.example", "displayName": "Somebody", "labels": []}
    return {
        "uri": uri(name),
        "cid": f"bafy{name}",
        "author": author,
        "record": {**said, "langs": ["en"], "text": text},
        "replyCount": more.get("replies", 0),
        "repostCount": 1,
        "likeCount": 7,
        "quoteCount": 2,
        "indexedAt": iso(indexed, "milliseconds"),
        "labels": [],
    }


def iso(moment: datetime, precision: str) -> str:
    """As the service writes it."""
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")


def _posts() -> list[dict[str, Any]]:
    posts = [
        view("before1", WINDOW.start - timedelta(seconds=5), "micron the day before"),
        view("next1", WINDOW.end + timedelta(seconds=5), "micron the day after"),
    ]
    for number in range(IN_DAY):
        indexed = WINDOW.start + timedelta(seconds=10 + 100 * number, milliseconds=number)
        more: dict[str, Any] = {"replies": 2} if number < THREADS else {}
        if number == LATE:
            more["claimed"] = indexed - timedelta(hours=1)
        if number == EARLY:
            more["claimed"] = indexed + timedelta(days=1)
        if number == LOST:
            more["reply"] = ("gone", "gone")
        if number == OUTSIDE:
            more["reply"] = ("root", "root")
        posts.append(view(f"p{number}", indexed, f"micron, thought number {number}", **more))
    return posts


def _sorted_at(post: dict[str, Any]) -> datetime:
    return min(datetime.fromisoformat(moment) for moment in (post["record"]["createdAt"], post["indexedAt"]))


POSTS = sorted(_posts(), key=_sorted_at, reverse=True)
_BY_URI = {post["uri"]: post for post in POSTS}


def _node(post: dict[str, Any], *replies: dict[str, Any]) -> dict[str, Any]:
    kind = {"$type": "app.bsky.feed.defs#threadViewPost"}
    return {**kind, "post": post, "replies": list(replies), "threadContext": {}}


def _thread(first: str) -> dict[str, Any] | None:
    """The thread below a post, None where it is gone."""
    if first == uri("root"):
        root = view("root", WINDOW.start - timedelta(days=9), "an older question", replies=1)
        return _node(root, _node(_BY_URI[uri(f"p{OUTSIDE}")]))
    if first not in _BY_URI:
        return None
    post, name = _BY_URI[first], first.rpartition("/")[2]
    at = datetime.fromisoformat(post["indexedAt"]) + timedelta(minutes=3)
    answers = [view(f"{letter}{name}", at, f"so says {letter}", reply=(name, name)) for letter in "ab"]
    deeper = view(f"c{name}", at + timedelta(minutes=3), "and yet", reply=(name, f"a{name}"))
    gone = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": uri(f"x{name}"), "notFound": True}
    author = {"did": f"{DID}y"}
    hidden = {"$type": "app.bsky.feed.defs#blockedPost", "uri": uri(f"y{name}"), "blocked": True, "author": author}
    return _node(post, _node(answers[0], _node(deeper)), gone, _node(answers[1]), hidden)


def play(asked: Asked) -> Reply:
    """As the service answers."""
    if asked.path == "/xrpc/com.atproto.server.createSession" and asked.method == "POST":
        return _begin(asked)
    if asked.method == "GET" and asked.path.startswith("/xrpc/app.bsky.feed."):
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return _refusal(401, "AuthMissing", "Authentication Required")
        if asked.path.endswith(".searchPosts"):
            return _search(asked.query)
        if asked.path.endswith(".getPostThread"):
            thread = _thread(asked.query.get("uri", ""))
            gone = _refusal(400, "NotFound", f"Post not found: {asked.query.get('uri')}")
            return _json({"thread": thread}) if thread else gone
    return _refusal(404, "NotFound", "there is no such thing")


def _begin(asked: Asked) -> Reply:
    login = {"identifier": KEYS["bluesky_handle"], "password": KEYS["bluesky_app_password"]}
    if json.loads(asked.body) != login:
        return _refusal(401, "AuthenticationRequired", "Invalid identifier or password")
    tokens = {"accessJwt": TOKEN, "refreshJwt": "invented-refresh-token-0001"}
    return _json({"did": f"{DID}r", "handle": KEYS["bluesky_handle"], "active": True, **tokens})


def _search(query: dict[str, str]) -> Reply:
    since, until = (datetime.fromisoformat(query[name]) for name in ("since", "until"))
    found = [post for post in POSTS if query["q"] in post["record"]["text"] and since <= _sorted_at(post) < until]
    start, most = int(query.get("cursor", 0)), min(int(query.get("limit", 25)), 100)
    end = start + most
    return _json({"posts": found[start:end], **({"cursor": str(end)} if end < len(found) else {})})


def _json(answer: dict[str, Any], status: int = 200) -> Reply:
    return Reply(json.dumps(answer).encode(), status)


def _refusal(status: int, error: str, message: str) -> Reply:
    return _json({"error": error, "message": message}, status)
