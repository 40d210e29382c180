"""The parts in which a mart is built: which groups of texts, or which sessions, and what they stand on.

Not here: building them (``marts.py``), noting what is due (``due.py``).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import duckdb

from pipelines.due import GROUPS
from pipelines.sql_files import sql_file, tables_read

PART_TEXTS = 200_000  # that a part of groups stands on
PART_OPINIONS = 600_000  # that count in the sessions of a part
REMEMBERED = 21  # sessions that a row of ticker_days looks back: twenty for its z, and the one before
CLOSED_DAYS = 31  # that an exchange may be closed in a row

OF_CHOSEN_TEXTS = "select rows.* from {table} as rows semi join chosen_texts using (text_id)"


class Parts(NamedTuple):
    """Parts of a mart, one after the other."""

    count: int
    is_whole: bool  # together they are the whole mart
    views: Mapping[str, str]  # of the tables, {table}, that its query reads: what stands in their place
    is_chosen: str  # condition on rows of the mart: they are of the part
    choose: Callable[[duckdb.DuckDBPyConnection, str, int], None]  # con, name of our database, number of the part
    afterwards: Sequence[str] = ()


def group_parts(con: duckdb.DuckDBPyConnection, mart: str, is_whole: bool) -> Parts:
    """Those of a mart whose rows stand on groups of texts: the groups that are due, or all of them."""
    group = GROUPS[mart]
    con.execute(
        f"""create or replace temp table sizes as
        select {group.key} as key, count(*) as text_count, min(day) as first_day from core.texts group by all"""
    )
    if not is_whole:
        con.execute(
            f"""create or replace temp table due_keys as
            select distinct key from built.due where mart = '{mart}' and key is not null
            {_priced(mart)}"""
        )
        share = "select sum(text_count) filter (key in (select key from due_keys)) > sum(text_count) / 2 from sizes"
        is_whole = bool(con.execute(share).fetchall()[0][0])
    asked = "select key from sizes" if is_whole else "select key from due_keys"
    con.execute(
        f"""create or replace temp table part_keys as
        select asked.key,
            ((sum(coalesce(text_count, 1)) over (order by first_day, asked.key) - 1) // {PART_TEXTS})::bigint as part
        from ({asked}) as asked left join sizes using (key)"""
    )
    con.execute("create or replace temp table chosen_keys (key varchar)")
    con.execute("create or replace temp table chosen_texts (text_id varchar)")

    def choose(con: duckdb.DuckDBPyConnection, home: str, number: int) -> None:
        con.execute("delete from chosen_keys")
        con.execute("delete from chosen_texts")
        con.execute("insert into chosen_keys select key from part_keys where part = ?", [number])
        # A thread's first post is read beside its texts, even where it belongs to another thread itself.
        con.execute(
            f"""insert into chosen_texts
            select text_id from {home}.core.texts where {group.key} in (select key from chosen_keys)
            union
            select key from chosen_keys"""
        )

    return Parts(
        count=_count(con, "select coalesce(max(part) + 1, 0) from part_keys"),
        is_whole=is_whole,
        views=dict.fromkeys(_with_texts(con), OF_CHOSEN_TEXTS),
        is_chosen=f"{group.key} in (select key from chosen_keys)",
        choose=choose,
    )


def session_parts(con: duckdb.DuckDBPyConnection, mart: str, is_whole: bool) -> Parts:
    """Those of a mart of sessions: from the first session that is due on, or from the first one at all.

    A part stands on the texts that count in its sessions and in the ``REMEMBERED`` before them, and on those of each
    ticker's first session, where its rows begin.
    """
    reads_counts = "raw.engagement" in tables_read(sql_file(f"marts/{mart}"))
    if reads_counts:
        con.execute(
            """create or replace temp table counted_days as
            select observed_at::date as day, sum(hash(seen)::hugeint)::varchar as digest
            from raw.engagement as seen group by all"""
        )
    since = _first_counted(con) if reads_counts else None
    noted = con.execute("select min(since) from built.due where mart = ?", [mart]).fetchall()[0][0]
    first = date.min if is_whole else min(filter(None, (since, noted)), default=None)
    con.execute(
        f"""create or replace temp table part_days as
        select row_number() over (order by first_day) - 1 as part, first_day,
            coalesce(lead(first_day) over (order by first_day) - 1, date '9999-12-31') as last_day
        from (
            select $first::date as first_day where first_day is not null
            union
            select min(signal_session)
            from (
                select signal_session, (sum(count(*)) over (order by signal_session) - 1) // {PART_OPINIONS} as part
                from mart.text_moves where signal_session >= $first::date group by signal_session
            )
            where part > 0 group by part
        )""",
        {"first": first},
    )
    con.execute("create or replace temp table chosen_days (first_day date, last_day date, remembered_day date)")
    con.execute("create or replace temp table chosen_cells (ticker varchar, signal_session date)")
    con.execute("create or replace temp table chosen_texts (text_id varchar)")
    of_cells = "select rows.* from {table} as rows semi join chosen_cells using (ticker, signal_session)"
    return Parts(
        count=_count(con, "select count(*) from part_days"),
        is_whole=is_whole,
        views={"mart.text_moves": of_cells, "core.texts": OF_CHOSEN_TEXTS, "raw.engagement": OF_CHOSEN_TEXTS},
        is_chosen="trading_day between (select first_day from chosen_days) and (select last_day from chosen_days)",
        choose=_choose_sessions,
        afterwards=(
            "delete from {home}.built.counted_days",
            "insert into {home}.built.counted_days by name select day, digest from counted_days",
        )
        if reads_counts
        else (),
    )


def _first_counted(con: duckdb.DuckDBPyConnection) -> date | None:
    """The first session in which a count may be known that was not, or the other way round."""
    return con.execute(
        """select min(coalesce(now.day, before.day)) - 1
        from counted_days as now
        full join built.counted_days as before using (day)
        where now.digest is distinct from before.digest"""
    ).fetchall()[0][0]


def _choose_sessions(con: duckdb.DuckDBPyConnection, home: str, number: int) -> None:
    for table in ("chosen_days", "chosen_cells", "chosen_texts"):
        con.execute(f"delete from {table}")
    con.execute(
        f"""insert into chosen_days
        select chosen.first_day, chosen.last_day, min(sessions.trading_day)
        from (
            select part_days.first_day, part_days.last_day, calendar, min(session_number) as session_number
            from part_days
            join {home}.core.sessions on sessions.trading_day >= part_days.first_day
            where part = $number
            group by all
        ) as chosen
        join {home}.core.sessions
            on sessions.calendar = chosen.calendar
            and sessions.session_number = greatest(chosen.session_number - {REMEMBERED}, 1)
        group by all""",
        {"number": number},
    )
    con.execute(
        f"""insert into chosen_cells
        select ticker, signal_session
        from {home}.mart.text_moves
        where signal_session between (select remembered_day from chosen_days) and (select last_day from chosen_days)
        union
        select ticker, min(signal_session) from {home}.mart.text_moves group by ticker"""
    )
    con.execute(
        f"""insert into chosen_texts
        select text_id from {home}.mart.text_moves semi join chosen_cells using (ticker, signal_session)
        union
        select text_id from {home}.core.texts
        where known_at >= (select remembered_day from chosen_days) - {CLOSED_DAYS}
            and known_at::date - 1 <= (select last_day from chosen_days)"""
    )


def _with_texts(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables of core whose rows belong to texts."""
    found = con.execute(
        "select 'core.' || table_name from duckdb_columns() where schema_name = 'core' and column_name = 'text_id'"
    )
    return [table for (table,) in found.fetchall()]


def _priced(mart: str) -> str:
    """The keys of a mart's rows to which changed returns matter."""
    group = GROUPS[mart]
    if group.last_priced is None:
        return ""
    return f"""union
        select distinct {group.key}
        from mart.{mart}
        join (select ticker, min(since) as since from built.due where mart = '{mart}' group by ticker) using (ticker)
        where {group.last_priced} >= since"""


def _count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    return con.execute(query).fetchall()[0][0]
