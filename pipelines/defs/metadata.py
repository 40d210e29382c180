"""What a materialisation shows of its table: rows, column schema with comments. Not the table's making."""

import dagster as dg
import duckdb

from pipelines.tables import count


def shown(con: duckdb.DuckDBPyConnection, *tables: str) -> dict[str, dg.MetadataValue]:
    """Row counts, name and column schema of ``tables`` (the first is the asset's own) for the Dagster UI."""
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
        **{f"rows in {other}": dg.MetadataValue.int(count(con, other)) for other in tables[1:]},
    }
