"""The checks: one per file in ``warehouse/checks``, a query for the rows that break its rule. Empty is a pass.

``-- severity: error`` stops what is downstream; ``warn`` turns yellow and goes on.
"""

import dagster as dg

from pipelines.defs.resources import IN_ONE_RUN
from pipelines.warehouse import SQL, Warehouse, header, sql_file

CHECKS = sorted(path.stem for path in (SQL / "checks").glob("*.sql"))
SHOWN_ROWS = 20


def cell(value: object) -> str:
    """A cell for the log and the UI; text of strangers is quoted, with its control characters escaped."""
    return repr(value) if isinstance(value, str) else str(value)


def check(name: str) -> dg.AssetChecksDefinition:
    """The check that runs ``warehouse/checks/<name>.sql``."""
    sql = sql_file(f"checks/{name}")
    rule, says = header(sql)
    severity = dg.AssetCheckSeverity[says["severity"].upper()]

    @dg.asset_check(
        asset=dg.AssetKey(says["on"].split(".")),
        name=name,
        description=rule,
        blocking=severity is dg.AssetCheckSeverity.ERROR,
        pool=IN_ONE_RUN["pool"],
    )
    def run(context: dg.AssetCheckExecutionContext, warehouse: Warehouse) -> dg.AssetCheckResult:
        with warehouse.connect() as con:
            broken = con.execute(sql)
            columns = [column[0] for column in broken.description]
            rows = broken.fetchmany(SHOWN_ROWS)
            total = len(rows) + len(broken.fetchall())
        lines = [", ".join(f"{c}={cell(v)}" for c, v in zip(columns, row, strict=True)) for row in rows]
        if lines:
            context.log.warning(f"{name}: {rule} {total:,} rows break it:\n" + "\n".join(lines))
        return dg.AssetCheckResult(
            passed=total == 0,
            severity=severity,
            description=f"{rule} {total:,} rows break it." if total else rule,
            metadata={"broken rows": total, "first of them": dg.MetadataValue.json(lines)},
        )

    return run


@dg.definitions
def checks() -> dg.Definitions:
    """One asset check per file."""
    return dg.Definitions(asset_checks=[check(name) for name in CHECKS])
