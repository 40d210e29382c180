"""The tear sheets as files: ``reports/index.html`` and a page per ticker, from the published file.

Each file is replaced whole; pages of tickers that have none any more are removed. Not here: what a page shows
(``pages.py``), when it is made (``pipelines/defs/report.py``).
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from pipelines.progress import one, told
from pipelines.report import figures
from pipelines.report.figures import Row
from pipelines.report.pages import index_page, ticker_page

FOLDER = "reports"
INDEX = "index.html"
BATCH = 50  # tickers whose figures are held at once
PLAIN = re.compile(r"[A-Z0-9][A-Z0-9.\-]{0,19}")
TAKEN = re.compile(r"(INDEX|CON|PRN|AUX|NUL|(COM|LPT)[0-9])(\..*)?")  # our own page, and what Windows calls devices
OPTIONS = {"enable_external_access": "false"}
SYNTHETIC = "Synthetic: this is the bundled sample, a simulated market. No figure on this page is of the world."


class Written(NamedTuple):
    """What was written: the page of all tickers, how many pages in all, and their bytes."""

    index: Path
    pages: int
    size: int


def write_tear_sheets(
    published: Path, most: int, say: Callable[[str], object] = lambda line: None, notice: str | None = None
) -> Written:
    """Write the pages of the ``most`` tickers spoken of most, beside the published file; ``say`` hears where it is.

    ``notice`` stands on top of every page. Raises ``duckdb.Error`` where the file cannot be read, ``OSError`` where
    there is no room; the pages that are there stay, each whole.
    """
    folder = published.parent / FOLDER
    folder.mkdir(exist_ok=True)
    kept, size = {INDEX}, 0
    with duckdb.connect(published, read_only=True, config=OPTIONS) as con, told(say, con) as progress:
        con.execute("set TimeZone = 'UTC'")
        about = figures.tickers(con, most)
        paths = figures.event_paths(con)
        more = {"as_of": figures.as_of(con), "notice": notice}
        for name, page in progress.of(_ticker_pages(con, about, paths, more), "tickers", len(about), one):
            size += _replace(folder / name, page)
            kept.add(name)
        listed = [row | {"page": file_name(row["ticker"])} for row in about]
        size += _replace(folder / INDEX, index_page(listed, figures.of_all(con, listed, paths), **more))
    for path in folder.glob("*.html"):
        if path.name not in kept:
            path.unlink()
    return Written(folder / INDEX, len(kept), size)


def file_name(ticker: str) -> str:
    """The file of a ticker's page: its name where that is plain, else what is plain of it and a digest.

    A ticker may come from a file of a stranger, so its name is no path; and two that differ in case alone are two.
    """
    if PLAIN.fullmatch(ticker) and not TAKEN.fullmatch(ticker):
        return f"{ticker}.html"
    letters = re.sub(r"[^A-Za-z0-9]", "_", ticker[:20])
    return f"{letters}-{hashlib.sha256(ticker.encode()).hexdigest()[:12]}.html"


def _ticker_pages(
    con: duckdb.DuckDBPyConnection, about: list[Row], paths: dict[str | None, list[Row]], more: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    for first in range(0, len(about), BATCH):
        some = about[first : first + BATCH]
        sections = figures.of_tickers(con, [row["ticker"] for row in some])
        for row in some:
            page = ticker_page(row, sections[row["ticker"]], paths, **more)
            yield file_name(row["ticker"]), page


def _replace(path: Path, page: str) -> int:
    """Put the page in the place of the one before, whole; its bytes."""
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        part.write_text(page, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path.stat().st_size
