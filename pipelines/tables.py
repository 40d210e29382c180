"""Tables of an open connection: append, replace, gather, count, read as a frame or as a stream of batches.

All of a change or nothing of it. Not here: opening the database (``pipelines/warehouse.py``).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from pipelines.due import texts_changed

BATCH_ROWS = 10_000


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block or nothing of it."""
    con.begin()
    try:
        yield
        con.commit()
    except BaseException:
        with suppress(duckdb.TransactionException):  # a commit that failed, as on a full disk, has ended it already
            con.rollback()
        raise


@contextmanager
def shown_as(con: duckdb.DuckDBPyConnection, name: str, table: pa.Table | pa.RecordBatch) -> Iterator[None]:
    """``table`` as a view while the block lasts: without external access, DuckDB sees no variables of Python."""
    con.register(name, table)
    try:
        yield
    finally:
        con.unregister(name)


def insert(con: duckdb.DuckDBPyConnection, table: str, batch: pa.Table | pa.RecordBatch) -> int:
    """Append ``batch`` to ``table`` by column name; rows written."""
    with shown_as(con, "batch", batch):
        con.execute(f"insert into {table} by name select * from batch")
    return batch.num_rows


def replace_tables(con: duckdb.DuckDBPyConnection, tables: Mapping[str, pd.DataFrame]) -> None:
    """Replace all rows of each table by those of a frame with its columns, all tables together or none.

    NaN becomes NULL.
    """
    with transaction(con):
        for table, frame in tables.items():
            con.execute(f"delete from {table}")
            insert(con, table, pa.Table.from_pandas(frame, preserve_index=False))


def replace_if_changed(
    con: duckdb.DuckDBPyConnection,
    table: str,
    query: str,
    params: Mapping[str, Any] | None = None,
    note: Callable[[duckdb.DuckDBPyConnection, str], None] = lambda con, changed: None,
) -> None:
    """Replace all of ``table`` by the rows of ``query``, whole or not at all; where they are the same, write nothing.

    ``note`` is given the name of a table of the rows that come, go or change, in the same transaction.
    """
    with transaction(con):
        con.execute(f"create or replace temp table found as select * from {table} limit 0")
        con.execute(f"insert into found by name {query}", params)
        con.execute(
            f"""create or replace temp table changed as
            (from found except all from {table}) union all (from {table} except all from found)"""
        )
        if count(con, "changed"):
            note(con, "changed")
            con.execute(f"delete from {table}")
            con.execute(f"insert into {table} from found")
        con.execute("drop table found")


def gather(con: duckdb.DuckDBPyConnection, name: str, batches: Iterable[pa.Table]) -> None:
    """Collect ``batches`` (at least one) in a temporary table, which spills to disk."""
    con.execute(f"drop table if exists {name}")
    for batch in batches:
        with shown_as(con, "batch", batch):
            con.execute(f"create temp table if not exists {name} as select * from batch limit 0")
        insert(con, name, batch)


def frame(con: duckdb.DuckDBPyConnection, query: str, params: Any = None) -> pd.DataFrame:
    """Rows of ``query`` for pandas, dates as datetime64."""
    return con.execute(query, params).to_arrow_table().to_pandas(date_as_object=False)


def count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Rows of ``table``."""
    return con.execute(f"select count(*) from {table}").fetchall()[0][0]


def count_found(con: duckdb.DuckDBPyConnection, query: str, params: Any = None) -> int:
    """Rows that ``query`` gives."""
    return con.execute(f"select count(*) from ({query})", params).fetchall()[0][0]


def clear_days(con: duckdb.DuckDBPyConnection, table: str, days: Mapping[str, date]) -> None:
    """Delete the days ``first`` … ``last`` of ``table``, and rows of texts that have moved into them; noted as due.

    A text moves when an earlier version of it arrives later (``core.texts.day`` follows the first one seen).
    """
    texts_changed(con, table, "day between $first and $last", days)
    con.execute(
        f"""delete from {table}
        where day between $first and $last
            or text_id in (select text_id from core.texts where day between $first and $last)""",
        days,
    )


def stream(
    con: duckdb.DuckDBPyConnection, query: str, params: Any = None, rows: int = BATCH_ROWS
) -> Iterator[pa.Table]:
    """Rows of ``query`` as tables of at most ``rows`` rows, at least one table, which may be empty.

    Read on a cursor of its own, so that ``con`` may write meanwhile; temporary tables of ``con`` are not seen.
    """
    cursor = con.cursor()
    try:
        cursor.execute("set TimeZone = 'UTC'")
        reader = cursor.execute(query, params).to_arrow_reader(rows)
        is_empty = True
        for batch in reader:
            is_empty = False
            yield pa.Table.from_batches([batch])
        if is_empty:
            yield reader.schema.empty_table()
    finally:
        cursor.close()
