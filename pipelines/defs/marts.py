"""The marts: one asset per file in ``warehouse/marts``, fed by the tables its query reads; and the published copy."""

import dagster as dg

from pipelines.defs.metadata import built, declared
from pipelines.defs.resources import EACH_DAY, IN_ONE_RUN, whole
from pipelines.marts import bring_up_to_date
from pipelines.sql_files import SQL, header, sql_file, tables_read
from pipelines.warehouse import Warehouse

MARTS = sorted(path.stem for path in (SQL / "marts").glob("*.sql"))
EVIDENCE = ("event_returns", "event_study", "events", "granger", "lead_lag", "signal_quality")
TABLE_ALIASES = {"core.scorers": "core.scores", "core.price_files": "core.bars"}  # written by the asset of another name


def assets_read(sql: str) -> list[dg.AssetDep]:
    """The assets that write the tables which ``sql`` reads."""
    return [whole(key.split(".")) for key in sorted({TABLE_ALIASES.get(t, t) for t in tables_read(sql)})]


def mart(name: str) -> dg.AssetsDefinition:
    """The asset that builds ``mart.<name>``."""
    sql = sql_file(f"marts/{name}")

    @dg.asset(
        key=["mart", name],
        group_name="mart",
        description=header(sql)[0],
        deps=assets_read(sql),
        **declared(f"mart.{name}"),
        kinds={"duckdb"},
        freshness_policy=EACH_DAY if name == "ticker_days" else None,
        **IN_ONE_RUN,
    )
    def build(warehouse: Warehouse) -> dg.MaterializeResult:
        with warehouse.at_work() as (con, progress):
            bring_up_to_date(con, name, progress)
            return built(con, f"mart.{name}")

    return build


@dg.asset(
    key=["published"],
    group_name="mart",
    deps=[["mart", name] for name in (*MARTS, *EVIDENCE)],
    kinds={"duckdb"},
    freshness_policy=EACH_DAY,
    **IN_ONE_RUN,
)
def published(warehouse: Warehouse) -> dg.MaterializeResult:
    """The whole database as one file for readers, replaced at the end of a run: open this one, never the other."""
    size = warehouse.publish()
    return dg.MaterializeResult(
        metadata={
            "file": dg.MetadataValue.path(str(warehouse.published)),
            "bytes": dg.MetadataValue.int(size),
        }
    )


@dg.definitions
def marts() -> dg.Definitions:
    """One asset per mart file, and the published copy after them."""
    return dg.Definitions(assets=[*map(mart, MARTS), published])
