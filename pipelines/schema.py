"""The schema of the database: made in a new file, brought up to date in an older one, known in one that stands.

Not here: what the tables mean (``warehouse/schema``), what each new version changes (``warehouse/migrations``).
"""

import csv
import hashlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb

from pipelines.sql_files import SQL
from pipelines.tables import transaction

MIGRATIONS = SQL / "migrations"


class OtherSchema(RuntimeError):
    """The database has another schema and cannot be upgraded to this one. The message says why, and the way out."""


def schema_script() -> str:
    """The statements that make all schemas, and the tables of raw and core; they change no table that stands."""
    schemas = [f"create schema if not exists {name};" for name in ("raw", "core", "mart")]
    return "\n".join([*schemas, *(path.read_text(encoding="utf-8") for path in sorted((SQL / "schema").glob("*.sql")))])


def digest_of(script: str) -> str:
    """BLAKE2b, 128 bit, hex, by which a database knows the script that made it."""
    return hashlib.blake2b(script.encode(), digest_size=16).hexdigest()


def known_versions() -> dict[str, int]:
    """The version of every schema that was released, and of today's, by its digest."""
    with (MIGRATIONS / "versions.csv").open(encoding="utf-8", newline="") as file:
        return {row["digest"]: int(row["version"]) for row in csv.DictReader(file)}


def apply_schema(con: duckdb.DuckDBPyConnection, say: Callable[[str], object] = lambda line: None) -> None:
    """Make the tables of ``warehouse/schema`` in a new file, upgrade those of an older one; else write nothing.

    An upgrade is one transaction: the whole of it or nothing, also where the process is killed. ``say`` gets a line on
    it. Raises ``OtherSchema`` where a newer or unknown version made the file, or where the upgrade failed; the file is
    then as it was.
    """
    script = schema_script()
    if not _has_versions(con):
        with transaction(con):
            _make(con, script)
    elif con.execute("select digest from raw.schema_versions").fetchall() != [(digest_of(script),)]:
        _upgrade(con, script, say)


def _has_versions(con: duckdb.DuckDBPyConnection) -> bool:
    found = con.execute("select 1 from duckdb_tables() where schema_name = 'raw' and table_name = 'schema_versions'")
    return bool(found.fetchall())


def _make(con: duckdb.DuckDBPyConnection, script: str) -> None:
    """Make what is not there yet, write every comment, and write down the version."""
    con.execute(script)
    con.execute("delete from raw.schema_versions")
    con.execute(
        "insert into raw.schema_versions by name select ? as version, ? as digest, now() as applied_at",
        [max(known_versions().values()), digest_of(script)],
    )


def _upgrade(con: duckdb.DuckDBPyConnection, script: str, say: Callable[[str], object]) -> None:
    began = time.monotonic()
    old, new = _version(con), max(known_versions().values())
    held = _sizes(con)
    try:
        with transaction(con):
            for path in _migrations(after=old):
                con.execute(path.read_text(encoding="utf-8"))
            _make(con, script)
            _compare(con, script)
    except duckdb.Error as error:
        raise OtherSchema(
            f"this database is of schema {old} and could not be upgraded to {new}: {error}. Nothing was changed: "
            "run again, or go on with the clone that made it."
        ) from error
    if old < new:
        sizes = _sizes(con)
        emptied = ", ".join(sorted(name for name, size in held.items() if size and not sizes.get(name)))
        say(
            f"upgraded the database from schema {old} to {new} in {time.monotonic() - began:.1f} s; raw is kept whole"
            + (
                f". Empty until they are built again: {emptied}. A run builds its own days; the check "
                "every_day_is_built names the others, and the command that builds them"
                if emptied
                else ""
            )
        )


def _version(con: duckdb.DuckDBPyConnection) -> int:
    """The version of a file that today's script did not make; ``OtherSchema`` where that is newer or not known."""
    known = known_versions()
    made = con.execute("select * from raw.schema_versions").to_arrow_table().to_pylist()
    newest, ours = max((row.get("version", 0) for row in made), default=0), max(known.values())
    if newest > ours:
        raise OtherSchema(
            f"this database was made by a newer Crowdtape (schema {newest}, this one knows {ours}). Nothing was "
            "changed. Update this clone, or move the file away."
        )
    digests = [row["digest"] for row in made]
    if not digests or not all(digest in known for digest in digests):
        raise OtherSchema(
            "this database was made by a Crowdtape that this clone does not know, whose tables may have other columns. "
            "Nothing was changed. Open it with the clone that made it, or update this one; or move the file away and "
            "run again: a new one is built from the files of the inbox and the answers that are still landed."
        )
    return max(known[digest] for digest in digests)  # the first two versions wrote a row each


def _migrations(after: int) -> list[Path]:
    """The files that lead from a version to today's, in order."""
    return [path for path in sorted(MIGRATIONS.glob("*.sql")) if int(path.name.partition("_")[0]) > after]


def _sizes(con: duckdb.DuckDBPyConnection) -> Mapping[str, int]:
    """About how many rows each table of core and mart has."""
    query = """select schema_name || '.' || table_name, estimated_size
        from duckdb_tables() where schema_name in ('core', 'mart')"""
    return dict(con.execute(query).fetchall())


def _compare(con: duckdb.DuckDBPyConnection, script: str) -> None:
    """Raise ``OtherSchema`` where a table is not as in a new file: altered by hand, or a migration lacks."""
    with duckdb.connect() as new:
        new.execute(script)
        wanted = _columns(new)
    tables = {column[:2] for column in wanted}
    differing = wanted ^ {column for column in _columns(con) if column[:2] in tables}
    if differing:
        names = sorted({".".join(column[:3]) for column in differing})
        raise OtherSchema(
            f"this database cannot be upgraded, for it would differ from a new one in {', '.join(names)}. Nothing was "
            "changed. Where that was altered by hand, take it back with the clone that made the file."
        )


def _columns(con: duckdb.DuckDBPyConnection) -> set[tuple[str, str, str, str, bool]]:
    query = """select schema_name, table_name, column_name, data_type, is_nullable
        from duckdb_columns() where database_name = current_database() and not internal"""
    return set(con.execute(query).fetchall())
