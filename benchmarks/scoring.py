"""The scorers: speed beside vaderSentiment in the same run, growth with length, memory, start-up.

Baseline: ``SentimentIntensityAnalyzer().polarity_scores`` in a loop, on the same tweets, on one core.
"""

import json
import multiprocessing
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import zstandard
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from pipelines.sentiment import SCORERS, score

LENGTHS = (100_000, 1_000_000, 10_000_000)

FLOODS = {
    "prose": "Revenue grew and the outlook is good, but margins fell. ",
    "emoji": "😀🚀📈❤🐻",
    "but": "but ",
    "but, equal values": "good bad great but good nice sad GREAT ",
    "one word": "a",
    "spaces": " \n\t",
}

START = """
import sys, time, pyarrow
from pipelines.sentiment import score
score(pyarrow.array(["good"]))
print(time.time() - float(sys.argv[1]))
"""


def main(shared: Path) -> None:
    """Print the four tables."""
    speed(shared)
    growth()
    memory()
    start_up()


def best(work: Callable[[], Any], times: int = 7) -> float:
    """Seconds of the quickest run: what the work costs when nothing else wants the cores."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def speed(shared: Path) -> None:
    """All tweets of stocknet 2014."""
    tweets = []
    for path in sorted((shared / "stocknet-2014").glob("*.zst")):
        with zstandard.open(path, "rt", encoding="utf-8") as lines:
            tweets += [json.loads(line)["text"] for line in lines]
    texts = pa.array(tweets)
    package = SentimentIntensityAnalyzer()
    for scorer in SCORERS:
        score(texts, scorer)
    baseline = best(lambda: [package.polarity_scores(tweet) for tweet in tweets], times=2)
    print(f"{len(tweets):,} tweets                texts/s    x vaderSentiment")
    print(f"vaderSentiment, 1 core {len(tweets) / baseline:12,.0f} {1:12.1f}")
    for scorer in SCORERS:
        for threads in (1, 2):
            seconds = best(lambda scorer=scorer, threads=threads: score(texts, scorer, threads), times=15)
            print(f"{scorer:8} {threads} core(s)     {len(tweets) / seconds:12,.0f} {baseline / seconds:12.1f}")


def growth() -> None:
    """One text of each kind at three lengths; and the emoji text that takes the package minutes."""
    print(f"{'one text of':20}" + "".join(f"{length:>13,} B" for length in LENGTHS) + "   growth for 10 x the text")
    for name, flood in FLOODS.items():
        texts = [pa.array([flood * (length // len(flood.encode()))]) for length in LENGTHS]
        seconds = [best(lambda text=text: score(text), times=3) for text in texts]
        ratios = [after / before for before, after in pairwise(seconds)]
        print(
            f"{name:20}" + "".join(f"{s * 1e3:12.1f} ms" for s in seconds),
            *(f"{ratio:8.1f}" for ratio in ratios),
        )
    package = SentimentIntensityAnalyzer()
    for count in (400, 800, 1_600):
        seconds = best(lambda count=count: package.polarity_scores("😀" * count), times=1)
        print(f"{count:,} emoji, vaderSentiment {seconds * 1e3:12.1f} ms")
    print(f"6,400 emoji, score {best(lambda: score(pa.array(['😀' * 6_400]))) * 1e3:18.1f} ms")


def stream(results: Any) -> None:
    """Score ten million short texts in batches; in a process of its own, so that the peak is its own."""
    began, batches = time.perf_counter(), 1_000
    for number in range(batches):
        score(pa.array([f"${number} looks good, not bad at all! 🚀 {row}" for row in range(10_000)]))
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    results.put((batches * 10_000, time.perf_counter() - began, int(status["VmHWM"].split()[0]) / 1024))


def memory() -> None:
    """Peak memory of a stream."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=stream, args=(results,))
    process.start()
    count, seconds, peak = results.get()
    process.join()
    print(f"{count:,} texts streamed in {seconds:.0f} s (making them included), peak {peak:.0f} MB")


def start_up() -> None:
    """From a new process to its first score, with the compiled code cached."""
    seconds = []
    for _ in range(3):
        command = [sys.executable, "-c", START, str(time.time())]
        seconds.append(float(subprocess.run(command, check=True, capture_output=True).stdout))
    print(f"from a new process to its first score {min(seconds):.2f} s, interpreter and imports included")
