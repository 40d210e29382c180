"""STEP 4. Core tables of the market: instruments, sessions, bars, returns. Rebuilt whole: new prices move old rows."""

from datetime import UTC, date, datetime
from hashlib import blake2b
from importlib.metadata import version
from operator import itemgetter
from pathlib import Path

import dagster as dg
import duckdb

from pipelines.defs.metadata import built, declared
from pipelines.defs.resources import EACH_DAY, IN_ONE_RUN, Study
from pipelines.due import is_as_left, leave, returns_changed
from pipelines.market import cutoffs
from pipelines.market import sessions as made
from pipelines.market.bars import series_of
from pipelines.market.cutoffs import with_cutoffs
from pipelines.market.exchanges import read_exchanges
from pipelines.market.sessions import sessions as sessions_of
from pipelines.sql_files import SQL, sql_file
from pipelines.tables import insert, replace_if_changed, transaction
from pipelines.text.instruments import read_instruments
from pipelines.warehouse import Warehouse

CORE = {"key_prefix": "core", "group_name": "core", "kinds": {"duckdb"}, **IN_ONE_RUN}
REFERENCE = SQL / "reference" / "instruments.csv"
EXCHANGES = SQL / "reference" / "exchanges.csv"
BARS_AT_ONCE = 500_000  # of vendors, about 200 MB at work
# Sessions change with the packages that know them, and with our reading of them; else the calendars stay as they are.
MAKERS_OF_SESSIONS = [
    version("exchange_calendars"),
    version("tzdata"),
    *(blake2b(Path(module.__file__).read_bytes(), digest_size=8).hexdigest() for module in (cutoffs, made)),
]
FIRST_SESSION = date(1990, 1, 1)  # before the services we read; daily prices may be older and are then left out


@dg.asset(**CORE, deps=[["raw", "prices"]], **declared("core.instruments"))
def instruments(warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per ticker: the reference list, and every ticker that has a price file."""
    with warehouse.at_work() as (con, _):
        con.register("reference_instruments", read_instruments(REFERENCE))
        con.register("reference_exchanges", read_exchanges(EXCHANGES))
        replace_if_changed(con, "core.instruments", sql_file("core/instruments"))
        return built(con, "core.instruments")


@dg.asset(**CORE, deps=[instruments], **declared("core.sessions"))
def sessions(warehouse: Warehouse, study: Study) -> dg.MaterializeResult:
    """One row per calendar and trading day, up to the end of next year."""
    last = date(datetime.now(UTC).year + 1, 12, 31)
    with warehouse.at_work() as (con, _):
        calendars = con.execute("select distinct calendar from core.instruments order by calendar").fetchall()
        made_of = f"{calendars} {FIRST_SESSION} {last} {study.cutoff} {MAKERS_OF_SESSIONS}"
        if is_as_left(con, "core.sessions", made_of):
            return built(con, "core.sessions")
        with transaction(con):
            con.execute("delete from core.sessions")
            for (calendar,) in calendars:
                listed = with_cutoffs(sessions_of(calendar, FIRST_SESSION, last), study.cutoff)
                con.register("listed", listed)
                con.execute(
                    """insert into core.sessions by name
                    select listed.*, row_number() over (order by trading_day)::integer as session_number from listed"""
                )
            leave(con, "core.sessions", made_of)
        return built(con, "core.sessions")


@dg.asset(**CORE, deps=[instruments, ["raw", "prices"]], **declared("core.bars"))
def bars(warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per instrument and day: its adjusted daily bar, from all files that can be joined."""
    query = sql_file("core/vendor_bars")
    with warehouse.at_work() as (con, progress):
        with transaction(con):
            con.execute("delete from core.bars")
            con.execute("delete from core.price_files")
            batches = _batches(con)
            for first, last, _ in progress.of(batches, "bars", sum(n for *_, n in batches), size=itemgetter(2)):
                found = series_of(con.execute(query, {"first": first, "last": last}).to_arrow_table())
                insert(con, "core.bars", found.bars)
                insert(con, "core.price_files", found.files)
        return built(con, "core.bars", "core.price_files")


def _batches(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int]]:
    """First and last instrument of each batch, and its bars: about ``BARS_AT_ONCE``, and of whole instruments."""
    return con.execute(
        """select min(instrument_id), max(instrument_id), sum(bar_count)::bigint
        from (
            select instrument_id, count(*) as bar_count,
                (sum(count(*)) over (order by instrument_id) - count(*)) // ? as batch
            from raw.prices
            join core.instruments using (ticker)
            where bar = '1d'
            group by instrument_id
        )
        group by batch
        order by batch""",
        [BARS_AT_ONCE],
    ).fetchall()


@dg.asset(**CORE, **declared("core.returns"), deps=[sessions, instruments, bars], freshness_policy=EACH_DAY)
def returns(warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per ticker and session: adjusted prices, returns looking back and looking ahead, raw and abnormal."""
    with warehouse.at_work() as (con, _):
        replace_if_changed(con, "core.returns", sql_file("core/returns"), note=returns_changed)
        return built(con, "core.returns")
