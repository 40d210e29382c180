"""``make export TO=folder``: the published database as Parquet for other tools, while runs go on.

mart/<table>/…: every table, large ones as scorer=…/year=…; comments of the columns in the Arrow schema.
panel/<calendar>/prices.parquet (opens), close.parquet, <scorer>/factor.parquet: for alphalens and vectorbt.
manifest.json: of which published file, when, rows per table. docs/exports.md shows how each is read.

The folder is written whole or not at all, an older export in its place is replaced, any other folder is refused.
It holds what people wrote and who: what `make forget` removes later is still in it.
"""

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from pipelines.export.folder import NotExported, path_name, replaced_whole, write_manifest
from pipelines.export.panels import calendars, factors, opens_and_closes, scorers
from pipelines.export.tables import export_tables, write_parquet
from pipelines.settings import BadSettings, read_settings
from pipelines.warehouse import PUBLISHED


def main(arguments: list[str] | None = None) -> None:
    """Export, and say in one line what was written; exits with the reason where it cannot be."""
    parser = argparse.ArgumentParser(
        prog="python -m pipelines.export", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("to", help="the folder to write; an export that is there is replaced")
    parser.add_argument("--database", type=Path, help="default: the published file of CROWDTAPE_HOME")
    asked = parser.parse_args(arguments)
    if not asked.to:
        sys.exit("say where: make export TO=/some/folder/crowdtape")
    try:
        settings = read_settings()
        database = asked.database or settings.home / PUBLISHED
        print(exported(database, Path(asked.to).expanduser().resolve(), datetime.now(UTC), settings.memory_limit))
    except (BadSettings, NotExported) as error:
        sys.exit(str(error))


def exported(database: Path, to: Path, now: datetime, memory_limit: str = "1GB") -> str:
    """Export a published file to the folder ``to``; a line of what was done. ``NotExported`` where it cannot be."""
    if not database.is_file():
        raise NotExported(
            f"{database} is not there: `make publish` makes it from the database of CROWDTAPE_HOME, `make demo` that "
            "of the sample in warehouse/demo/"
        )
    began = time.monotonic()
    try:
        with replaced_whole(to) as folder:
            told = _fill(folder, database, now, memory_limit)
    except duckdb.Error as error:
        raise NotExported(
            f"{database} cannot be exported, {to} is unchanged; `make publish` writes the published file anew\n{error}"
        ) from error
    size = sum(path.stat().st_size for path in to.rglob("*"))
    rows, took = sum(told["tables"].values()), time.monotonic() - began
    return (
        f"exported {database} to {to}: {len(told['tables'])} tables, {rows:,} rows, panels of "
        f"{len(told['panels'])} calendars, {size / 1e6:,.1f} MB in {took:.1f} s"
    )


def _fill(folder: Path, database: Path, now: datetime, memory_limit: str) -> dict:
    """Write tables, panels and the manifest; what it says. What DuckDB spills to disk lies in ``folder`` meanwhile."""
    spill = folder / "spill"
    options = {"enable_external_access": "false", "memory_limit": memory_limit, "temp_directory": str(spill)}
    with duckdb.connect(database, read_only=True, config=options) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute("set enable_progress_bar = false")
        con.execute("set lock_configuration = true")
        stat = database.stat()
        told = {
            "published": {
                "file": database.name,
                "bytes": stat.st_size,
                "written_at": datetime.fromtimestamp(stat.st_mtime, UTC).isoformat(),
            },
            "exported_at": now.isoformat(),
            "tables": export_tables(con, folder / "mart"),
            "panels": {calendar: _export_panel(con, calendar, folder / "panel") for calendar in calendars(con)},
        }
    if spill.exists():
        spill.rmdir()
    write_manifest(folder, told)
    return told


def _export_panel(con: duckdb.DuckDBPyConnection, calendar: str, folder: Path) -> dict[str, int]:
    """Write the panel of one calendar; rows of its files by name."""
    place = folder / path_name(calendar)
    opens, closes = opens_and_closes(con, calendar)
    rows = {"prices": _write(place / "prices.parquet", opens), "close": _write(place / "close.parquet", closes)}
    for scorer in scorers(con):
        path = place / path_name(scorer) / "factor.parquet"
        rows[f"factor by {scorer}"] = _write(path, factors(con, calendar, scorer))
    return rows


def _write(path: Path, table: pd.DataFrame) -> int:
    """A frame with its index, as pandas reads it back."""
    arrow = pa.Table.from_pandas(table, preserve_index=True)
    return write_parquet(path, arrow.schema, [arrow])


if __name__ == "__main__":
    main()
