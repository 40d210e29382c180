"""What the studies take, read from the database: panels of the link table.

Here: which scorers, sources and calendars, one at a time, so that memory holds one panel. Not here: its shape
(``panel.py``).
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import duckdb

from pipelines.evidence.panel import Extent, Panel, panel
from pipelines.progress import Progress, one
from pipelines.sql_files import sql_file

BATCH_ROWS = 50_000
EXTENTS = """
    select listed.calendar, min(days.session_number), max(days.session_number),
        list(distinct days.ticker order by days.ticker)
    from mart.ticker_days as days
    join (select distinct ticker, calendar from core.instruments) as listed using (ticker)
    where days.ticker in (select ticker from core.returns)
    group by listed.calendar
    order by listed.calendar
"""


class _Asked(NamedTuple):
    query: str
    scorer: str
    source: str
    extent: Extent


def whole_panels(con: duckdb.DuckDBPyConnection, progress: Progress | None = None) -> Iterator[Panel]:
    """Per scorer and calendar, what all sources said together of the tickers that have prices."""
    return _read(con, _asked(con, "evidence/panel", ["all"]), progress or Progress())


def all_panels(con: duckdb.DuckDBPyConnection, progress: Progress | None = None) -> Iterator[Panel]:
    """Those of all sources together, then, where there are several sources, those of each."""
    asked = _asked(con, "evidence/panel", ["all"])
    sources = con.execute("select distinct source from mart.source_days order by source").fetchall()
    if len(sources) > 1:
        asked += _asked(con, "evidence/source_panel", [source for (source,) in sources])
    return _read(con, asked, progress or Progress())


def _asked(con: duckdb.DuckDBPyConnection, query: str, sources: list[str]) -> list[_Asked]:
    """The panels of these sources: by scorer, source and calendar."""
    scorers = con.execute("select scorer from core.scorers where is_current order by scorer").fetchall()
    extents = [Extent(*row) for row in con.execute(EXTENTS).fetchall()]
    return [_Asked(query, scorer, *rest) for (scorer,) in scorers for rest in product(sources, extents)]


def _read(con: duckdb.DuckDBPyConnection, asked: list[_Asked], progress: Progress) -> Iterator[Panel]:
    for query, scorer, source, extent in progress.of(asked, "panels", len(asked), size=one):
        sql = sql_file(query)
        values = {"scorer": scorer, "calendar": extent.calendar, "source": source}
        used = {name: value for name, value in values.items() if f"${name}" in sql}
        rows = con.execute(sql, used).to_arrow_reader(BATCH_ROWS)
        yield panel(extent, rows, scorer, source)
