"""The checks: one per file in ``warehouse/checks``, a query for the rows that break its rule. Empty is a pass.

``-- severity: error`` stops what is downstream; ``warn`` turns yellow and goes on. A table's checks run in the step
that builds it, on its connection: as steps of their own, forty rules cost more in opening the file than in asking.
"""

import dagster as dg
import duckdb

from pipelines.sql_files import SQL, header, sql_file

CHECKS = sorted(path.stem for path in (SQL / "checks").glob("*.sql"))
SHOWN_ROWS = 20


def cell(value: object) -> str:
    """A cell for the log and the UI; text of strangers is quoted, with its control characters escaped."""
    return repr(value) if isinstance(value, str) else str(value)


def spec(name: str) -> dg.AssetCheckSpec:
    """The check of ``warehouse/checks/<name>.sql``: its rule, its table, and whether it stops what follows."""
    rule, says = header(sql_file(f"checks/{name}"))
    return dg.AssetCheckSpec(
        name=name,
        asset=dg.AssetKey(says["on"].split(".")),
        description=rule,
        blocking=says["severity"] == "error",
    )


SPECS = [spec(name) for name in CHECKS]


def checks_on(*tables: str) -> list[dg.AssetCheckSpec]:
    """The checks of these tables."""
    keys = [dg.AssetKey(table.split(".")) for table in tables]
    return [one for one in SPECS if one.asset_key in keys]


def checked(con: duckdb.DuckDBPyConnection, table: str) -> list[dg.AssetCheckResult]:
    """What the checks of a table find in it as it is now."""
    return [ask(con, one) for one in checks_on(table)]


def ask(con: duckdb.DuckDBPyConnection, one: dg.AssetCheckSpec) -> dg.AssetCheckResult:
    """What a check found; broken rows are shown in the log, too."""
    broken = con.execute(sql_file(f"checks/{one.name}"))
    columns = [column[0] for column in broken.description]
    rows = broken.fetchmany(SHOWN_ROWS)
    total = len(rows) + len(broken.fetchall())
    lines = [", ".join(f"{c}={cell(v)}" for c, v in zip(columns, row, strict=True)) for row in rows]
    if lines:
        dg.get_dagster_logger().warning(
            f"{one.name}: {one.description} {in_words(total)}:\n" + "\n".join(lines),
        )
    return dg.AssetCheckResult(
        passed=total == 0,
        check_name=one.name,
        asset_key=one.asset_key,
        severity=dg.AssetCheckSeverity.ERROR if one.blocking else dg.AssetCheckSeverity.WARN,
        description=f"{in_words(total)}." if total else None,
        metadata={"broken rows": total, **({"first of them": dg.MetadataValue.json(lines)} if lines else {})},
    )


def in_words(count: int) -> str:
    """How many rows break a rule, in words."""
    return "1 row breaks it" if count == 1 else f"{count:,} rows break it"
