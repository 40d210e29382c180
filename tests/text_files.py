"""Reading a file of texts in the tests: the whole of it, as one batch."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from pipelines.sources.inbox_texts import read_texts
from pipelines.sources.rows import Batch, Limits, batch

SAVED_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
MOMENT = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
LIMITS = Limits()


def read(path: Path, limits: Limits = LIMITS) -> Batch:
    batches = [batch([]), *read_texts(path, limits, SAVED_AT)]
    return Batch(*(pa.concat_tables(tables) for tables in zip(*batches, strict=True)))


class Rows(NamedTuple):
    """A batch as dictionaries."""

    texts: list[dict[str, Any]]
    counts: list[dict[str, Any]]
    rejects: list[dict[str, Any]]


def read_records(folder: Path, *records: Any) -> Rows:
    """What a file with a record on each line gives."""
    path = folder / "records"
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
    return Rows(*(table.to_pylist() for table in read(path)))


def given(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


# A row of our own shape with what is needed, and one with everything; and what becomes of it.
ROW = {"id": "a1", "source": "forum", "published_at": "2024-05-06T07:08:09Z", "body": "MU is up"}
FULL = {
    **ROW,
    "kind": "comment",
    "parent_id": "p1",
    "thread_id": "forum:t1",
    "repost_of": 17,
    "author": "ann",
    "community": "chips",
    "title": "A title",
    "body_format": "markdown",
    "url": "https://example.com/a1",
    "language": "en-US",
    "edited_at": 1714979400,
    "fetched_at": 1714979500123,
    "symbols": ["$mu", "NVDA", "MU"],
    "stance": "Bearish",
    "likes": 5,
    "replies": 0,
    "rewards": 2,
    "views": 1000,
    "something": {"else": 1},
}
FULL_TEXT = {
    "text_id": "forum:a1",
    "source": "forum",
    "kind": "comment",
    "parent_id": "forum:p1",
    "thread_id": "forum:t1",
    "author": "ann",
    "community": "chips",
    "title": "A title",
    "body": "MU is up",
    "body_format": "markdown",
    "url": "https://example.com/a1",
    "language": "en",
    "published_at": MOMENT,
    "edited_at": datetime(2024, 5, 6, 7, 10, tzinfo=UTC),
    "fetched_at": datetime(2024, 5, 6, 7, 11, 40, 123_000, tzinfo=UTC),
    "time_precision": "exact",
    "is_deleted": False,
    "repost_of": "forum:17",
    "symbols": ["MU", "NVDA"],
    "declared_stance": "bearish",
}
FULL_COUNTS = {
    "text_id": "forum:a1",
    "observed_at": datetime(2024, 5, 6, 7, 11, 40, 123_000, tzinfo=UTC),
    "likes": 5,
    "replies": 0,
    "reposts": None,
    "rewards": 2,
    "views": 1000,
}
