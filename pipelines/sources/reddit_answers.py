"""What PRAW relies on in Reddit's answers, checked before it sees them: it trusts what it gets.

Here: the shapes, the check of each answer on its way to PRAW. Not here: what is asked (``reddit.py``), what is read
of an answer (``pushshift.py``).
"""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
import requests
from msgspec import Meta, Struct

from pipelines.sources.answers import Answer, Cursors, Refused, TooLarge, WrongShape, decoded
from pipelines.sources.web import Web

TOKEN_PATH = "/api/v1/access_token"
ADDED_PATH = "/api/morechildren/"
MOST_BYTES = 8 * 2**20  # a page of Reddit has some 2 MiB at most; PRAW takes fifty times that to hold it
MOST_THINGS = 1_000  # side by side; recorded are up to 500, and PRAW takes the square of the time for more

Number = Annotated[str, Meta(pattern=r"^[a-z0-9]{1,20}\Z")]
Name = Annotated[str, Meta(pattern=r"^t[0-9]_[a-z0-9_]{1,20}\Z")]  # a stub may be t1__
Seconds = Annotated[float, Meta(ge=0, lt=253_402_300_800)]  # to the end of the year 9999
Count = Annotated[int, Meta(ge=0)]


class Post(Struct):
    """A submission."""

    id: Number
    created_utc: Seconds
    num_comments: Count


class PostThing(Struct, tag_field="kind", tag="t3"):
    """A submission as listings wrap it."""

    data: Post


class Posts(Struct):
    """A page of submissions."""

    children: Annotated[list[PostThing], Meta(max_length=MOST_THINGS)]
    after: str | None = None


class Listing(Struct, tag_field="kind", tag="Listing"):
    """A page of submissions, and where the next begins."""

    data: Posts


class More(Struct):
    """A stub: it stands for ``count`` comments, or with 0 for a thread that goes on elsewhere."""

    count: Count
    name: Name
    parent_id: Name
    children: Annotated[list[Number], Meta(max_length=20 * MOST_THINGS)]


class MoreThing(Struct, tag_field="kind", tag="more"):
    """A stub as trees hold it."""

    data: More


class Comment(Struct):
    """A comment and what was answered to it."""

    id: Number
    name: Name
    link_id: Name
    parent_id: Name
    replies: "Forest | Literal[''] | None" = None

    def __post_init__(self) -> None:
        """A comment below itself would lead PRAW in a circle."""
        if self.parent_id == self.name:
            raise ValueError("a comment that answers itself")


class CommentThing(Struct, tag_field="kind", tag="t1"):
    """A comment as trees hold it."""

    data: Comment


Things = Annotated[list[CommentThing | MoreThing], Meta(max_length=MOST_THINGS)]


class Comments(Struct):
    """Comments side by side."""

    children: Things


class Forest(Struct, tag_field="kind", tag="Listing"):
    """The comments below one thing."""

    data: Comments


class AddedThings(Struct):
    """The comments of a stub, flat."""

    things: Things


class AddedData(Struct):
    """Their first wrapping."""

    data: AddedThings


class Added(Struct):
    """What a stub is answered with."""

    json: AddedData


class Token(Struct):
    """What logging in is answered with."""

    access_token: Annotated[str, Meta(pattern=r"^[!-~]{8,4096}\Z")] | None = None
    expires_in: Annotated[int, Meta(ge=0, le=10**9)] | None = None
    scope: str | None = None
    error: str | int | None = None


class Pages:
    """The pages of one listing so far: whether the last said that no other follows."""

    def __init__(self, source: str) -> None:
        """None yet."""
        self.is_at_end = False
        self._cursors = Cursors(source)

    def turn(self, after: str | None) -> None:
        """Note where the next page begins; ``WrongShape`` where it begins as one before."""
        self.is_at_end = after is None
        if after is not None:
            self._cursors.follow(after)


def check(web: Web, answer: Answer) -> None:
    """Refuse what PRAW could not use, keep its token secret. Raises ``FetchFailed``."""
    path = urlsplit(answer.url).path
    if path.endswith(TOKEN_PATH):
        _keep_token_secret(web, answer)
        return
    if len(answer.body) > MOST_BYTES:
        raise TooLarge(f"{web.source}: {answer.url} sends more than {MOST_BYTES:,} bytes")
    answer = web.hidden(answer)  # a sample of it may be shown
    if path.endswith(ADDED_PATH):
        decoded(web.source, answer, Added)
    elif "/r/" in path:
        decoded(web.source, answer, Listing)
    else:
        _check_thread(web, answer)


def turn_and_wait(web: Web, pages: Pages, response: requests.Response, **options: Any) -> None:
    """A hook of the session: note where the next page begins, and wait where no question is left."""
    path = urlsplit(response.url).path
    if "/r/" in path and not path.endswith((TOKEN_PATH, ADDED_PATH)):
        pages.turn(msgspec.json.decode(response.content, type=Listing).data.after)
    _wait_as_told(web, response)


def _check_thread(web: Web, answer: Answer) -> None:
    listing, _ = decoded(web.source, answer, tuple[Listing, Forest])
    if not listing.data.children:
        raise WrongShape(f"{web.source}: {answer.url} is a thread without its submission")


def _keep_token_secret(web: Web, answer: Answer) -> None:
    """Before any other answer comes. What was wrong is said without a sample, for it may hold the token."""
    try:
        token = msgspec.json.decode(answer.body, type=Token)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise WrongShape(f"{web.source}: {answer.url} answered no token ({error})") from None
    if token.access_token:
        web.keep_secret(token.access_token)
    if token.error is not None:
        raise Refused(web.hide(f"{web.source}: {answer.url} gave no token: {str(token.error)[:100]!r}"))
    if token.access_token is None or token.expires_in is None or token.scope is None:
        raise WrongShape(f"{web.source}: {answer.url} lacks access_token, expires_in or scope")


def _wait_as_told(web: Web, response: requests.Response) -> None:
    """Wait where no question is left, in our way; PRAW, which would sleep in its own, is not shown the count."""
    left = response.headers.pop("x-ratelimit-remaining", None)
    reset = response.headers.pop("x-ratelimit-reset", None)
    try:
        is_used_up, seconds = float(left) < 1, float(reset)
    except (TypeError, ValueError):
        return
    if is_used_up and seconds > 0:
        web.sleep(min(seconds, web.manners.longest_wait_seconds))
