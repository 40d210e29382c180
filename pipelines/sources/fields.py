"""Single fields of a record as the services write them: JSON with flaws, moments, counts, languages.

Here: what every service's file (``twitter.py``, ``pushshift.py`` …) needs to read one value.
Moments are integers, microseconds since 1970 UTC, which is what Arrow stores.
Not here: which fields a service has.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from pipelines.sources.streams import join_surrogates

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
FIRST_MOMENT = (datetime.min.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
LAST_MOMENT = (datetime.max.replace(tzinfo=UTC) - EPOCH) // MICROSECOND

# Twitter's codes that are not languages, and the withdrawn ISO codes that it and others still use.
NO_LANGUAGE = {"und", "zxx", "qam", "qct", "qht", "qme", "qst", "art", "mis", "mul"}
RENAMED_LANGUAGES = {"in": "id", "iw": "he", "ji": "yi", "jw": "jv", "mo": "ro"}
LANGUAGE = re.compile(r"[a-z]{2,3}(?=\Z|[-_])")

MOST_TICKERS = 1_000  # of one text; a hostile record would hold millions


class Found(NamedTuple):
    """What one record says: rows of ``rows.TEXT_ROWS`` and ``rows.ENGAGEMENT_ROWS`` as mappings."""

    texts: list[dict[str, Any]]
    engagement: list[dict[str, Any]]


def repaired(record: str) -> str:
    """JSON that only lenient readers take, made strict: lone surrogates become U+FFFD, NaN and Infinity null.

    ``ValueError`` when it is not JSON at all, ``RecursionError`` when it is nested too deeply.
    """
    value = json.loads(record, parse_constant=lambda _: None)
    return join_surrogates(json.dumps(value, ensure_ascii=False))


def without_nul(row: dict[str, Any]) -> dict[str, Any]:
    """The row with NUL removed from its strings: databases and C programs end a text there."""
    return {name: _without_nul(value) for name, value in row.items()}


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "")
    return [_without_nul(item) for item in value] if isinstance(value, list) else value


def from_datetime(moment: datetime) -> int:
    """An aware datetime in microseconds since 1970 UTC."""
    return (moment - EPOCH) // MICROSECOND


def from_iso(text: str) -> int:
    """ISO 8601 with a zone, in microseconds since 1970 UTC; ``ValueError`` when it has none."""
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        raise ValueError(f"time {text[:40]!r} has no zone; write it as 2014-01-02T15:04:05Z or with +00:00")
    return from_datetime(moment)


def from_seconds(value: float | str) -> int:
    """Seconds since 1970 UTC, in old dumps written as a string, in microseconds."""
    seconds = value if isinstance(value, int) else float(value)
    return _in_range(seconds * 1_000_000, value)


def from_any(value: float | str) -> int:
    """ISO 8601 with a zone, or seconds, milli- or microseconds since 1970, told apart by their size."""
    if isinstance(value, str):
        try:
            value = float(value) if "." in value else int(value)
        except ValueError:
            return from_iso(value)
    for unit, below in ((1_000_000, 1e11), (1_000, 1e14), (1, 1e17)):
        if 1e8 <= abs(value) < below:  # smaller ones are dates like 20140102, or years, not moments
            return _in_range(value * unit, value)
    raise ValueError(f"time {str(value)[:40]} is not ISO 8601 nor seconds, milli- or microseconds since 1970")


def _in_range(moment: float, value: object) -> int:
    if not FIRST_MOMENT <= moment <= LAST_MOMENT:  # which NaN and infinity are not
        raise ValueError(f"time {str(value)[:40]} is not a moment between the years 1 and 9999")
    return round(moment)


def count(value: float | None) -> int | None:
    """A count as int64; NULL when the source gives none, or one that no counter can hold."""
    if value is None or not -(2**63) <= value < 2**63:
        return None
    return int(value)


def counted(text_id: str, observed_at: int, counts: Mapping[str, float | None]) -> list[dict[str, Any]]:
    """One row of engagement, or none when the source gives no count."""
    known = {name: number for name, value in counts.items() if (number := count(value)) is not None}
    return [{"text_id": text_id, "observed_at": observed_at, **known}] if known else []


def language(code: str | None) -> str | None:
    """The declared language's ISO 639 code, without its region; NULL where the source does not know."""
    match = LANGUAGE.match((code or "").lower())
    if match is None or match.group() in NO_LANGUAGE:
        return None
    return RENAMED_LANGUAGES.get(match.group(), match.group())


def tickers(symbols: list[str]) -> list[str]:
    """Declared tickers: upper case, without ``$``, each once, in the source's order."""
    if len(symbols) > MOST_TICKERS:
        raise ValueError(f"{len(symbols):,} tickers are more than one text declares")
    bare = (symbol.strip().removeprefix("$").upper() for symbol in symbols)
    return list(dict.fromkeys(symbol for symbol in bare if symbol))
