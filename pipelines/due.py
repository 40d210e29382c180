"""What is due: which rows of the marts stand on something that has changed. Noted with the change, in its transaction.

Here: which marts are built in parts, by what, and noting a change. Not here: building them (``marts.py``).
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import duckdb

from pipelines.sql_files import sql_file, tables_read


class Group(NamedTuple):
    """By what a mart's rows are grouped: those of a group stand on the texts of that group, and on no others."""

    key: str  # column of core.texts and of the mart
    last_priced: str | None = None  # of a row: a day after which prices do not matter to it


GROUPS: Mapping[str, Group] = {
    "text_moves": Group("text_id", "entry_session"),
    "text_scores": Group("text_id"),
    "threads": Group("thread_id", "greatest(last_known_at, started_at)::date + 1"),
}
# Rows of a session stand on nothing that was said after it: from the first one that is due on, all are built again.
BY_SESSION = ("source_days", "ticker_days")


@cache
def reading(table: str) -> tuple[str, ...]:
    """The marts built in parts whose query reads ``table``."""
    return tuple(name for name in (*GROUPS, *BY_SESSION) if table in tables_read(sql_file(f"marts/{name}")))


def texts_changed(con: duckdb.DuckDBPyConnection, table: str, which: str, params: Mapping[str, Any]) -> None:
    """Note the texts that ``which`` finds in ``core.texts`` and ``table``; to be called before and after a change."""
    for mart in reading(table):
        if mart in BY_SESSION:
            continue
        # A text may also be the first post of a thread that it is not counted in.
        keys = ", ".join(f"texts.{key}" for key in dict.fromkeys([GROUPS[mart].key, "text_id"]))
        con.execute(
            f"""insert into built.due by name
            select '{mart}' as mart, unnest([{keys}]) as key
            from core.texts
            where {which} or text_id in (select text_id from {table} where {which})
            union
            select '{mart}', text_id from {table} where {which}""",
            params,
        )
    if table == "core.texts":  # one that nobody is named in shows all the same that its session is covered
        _from_then_on(con, f"select min(known_at)::date - 1 as since from core.texts where {which}", params)


def is_as_left(con: duckdb.DuckDBPyConnection, table: str, digest: str) -> bool:
    """Whether ``table`` stands as it was left by ``leave``, made of the same."""
    known = "select count(*) from duckdb_tables() where schema_name || '.' || table_name = ?"
    if con.execute(known, [table]).fetchall() == [(0,)]:
        return False
    same = f"select digest, row_count = (select count(*) from {table}) from built.tables where table_name = ?"
    return con.execute(same, [table]).fetchall() == [(digest, True)]


def leave(con: duckdb.DuckDBPyConnection, table: str, digest: str, home: str = "") -> None:
    """Remember that ``table`` stands now as ``digest`` says; in the transaction that built it."""
    con.execute(f"delete from {home}built.tables where table_name = ?", [table])
    con.execute(f"insert into {home}built.tables select ?, ?, count(*) from {home}{table}", [table, digest])


def returns_changed(con: duckdb.DuckDBPyConnection, changed: str) -> None:
    """Note the rows of ``core.returns`` that stand in ``changed``, as they were or as they are."""
    for mart in reading("core.returns"):
        con.execute(
            f"""insert into built.due by name
            select ? as mart, ticker, min(trading_day) - 7 as since from {changed} group by ticker""",
            [mart],
        )


def minutes_changed(con: duckdb.DuckDBPyConnection, changed: str) -> None:
    """Note the texts of the rows of ``core.minute_moves`` in ``changed``."""
    con.execute(f"insert into built.due by name select distinct 'text_moves' as mart, text_id as key from {changed}")


def sessions_due(con: duckdb.DuckDBPyConnection, home: str, moves: str) -> None:
    """Note for the marts of sessions the first one in which rows ``moves`` of ``mart.text_moves`` count."""
    _from_then_on(con, f"select min(signal_session) as since from {moves}", home=f"{home}.")


def _from_then_on(
    con: duckdb.DuckDBPyConnection, since: str, params: Mapping[str, Any] | None = None, home: str = ""
) -> None:
    for mart in BY_SESSION:
        con.execute(
            f"""insert into {home}built.due by name
            select '{mart}' as mart, since from ({since}) where since is not null""",
            params,
        )
