"""The database: open and close it, replace what a step built, publish a copy.

Not here: what the tables mean (``warehouse/schema``), what is computed, and when (``pipelines/defs``).
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TypeVar

import dagster as dg
import duckdb
import pyarrow as pa

from pipelines.database_copy import copy_database, put_in_place
from pipelines.dead_runs import alive, end_dead_runs
from pipelines.leftovers import TORN_LOG, way_out_of_torn_log
from pipelines.locks import WarehouseClosed, when_free
from pipelines.marts import build_whole
from pipelines.printable import printable
from pipelines.progress import Progress, told
from pipelines.schema import apply_schema
from pipelines.tables import clear_days, count, insert, transaction

DATABASE = "crowdtape.duckdb"
PUBLISHED = "published.duckdb"


Opened = TypeVar("Opened")


def megabytes(file: Path) -> float:
    """The size of a file, 0 where there is none."""
    return file.stat().st_size / 1e6 if file.exists() else 0.0


class Warehouse(dg.ConfigurableResource):
    """The DuckDB file of one environment. One process writes it; people read the published copy."""

    home: str
    memory_limit: str = "1GB"
    lock_wait_seconds: int = 60

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Warehouse"]:
        """Before a run's first step: end the runs that died and still hold the pool of the database."""
        if context.instance is None or context.run is None:
            yield self
            return
        end_dead_runs(context.instance)
        with alive(context.instance, context.run.run_id):
            yield self

    @property
    def database(self) -> Path:
        """The file that the pipeline writes."""
        return Path(self.home) / DATABASE

    @property
    def published(self) -> Path:
        """The file that people read; replaced whole after each run."""
        return Path(self.home) / PUBLISHED

    @property
    def options(self) -> dict[str, str]:
        """How DuckDB opens the written file: within its memory, without a way to any other file or host."""
        return {"memory_limit": self.memory_limit, "enable_external_access": "false"}

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the written file, with its schema in place; always closes.

        Raises ``WarehouseClosed`` when another process still holds it after ``lock_wait_seconds``, ``OtherSchema`` when
        another version made it and it cannot be upgraded.
        """
        try:
            self.database.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WarehouseClosed(
                f"{self.home} cannot be made ({error.strerror}); CROWDTAPE_HOME sets the folder"
            ) from error
        con = self.when_free(lambda: duckdb.connect(self.database, config=self.options))
        try:
            con.execute("set TimeZone = 'UTC'")
            con.execute("set preserve_insertion_order = false")
            con.execute("set enable_progress_bar = true")  # else query_progress knows nothing
            con.execute("set enable_progress_bar_print = false")
            apply_schema(con, dg.get_dagster_logger().warning)
            yield con
        finally:
            con.close()

    @contextmanager
    def at_work(self) -> Iterator[tuple[duckdb.DuckDBPyConnection, Progress]]:
        """``connect`` for a step: its log says every few seconds where its work is, and what the step counts of it."""
        log = dg.get_dagster_logger()
        with self.connect() as con, told(lambda line: log.info(printable(line)), con) as progress:
            yield con, progress

    def when_free(self, attempt: Callable[[], Opened]) -> Opened:
        """What ``attempt`` to open the written file gives, as soon as no other process holds it; the log says who does.

        Raises ``WarehouseClosed`` when it is still held after ``lock_wait_seconds``, or cannot be opened at all.
        """
        try:
            return when_free(
                attempt,
                self.database,
                self.lock_wait_seconds,
                dg.get_dagster_logger().warning,
                f"Close that program, or let it read {self.published.name} instead; "
                "CROWDTAPE_LOCK_WAIT_SECONDS sets how long a run waits.",
            )
        except duckdb.IOException as error:
            if TORN_LOG in str(error):
                raise WarehouseClosed(way_out_of_torn_log(self.database, error)) from error
            raise WarehouseClosed(
                f"{error}; CROWDTAPE_HOME sets the database's folder, `make restore FROM=file` brings a backup back"
            ) from error

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

    def build_mart(self, con: duckdb.DuckDBPyConnection, name: str) -> int:
        """Build ``mart.<name>`` whole from ``warehouse/marts/<name>.sql`` with its comments; rows written."""
        build_whole(con, name)
        return count(con, f"mart.{name}")

    def publish(self) -> int:
        """Replace the published copy by the database as it is now; bytes published.

        Readers that hold the old copy keep it until they reconnect. The written file is held throughout, so no other
        process writes in between. Raises ``NotCopied`` where there is no room; the old copy stays then.
        """
        part = self.published.with_suffix(f".{os.getpid()}.part")
        with self.at_work() as (con, progress):
            self._remove_left_behind()
            with progress.counting("MB", megabytes(self.database), lambda: megabytes(part)):
                copy_database(con, self.database, part)
            try:
                put_in_place(part, self.published)
            finally:
                part.unlink(missing_ok=True)
        return self.published.stat().st_size

    def _remove_left_behind(self) -> None:
        """Remove what killed runs had half written; nobody is at it now, for that takes the lock that we hold."""
        for name in (self.database.stem, self.published.stem):
            for part in self.published.parent.glob(f"{name}.*.part*"):
                part.unlink(missing_ok=True)
