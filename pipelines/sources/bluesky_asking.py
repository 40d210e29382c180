"""Asking Bluesky: a session with an app password, the search for a day, the threads around what was found.

The service leads some 10,000 posts into a search and no further; a longer one goes on from the oldest seen.
Not here: what is in a post (``bluesky.py``).
"""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar

import msgspec

from pipelines.sources.answers import Answer, Cursors, Incomplete, Refused, WrongShape
from pipelines.sources.bluesky import POST_URI, Reply
from pipelines.sources.fields import EPOCH, MICROSECOND, from_datetime, from_iso
from pipelines.sources.records import read_records
from pipelines.sources.web import Web
from pipelines.sources.windows import HOUR, Subject, Window, by_day

Shape = TypeVar("Shape")

BASE_URL = "https://bsky.social"
PAUSE_SECONDS = 0.5  # 3,000 questions in five minutes are allowed
KEYS = ("bluesky_handle", "bluesky_app_password")
EVERY = HOUR

PAGE_POSTS = 100  # the service's most
SEARCH_DEPTH = 10_000  # posts; beyond it the service sends no cursor, or refuses it
MOST_STRETCHES = 50  # of SEARCH_DEPTH posts each in one window
MOST_THREADS = 1_000  # in one window, each a question
THREAD_DEPTH = 100  # answers to answers; deeper ones cannot be read back as nested JSON
MILLISECOND = 1_000  # moments are in microseconds since 1970

TOKEN = "bluesky"  # in ``Web.tokens``: one for a run, because only some 300 sessions may begin in a day
JSON = {"Content-Type": "application/json"}
EXPIRED = ("ExpiredToken", "InvalidToken")
GONE = "NotFound"

read = read_records


class Session(msgspec.Struct):
    """What a session begins with."""

    accessJwt: str
    refreshJwt: str = ""


class Error(msgspec.Struct):
    """What the service says where it refuses."""

    error: str


class Page(msgspec.Struct):
    """One page of a search; its posts are looked at one by one, so that a bad one stops nothing."""

    posts: list[msgspec.Raw]
    cursor: str | None = None


class Thread(msgspec.Struct):
    """The answer around a thread, which may be gone."""

    thread: dict[str, msgspec.Raw]


class Claim(msgspec.Struct):
    """What the author says of a post."""

    createdAt: str | None = None
    reply: Reply | None = None


class Hit(msgspec.Struct):
    """What is needed of a post to ask on."""

    uri: str
    indexedAt: str
    record: Claim
    replyCount: int | None = None


_HIT = msgspec.json.Decoder(Hit)


def windows(subject: Subject, first: date, last: date, now: datetime) -> list[Window]:
    """One for each UTC day."""
    return by_day(first, last, now)


def ask(web: Web, subject: Subject, window: Window) -> Iterator[Answer]:
    """Every page of the search for ``subject.name`` in the window, then every thread around a post that was found.

    ``Incomplete`` where there are more posts or threads than are asked for, after all the others.
    """
    threads: dict[str, None] = {}
    missing: list[str] = []
    for answer, hits in _pages(web, subject.name, window, missing):
        threads.update(dict.fromkeys(uri for hit in hits if (uri := _thread(hit))))
        yield answer
    for uri in list(threads)[:MOST_THREADS]:
        try:
            params = {"uri": uri, "depth": THREAD_DEPTH, "parentHeight": 0}
            yield _asked(web, "app.bsky.feed.getPostThread", Thread, params)[0]
        except Refused as error:
            if error.status != 400 or _code(error) != GONE:
                raise
    if len(threads) > MOST_THREADS:
        missing.append(f"the answers in {len(threads) - MOST_THREADS:,} of {len(threads):,} threads")
    if missing:
        lacks = " and ".join(missing)
        raise Incomplete(f"bluesky: {subject} has more than one window asks for, without {lacks}; follow less")


def _pages(web: Web, words: str, window: Window, missing: list[str]) -> Iterator[tuple[Answer, list[Hit]]]:
    """The pages with what is needed of their posts, newest first; what could not be reached is added to ``missing``."""
    start, until = from_datetime(window.start), from_datetime(window.end)
    for _ in range(MOST_STRETCHES):
        reached, is_end = start, False
        for answer, hits, is_last in _stretch(web, words, start, until):
            yield answer, hits
            # The newest of the page, not its oldest: a few posts out of order then hide no others.
            reached, is_end = max(map(_sorted_at, hits), default=reached), is_last
        if is_end:
            return
        if not start <= reached < until - MILLISECOND:
            break
        until = reached + MILLISECOND
    missing.append(f"the posts before {_iso(until)} beyond the first {SEARCH_DEPTH:,}")


def _stretch(web: Web, words: str, since: int, until: int) -> Iterator[tuple[Answer, list[Hit], bool]]:
    """Pages as far as one search leads; the last one says whether that was the whole."""
    params = {"q": words, "sort": "latest", "since": _iso(since), "until": _iso(until), "limit": PAGE_POSTS}
    cursors, cursor = Cursors("bluesky"), None
    for number in range(1, SEARCH_DEPTH // PAGE_POSTS + 1):
        more = {} if cursor is None else {"cursor": cursor}
        answer, page = _asked(web, "app.bsky.feed.searchPosts", Page, params | more)
        is_far = number * PAGE_POSTS >= SEARCH_DEPTH
        yield answer, _hits(page), not (page.cursor or is_far)
        if not page.cursor:
            return
        cursor = cursors.follow(page.cursor)


def _hits(page: Page) -> list[Hit]:
    hits = []
    for post in page.posts:
        try:
            hit = _HIT.decode(post)
            _sorted_at(hit)
        except ValueError:
            continue  # a reject when the answer is read
        hits.append(hit)
    return hits


def _sorted_at(hit: Hit) -> int:
    """Where the service sorts a post: the earlier of the author's claim and the moment it was taken in."""
    indexed = from_iso(hit.indexedAt)
    try:
        return min(indexed, from_iso(hit.record.createdAt or hit.indexedAt))
    except ValueError:
        return indexed


def _thread(hit: Hit) -> str | None:
    """The first post of the thread to ask for: of any answer, and of a post that has answers."""
    reply = hit.record.reply
    uri = hit.uri if hit.replyCount and not reply else reply and reply.root and reply.root.uri
    return uri if uri and POST_URI.fullmatch(uri) else None


def _asked(web: Web, name: str, shape: type[Shape], params: dict[str, Any]) -> tuple[Answer, Shape]:
    """One question within the session; where that has run out, asked once more in a new one."""
    url = f"{web.base_url}/xrpc/{name}"
    if TOKEN not in web.tokens:
        _begin(web)
    try:
        return web.json(url, shape, params, headers={"Authorization": f"Bearer {web.tokens[TOKEN]}"})
    except Refused as error:
        if error.status != 401 and _code(error) not in EXPIRED:
            raise
    _begin(web)
    return web.json(url, shape, params, headers={"Authorization": f"Bearer {web.tokens[TOKEN]}"})


def _begin(web: Web) -> None:
    """A new session, whose token is kept for the whole run; its answer is shown nowhere, also where it is broken."""
    login = {"identifier": web.key("bluesky_handle"), "password": web.key("bluesky_app_password")}
    url = f"{web.base_url}/xrpc/com.atproto.server.createSession"
    try:
        web.send("POST", url, JSON, msgspec.json.encode(login), partial(_keep_token, web))
    except Refused as error:
        names = " and ".join(f"CROWDTAPE_{name.upper()}" for name in KEYS)
        raise Refused(f"{error}; set {names} to a handle and an app password that belong together") from None


def _keep_token(web: Web, answer: Answer) -> None:
    """Note the token of a session; ``WrongShape`` without a sample, for nobody knows yet what to hide."""
    try:
        session = msgspec.json.decode(answer.body, type=Session)
    except (ValueError, RecursionError):
        said = "answered no JSON with accessJwt; is the address in crowdtape.toml right?"
        raise WrongShape(f"bluesky: {answer.url} {said}") from None
    web.keep_secret(session.accessJwt)
    web.keep_secret(session.refreshJwt)
    web.tokens[TOKEN] = session.accessJwt


def _code(error: Refused) -> str | None:
    """The service's own name for why it refused."""
    try:
        return msgspec.json.decode(error.body, type=Error).error
    except (ValueError, RecursionError):
        return None


def _iso(moment: int) -> str:
    """Microseconds since 1970 as the service wants them, in whole milliseconds."""
    shown = (EPOCH + moment * MICROSECOND).isoformat(timespec="milliseconds")
    return shown.replace("+00:00", "Z")
