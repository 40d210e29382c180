"""Claims: short texts a second, of which a quarter have figures and none a claim.

Baseline, in the same run: one search for a digit in each.
"""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from pipelines.claims.find import find_claims

TEXTS = (
    "thanks for sharing this with everyone here",
    "Long and strong, diamond hands all the way to the moon",
    "5% of users never come back after the first week",
    "Not sure what the market is thinking right now",
)
REPEATED = 10_000
KNOWN_AT = datetime(2024, 7, 3, 14, tzinfo=UTC)


def main(shared: Path) -> None:
    """Print the figures."""
    del shared
    texts = list(TEXTS) * REPEATED
    count, moment = len(texts), pa.timestamp("us", "UTC")
    table = pa.table(
        {
            "text_id": [f"test:{number}" for number in range(count)],
            "position": pa.array([1] * count, pa.int32()),
            "sentence": texts,
            "is_title": [False] * count,
            "is_quote": [False] * count,
            "published_at": pa.array([KNOWN_AT] * count, moment),
            "known_at": pa.array([KNOWN_AT] * count, moment),
        }
    )
    fields = [("text_id", pa.string()), ("position", pa.int32()), ("ticker", pa.string()), ("start", pa.int32())]
    nobody = pa.schema([*fields, ("relevance", pa.float64())]).empty_table()
    best = min(timed(lambda: find_claims(table, nobody)) for _ in range(3))
    digit = re.compile(r"\d")
    baseline = min(timed(lambda: [digit.search(text) for text in texts]) for _ in range(3))
    print(f"{count / best:,.0f} texts/s; a search for a digit alone: {count / baseline:,.0f} texts/s")


def timed(work: Callable[[], object]) -> float:
    """Seconds that ``work`` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
