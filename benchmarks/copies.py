"""Exact and near copies: a million short texts, and floods made to be slow. Each in a process of its own.

The texts are the tweets of stocknet 2014, each many times with a word changed, a list of tickers or a source added,
cut off, or with another figure, spread over as many days as they need to be as dense as a busy day.
"""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.mentions import read_tweets
from pipelines.text.clean import clean, hash_words
from pipelines.text.copies import number_copies
from pipelines.text.near_copies import FINGERPRINT, fingerprints

COUNT = 1_000_000
BATCH_ROWS = 10_000
DAYS = 20
CHANGES = (
    lambda text, chance: text,
    lambda text, chance: f"{text} via @desk{chance.integers(99)}",
    lambda text, chance: f"{text} $SPY $QQQ #stocks",
    lambda text, chance: f"{text} {chance.integers(1_000)}%",
    lambda text, chance: text[: len(text) * 4 // 5] + "…",
    lambda text, chance: text.replace(" the ", " this ").replace(" to ", " for "),
)


def main(shared: Path) -> None:
    """Print what copies there are among the real tweets, then seconds and peaks."""
    found(shared)
    for work, given in ((a_million, shared), *((flood, name) for name in FLOODS)):
        context = multiprocessing.get_context("spawn")
        results = context.Queue()
        process = context.Process(target=measure, args=(results, work, given))
        process.start()
        print(results.get())
        process.join()


def measure(results: Any, work: Callable[[Any], str], given: Any) -> None:
    """What ``work`` reports, with the peak of this process."""
    report = work(given)
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    results.put(f"{report}, peak {int(status['VmHWM'].split()[0]) / 1024:,.0f} MB")


def found(shared: Path) -> None:
    """Copies among the distinct tweets of 2014."""
    tweets = list(read_tweets(shared, range(1, 13)))
    bodies, nothing = [tweet["text"] for tweet in tweets], pa.nulls(len(tweets), pa.string())
    texts = clean(
        pa.table({"title": nothing, "body": bodies, "body_format": ["html"] * len(tweets), "language": nothing})
    )
    moments = pc.strptime(pa.array([tweet["created_at"] for tweet in tweets]), "%a %b %d %H:%M:%S +0000 %Y", "us")
    numbers = number_copies(
        pa.table(
            {
                "text_id": [tweet["id_str"] for tweet in tweets],
                "content_hash": texts["content_hash"],
                "fingerprint": fingerprints(texts),
                "known_at": moments.cast(pa.timestamp("us", "UTC")),
            }
        )
    )
    kinds = {kind: pc.sum(pc.equal(numbers["copy_kind"], kind)).as_py() for kind in ("exact", "near")}
    print(f"{len(tweets):,} distinct tweets: {kinds['exact']:,} exact and {kinds['near']:,} near copies")


def varied(bodies: list[str]) -> Iterator[pa.Table]:
    """Batches of the tweets, changed."""
    chance = np.random.default_rng(4)
    for _ in range(0, COUNT, BATCH_ROWS):
        places, changes = chance.integers(len(bodies), size=BATCH_ROWS), chance.integers(len(CHANGES), size=BATCH_ROWS)
        made = [CHANGES[change](bodies[place], chance) for place, change in zip(places, changes, strict=True)]
        yield pa.table({"title": pa.nulls(BATCH_ROWS, pa.string()), "body": made})


def a_million(shared: Path) -> str:
    """Fingerprint and number a million texts; hashing their words (a part of ``clean``) is not counted."""
    bodies = [tweet["text"] for tweet in read_tweets(shared, range(1, 13))]
    number_copies(posted(["0" * 32], fingerprints(pa.table({"title": [""], "body": bodies[:1]})), np.zeros(1)))
    hashes, prints, wall, processor = [], [], 0.0, 0.0
    for batch in varied(bodies):
        began = time.perf_counter(), time.process_time()
        prints.append(fingerprints(batch))
        wall, processor = wall + time.perf_counter() - began[0], processor + time.process_time() - began[1]
        hashes.append(hash_words(batch["body"].combine_chunks()))
    texts = posted(
        pa.chunked_array(hashes), pa.chunked_array(prints), np.random.default_rng(4).integers(DAYS * 86_400, size=COUNT)
    )
    began = time.perf_counter(), time.process_time()
    numbers = number_copies(texts)
    wall_numbers, processor_numbers = time.perf_counter() - began[0], time.process_time() - began[1]
    kinds = numbers["copy_kind"].value_counts().to_pylist()
    return (
        f"{COUNT:,} texts: fingerprints {wall:.1f} s ({processor:.1f} s of processor), "
        f"numbers {wall_numbers:.1f} s ({processor_numbers:.1f} s), "
        + ", ".join(f"{row['counts']:,} {row['values']}" for row in kinds)
    )


def posted(hashes: Any, prints: Any, seconds: np.ndarray) -> pa.Table:
    """Texts posted at these seconds."""
    moments = pa.array(seconds.astype(np.int64) * 1_000_000).cast(pa.timestamp("us", "UTC"))
    ids = pa.array(np.arange(len(seconds))).cast(pa.string())
    return pa.table({"text_id": ids, "content_hash": hashes, "fingerprint": prints, "known_at": moments})


def one_print() -> np.ndarray:
    """All alike, each of other words."""
    return np.zeros(COUNT, FINGERPRINT)


def one_band() -> np.ndarray:
    """All share a band, and nothing else."""
    prints = all_bands(256)
    prints["slots"][:, :4] = 7
    return prints


def few_bands() -> np.ndarray:
    """All share every band with thousands and are like none of them."""
    return all_bands(4)


def all_bands(contents: int) -> np.ndarray:
    """Slots by chance."""
    prints = np.zeros(COUNT, FINGERPRINT)
    prints["slots"] = np.random.default_rng(5).integers(contents, size=prints["slots"].shape)
    return prints


def chain() -> np.ndarray:
    """Each differs from the one before it in one slot."""
    prints = np.zeros(COUNT, FINGERPRINT)
    slots = prints["slots"].shape[1]
    for slot in range(slots):
        prints["slots"][:, slot] = (np.arange(COUNT) + slot) // slots
    return prints


FLOODS = {"one fingerprint": one_print, "one shared band": one_band, "crowded bands": few_bands, "a chain": chain}


def flood(name: str) -> str:
    """A million texts of different words within one day."""
    prints = pa.Array.from_buffers(pa.binary(FINGERPRINT.itemsize), COUNT, [None, pa.py_buffer(FLOODS[name]())])
    texts = posted(pa.array(np.arange(COUNT)).cast(pa.string()), prints, np.arange(COUNT) // 20)
    began = time.perf_counter(), time.process_time()
    numbers = number_copies(texts)
    wall, processor = time.perf_counter() - began[0], time.process_time() - began[1]
    near = numbers["copy_kind"].null_count
    return f"{name}: {wall:.1f} s ({processor:.1f} s of processor), {COUNT - near:,} near copies"
