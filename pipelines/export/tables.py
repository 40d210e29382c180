"""Every mart as Parquet: large ones by scorer and year, as hive names folders, the others in one file.

Few files: one per scorer and year, its rows in the order of their time, so that readers skip what is not asked for.
Comments of tables and columns go along in the Arrow schema. Memory does not grow with the rows.
Not here: the folder as a whole (``folder.py``), panels (``panels.py``).
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.export.folder import path_name

BATCH_ROWS = 50_000  # a row group
# Marts that grow with the texts: the time that makes the year, then what else orders the rows of a scorer.
ORDERS = {
    "claim_checks": ("known_at", "text_id", "position", "claim_number"),
    "claim_windows": ("spoken_at", "text_id", "position", "claim_number"),
    "source_days": ("trading_day", "ticker", "source"),
    "text_moves": ("known_at", "text_id", "ticker"),
    "text_scores": ("known_at", "text_id"),
    "threads": ("last_known_at", "thread_id", "ticker"),
    "ticker_days": ("trading_day", "ticker"),
}
# Of a folder, not of a row: sessions begin in 1990, and a text that says to be of the year 9999 gets no folder of its
# own. Never NULL: pandas cannot read folders of which one is NULL.
YEAR = "coalesce(greatest(least(year({time}), 2101), 1989), 1989)"
TABLES = """
    select table_name, comment from duckdb_tables()
    where schema_name = 'mart' and database_name = current_database() order by table_name
"""
COLUMNS = """
    select column_name, comment from duckdb_columns()
    where schema_name = 'mart' and database_name = current_database() and table_name = ? order by column_index
"""


class _Words(NamedTuple):
    """What a table and its columns mean."""

    table: str | None
    columns: dict[str, str | None]


def export_tables(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    """Write every table of ``mart`` to ``folder``; rows by table."""
    return {
        name: _export_table(con, name, comment, folder / path_name(name))
        for name, comment in con.execute(TABLES).fetchall()
    }


def write_parquet(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch | pa.Table]) -> int:
    """Write ``batches`` to the new file ``path`` down to the disk; rows written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = 0
    with path.open("xb") as file:
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            for batch in batches:
                table = pa.Table.from_batches([batch]) if isinstance(batch, pa.RecordBatch) else batch
                writer.write_table(table.cast(schema))
                rows += table.num_rows
        file.flush()
        os.fsync(file.fileno())
    return rows


def _export_table(con: duckdb.DuckDBPyConnection, name: str, comment: str | None, folder: Path) -> int:
    comments = dict(con.execute(COLUMNS, [name]).fetchall())
    words = _Words(comment, comments)
    table, order = f"mart.{_quoted(name)}", ORDERS.get(name)
    if not order:
        return _write(con, f"select * from {table} order by all", [], folder / "rows.parquet", words)
    year = YEAR.format(time=_quoted(order[0]))
    keys = ["scorer", year] if "scorer" in comments else [year]
    columns = ", ".join(_quoted(column) for column in comments if column != "scorer")
    query = f"""select {columns} from {table}
        where {" and ".join(f"{key} = ?" for key in keys)} order by {", ".join(map(_quoted, order))}"""
    rows = 0
    for part in con.execute(f"select distinct {', '.join(keys)} from {table} order by all").fetchall():
        names = [f"scorer={path_name(scorer)}" for scorer in part[:-1]]
        rows += _write(con, query, list(part), folder.joinpath(*names, f"year={part[-1]}", "rows.parquet"), words)
    if not rows:  # the columns are there to be read
        _write(con, f"select * from {table}", [], folder / "rows.parquet", words)
    return rows


def _write(con: duckdb.DuckDBPyConnection, query: str, params: list, path: Path, words: _Words) -> int:
    reader = con.execute(query, params).to_arrow_reader(BATCH_ROWS)
    fields = [field.with_metadata(_told(words.columns[field.name])) for field in reader.schema]
    return write_parquet(path, pa.schema(fields, _told(words.table)), reader)


def _told(comment: str | None) -> dict[str, str] | None:
    return {"comment": comment} if comment else None


def _quoted(name: str) -> str:
    """A name of the database's own list as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'
