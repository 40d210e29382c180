"""Our own row shape, documented in ``warehouse/inbox/README.md``: for whoever brings texts from elsewhere.

Here: one record of it, as JSON or as a row of a table. Not here: CSV and Parquet files (``own_tables.py``).
"""

import re
from collections.abc import Collection, Mapping
from typing import Any, Literal

import msgspec

from pipelines.sources.fields import Found, counted, from_any, language, tickers

REQUIRED = ("id", "source", "published_at")
CONTENT = ("title", "body")
SLUG = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
SEPARATORS = re.compile(r"[\s,;|]+")
STANCES = ("bullish", "bearish")

Moment = str | int | float
Count = int | float | None


class Row(msgspec.Struct):
    """The documented fields; others are skipped."""

    id: str | int
    source: str
    published_at: Moment
    title: str | None = None
    body: str | None = None
    kind: Literal["post", "article", "comment"] | None = None
    parent_id: str | int | None = None
    thread_id: str | int | None = None
    repost_of: str | int | None = None
    author: str | None = None
    community: str | None = None
    body_format: Literal["plain", "html", "markdown"] | None = None
    url: str | None = None
    language: str | None = None
    edited_at: Moment | None = None
    fetched_at: Moment | None = None
    time_precision: Literal["exact", "relative", "absent"] | None = None
    is_deleted: bool | None = None
    symbols: list[str] | str | None = None
    stance: str | None = None
    likes: Count = None
    replies: Count = None
    reposts: Count = None
    rewards: Count = None
    views: Count = None


FIELDS = Row.__struct_fields__
_ROW = msgspec.json.Decoder(Row)


def recognise(names: Collection[str]) -> bool:
    """Whether a record, or a table, with these field names has our shape."""
    return all(name in names for name in REQUIRED) and any(name in names for name in CONTENT)


def parse(record: str, saved_at: int) -> Found:
    """One text and its counts; ``ValueError`` says what is wrong."""
    return _found(_ROW.decode(record), saved_at)


def parse_row(row: Mapping[str, Any], saved_at: int) -> Found:
    """The same of a row of a table, where a number or a flag may be written as text and NULL is no value."""
    given = {name: value for name in FIELDS if (value := row.get(name)) is not None}
    return _found(msgspec.convert(given, Row, strict=False), saved_at)


def _found(row: Row, saved_at: int) -> Found:
    source = row.source.strip().lower()
    if not SLUG.fullmatch(source):
        raise ValueError(f"source {row.source[:80]!r} is not a short name of letters, digits, '_', '.', '-'")
    is_deleted = bool(row.is_deleted)
    title, body = row.title or None, None if is_deleted else row.body or None
    if title is None and body is None and not is_deleted:
        raise ValueError("neither a title nor a body")
    text_id = _text_id(source, row.id)
    if text_id is None:
        raise ValueError("the id is empty")
    fetched_at = saved_at if row.fetched_at is None else from_any(row.fetched_at)
    text = {
        "text_id": text_id,
        "source": source,
        "kind": row.kind or ("comment" if row.parent_id else "post"),
        "parent_id": _text_id(source, row.parent_id),
        "thread_id": _text_id(source, row.thread_id),
        "author": row.author or None,
        "community": row.community or None,
        "title": title,
        "body": body,
        "body_format": row.body_format or "plain",
        "url": row.url or None,
        "language": language(row.language),
        "published_at": from_any(row.published_at),
        "edited_at": None if row.edited_at is None else from_any(row.edited_at),
        "fetched_at": fetched_at,
        "time_precision": row.time_precision or "exact",
        "is_deleted": is_deleted,
        "repost_of": _text_id(source, row.repost_of),
        "symbols": _symbols(row.symbols),
        "declared_stance": _stance(row.stance),
    }
    counts = {name: getattr(row, name) for name in ("likes", "replies", "reposts", "rewards", "views")}
    return Found([text], counted(text_id, fetched_at, counts))


def _text_id(source: str, native: str | int | None) -> str | None:
    """``source:native``; a native id that already begins so is left as it is."""
    if native is None or not (written := str(native).strip()):
        return None
    return written if written.startswith(f"{source}:") else f"{source}:{written}"


def _symbols(symbols: list[str] | str | None) -> list[str] | None:
    if symbols is None:
        return None
    return tickers(SEPARATORS.split(symbols) if isinstance(symbols, str) else symbols)


def _stance(stance: str | None) -> str | None:
    if not stance:
        return None
    if stance.strip().lower() not in STANCES:
        raise ValueError(f"stance {stance[:40]!r} is neither bullish nor bearish")
    return stance.strip().lower()
