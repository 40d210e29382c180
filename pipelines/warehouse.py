"""The database: open and close it, replace what a step built, read a ``.sql`` file, publish a copy.

Not here: what the tables mean (``warehouse/schema``), what is computed, and when (``pipelines/defs``).
"""

import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pandas as pd
import pyarrow as pa

SQL = Path(__file__).parents[1] / "warehouse"
DATABASE = "crowdtape.duckdb"
PUBLISHED = "published.duckdb"
BATCH_ROWS = 10_000
_HEADER = re.compile(r"^-- (?:(?P<name>[a-z0-9_]+): )?(?P<words>.+)$")
_SOURCE = re.compile(r"\b(?:from|join)\s+((?:raw|core|mart)\.[a-z_]+)")


class WarehouseClosed(RuntimeError):
    """The database cannot be opened: not writable, or held by another process. The message says the way out."""


class OtherSchema(RuntimeError):
    """The database was made by another version, with other columns. The message says the way out."""


def sql_file(name: str) -> str:
    """Text of ``warehouse/<name>.sql``, e.g. ``core/returns``."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def header(sql: str) -> tuple[str, dict[str, str]]:
    """First comment line (the grain, or what must hold) and the ``-- name: words`` lines below it."""
    summary, named = "", {}
    for line in sql.splitlines():
        found = _HEADER.match(line)
        if not found:
            break
        if found["name"]:
            named[found["name"]] = found["words"]
        else:
            summary = f"{summary} {found['words']}".strip()
    return summary, named


def tables_read(sql: str) -> list[str]:
    """Tables of the warehouse that a query reads, sorted, e.g. ``["core.texts", "mart.threads"]``."""
    return sorted(set(_SOURCE.findall(sql)))


def marts_in_order() -> list[str]:
    """Names of the marts, each after those that its query reads."""
    order: TopologicalSorter[str] = TopologicalSorter()
    for path in sorted((SQL / "marts").glob("*.sql")):
        tables = tables_read(path.read_text(encoding="utf-8"))
        order.add(path.stem, *(table.removeprefix("mart.") for table in tables if table.startswith("mart.")))
    return list(order.static_order())


def quoted(text: str) -> str:
    """``text`` as an SQL string literal; only for words of our own files (comments), never for data."""
    return "'" + text.replace("'", "''") + "'"


class Warehouse(dg.ConfigurableResource):
    """The DuckDB file of one environment. One process writes it; people read the published copy."""

    home: str
    memory_limit: str = "1GB"
    lock_wait_seconds: int = 60

    @property
    def database(self) -> Path:
        """The file that the pipeline writes."""
        return Path(self.home) / DATABASE

    @property
    def published(self) -> Path:
        """The file that people read; replaced whole after each run."""
        return Path(self.home) / PUBLISHED

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the written file, with its schema in place; always closes.

        Raises ``WarehouseClosed`` when another process still holds it after ``lock_wait_seconds``, ``OtherSchema`` when
        another version made it.
        """
        try:
            self.database.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WarehouseClosed(
                f"{self.home} cannot be made ({error.strerror}); CROWDTAPE_HOME sets the folder"
            ) from error
        con = self._open()
        try:
            con.execute("set TimeZone = 'UTC'")
            con.execute("set preserve_insertion_order = false")
            con.execute("set enable_progress_bar = false")
            apply_schema(con)
            yield con
        finally:
            con.close()

    def _open(self) -> duckdb.DuckDBPyConnection:
        give_up = time.monotonic() + self.lock_wait_seconds
        while True:
            try:
                return duckdb.connect(self.database, config={"memory_limit": self.memory_limit})
            except duckdb.IOException as error:
                if "lock" not in str(error):
                    raise WarehouseClosed(f"{error}; CROWDTAPE_HOME sets the folder of the database") from error
                if time.monotonic() >= give_up:
                    raise WarehouseClosed(
                        f"{self.database} is held by another process ({error}). Nothing was changed. "
                        f"Close that program, or let it read {self.published.name} instead; "
                        "CROWDTAPE_LOCK_WAIT_SECONDS sets how long a run waits."
                    ) from error
                time.sleep(0.5)

    def replace_days(
        self,
        con: duckdb.DuckDBPyConnection,
        table: str,
        days: Mapping[str, date],
        batches: Iterable[pa.Table | pa.RecordBatch],
    ) -> int:
        """Replace the days ``first`` … ``last`` of ``table`` by ``batches``, whole or not at all; rows written."""
        with transaction(con):
            clear_days(con, table, days)
            return sum(insert(con, table, batch) for batch in batches)

    def replace_by_query(
        self, con: duckdb.DuckDBPyConnection, table: str, query: str, params: Mapping[str, Any] | None = None
    ) -> int:
        """Replace all of ``table`` by the rows of ``query``, whole or not at all; rows written."""
        with transaction(con):
            con.execute(f"delete from {table}")
            con.execute(f"insert into {table} by name {query}", params)
        return count(con, table)

    def build_mart(self, con: duckdb.DuckDBPyConnection, name: str) -> int:
        """Build ``mart.<name>`` from ``warehouse/marts/<name>.sql`` with its comments; rows written."""
        query = sql_file(f"marts/{name}")
        grain, columns = header(query)
        with transaction(con):
            con.execute(f"create or replace table mart.{name} as {query}")
            con.execute(f"comment on table mart.{name} is {quoted(grain)}")
            for column, words in columns.items():
                con.execute(f"comment on column mart.{name}.{column} is {quoted(words)}")
        return count(con, f"mart.{name}")

    def publish(self) -> int:
        """Replace the published copy by the database as it is now; bytes published.

        Readers that hold the old copy keep it until they reconnect. Cost: one sequential copy of the file.
        """
        with self.connect() as con:
            con.execute("force checkpoint")
        part = self.published.with_suffix(f".{os.getpid()}.part")
        try:
            shutil.copyfile(self.database, part)
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.replace(self.published)
        finally:
            part.unlink(missing_ok=True)
        return self.published.stat().st_size


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block or nothing of it."""
    con.begin()
    try:
        yield
        con.commit()
    except BaseException:
        con.rollback()
        raise


def schema_script() -> str:
    """The statements that make all schemas, and the tables of raw and core."""
    schemas = [f"create schema if not exists {name};" for name in ("raw", "core", "mart")]
    return "\n".join([*schemas, *(path.read_text(encoding="utf-8") for path in sorted((SQL / "schema").glob("*.sql")))])


def apply_schema(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of ``warehouse/schema`` in a new file; nothing where they stand already.

    Raises ``OtherSchema`` for a file that another version of Crowdtape made.
    """
    script = schema_script()
    digest = hashlib.blake2b(script.encode(), digest_size=16).hexdigest()
    made = con.execute(
        "select count(*) from duckdb_tables() where schema_name = 'raw' and table_name = 'schema_versions'"
    )
    if made.fetchall()[0][0]:
        if con.execute("select digest from raw.schema_versions").fetchall() != [(digest,)]:
            raise OtherSchema(
                "this database was made by another version of Crowdtape, whose tables have other columns. Nothing was "
                "changed. Move the file away and run again: everything in it is built from the files of the inbox."
            )
        return
    with transaction(con):
        con.execute(script)
        con.execute("insert into raw.schema_versions values (?, now())", [digest])


def insert(con: duckdb.DuckDBPyConnection, table: str, batch: pa.Table | pa.RecordBatch) -> int:
    """Append ``batch`` to ``table`` by column name; rows written."""
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


def gather(con: duckdb.DuckDBPyConnection, name: str, batches: Iterable[pa.Table]) -> None:
    """Collect ``batches`` (at least one) in a temporary table, which spills to disk."""
    con.execute(f"drop table if exists {name}")
    for batch in batches:
        con.execute(f"create temp table if not exists {name} as select * from batch limit 0")
        insert(con, name, batch)


def frame(con: duckdb.DuckDBPyConnection, query: str, params: Any = None) -> pd.DataFrame:
    """Rows of ``query`` for pandas, dates as datetime64."""
    return con.execute(query, params).to_arrow_table().to_pandas(date_as_object=False)


def count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Rows of ``table``."""
    return con.execute(f"select count(*) from {table}").fetchall()[0][0]


def clear_days(con: duckdb.DuckDBPyConnection, table: str, days: Mapping[str, date]) -> None:
    """Delete the days ``first`` … ``last`` of ``table``, and rows of texts that have moved into them.

    A text moves when an earlier version of it arrives later (``core.texts.day`` follows the first one seen).
    """
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
