"""What the studies take, read from the database: panels of the link table.

Here: which scorers, sources and calendars, one at a time, so that memory holds one panel. Not here: its shape
(``panel.py``).
"""

from collections.abc import Iterator

import duckdb

from pipelines.evidence.panel import Extent, Panel, panel
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


def whole_panels(con: duckdb.DuckDBPyConnection) -> Iterator[Panel]:
    """Per scorer and calendar, what all sources said together of the tickers that have prices."""
    yield from _panels(con, "evidence/panel", [{"source": "all"}])


def all_panels(con: duckdb.DuckDBPyConnection) -> Iterator[Panel]:
    """Those of all sources together, then, where there are several sources, those of each."""
    yield from whole_panels(con)
    sources = con.execute("select distinct source from mart.source_days order by source").fetchall()
    if len(sources) > 1:
        yield from _panels(con, "evidence/source_panel", [{"source": source} for (source,) in sources])


def _panels(con: duckdb.DuckDBPyConnection, query: str, sources: list[dict[str, str]]) -> Iterator[Panel]:
    scorers = con.execute("select scorer from core.scorers where is_current order by scorer").fetchall()
    extents = [Extent(*row) for row in con.execute(EXTENTS).fetchall()]
    sql = sql_file(query)
    for (scorer,) in scorers:
        for asked in sources:
            for extent in extents:
                values = {"scorer": scorer, "calendar": extent.calendar, **asked}
                used = {name: value for name, value in values.items() if f"${name}" in sql}
                rows = con.execute(sql, used).to_arrow_reader(BATCH_ROWS)
                yield panel(extent, rows, scorer, asked["source"])
