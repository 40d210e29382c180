"""Reddit's interface in the shape of its answers: logging in, listings, threads with stubs; every word is invented.

r/chips has 300 submissions: 20 after the day, 230 in it, 50 before it. Six of the day have comments.
"""

import base64
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from pipelines.sources.windows import Subject, Window
from tests.local_service import Asked, Reply

NAME = "reddit"
SUBJECT = Subject("subreddit", "chips")
WINDOW = Window(datetime(2026, 5, 5, tzinfo=UTC), datetime(2026, 5, 6, tzinfo=UTC))
NOW = datetime(2026, 5, 6, 6, tzinfo=UTC)
KEYS = {"reddit_client_id": "invented-id-0001", "reddit_client_secret": "invented-secret-0002"}
TOKEN = "invented-token-0003.of-one-hour"

NEWER, OF_THE_DAY, OLDER = 20, 230, 50
PAGE = 100  # the most that Reddit sends, whatever is asked
START, END = WINDOW.start.timestamp(), WINDOW.end.timestamp()
SECONDS_APART = 370

# Of each thread: the comment, what it answers ("" for the submission), its body. Reddit keeps back some of them.
THREADS: dict[str, list[tuple[str, str, str]]] = {
    "s100": [
        ("c1000", "", "The new fab sells out, I am long."),
        ("c1001", "c1000", "Edited: margins were better than I said."),
        ("c1002", "c1001", "[deleted]"),
        ("c1003", "c1002", "What did the one above say?"),
        ("c1004", "", "[removed]"),
    ],
    "s120": [("c1100", "", "First.")] + [(f"c11{number:02}", "", f"Rumour number {number}.") for number in range(1, 9)],
    "s140": [("c1200", "", "One level.")] + [(f"c120{n}", f"c120{n - 1}", f"Level {n + 1}.") for n in range(1, 6)],
    "s160": [("c1300", "", "Calls printed."), ("c1301", "c1300", "Puts did not.")],
    "s180": [("c1400", "", "Guidance is weak.")],
    "s200": [("c1500", "", "Short interest fell.")],
}
KEPT_BACK = {f"c11{number:02}" for number in range(4, 9)}  # behind a stub
CONTINUED = {"c1202"}  # "continue this thread": what answers it has a page of its own
COMMENT_COUNT = sum(map(len, THREADS.values()))


def post(number: int) -> dict[str, Any]:
    """The submission ``s<number>``: 0 to 49 lie before the day, 50 to 279 in it, 280 to 299 after it."""
    if number < OLDER:
        created = START - (OLDER - number) * 600
    elif number < OLDER + OF_THE_DAY:
        created = START + (number - OLDER) * SECONDS_APART
    else:
        created = END + (number - OLDER - OF_THE_DAY) * 600
    name = f"s{number}"
    is_gone = number == 60
    return {
        "subreddit": "chips",
        "id": name,
        "name": f"t3_{name}",
        "title": f"Chips, part {number}",
        "selftext": "[removed]" if is_gone else f"Some thoughts, number {number}.",
        "author": "[deleted]" if is_gone else f"reader{number % 7}",
        "created_utc": float(created),
        "edited": created + 60.0 if number == 61 else False,
        "score": number % 13,
        "num_comments": 3 if number == OLDER + OF_THE_DAY else len(THREADS.get(name, ())),
        "num_crossposts": 0,
        "permalink": f"/r/chips/comments/{name}/chips_part_{number}/",
        "url": f"https://www.reddit.com/r/chips/comments/{name}/chips_part_{number}/",
        "is_self": True,
        "stickied": False,
    }


POSTS = [post(number) for number in reversed(range(OLDER + OF_THE_DAY + NEWER))]


def play(asked: Asked) -> Reply:
    """The answer to one question."""
    path = asked.path.strip("/").split("/")
    if path[-1] == "access_token":
        return _token(asked)
    if asked.headers.get("authorization") != f"bearer {TOKEN}":
        return _json({"message": "Unauthorized", "error": 401}, 401)
    match path:
        case ["r", "chips", "new"]:
            return _json(page(POSTS, asked.query))
        case ["r", "closed", "new"]:
            return _json({"reason": "private", "message": "Forbidden", "error": 403}, 403)
        case ["r", "banned", "new"]:
            return _json({"reason": "banned", "message": "Not Found", "error": 404}, 404)
        case ["r", _, "new"]:
            return Reply(b"", 302, {"Location": "/subreddits/search?q=nothing"})
        case ["r", "all", "search"]:
            return _json(page([one for one in POSTS if asked.query["q"] in one["title"]], asked.query))
        case ["comments", thread, *below] if thread in THREADS:
            return _json([listing([thing("t3", post(int(thread[1:])))]), listing(_shown(thread, below))])
        case ["api", "morechildren"]:
            return _json(_added(dict(parse_qsl(asked.body.decode()))))
    return _json({"message": "Not Found", "error": 404}, 404)


def page(posts: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
    """A page of a listing after the cursor of the query."""
    names = [one["name"] for one in posts]
    begin = names.index(query["after"]) + 1 if "after" in query else 0
    end = begin + min(int(query.get("limit", "25")), PAGE)
    after = names[end - 1] if end < len(names) else None
    return listing([thing("t3", one) for one in posts[begin:end]], after)


def listing(children: list[dict[str, Any]], after: str | None = None) -> dict[str, Any]:
    """Reddit's wrapping of several things."""
    data = {"after": after, "dist": len(children), "modhash": None, "children": children, "before": None}
    return {"kind": "Listing", "data": data}


def thing(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """Reddit's wrapping of one thing."""
    return {"kind": kind, "data": data}


def comment(thread: str, number: str, parent: str, body: str) -> dict[str, Any]:
    """One comment without its answers."""
    created = post(int(thread[1:]))["created_utc"] + int(number[1:]) % 100 + 30
    return {
        "subreddit": "chips",
        "link_id": f"t3_{thread}",
        "id": number,
        "name": f"t1_{number}",
        "parent_id": f"t1_{parent}" if parent else f"t3_{thread}",
        "author": "[deleted]" if body == "[deleted]" else f"writer{int(number[1:]) % 5}",
        "body": body,
        "created_utc": created,
        "edited": created + 600 if body.startswith("Edited") else False,
        "score": int(number[1:]) % 9,
        "permalink": f"/r/chips/comments/{thread}/chips/{number}/",
        "replies": "",
        "stickied": False,
    }


def _shown(thread: str, below: list[str]) -> list[dict[str, Any]]:
    if not below:
        return _answers(thread, "")
    (number, parent, body), *_ = [one for one in THREADS[thread] if one[0] == below[-1]]
    replies = listing(_answers(thread, number))
    return [thing("t1", {**comment(thread, number, parent, body), "replies": replies})]


def _answers(thread: str, parent: str) -> list[dict[str, Any]]:
    """What answers ``parent``, with its own answers, and a stub for what is kept back."""
    shown, kept_back = [], []
    for number, answered, body in THREADS[thread]:
        if answered != parent:
            continue
        if number in KEPT_BACK:
            kept_back.append(number)
            continue
        below = [_stub(thread, number, [])] if number in CONTINUED else _answers(thread, number)
        replies = listing(below) if below else ""
        shown.append(thing("t1", {**comment(thread, number, parent, body), "replies": replies}))
    return shown + ([_stub(thread, parent, kept_back)] if kept_back else [])


def _stub(thread: str, parent: str, children: list[str]) -> dict[str, Any]:
    number = children[0] if children else "_"
    return thing(
        "more",
        {
            "count": len(children),
            "name": f"t1_{number}",
            "id": number,
            "parent_id": f"t1_{parent}" if parent else f"t3_{thread}",
            "depth": 1,
            "children": children,
        },
    )


def _added(form: dict[str, str]) -> dict[str, Any]:
    thread, wanted = form["link_id"].removeprefix("t3_"), form["children"].split(",")
    things = [thing("t1", comment(thread, *one)) for one in THREADS[thread] if one[0] in wanted]
    return {"json": {"errors": [], "data": {"things": things}}}


def _token(asked: Asked) -> Reply:
    own = base64.b64encode(":".join(KEYS.values()).encode()).decode()
    is_right = asked.headers.get("authorization") == f"Basic {own}" and b"client_credentials" in asked.body
    if asked.method != "POST" or not is_right:
        return _json({"message": "Unauthorized", "error": 401}, 401)
    return _json({"access_token": TOKEN, "token_type": "bearer", "expires_in": 86_400, "scope": "*"})


def _json(value: Any, status: int = 200) -> Reply:
    # So much is used up that PRAW itself would sleep before every question.
    headers = {"X-Ratelimit-Remaining": "100.0", "X-Ratelimit-Used": "500", "X-Ratelimit-Reset": "300"}
    return Reply(json.dumps(value).encode(), status, {"Content-Type": "application/json; charset=UTF-8", **headers})
