"""STEP 4. Core tables of the market: instruments, sessions, returns. Rebuilt whole: a new price moves old rows."""

from datetime import UTC, date, datetime

import dagster as dg

from pipelines.defs.metadata import shown
from pipelines.defs.resources import IN_ONE_RUN
from pipelines.market.sessions import sessions as sessions_of
from pipelines.text.instruments import read_instruments
from pipelines.warehouse import SQL, Warehouse, sql_file, transaction

CORE = {"key_prefix": "core", "group_name": "core", "kinds": {"duckdb"}, **IN_ONE_RUN}
REFERENCE = SQL / "reference" / "instruments.csv"
FIRST_SESSION = date(1990, 1, 1)  # before the services we read; daily prices may be older and are then left out


@dg.asset(**CORE, deps=[["raw", "prices"]])
def instruments(warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per ticker: the reference list, and every ticker that has a price file."""
    with warehouse.connect() as con:
        con.register("reference_instruments", read_instruments(REFERENCE))
        warehouse.replace_by_query(con, "core.instruments", sql_file("core/instruments"))
        return dg.MaterializeResult(metadata=shown(con, "core.instruments"))


@dg.asset(**CORE, deps=[instruments])
def sessions(warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per calendar and trading day, up to the end of next year."""
    last = date(datetime.now(UTC).year + 1, 12, 31)
    with warehouse.connect() as con:
        calendars = con.execute("select distinct calendar from core.instruments order by calendar").fetchall()
        with transaction(con):
            con.execute("delete from core.sessions")
            for (calendar,) in calendars:
                listed = sessions_of(calendar, FIRST_SESSION, last)
                con.register("listed", listed)
                con.execute(
                    """insert into core.sessions by name
                    select listed.*, row_number() over (order by trading_day)::integer as session_number from listed"""
                )
        return dg.MaterializeResult(metadata=shown(con, "core.sessions"))


@dg.asset(**CORE, deps=[sessions, instruments, ["raw", "prices"]])
def returns(warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per ticker and session: adjusted prices, returns looking back and looking ahead, raw and abnormal."""
    with warehouse.connect() as con:
        warehouse.replace_by_query(con, "core.returns", sql_file("core/returns"))
        return dg.MaterializeResult(metadata=shown(con, "core.returns"))
