"""The schema of the database: made in a new file, known in one that stands.

Not here: what the tables mean (``warehouse/schema``).
"""

import hashlib

import duckdb

from pipelines.sql_files import SQL
from pipelines.tables import transaction


class OtherSchema(RuntimeError):
    """The database was made by another version, with other columns. The message says the way out."""


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
