"""A small picture of each mart for the Dagster UI: what it holds and whether it looks healthy, in a few kilobytes.

Here: asking for the rows (``warehouse/pictures``, a few hundred at most however large the mart), drawing them. Drawing
asks nothing of any host and starts no browser. Not here: what the charts show
(``mart_charts.py``, ``evidence_charts.py``).
"""

import base64
import io
import math
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import duckdb
import vl_convert
from PIL import Image

from pipelines.printable import printable
from pipelines.report import evidence_charts, mart_charts
from pipelines.report.chart_parts import ROWS
from pipelines.report.theme import LIGHT
from pipelines.sql_files import header, sql_file

BUILDERS = {build.__name__: build for build in (*mart_charts.CHARTS, *evidence_charts.CHARTS)}
WORD_CHARACTERS = 24  # of a ticker, a service
COLOURS = 32  # enough for a chart; all of the colours would take seven times the bytes


class Picture(NamedTuple):
    """A PNG, and in words what it shows."""

    words: str
    png: bytes

    def markdown(self) -> str:
        """The picture as Markdown that holds its bytes, with the words below it."""
        return f"![{self.words}](data:image/png;base64,{base64.b64encode(self.png).decode()})\n\n{self.words}"


def picture(con: duckdb.DuckDBPyConnection, name: str) -> Picture | None:
    """The picture of ``mart.<name>`` as it is now; None of a mart that has nothing to show yet."""
    query = sql_file(f"pictures/{name}")
    found = con.execute(query)
    columns = [column[0] for column in found.description]
    rows = [{c: plain(v) for c, v in zip(columns, row, strict=True)} for row in found.fetchall()]
    if not rows:
        return None
    words, _ = header(query)
    return Picture(words, drawn(name, rows))


def plain(value: Any) -> str | int | float | bool | None:
    """A value as JSON holds it; words of strangers are short, on one line, with control characters escaped."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return printable(value[:WORD_CHARACTERS]) + ("…" if len(value) > WORD_CHARACTERS else "")
    return value


def drawn(name: str, rows: list[dict[str, Any]]) -> bytes:
    """A PNG of the rows. Raises ``ValueError`` where they cannot be drawn."""
    waiting = specification(name)
    filled = {**waiting, "datasets": {**waiting.get("datasets", {}), ROWS: rows}}
    png = vl_convert.vegalite_to_png(filled, allowed_base_urls=[])
    smaller = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        few = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(smaller, "PNG", optimize=True)
    return smaller.getvalue()


@cache
def specification(name: str) -> dict[str, Any]:
    """The chart of a mart in Vega-Lite, without rows; building one takes as long as drawing it."""
    return {**BUILDERS[name]().to_dict(), "config": LIGHT.config()}
