"""What a killed run or a power loss left in the home: what DuckDB had spilled to disk, a log that it cannot read.

Its rows DuckDB rolls back itself. Not here: its half-written copy (``publish`` removes that), its place in Dagster's
history (``dead_runs.py``).
"""

from contextlib import suppress
from pathlib import Path

TORN_LOG = "replaying WAL"  # in DuckDB's words


def remove_spilled(database: Path) -> None:
    """Remove what DuckDB spilled beside ``database`` and could not clear, gigabytes perhaps.

    Only for who has just opened the database and spilled nothing: then no process is left that could read it.
    """
    folder = Path(f"{database}.tmp")
    for path in folder.glob("duckdb_temp_*"):
        path.unlink(missing_ok=True)
    with suppress(OSError):  # not there; or with files of somebody else
        folder.rmdir()


def way_out_of_torn_log(database: Path, error: Exception) -> str:
    """What to do when DuckDB refuses its write-ahead log, as where a power loss left its end empty.

    A log that is merely cut short needs nothing: DuckDB reads it up to the last whole transaction.
    """
    log = f"{database}.wal"
    return (
        f"the write-ahead log was torn, as by a power loss ({error}). Nothing was changed. Move it away "
        f"(mv '{log}' '{log}.torn') and run again: {database.name} is whole without it, as the last step that ended "
        "left it, and a run builds again what is missing."
    )
