"""The checks: one per file in ``warehouse/checks``, a query for the rows that break its rule. Empty is a pass.

``-- severity: error`` stops what is downstream; ``warn`` turns yellow and goes on. The checks of a table are one step,
on one connection: opening the file for each of forty rules took longer than asking them.
"""

from collections.abc import Iterator

import dagster as dg
import duckdb

from pipelines.defs.resources import IN_ONE_RUN
from pipelines.sql_files import SQL, header, sql_file
from pipelines.warehouse import Warehouse

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


def checks_of(key: dg.AssetKey) -> dg.AssetChecksDefinition:
    """All checks of one table."""
    specs = [one for one in map(spec, CHECKS) if one.asset_key == key]

    @dg.multi_asset_check(name=f"checks_of_{'_'.join(key.path)}", specs=specs, can_subset=True, pool=IN_ONE_RUN["pool"])
    def run(context: dg.AssetCheckExecutionContext, warehouse: Warehouse) -> Iterator[dg.AssetCheckResult]:
        with warehouse.connect() as con:
            found = [ask(context, con, one) for one in specs if one.key in context.selected_asset_check_keys]
        yield from found

    return run


def ask(
    context: dg.AssetCheckExecutionContext, con: duckdb.DuckDBPyConnection, one: dg.AssetCheckSpec
) -> dg.AssetCheckResult:
    """What a check found; broken rows are shown in the log, too."""
    broken = con.execute(sql_file(f"checks/{one.name}"))
    columns = [column[0] for column in broken.description]
    rows = broken.fetchmany(SHOWN_ROWS)
    total = len(rows) + len(broken.fetchall())
    lines = [", ".join(f"{c}={cell(v)}" for c, v in zip(columns, row, strict=True)) for row in rows]
    if lines:
        context.log.warning(f"{one.name}: {one.description} {total:,} rows break it:\n" + "\n".join(lines))
    return dg.AssetCheckResult(
        passed=total == 0,
        check_name=one.name,
        asset_key=one.asset_key,
        severity=dg.AssetCheckSeverity.ERROR if one.blocking else dg.AssetCheckSeverity.WARN,
        description=f"{one.description} {total:,} rows break it." if total else one.description,
        metadata={"broken rows": total, "first of them": dg.MetadataValue.json(lines)},
    )


@dg.definitions
def checks() -> dg.Definitions:
    """One step of checks per table that has some."""
    tables = sorted({spec(name).asset_key for name in CHECKS})
    return dg.Definitions(asset_checks=[checks_of(key) for key in tables])
