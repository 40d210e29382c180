"""A year of real tweets and prices through the inbox in one run of the job: seconds, texts a second, peak memory.

Baseline, in the same run: reading the same lines with ``json`` and scoring each whole text with vaderSentiment.
"""

import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import zstandard

from pipelines.settings import ROOT
from pipelines.warehouse import PUBLISHED


def fill_inbox(shared: Path, inbox: Path) -> None:
    """Link the twelve months of 2014, their prices and SPY into an inbox."""
    for folder in ("texts", "prices"):
        (inbox / folder).mkdir(parents=True)
    for path in sorted((shared / "stocknet-2014").glob("*.zst")):
        (inbox / "texts" / path.name).symlink_to(path)
    for path in sorted((shared / "stocknet-2014" / "prices").glob("*.csv")):
        (inbox / "prices" / path.name).symlink_to(path)
    (inbox / "prices" / "SPY.csv").symlink_to(shared / "prices" / "yahoo-daily" / "SPY-2008-2017.csv")


def launch(home: Path) -> tuple[float, float]:
    """Seconds and peak memory (GiB) of ``dg launch`` over 2014, as a user types it."""
    began = time.perf_counter()
    settings = (ROOT / "dagster.yaml").read_text(encoding="utf-8")
    (home / "dagster.yaml").write_text(settings.replace(": .dagster", f": {home / '.dagster'}"), encoding="utf-8")
    command = [
        Path(sys.executable).parent / "dg",
        "launch",
        "--job",
        "daily",
        "--partition-range",
        "2014-01-01...2014-12-31",
    ]
    environment = {**os.environ, "CROWDTAPE_HOME": str(home), "DAGSTER_HOME": str(home)}
    with (home / "run.log").open("w") as log:
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        sys.exit((home / "run.log").read_text(encoding="utf-8")[-3000:])
    return time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20


def naive(shared: Path) -> tuple[float, int]:
    """Seconds and lines of the baseline over one month."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    score = SentimentIntensityAnalyzer().polarity_scores
    path = shared / "stocknet-2014" / "tweets-2014-01.ndjson.zst"
    began, lines = time.perf_counter(), 0
    with path.open("rb") as file:
        for line in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), encoding="utf-8"):
            score(json.loads(line)["text"])
            lines += 1
    return time.perf_counter() - began, lines


def main(shared: Path) -> None:
    """Print the figures."""
    home = Path(tempfile.mkdtemp(prefix="crowdtape-year-"))
    try:
        fill_inbox(shared, home / "inbox")
        took, peak = launch(home)
        con = duckdb.connect(home / PUBLISHED, read_only=True)
        texts, tickers = con.execute(
            "select count(*), (select count(distinct ticker) from core.returns) from core.texts"
        ).fetchall()[0]
        lines = con.execute("select sum(row_count) from raw.files where source = 'inbox/texts'").fetchall()[0][0]
        con.close()
    finally:
        shutil.rmtree(home)
    seconds, read = naive(shared)
    print(
        f"dg launch, 12 months: {lines:,} lines, {texts:,} texts, {tickers} tickers: {took:.1f} s, peak {peak:.2f} GiB"
    )
    print(f"  {lines / took:,.0f} lines a second, everything from start-up and files to the published tables")
    print(f"baseline, json + vaderSentiment and nothing else, one month: {read / seconds:,.0f} lines a second")
