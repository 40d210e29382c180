"""Tear sheets of 500 tickers: time, memory, size of a page. They are those of the sample, under many names.

Baseline, in the same run: the same charts of ten tickers drawn as pictures by vl-convert instead, as one would without
a browser.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import vl_convert

from pipelines.report import figures
from pipelines.report.charts import OF_TICKER, specs
from pipelines.report.pages import rows_of_charts
from pipelines.report.tear_sheets import FOLDER, OPTIONS, write_tear_sheets
from pipelines.settings import ROOT

SAMPLE = ROOT / "warehouse" / "demo" / "published.duckdb"
COPIES = 56
DRAWN_TICKERS = 10
OF_TICKERS = {
    "ticker": (
        *("mart.ticker_days", "mart.text_moves", "mart.events", "mart.claim_checks", "mart.threads"),
        *("core.returns", "core.instruments"),
    ),
    "universe": ("mart.lead_lag", "mart.signal_quality"),
}
WHOLE = (
    *("core.texts", "core.sessions", "core.scorers", "raw.engagement", "raw.files", "raw.rejects", "raw.fetches"),
    *("mart.event_study", "mart.source_days"),
)


def main(shared: Path) -> None:
    """Print the figures."""
    del shared
    if not SAMPLE.exists():
        sys.exit("run `make demo` first: the tickers are the sample's")
    with tempfile.TemporaryDirectory() as folder:
        published = Path(folder) / "published.duckdb"
        multiply(published)
        began = time.perf_counter()
        written = write_tear_sheets(published, COPIES * 9)
        took = time.perf_counter() - began
        largest = max(path.stat().st_size for path in (published.parent / FOLDER).glob("*.html"))
        print(
            f"{written.pages - 1:,} tickers and one for all: {took:.1f} s, {1000 * took / written.pages:.0f} ms a page"
        )
        print(f"largest page {largest / 1e6:.2f} MB, all {written.size / 1e6:,.0f} MB")
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:.2f} GiB")
        print(f"baseline, drawn by vl-convert: {1000 * drawn(published):.0f} ms a ticker")


def multiply(published: Path) -> None:
    """Write the sample's tables with each ticker ``COPIES`` times."""
    with duckdb.connect(published) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(f"attach '{SAMPLE}' as sample (read_only)")
        for schema in ("raw", "core", "mart"):
            con.execute(f"create schema {schema}")
        for column, tables in OF_TICKERS.items():
            for table in tables:
                con.execute(
                    f"""create table {table} as
                    select * replace ({column} || n as {column})
                    from sample.{table} cross join (select unnest(range({COPIES})) as n)
                    where {column} is not null"""
                )
        for table in WHOLE:
            con.execute(f"create table {table} as from sample.{table}")


def drawn(published: Path) -> float:
    """Seconds a ticker for its charts as pictures."""
    with duckdb.connect(published, read_only=True, config=OPTIONS) as con:
        names = [row["ticker"] for row in figures.tickers(con, DRAWN_TICKERS)]
        sections, paths = figures.of_tickers(con, names), figures.event_paths(con)
    began = time.perf_counter()
    for name in names:
        rows = rows_of_charts(sections[name], paths.get(None, []))
        for chart, spec in specs(*OF_TICKER).items():
            vl_convert.vegalite_to_svg(spec | {"width": 800, "datasets": {"rows": rows[chart]}})
    return (time.perf_counter() - began) / len(names)
