"""What the UI shows of a table: columns with comments, rows, ten of them, a picture, checks. Not the table's making."""

import math
from functools import cache
from typing import Any

import dagster as dg
import duckdb

from pipelines import catalogue
from pipelines.defs.checks import checked, checks_on
from pipelines.printable import printable
from pipelines.report.pictures import BUILDERS, picture
from pipelines.tables import count

SAMPLE_ROWS = 10
SAMPLE_COLUMNS = 12  # a wider table leaves no room for the log beside it
SAMPLE_CHARACTERS = 80
NEWEST = ("trading_day", "day", "fetched_at")  # a sample shows the newest rows of a table that has one of these


@cache
def columns_of_tables() -> dict[str, list[dg.TableColumn]]:
    """Columns of every table with types and comments."""
    return {
        name: [dg.TableColumn(column.name, column.type, description=column.comment) for column in table.columns]
        for name, table in catalogue.tables().items()
    }


def declared(name: str) -> dict[str, Any]:
    """What the asset of one table is declared with: its checks, and what is known of it before it is built."""
    return {"check_specs": checks_on(name), "metadata": described(name)}


def described(table: str) -> dict[str, dg.MetadataValue]:
    """What the UI shows of a table before it was ever built, and once: as part of each result it made runs slower."""
    return {
        "dagster/table_name": dg.MetadataValue.text(table),
        "dagster/column_schema": dg.MetadataValue.table_schema(dg.TableSchema(columns_of_tables()[table])),
    }


def built(con: duckdb.DuckDBPyConnection, *tables: str, **more: dg.MetadataValue | int | str) -> dg.MaterializeResult:
    """The result of a step that built ``tables`` (the first is the asset's own), with what its checks found."""
    own = tables[0]
    return dg.MaterializeResult(
        asset_key=own.split("."),
        metadata={**(pictured(con, own) if is_kept() else {}), **shown(con, *tables), **more},
        check_results=checked(con, own),
    )


def is_kept() -> bool:
    """Whether the run has a history that outlasts it; else nobody could look at a picture, and drawing takes time."""
    return not dg.AssetExecutionContext.get().instance.is_ephemeral


def pictured(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, dg.MetadataValue]:
    """A small picture of a mart with rows. It stands without one, too: what went wrong is a warning in the log."""
    schema, name = table.split(".")
    if schema != "mart" or name not in BUILDERS:
        return {}
    try:
        found = picture(con, name)
    except Exception as error:
        dg.get_dagster_logger().warning(f"{table} is built, but its picture cannot be drawn: {printable(repr(error))}")
        return {}
    return {"picture": dg.MetadataValue.md(found.markdown())} if found else {}


def shown(con: duckdb.DuckDBPyConnection, *tables: str) -> dict[str, dg.MetadataValue]:
    """Row counts and a sample of ``tables`` (the first is the asset's own) for the Dagster UI."""
    own = tables[0]
    return {
        "dagster/row_count": dg.MetadataValue.int(count(con, own)),
        "sample": sample(con, own),
        **{f"rows in {other}": dg.MetadataValue.int(count(con, other)) for other in tables[1:]},
    }


def sample(con: duckdb.DuckDBPyConnection, table: str) -> dg.TableMetadataValue:
    """Ten rows of a table's first columns, the newest where it has a time. No Markdown: cells are shown as they are."""
    columns = [column.name for column in columns_of_tables()[table]]
    newest = [f"{column} desc" for column in NEWEST if column in columns][:1]
    order = f"order by {newest[0]}" if newest else ""
    columns = columns[:SAMPLE_COLUMNS]
    rows = con.execute(f"select {', '.join(columns)} from {table} {order} limit {SAMPLE_ROWS}").fetchall()
    records = [dg.TableRecord({c: sampled(value) for c, value in zip(columns, row, strict=True)}) for row in rows]
    return dg.MetadataValue.table(records, dg.TableSchema([dg.TableColumn(column) for column in columns]))


def sampled(value: Any) -> str | int | float | bool | None:
    """A cell of a sample: short, with control characters escaped; text of strangers stays text."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    text = str(value)
    return printable(text[:SAMPLE_CHARACTERS]) + ("…" if len(text) > SAMPLE_CHARACTERS else "")
