"""The shape that every text source yields, and the errors it may raise.

Here: the Arrow schemas of texts, engagement and rejects, the limits on input, the errors.
Not here: any source, any cleaning (``pipelines/text``), any database (``pipelines/warehouse.py``).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pyarrow as pa

INSTANT = pa.timestamp("us", tz="UTC")

TEXT_ROWS = pa.schema(
    [
        pa.field("text_id", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        ("parent_id", pa.string()),
        ("thread_id", pa.string()),
        ("author", pa.string()),
        ("community", pa.string()),
        ("title", pa.string()),
        ("body", pa.string()),
        ("body_format", pa.string()),
        ("url", pa.string()),
        ("language", pa.string()),
        ("published_at", INSTANT),
        ("edited_at", INSTANT),
        ("fetched_at", INSTANT),
        ("time_precision", pa.string()),
        ("is_deleted", pa.bool_()),
        ("repost_of", pa.string()),
        ("symbols", pa.list_(pa.string())),
        ("declared_stance", pa.string()),
    ]
)

ENGAGEMENT_ROWS = pa.schema(
    [
        pa.field("text_id", pa.string(), nullable=False),
        pa.field("observed_at", INSTANT, nullable=False),
        ("likes", pa.int64()),
        ("replies", pa.int64()),
        ("reposts", pa.int64()),
        ("rewards", pa.int64()),
        ("views", pa.int64()),
    ]
)

REJECT_ROWS = pa.schema([("line", pa.int64()), ("reason", pa.string()), ("excerpt", pa.string())])

EXCERPT_CHARACTERS = 500


class Batch(NamedTuple):
    """Texts, engagement and rejects read together; each at most ``Limits.batch_rows`` rows."""

    texts: pa.Table
    engagement: pa.Table
    rejects: pa.Table


class UnknownShape(ValueError):
    """A file that is none of the known shapes; the message names file, first offending line and what is expected."""


class BrokenFile(ValueError):
    """A file that stops in the middle or passes a limit; the rows read before that point were yielded and stay."""


@dataclass(frozen=True)
class Limits:
    """How much of one input file is believed; see ``pipelines/settings.py`` for the reasons.

    ``told`` is given how many of its bytes, as it lies there, have been read, again and again.
    """

    line_bytes: int = 8 * 2**20
    page_bytes: int = 16 * 2**20
    expanded_bytes: int = 256 * 2**30
    expansion_ratio: int = 200
    expansion_free_bytes: int = 64 * 2**20
    batch_rows: int = 10_000
    told: Callable[[int], object] = field(default=int, compare=False, repr=False)


def excerpt(text: str | bytes) -> str:
    """First 500 characters of ``text``, always valid UTF-8 and without NUL, for a reject row."""
    if isinstance(text, bytes):
        text = text[: 4 * EXCERPT_CHARACTERS].decode("utf-8", "replace")
    text = text[:EXCERPT_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")


def batch(
    texts: Iterable[Mapping[str, Any]],
    engagement: Iterable[Mapping[str, Any]] = (),
    rejects: Iterable[Mapping[str, Any]] = (),
) -> Batch:
    """Rows given as mappings (absent key = NULL) as one ``Batch``."""
    return Batch(
        pa.Table.from_pylist(list(texts), schema=TEXT_ROWS),
        pa.Table.from_pylist(list(engagement), schema=ENGAGEMENT_ROWS),
        pa.Table.from_pylist(list(rejects), schema=REJECT_ROWS),
    )
