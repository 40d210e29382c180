"""Taking files into the raw tables, each whole or not at all: those of the inbox, and what services answered.

Here: content hashes, the transaction around one file, what is said about it in ``raw.files``.
Not here: which files there are (``inbox.py``, ``landing.py``), any format. Nothing is moved, changed or deleted.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa

from pipelines.authors import WITHHELD, Doorkeeper, doorkeeper
from pipelines.prices.rows import PRICE_ROWS, PriceBatch
from pipelines.printable import storable
from pipelines.progress import Count, Progress
from pipelines.sources.rows import ENGAGEMENT_ROWS, REJECT_ROWS, TEXT_ROWS, Batch, BrokenFile, Limits
from pipelines.sql_files import sql_file
from pipelines.tables import insert, shown_as, transaction

MERGE_ROWS = 1_000_000  # staged rows that are merged into raw together: bounds memory, spares probes
HASH_BYTES = 2**20
MEGABYTE = 1_000_000

Read = Callable[[Path, Limits, datetime], Iterator[Batch | PriceBatch]]


@dataclass(frozen=True)
class InputFile:
    """One file to take in; ``name`` is its path relative to the inbox or the home, with forward slashes.

    ``source`` is where it lies (``inbox/texts``, ``landing/hackernews``), ``gives`` what ``read`` finds in it.
    ``saved_at`` is the time of the file itself, ``modified_at`` the later of its own and its sidecar's.
    """

    path: Path
    sidecar: Path | None
    name: str
    source: str
    gives: Literal["texts", "prices"]
    read: Read
    size_bytes: int
    saved_at: datetime
    modified_at: datetime


@dataclass
class Taken:
    """What came of one file: a row of ``raw.files``."""

    file: InputFile
    content_hash: str
    status: str = "ok"
    row_count: int = 0
    reject_count: int = 0
    error: str | None = None
    forgotten_count: int = 0  # texts left out because their author asked for it; only said, not kept


def content_hash(*parts: Path | None) -> str:
    """BLAKE2b, 128 bit, hex, of the bytes of a file and its sidecar, if it has one."""
    digest = hashlib.blake2b(digest_size=16)
    for part in filter(None, parts):
        with part.open("rb") as file:
            while chunk := file.read(HASH_BYTES):
                digest.update(chunk)
    return digest.hexdigest()


def take_in_new(
    con: duckdb.DuckDBPyConnection,
    files: list[InputFile],
    now: datetime,
    limits: Limits,
    latency_seconds: int,
    progress: Progress | None = None,
    author_salt: str | None = None,
) -> list[Taken]:
    """Take every one of ``files`` into raw that was not taken in before; what came of each, in their order.

    A file is known by its path, size and time, else by the hash of its content. A failed one is tried again.
    A bad file is a row with its error and stops no other; a database error does stop, and so does ``OtherSalt``.
    ``progress`` says what came of each file, and on the way how many of all bytes were read.
    """
    door = doorkeeper(con, author_salt, now)
    seen = con.execute("select path, size_bytes, modified_at from raw.files where status <> 'failed'").fetchall()
    unchanged = {(path, size, modified_at) for path, size, modified_at in seen}
    new = [file for file in files if (file.name, file.size_bytes, file.modified_at) not in unchanged]
    taken, progress = [], progress or Progress()
    with progress.counting("MB", sum(file.size_bytes for file in new) / MEGABYTE) as count:
        for number, file in enumerate(new, 1):
            count.note = name = f"file {number}/{len(new)} {file.name}"
            one = _take_in(con, file, now, _heard(limits, count), latency_seconds, count, door)
            taken.append(one)
            said = f"{one.status}, {one.row_count:,} rows, {one.reject_count:,} rejects"
            left_out = f", {one.forgotten_count:,} of forgotten authors left out" if one.forgotten_count else ""
            progress.say(f"{name}: {said}{left_out}")
            count.done = sum(one.file.size_bytes for one in taken) / MEGABYTE
    return taken


def _heard(limits: Limits, count: Count) -> Limits:
    """The limits with somebody who counts what is read of the next file. Its beginning may be read several times."""
    before = count.done

    def read_up_to(place: int) -> None:
        count.done = max(count.done, before + place / MEGABYTE)

    return replace(limits, told=read_up_to)


def forget_files(con: duckdb.DuckDBPyConnection, files: Iterable[InputFile]) -> None:
    """Take the rows of files out of raw, and that they were read: ``take_in_new`` reads them anew, all or none.

    A text that other files brought, too, comes back from these, since it is in them as well.
    """
    paths = [file.name for file in files]
    with transaction(con):
        for table in ("posts", "comments", "engagement", "prices", "rejects", "files"):
            con.execute(f"delete from raw.{table} where list_contains(?, path)", [paths])


def troubles(con: duckdb.DuckDBPyConnection, files: Iterable[InputFile]) -> list[tuple[str, str, str]]:
    """(path, status, error) of every one of ``files`` that could not be read whole."""
    present = {file.name for file in files}
    rows = con.execute("select path, status, error from raw.files where status <> 'ok' order by path").fetchall()
    return [row for row in rows if row[0] in present]


def _take_in(
    con: duckdb.DuckDBPyConnection,
    file: InputFile,
    now: datetime,
    limits: Limits,
    latency_seconds: int,
    count: Count,
    door: Doorkeeper,
) -> Taken:
    taken = Taken(file, content_hash="")
    try:
        taken.content_hash = content_hash(file.path, file.sidecar)
    except OSError as error:
        taken.status, taken.error = (
            "failed",
            f"{file.name}: cannot be read ({error.strerror}); check its permissions",
        )
    with transaction(con):
        copies = con.execute(
            "select count(*) from raw.files where content_hash = ? and status <> 'failed' and source = ?",
            [taken.content_hash, file.source],
        ).fetchall()
        if copies[0][0] == 0 and taken.status == "ok":
            saved_at = min(file.saved_at, now)
            if file.gives == "texts":
                _take_in_texts(con, taken, saved_at, limits, latency_seconds, count, door)
                door.remember(con, now)
            else:
                _take_in_prices(con, taken, saved_at, limits, count, door)
        _record(con, taken, now)
    return taken


def _take_in_texts(
    con: duckdb.DuckDBPyConnection,
    taken: Taken,
    saved_at: datetime,
    limits: Limits,
    latency_seconds: int,
    count: Count,
    door: Doorkeeper,
) -> None:
    _stage(con, "staged_texts", TEXT_ROWS)
    _stage(con, "staged_engagement", ENGAGEMENT_ROWS)
    path = taken.file.name
    params = {"path": path, "saved_at": saved_at, "latency_seconds": latency_seconds}
    staged = 0
    _clear_rejects(con, path)
    for batch in _guarded(taken.file.read(taken.file.path, limits, saved_at), taken, count, door):
        admitted = door.admit(batch)
        insert(con, "staged_texts", admitted.texts)
        insert(con, "staged_engagement", admitted.engagement)
        _reject(con, taken, admitted.rejects)
        taken.row_count += batch.texts.num_rows
        taken.forgotten_count += batch.texts.num_rows - admitted.texts.num_rows
        staged += admitted.texts.num_rows
        if staged >= MERGE_ROWS:
            _merge_texts(con, params)
            staged = 0
    _merge_texts(con, params)


def _merge_texts(con: duckdb.DuckDBPyConnection, params: dict[str, object]) -> None:
    """Move staged rows into raw: new versions are added, one seen earlier than we thought is moved back.

    A version is known from its publication or edit; but one that says no time of its own and was seen after another
    version of the same text is a change that somebody made unseen: it is known when it was seen.
    """
    for table in ("posts", "comments"):
        con.execute(f"create or replace temp table arrived as {sql_file(f'raw/{table}')}", params)
        con.execute(
            f"""update raw.{table} as held
            set known_at = arrived.known_at, fetched_at = arrived.fetched_at, day = arrived.day, path = arrived.path,
                published_at = arrived.published_at, time_precision = arrived.time_precision
            from arrived
            where held.text_id = arrived.text_id and held.version_id = arrived.version_id
                and (arrived.known_at < held.known_at and held.time_precision <> 'exact'
                    or held.time_precision = 'exact' and (
                        arrived.fetched_at < held.fetched_at
                        or held.fetched_at is null and arrived.known_at < held.known_at
                    ))"""
        )
        con.execute(
            f"""insert into raw.{table} by name
            select arrived.* from arrived anti join raw.{table} using (text_id, version_id)"""
        )
        con.execute(
            f"""update raw.{table} as held set known_at = greatest(held.known_at, held.fetched_at)
            from (
                select text_id, min(fetched_at) as first_fetched_at
                from raw.{table}
                where text_id in (select text_id from arrived)
                group by text_id
                having count(*) > 1
            ) as seen
            where held.text_id = seen.text_id and held.fetched_at > seen.first_fetched_at
                and held.time_precision = 'exact' and held.edited_at is null"""
        )
    con.execute(
        f"""insert into raw.engagement by name
        select counted.* from ({sql_file("raw/engagement")}) as counted
        anti join raw.engagement using (text_id, observed_at)""",
        {"path": params["path"]},
    )
    con.execute("truncate staged_texts")
    con.execute("truncate staged_engagement")


def _take_in_prices(
    con: duckdb.DuckDBPyConnection,
    taken: Taken,
    saved_at: datetime,
    limits: Limits,
    count: Count,
    door: Doorkeeper,
) -> None:
    _stage(con, "staged_prices", PRICE_ROWS)
    path = taken.file.name
    _clear_rejects(con, path)
    for batch in _guarded(taken.file.read(taken.file.path, limits, saved_at), taken, count, door):
        insert(con, "staged_prices", batch.prices)
        _reject(con, taken, door.admit_rejects(batch.rejects))
        taken.row_count += batch.prices.num_rows
    con.execute("delete from raw.prices where path = ?", [path])
    con.execute(
        # The fullest of several rows for one bar, then the greatest: the same whatever the order in the file.
        """insert into raw.prices by name
        select distinct on (ticker, bar, trading_day, start_at) staged_prices.*, ? as path
        from staged_prices
        order by ticker, bar, trading_day, start_at,
            (open is null)::int + (high is null)::int + (low is null)::int + (close is null)::int,
            volume desc nulls last, close desc nulls last, open desc nulls last, adjusted_close desc nulls last""",
        [path],
    )


def _guarded(batches: Iterable, taken: Taken, count: Count, door: Doorkeeper) -> Iterator:
    """Pass batches on; whatever the *reader* raises becomes the file's status, with what came before it kept."""
    name = count.note
    try:
        for batch in batches:
            yield batch
            count.note = f"{name}: {taken.row_count:,} rows"
    except Exception as error:  # a stranger's file must not stop the others; the check shows it in red
        taken.status = "partial" if taken.row_count else "failed"
        taken.error = storable(_told(error, taken.file, door))  # it names the file


def _told(error: Exception, file: InputFile, door: Doorkeeper) -> str:
    """What was wrong with a file; without its words where they may hold the handles that a salt hides."""
    if door.salt and file.gives == "texts" and not isinstance(error, BrokenFile):
        return f"{file.name}: {type(error).__name__}; {WITHHELD}. warehouse/inbox/README.md says what is expected"
    return str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"


def _stage(con: duckdb.DuckDBPyConnection, table: str, schema: pa.Schema) -> None:
    with shown_as(con, "empty", schema.empty_table()):
        con.execute(f"create or replace temp table {table} as select * from empty")


def _clear_rejects(con: duckdb.DuckDBPyConnection, path: str) -> None:
    con.execute("delete from raw.rejects where path = ?", [path])


def _reject(con: duckdb.DuckDBPyConnection, taken: Taken, rejects: pa.Table) -> None:
    if rejects.num_rows:
        insert(
            con,
            "raw.rejects",
            rejects.select(REJECT_ROWS.names)
            .append_column("path", pa.repeat(taken.file.name, rejects.num_rows))
            .append_column("content_hash", pa.repeat(taken.content_hash, rejects.num_rows)),
        )
        taken.reject_count += rejects.num_rows


def _record(con: duckdb.DuckDBPyConnection, taken: Taken, now: datetime) -> None:
    file = taken.file
    con.execute("delete from raw.files where path = ?", [file.name])
    con.execute(
        """insert into raw.files by name
        select ? as source, ? as path, ? as content_hash, ? as size_bytes, ? as modified_at, ? as fetched_at,
            ? as status, ? as row_count, ? as reject_count, ? as error""",
        [
            file.source,
            file.name,
            taken.content_hash,
            file.size_bytes,
            file.modified_at,
            now,
            taken.status,
            taken.row_count,
            taken.reject_count,
            taken.error,
        ],
    )
