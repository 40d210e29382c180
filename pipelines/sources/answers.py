"""What a service answered, and the ways in which asking fails.

Here: ``Answer``, the strict reading of a JSON answer, cursors that must not repeat, the failures with their next step.
Not here: HTTP (``web.py``), where answers are kept (``landing.py``), any service.
"""

from datetime import datetime
from typing import Any, TypeVar

import msgspec

from pipelines.sources.rows import excerpt
from pipelines.sources.streams import decode

Shape = TypeVar("Shape")

# What is kept of the headers of an answer: how to read it, how to ask for changes only, their clock, the rest allowed.
KEPT_HEADERS = (
    *("content-type", "etag", "last-modified", "date"),
    *("x-ratelimit-remaining", "x-ratelimit-reset", "x-ratelimit-used"),
)
SAMPLE_CHARACTERS = 160


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """One answer as it came: the bytes of the body, unpacked from their transport encoding and otherwise unchanged.

    ``url`` is the address without secrets. ``asked_at`` (aware, UTC) is when it was asked, the moment its counts were
    seen. ``about`` is what a source notes for its own reading, such as the feed item that an article belongs to.
    """

    url: str
    asked_at: datetime
    body: bytes
    status: int = 200
    headers: dict[str, str] = {}
    about: dict[str, Any] = {}

    @property
    def text(self) -> str:
        """The body as text: UTF-8, what is no UTF-8 as cp1252, never an error."""
        return decode(self.body)


class FetchFailed(RuntimeError):
    """A window could not be fetched whole; the message says why and what to do, and holds no secret.

    ``next_allowed_at`` is when the service may be asked again, where it said so.
    """

    def __init__(self, message: str, next_allowed_at: datetime | None = None) -> None:
        """``message`` for a person; ``next_allowed_at`` aware, UTC."""
        super().__init__(message)
        self.next_allowed_at = next_allowed_at


class SourceDown(FetchFailed):
    """No whole answer after all tries: no connection, an error of the server, an answer that breaks off."""


class Throttled(FetchFailed):
    """The service asks to wait longer than a run waits."""


class Refused(FetchFailed):
    """The service will not answer this: a missing or wrong key, or there is no such thing.

    ``status`` and ``body`` are those of its answer, where there was one.
    """

    def __init__(self, message: str, status: int | None = None, body: bytes = b"") -> None:
        """``message`` for a person."""
        super().__init__(message)
        self.status = status
        self.body = body


class WrongShape(FetchFailed):
    """An answer of another shape than the service promises; the message names source, field and a sample."""


class TooLarge(FetchFailed):
    """An answer beyond a limit of size or time."""


class NotPublic(FetchFailed):
    """An address from data that is not http(s) to a public host."""


class Incomplete(FetchFailed):
    """Everything the service has was yielded, and it is less than was asked; the message says what is missing."""


def decoded(source: str, answer: Answer, shape: type[Shape], shown: Answer | None = None) -> Shape:
    """The JSON of an answer as ``shape``, a ``msgspec.Struct`` with the fields that are relied on.

    ``WrongShape`` names source, field and a sample (of ``shown``, if given: the answer without secrets); an HTML page
    is said to be one.
    """
    try:
        return msgspec.json.decode(answer.body, type=shape)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        is_page = answer.body.lstrip()[:1] == b"<"
        said = "a page (HTML or XML) instead of JSON" if is_page else f"not what it promises ({error})"
        raise WrongShape(f"{source}: {answer.url} answered {said}; it begins {sample(shown or answer)}") from None


def sample(answer: Answer) -> str:
    """The beginning of an answer, escaped, for a message."""
    return repr(excerpt(answer.body)[:SAMPLE_CHARACTERS])


class Cursors:
    """The cursors of one window: each may come once, else the service leads in a circle."""

    def __init__(self, source: str, most: int = 10_000) -> None:
        """For a message that names ``source``; ``most`` pages are believed."""
        self._source = source
        self._most = most
        self._seen: set[Any] = set()

    def follow(self, cursor: Any) -> Any:
        """``cursor`` itself; ``WrongShape`` where it came before or there are too many."""
        if cursor in self._seen:
            raise WrongShape(f"{self._source}: the cursor {str(cursor)[:80]!r} came twice, so pages repeat")
        if len(self._seen) >= self._most:
            raise TooLarge(f"{self._source}: more than {self._most:,} pages in one window; follow something narrower")
        self._seen.add(cursor)
        return cursor
