"""Forget a person: remove an author's texts from every table and file of the database, and keep them out for good.

``make forget AUTHOR=reddit:handle``, or ``python -m pipelines.forget reddit:handle``. The handle is written as the
source shows it, also where CROWDTAPE_AUTHOR_SALT hides it; the pseudonym of a table (reddit:author-…) will do as well.

The author's texts in all versions go, with their counts, scores, mentions and opinions; the days that stood on them are
built again as if they had never been seen; both database files are written anew; and a digest stays behind, by which
later files are sifted. Landed answers of live services in which the handle stands are removed, too. What other people
quoted or copied stays, for it is theirs. So do the files of the inbox: those that hold the texts are named, to be
deleted by hand; and old run logs (.dagster/), which may quote an unreadable file.
Nobody else may use the database meanwhile. If it is interrupted, the same command ends what it began.
"""

import argparse
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pyarrow as pa

from pipelines.authors import PSEUDONYM, OtherSalt, digest, keep_salt, keep_texts_out, pseudonym
from pipelines.database_copy import NotCopied, put_in_place
from pipelines.definitions import defs
from pipelines.defs.resources import FIRST_DAY, LAST_DAY
from pipelines.printable import printable
from pipelines.schema import OtherSchema
from pipelines.settings import Settings
from pipelines.sources.landing import FOLDER as LANDING
from pipelines.sources.landing import remove_naming
from pipelines.sql_files import quoted, sql_file
from pipelines.tables import transaction
from pipelines.text.automatic import is_automatic_account
from pipelines.warehouse import Warehouse, WarehouseClosed

MOST_DAYS_APART = 31  # days less than a month apart are built by one run
TEXTS_AND_WHAT_FOLLOWS = dg.AssetSelection.assets(["core", "texts"]).downstream()
RAW, CORE = dg.AssetSelection.groups("raw"), dg.AssetSelection.groups("core")
# The handle as a word of its own.
NAMES_THEM = r"regexp_matches({column}, '(?i)(^|[^\w-])' || regexp_escape($handle) || '($|[^\w-])')"


class UnknownAuthor(ValueError):
    """The database has no text by this author; the message says what to look for."""


class RebuildFailed(RuntimeError):
    """A step of the job failed after the texts were removed; the message says which, and what to do."""


def main(arguments: list[str] | None = None) -> None:
    """Forget the author given; exits with 1 and the reason where nothing could be done."""
    parser = argparse.ArgumentParser(
        prog="python -m pipelines.forget", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("author", help="source:handle, e.g. reddit:some_handle")
    asked = parser.parse_args(arguments)
    settings = Settings()
    warehouse = Warehouse(
        home=str(settings.home), memory_limit=settings.memory_limit, lock_wait_seconds=settings.lock_wait_seconds
    )
    salt = settings.author_salt and settings.author_salt.get_secret_value()
    try:
        forget(warehouse, asked.author, salt, datetime.now(UTC))
    except (UnknownAuthor, OtherSalt, OtherSchema, WarehouseClosed, NotCopied, RebuildFailed) as error:
        sys.exit(str(error))


def forget(
    warehouse: Warehouse, author: str, salt: str | None, now: datetime, say: Callable[[str], object] = print
) -> None:
    """Remove the texts of ``author`` (``source:handle``) everywhere, rebuild what stood on them, rewrite both files.

    ``UnknownAuthor`` where there are none and there never were; ``RebuildFailed`` where a step of the job fails.
    """
    author_id = known_as(author, salt)
    if not warehouse.database.exists():
        raise UnknownAuthor(f"{warehouse.database} is not there: nothing to forget")
    with warehouse.connect() as con:
        keep_salt(con, salt, now)
        con.execute(
            """create temp table gone as
            select text_id, path from raw.posts where source || ':' || author = $author
            union
            select text_id, path from raw.comments where source || ':' || author = $author""",
            {"author": author_id},
        )
        paths = [path for (path,) in con.execute("select distinct path from gone order by path").fetchall()]
        if paths:
            ranges = _ranges(_days_touched(con))
            with transaction(con):
                _keep_out(con, author_id, salt, now)
                removed = _remove(con, author.partition(":")[2], ranges)
            say(f"removed of {printable(author)}: {', '.join(f'{count:,} {what}' for what, count in removed.items())}")
            landed = remove_naming(Path(warehouse.home), author.partition(":")[2], paths)
            if landed:
                say(f"removed {landed:,} landed files in which they stand")
            if dropped := [path for path in paths if not path.startswith(f"{LANDING}/")]:
                repeats = "as does any other that repeats them"
                say(f"files of the inbox that hold the texts ({repeats}); delete them yourself:")
            for path in dropped:
                say(f"  {printable(path)}")
        elif _is_forgotten(con, author_id, salt):
            ranges = [row[:2] for row in con.execute(sql_file("checks/every_day_is_built")).fetchall()]
            say(f"{author} was forgotten before; this ends what may have been interrupted")
            remove_naming(Path(warehouse.home), author.partition(":")[2], paths)
        else:
            raise UnknownAuthor(_unknown(con, author))
    _rewrite(warehouse)
    _rebuild(warehouse, ranges, say)


def known_as(author: str, salt: str | None) -> str:
    """``source:handle`` as ``core.texts.author_id`` has it; ``UnknownAuthor`` where it has another form."""
    source, _, handle = author.partition(":")
    if not source or not handle:
        raise UnknownAuthor(f"{author!r} is not source:handle, such as reddit:some_handle")
    if not salt or re.fullmatch(PSEUDONYM, handle) or is_automatic_account(pa.array([handle]))[0].as_py():
        return author
    return f"{source}:{pseudonym(author, salt)}"


def _unknown(con: duckdb.DuckDBPyConnection, author: str) -> str:
    alike = con.execute(
        """select distinct source || ':' || author as author_id
        from (select source, author from raw.posts union all select source, author from raw.comments)
        where lower(source || ':' || author) = lower(?) order by author_id limit 5""",
        [author],
    ).fetchall()
    meant = f"; did you mean {' or '.join(printable(name) for (name,) in alike)}?" if alike else ""
    return f"no text by {author} is in the database, nothing was changed{meant}"


def _is_forgotten(con: duckdb.DuckDBPyConnection, author_id: str, salt: str | None) -> bool:
    known = con.execute("select count(*) from raw.forgotten where digest = ?", [digest("author", author_id, salt)])
    return known.fetchall()[0][0] > 0


def _keep_out(con: duckdb.DuckDBPyConnection, author_id: str, salt: str | None, now: datetime) -> None:
    """Leave the digests of the author and the texts, for the files that bring them again."""
    texts = con.execute("select distinct text_id from gone").fetchall()
    con.execute("insert into raw.forgotten values ('author', ?, ?)", [digest("author", author_id, salt), now])
    keep_texts_out(con, [digest("text", text_id, salt) for (text_id,) in texts], now)


def _days_touched(con: duckdb.DuckDBPyConnection) -> list[date]:
    """Days built whose rows stand on the texts: their own, those of their threads, and those of possible copies."""
    rows = con.execute(
        """with gone_texts as (
            select text_id, thread_id, known_at::date as known_on
            from core.texts
            where text_id in (select text_id from gone)
        )
        select distinct day
        from core.texts
        where thread_id in (select thread_id from gone_texts)
            or parent_id in (select text_id from gone_texts)
            or known_at::date in (select known_on from gone_texts union select known_on + 1 from gone_texts)
        order by day"""
    ).fetchall()
    return [day for (day,) in rows]


def _ranges(days: Iterable[date]) -> list[tuple[date, date]]:
    ranges: list[tuple[date, date]] = []
    for day in days:
        if ranges and day - ranges[-1][1] <= timedelta(days=MOST_DAYS_APART):
            ranges[-1] = (ranges[-1][0], day)
        else:
            ranges.append((day, day))
    return ranges


def _remove(con: duckdb.DuckDBPyConnection, handle: str, ranges: list[tuple[date, date]]) -> Counter[str]:
    """Delete the texts from every table, and what stood on them, which the job builds again; rows of raw by table.

    The days to build go too, so that ``every_day_is_built`` names them should the job not come to it; but for the
    scores, whose older versions nobody can build again.
    """
    removed: Counter[str] = Counter()
    for table in _tables(con, "raw", "core"):
        deleted = con.execute(f"delete from {table} where text_id in (select text_id from gone)").fetchall()
        if table.startswith("raw."):
            removed[table] = deleted[0][0]
    named = con.execute(
        f"delete from raw.rejects where {NAMES_THEM.format(column='excerpt')} or {NAMES_THEM.format(column='reason')}",
        {"handle": handle},
    )
    removed["raw.rejects"] = named.fetchall()[0][0]
    for table in ("raw.files", "raw.fetches"):
        con.execute(
            f"update {table} set error = 'names a forgotten author' where {NAMES_THEM.format(column='error')}",
            {"handle": handle},
        )
    for table in set(_tables(con, "core")) - {"core.scores"}:
        for days in ranges:
            con.execute(f"delete from {table} where day between ? and ?", days)
    for (table,) in con.execute("select table_name from duckdb_tables() where schema_name = 'mart'").fetchall():
        con.execute(f"delete from mart.{table}")
    return removed


def _tables(con: duckdb.DuckDBPyConnection, *schemas: str) -> list[str]:
    """Tables of these schemas that have rows of a text."""
    rows = con.execute(
        """select schema_name || '.' || table_name from duckdb_columns()
        where list_contains(?, schema_name) and column_name = 'text_id' and not internal order by all""",
        [list(schemas)],
    ).fetchall()
    return [name for (name,) in rows]


def _rewrite(warehouse: Warehouse) -> None:
    """Write the database into a new file: DuckDB leaves the bytes of deleted rows in the old one."""
    fresh = warehouse.database.with_suffix(f".{os.getpid()}.part")
    try:
        with duckdb.connect(config={"memory_limit": warehouse.memory_limit}) as con:  # the warehouse's own sees no file
            warehouse.when_free(lambda: con.execute(f"attach {quoted(str(warehouse.database))} as old"))
            con.execute("force checkpoint old")  # nothing of it stays in a log beside the new file
            con.execute(f"attach {quoted(str(fresh))} as fresh")
            con.execute("copy from database old to fresh")
            con.execute("detach fresh")
            put_in_place(fresh, warehouse.database)  # while it is still locked: nobody writes the old file in between
    finally:
        fresh.unlink(missing_ok=True)


def _rebuild(warehouse: Warehouse, ranges: Iterable[tuple[date, date]], say: Callable[[str], object]) -> None:
    """Core over the ranges of days, then the marts and the published copy."""
    house = defs()
    for first, last in ranges:
        say(f"building {first} to {last} again")
        days = {FIRST_DAY: first.isoformat(), LAST_DAY: last.isoformat()}
        _build(house, warehouse, TEXTS_AND_WHAT_FOLLOWS & CORE, days)
    _build(house, warehouse, dg.AssetSelection.all() - CORE - RAW)


def _build(
    house: dg.Definitions, warehouse: Warehouse, selection: dg.AssetSelection, days: Mapping[str, str] | None = None
) -> None:
    """Build what is selected, as the daily job does; without the inbox, where new files may wait."""
    result = dg.materialize(
        [*house.assets, *house.asset_checks],
        selection=selection,
        resources={**house.resources, "warehouse": warehouse},
        tags=days,
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        raise_on_error=False,
    )
    if not result.success:
        why = "\n".join(f"{event.step_key}: {event.message}" for event in result.all_events if event.is_step_failure)
        raise RebuildFailed(
            f"the texts are removed from {warehouse.database}, but what stood on them could not be built again, and "
            f"{warehouse.published.name} still has them. Run the same command again.\n{why}"
        )


if __name__ == "__main__":
    main()
