"""What a materialisation shows of its table: rows, columns with comments, ten rows, checks. Not the table's making."""

import math
from typing import Any

import dagster as dg
import duckdb

from pipelines.defs.checks import checked
from pipelines.tables import count

SAMPLE_ROWS = 10
SAMPLE_CHARACTERS = 80
NEWEST = ("trading_day", "day", "fetched_at")  # a sample shows the newest rows of a table that has one of these


def built(con: duckdb.DuckDBPyConnection, *tables: str, **more: dg.MetadataValue | int | str) -> dg.MaterializeResult:
    """The result of a step that built ``tables`` (the first is the asset's own), with what its checks found."""
    own = tables[0]
    return dg.MaterializeResult(
        asset_key=own.split("."), metadata={**shown(con, *tables), **more}, check_results=checked(con, own)
    )


def shown(con: duckdb.DuckDBPyConnection, *tables: str) -> dict[str, dg.MetadataValue]:
    """Row counts, name, column schema and a sample of ``tables`` (the first is the asset's own) for the Dagster UI."""
    own = tables[0]
    schema, name = own.split(".")
    columns = con.execute(
        """select column_name, lower(data_type), coalesce(comment, '')
        from duckdb_columns() where schema_name = ? and table_name = ? order by column_index""",
        [schema, name],
    ).fetchall()
    return {
        "dagster/table_name": dg.MetadataValue.text(own),
        "dagster/row_count": dg.MetadataValue.int(count(con, own)),
        "dagster/column_schema": dg.MetadataValue.table_schema(
            dg.TableSchema([dg.TableColumn(column, type_, description=words) for column, type_, words in columns])
        ),
        "sample": sample(con, own, [column for column, *_ in columns]),
        **{f"rows in {other}": dg.MetadataValue.int(count(con, other)) for other in tables[1:]},
    }


def sample(con: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> dg.TableMetadataValue:
    """Ten rows of a table, the newest where it has a time. A table and not Markdown: cells are shown as they are."""
    newest = [f"{column} desc" for column in NEWEST if column in columns][:1]
    order = f"order by {newest[0]}" if newest else ""
    rows = con.execute(f"select * from {table} {order} limit {SAMPLE_ROWS}").fetchall()
    records = [dg.TableRecord({c: sampled(value) for c, value in zip(columns, row, strict=True)}) for row in rows]
    return dg.MetadataValue.table(records, dg.TableSchema([dg.TableColumn(column) for column in columns]))


def sampled(value: Any) -> str | int | float | bool | None:
    """A cell of a sample: short, with control characters escaped; text of strangers stays text."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    text = value if isinstance(value, str) else str(value)
    return repr(text[:SAMPLE_CHARACTERS])[1:-1] + ("…" if len(text) > SAMPLE_CHARACTERS else "")
