"""One text of the simulated crowd, and its number. Not here: how it came about (``crowd``, ``echoes``)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

Opinion = tuple[str, int]  # ticker, stance: 1, 0 or −1

FIRST_NUMBER = {"chirper": 18_000_000_000, "tickertalk": 560_000_000, "boardroom": 40_000, "dailywire": 7_000}


@dataclass(slots=True, eq=False)
class Text:
    """One version of one text; instants are seconds since 1970, UTC."""

    source: str
    kind: str  # post, article, comment
    published_at: int
    fetched_at: int
    body: str | None
    author: str | None
    voice: str  # what kind of text this is: truth for tests, never written to the inbox
    opinions: tuple[Opinion, ...] = ()  # what its author means; likewise
    title: str | None = None
    community: str | None = None
    parent: Self | None = None
    thread: Self | None = None
    repost_of: Self | None = None
    copy_of: Self | None = None  # whose words these are, told or not; truth for tests too
    version_of: Self | None = None  # the first version of the same text
    symbols: tuple[str, ...] | None = None
    stance: str | None = None  # self-declared: bullish, bearish
    language: str | None = None
    edited_at: int | None = None
    is_deleted: bool = False
    reach: float = 1.0  # how far it travels: likes per hour or so
    native_id: str = ""

    @property
    def first(self) -> Self:
        """The first version of this text, which bears the number."""
        return self.version_of or self

    @property
    def text_id(self) -> str:
        """``source:native id``."""
        return f"{self.source}:{self.first.native_id}"


def number(texts: Iterable[Text]) -> None:
    """Give every text its native id, rising with time within a source: a parent comes before its answers."""
    last = dict(FIRST_NUMBER)
    for text in sorted((text for text in texts if not text.version_of), key=lambda text: text.published_at):
        last[text.source] += 7
        prefix = {"boardroom": "c" if text.kind == "comment" else "p", "dailywire": "a"}.get(text.source, "")
        text.native_id = f"{prefix}{last[text.source]}"
