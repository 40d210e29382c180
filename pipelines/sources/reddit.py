"""Reddit as it is now: the newest submissions of a subreddit or a search, each with its comments, asked through PRAW.

Here: logging in as an application that only reads, what is asked, how much, and what Reddit did not give.
Not here: the records (``pushshift.py``, which dumps share), what PRAW relies on in an answer (``reddit_answers.py``).
"""

import re
from collections.abc import Generator, Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import praw
from praw.config import Config
from praw.exceptions import PRAWException
from praw.models import MoreComments, Submission
from prawcore.exceptions import OAuthException, RequestException, ResponseException

from pipelines.sources import windows as days
from pipelines.sources.answers import Answer, Incomplete, Refused, WrongShape
from pipelines.sources.records import read_records
from pipelines.sources.reddit_answers import TOKEN_PATH, Pages, check, turn_and_wait
from pipelines.sources.sessions import ThroughWeb, session_through
from pipelines.sources.web import USER_AGENT, Web
from pipelines.sources.windows import Subject, Window

BASE_URL = "https://oauth.reddit.com"
TOKEN_URL = "https://www.reddit.com"
PAUSE_SECONDS = 1.0  # Reddit allows 100 questions a minute and application
KEYS = ("reddit_client_id", "reddit_client_secret")
EVERY = days.HOUR

MOST_LISTED = 1_000  # Reddit ends a listing there, and removed submissions count
# A listing that ends by itself and is this long was cut by Reddit; a shorter one is everything there is.
CUT_FROM = {"subreddit": 800, "search": 200}
MOST_EXPANDED = 32  # stubs of one thread that are asked for; each stands for up to some 100 comments
MOST_QUESTIONS = 1_500  # for the threads of one window, 25 minutes
MOST_REFUSED = 3  # threads of one window, as of a subreddit that has just been closed
# What a search can be narrowed to. Reddit's "month" and "year" are taken as short as they may be.
SPANS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=28), "year": timedelta(days=365)}
NAME = re.compile(r"[A-Za-z0-9_]{2,30}")

# Everything that PRAW would otherwise look for in praw.ini files and in the environment.
SETTINGS = {
    **dict.fromkeys(("password", "redirect_uri", "refresh_token", "username")),
    **{"comment_kind": "t1", "redditor_kind": "t2", "submission_kind": "t3"},
    **{"message_kind": "t4", "subreddit_kind": "t5", "trophy_kind": "t6"},
    **{"check_for_async": False, "check_for_updates": False, "short_url": "https://redd.it"},
    **{"ratelimit_seconds": -1, "timeout": 60, "window_size": 600},  # waiting is ours: ``Web`` does it
}

read = read_records


def windows(subject: Subject, first: date, last: date, now: datetime) -> list[Window]:
    """A window for each UTC day; every subject has the same."""
    return days.by_day(first, last, now)


def _is_kept(url: str) -> bool:
    """Whether an answer is landed: all but the token."""
    return not urlsplit(url).path.endswith(TOKEN_PATH)


def ask(web: Web, subject: Subject, window: Window) -> Iterator[Answer]:
    """Pages of the listing, newest first, back to the window's start; then each thread of the window that has comments.

    ``Incomplete`` says from when on the submissions are whole, and how many comments are missing.
    """
    session, adapter = session_through(web, _is_kept, partial(check, web))
    pages = Pages(web.source)
    session.hooks["response"].append(partial(turn_and_wait, web, pages))
    reddit = _application(web, session)
    _log_in(web, reddit)
    found, gap = yield from _listed(web, adapter, _listing(web, reddit, subject, window), pages, subject, window)
    gaps = [gap, (yield from _threads(web, adapter, found))]
    if any(gaps):
        raise Incomplete(f"{web.source} {subject} {window.first}: " + "; ".join(filter(None, gaps)))


def _application(web: Web, session: Any) -> praw.Reddit:
    """PRAW with our settings and none of the machine's."""
    Config.CONFIG = ConfigParser()  # else it reads praw.ini here and in the home folder
    base = (web.base_url or BASE_URL).rstrip("/")
    client_id, client_secret = (web.key(name) for name in KEYS)
    return praw.Reddit(
        "DEFAULT",
        client_id=client_id,
        client_secret=client_secret,
        user_agent=USER_AGENT,
        oauth_url=f"{base}/",
        reddit_url=TOKEN_URL if base == BASE_URL else base,
        requestor_kwargs={"session": session},
        **SETTINGS,
    )


def _log_in(web: Web, reddit: praw.Reddit) -> None:
    try:
        with _told(web):
            reddit.auth.scopes()
    except Refused as error:
        raise Refused(
            f"{error}. Are CROWDTAPE_REDDIT_CLIENT_ID and CROWDTAPE_REDDIT_CLIENT_SECRET those of one app of "
            f"the type script or web? docs/sources/{web.source}.md says where they are"
        ) from None


def _listing(web: Web, reddit: praw.Reddit, subject: Subject, window: Window) -> Iterator[Submission]:
    """PRAW's listing of the subject, newest first; nothing is asked yet."""
    if subject.kind == "search":
        age = web.now() - window.start + days.HOUR
        span = next((name for name, length in SPANS.items() if age <= length), "all")
        return reddit.subreddit("all").search(subject.name, sort="new", time_filter=span, limit=MOST_LISTED)
    if subject.kind != "subreddit":
        raise Refused(f"{web.source} has no {subject.kind!r}; follow a subreddit or a search")
    if not NAME.fullmatch(subject.name):
        raise Refused(f"{web.source}: {subject.name[:40]!r} is no subreddit's name; write it as in r/stocks: stocks")
    return reddit.subreddit(subject.name).new(limit=MOST_LISTED)


def _listed(
    web: Web, adapter: ThroughWeb, listing: Iterator[Submission], pages: Pages, subject: Subject, window: Window
) -> Generator[Answer, None, tuple[list[Submission], str]]:
    """The listing's pages; the submissions of the window that have comments, and what is missing or ""."""
    start, end = window.start.timestamp(), window.end.timestamp()
    found: dict[str, Submission] = {}
    count, oldest = 0, None
    try:
        with _told(web):
            for post in listing:
                yield from adapter.kept()
                count += 1
                oldest = post.created_utc if oldest is None else min(oldest, post.created_utc)
                if oldest < start:
                    break
                if post.created_utc < end and post.num_comments > 0:
                    found[post.id] = post
            yield from adapter.kept()
    except Refused as error:
        if subject.kind == "search":
            raise
        raise Refused(
            f"{error}. Where it is no question of the key: r/{subject.name} is private, banned or misspelt"
        ) from None
    is_whole = oldest is not None and oldest < start
    if is_whole or (pages.is_at_end and count < CUT_FROM[subject.kind]):
        return list(found.values()), ""
    since = "" if oldest is None else f" back to {datetime.fromtimestamp(oldest, UTC):%Y-%m-%d %H:%M:%S} UTC"
    gap = f"Reddit shows only its newest {count:,} submissions,{since}; older ones of the window are missing"
    return list(found.values()), f"{gap}, look more often or drop a dump into the inbox"


def _threads(web: Web, adapter: ThroughWeb, posts: list[Submission]) -> Generator[Answer, None, str]:
    """The comments of the submissions, the longest threads first; what is missing, or ""."""
    begun, missing, refused = web.question_count, 0, []
    waiting = sorted(posts, key=lambda post: post.num_comments)
    posts.clear()  # a thread that was read is let go: PRAW's trees are large
    while waiting:
        post = waiting.pop()
        expected, left = post.num_comments, MOST_QUESTIONS - (web.question_count - begun)
        if left < 1:
            missing += expected
            continue
        try:
            with _told(web):
                missing += _expanded(post, min(MOST_EXPANDED, left - 1))
        except Refused as error:
            refused.append(error)
            missing += expected
            if len(refused) > MOST_REFUSED:
                raise
        yield from adapter.kept()
    if not missing:
        return ""
    why = f" ({refused[0]})" if refused else ""
    return f"some {missing:,} comments of long threads are missing, beyond what is asked of one day{why}"


def _expanded(post: Submission, most: int) -> int:
    """Ask for a thread and ``most`` of its stubs; how many comments the others stand for."""
    forest = post.comments
    try:
        left = forest.replace_more(limit=most)
    except (AssertionError, PRAWException):
        # PRAW gives up where a stub brings a comment that it has, or one whose parent it has not.
        left = forest.list()
    return sum(max(stub.count, 1) for stub in left if isinstance(stub, MoreComments))


@contextmanager
def _told(web: Web) -> Iterator[None]:
    """Whatever PRAW wraps or says itself, as ``FetchFailed``."""
    try:
        yield
    except RequestException as error:
        raise error.original_exception from None
    except (OAuthException, ResponseException, PRAWException) as error:
        raise WrongShape(web.hide(f"{web.source}: PRAW could not use the answer ({error})"[:500])) from None
    except RecursionError:
        raise WrongShape(f"{web.source}: an answer is nested too deeply") from None
