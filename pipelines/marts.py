"""Building the marts: whole, or only the rows that are due. Either way the rows are those of the mart's one query.

A part is built by asking that query of fewer rows: while it runs, the names of the tables it reads stand for views of
the texts of some groups, or of what was said around some sessions. So memory stays bounded however many texts there
are, and a day costs a day. Not here: what is due (``due.py``), what the marts mean (``warehouse/marts``).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb

from pipelines.due import BY_SESSION, GROUPS, is_as_left, leave, sessions_due
from pipelines.parts import Parts, group_parts, session_parts
from pipelines.progress import Progress, one
from pipelines.sql_files import header, quoted, sql_file, tables_read
from pipelines.tables import transaction

SMALL = ("core.instruments", "core.scorers", "core.sessions")  # a change of these is one of everything

EVERY_SESSION = "(select date '0001-01-01' as signal_session)"


def build_whole(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Build ``mart.<name>`` from ``warehouse/marts/<name>.sql`` with its comments, in one piece, or not at all."""
    with transaction(con):
        _make(con, f"mart.{name}", name, sql_file(f"marts/{name}"))


def bring_up_to_date(con: duckdb.DuckDBPyConnection, name: str, progress: Progress) -> None:
    """Build the rows of ``mart.<name>`` that are due; all of them where it is not as it was left. Or nothing at all.

    The table is then what ``build_whole`` would make of it, row for row.
    """
    if name in GROUPS or name in BY_SESSION:
        digest = _digest(con, name)
        is_new = not is_as_left(con, f"mart.{name}", digest)
        parts = group_parts(con, name, is_new) if name in GROUPS else session_parts(con, name, is_new)
        _build_parts(con, name, digest, parts, progress)
    else:
        build_whole(con, name)


def _build_parts(con: duckdb.DuckDBPyConnection, name: str, digest: str, parts: Parts, progress: Progress) -> None:
    query = sql_file(f"marts/{name}")
    with _in_place(con, query, parts.views) as home, transaction(con):
        table = f"{home}.mart.{name}"
        if parts.is_whole:
            _make(con, table, name, f"select * from ({query}) limit 0")
            _note_sessions(con, home, name, EVERY_SESSION)
        for number in progress.of(range(parts.count), "parts", parts.count, size=one):
            parts.choose(con, home, number)
            if not parts.is_whole:
                _note_sessions(con, home, name, f"{table} where {parts.is_chosen}")
                con.execute(f"delete from {table} where {parts.is_chosen}")
            con.execute(f"insert into {table} by name select * from ({query}) where {parts.is_chosen}")
            if not parts.is_whole:
                _note_sessions(con, home, name, f"{table} where {parts.is_chosen}")
        for statement in parts.afterwards:
            con.execute(statement.format(home=home))
        con.execute(f"delete from {home}.built.due where mart = ?", [name])
        leave(con, f"mart.{name}", digest, f"{home}.")


def _note_sessions(con: duckdb.DuckDBPyConnection, home: str, name: str, moves: str) -> None:
    """Of rows that go or come: the marts of sessions stand on those of text_moves."""
    if name == "text_moves":
        sessions_due(con, home, moves)


def _make(con: duckdb.DuckDBPyConnection, table: str, name: str, query: str) -> None:
    """The table of ``query``, with the comments of the mart ``name``."""
    grain, columns = header(sql_file(f"marts/{name}"))
    con.execute(f"create or replace table {table} as {query}")
    con.execute(f"comment on table {table} is {quoted(grain)}")
    for column, words in columns.items():
        con.execute(f"comment on column {table}.{column} is {quoted(words)}")


def _digest(con: duckdb.DuckDBPyConnection, name: str) -> str:
    """Of the mart's query and of its small inputs."""
    query = sql_file(f"marts/{name}")
    parts = [f"select hash({quoted(query)})::varchar"] + [
        f"select sum(hash(one)::hugeint)::varchar from {table} as one" for table in SMALL if table in tables_read(query)
    ]
    return " ".join(str(con.execute(part).fetchall()[0][0]) for part in parts)


@contextmanager
def _in_place(con: duckdb.DuckDBPyConnection, query: str, views: Mapping[str, str]) -> Iterator[str]:
    """While the block lasts, ``views`` stand for the tables that ``query`` reads; gives the name of our database."""
    home = '"' + con.execute("select current_database()").fetchall()[0][0].replace('"', '""') + '"'
    con.execute("attach ':memory:' as part")
    try:
        for schema in ("raw", "core", "mart"):
            con.execute(f"create schema part.{schema}")
        for table in tables_read(query):
            rows = views.get(table, "select * from {table}")
            con.execute(f"create view part.{table} as {rows.format(table=f'{home}.{table}')}")
        con.execute("use part")
        yield home
    finally:
        con.execute(f"use {home}")
        con.execute("detach part")
