"""STEP 4. The core table of the minutes around each text. Rebuilt whole: new bars move old rows."""

import dagster as dg

from pipelines.defs.market import CORE, instruments, sessions
from pipelines.defs.metadata import built, declared
from pipelines.defs.resources import Study
from pipelines.due import minutes_changed
from pipelines.sql_files import sql_file
from pipelines.tables import replace_if_changed
from pipelines.warehouse import Warehouse


@dg.asset(
    **CORE,
    deps=[sessions, instruments, ["core", "opinions"], ["raw", "prices"]],
    **declared("core.minute_moves"),
)
def minute_moves(warehouse: Warehouse, study: Study) -> dg.MaterializeResult:
    """One row per text and ticker with one-minute bars around it: the price when it was known, and the moves after."""
    with warehouse.at_work() as (con, _):
        limits = {"stale_minutes": study.stale_minutes}
        replace_if_changed(con, "core.minute_moves", sql_file("core/minute_moves"), limits, note=minutes_changed)
        return built(con, "core.minute_moves")
