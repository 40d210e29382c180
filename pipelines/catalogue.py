"""What the tables are: grain, columns, types and comments of each, as an empty database has them.

Not here: what the UI (``defs/metadata.py``) and the page ``docs/warehouse.md`` (``docs/tables.py``) make of that.
"""

from functools import cache
from typing import NamedTuple

import duckdb

from pipelines.marts import build_whole
from pipelines.schema import schema_script
from pipelines.sql_files import marts_in_order


class Column(NamedTuple):
    """A column: its type as SQL has it, in lower case, and its meaning, with the unit where it has one."""

    name: str
    type: str
    comment: str


class Table(NamedTuple):
    """A table by its whole name, e.g. ``core.texts``; the grain says what a row is."""

    name: str
    grain: str
    columns: list[Column]


def make_empty(con: duckdb.DuckDBPyConnection) -> None:
    """Make every table in an empty database, without a row."""
    con.execute(schema_script())
    for name in marts_in_order():
        build_whole(con, name)


@cache
def tables() -> dict[str, Table]:
    """Every table by its name, in the order of names."""
    with duckdb.connect() as con:
        make_empty(con)
        grains = con.execute(
            """select schema_name || '.' || table_name, comment
            from duckdb_tables() where not internal order by schema_name, table_name"""
        ).fetchall()
        columns = con.execute(
            """select schema_name || '.' || table_name, column_name, lower(data_type), comment
            from duckdb_columns() where not internal order by schema_name, table_name, column_index"""
        ).fetchall()
    found = {name: Table(name, grain, []) for name, grain in grains}
    for table, *column in columns:
        found[table].columns.append(Column(*column))
    return found
