"""``make restore FROM=file``: bring the database, the landing and crowdtape.toml of a backup back into the home.

Everything is unpacked and tried beside what is there before anything is changed: until then an interruption, a broken
file or one that is no backup leaves the home as it was. The database that is there is kept as
``crowdtape.before-restore-<time>.duckdb``; so is a crowdtape.toml that differs. Landed files of the backup are put
among those that are there. Then the published copy is written anew.
A backup brings back whom ``make forget`` removed since: forget them again.
Not here: what a backup holds (``backup.py``).
"""

import argparse
import os
import re
import shutil
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import duckdb

from pipelines.backup import FOLLOW, SUFFIX
from pipelines.database_copy import NotCopied, put_in_place, sync_folder
from pipelines.locks import WarehouseClosed, WarehouseHeld
from pipelines.schema import OtherSchema
from pipelines.settings import BadSettings, read_settings
from pipelines.sources.landing import FOLDER as LANDING
from pipelines.sources.rows import BrokenFile, Limits
from pipelines.sources.streams import open_bytes
from pipelines.warehouse import DATABASE, Warehouse

# What a backup holds, and nothing else: no way up, no folder but these, nothing but plain files.
KNOWN_NAME = re.compile(
    rf"{re.escape(DATABASE)}|{re.escape(FOLLOW)}"
    rf"|{LANDING}/[a-z0-9_]+/[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}/[A-Za-z0-9-]+\.ndjson\.zst"
)
LONGEST_HEADER = 2**16  # bytes of the lines that tar puts before a file with a long name or an exact time
MOST_FILES = 1_000_000
BLOCK = 2**20


class NoBackup(RuntimeError):
    """The file is not a backup that can be brought back; the message says why. Nothing was changed."""


class Member(tarfile.TarInfo):
    """A plain file of an archive, or the lines before it; all else is refused before tarfile reads it into memory."""

    @classmethod
    def frombuf(cls, buf: bytes, encoding: str, errors: str) -> "Member":
        """The member that a header of 512 bytes begins."""
        member = super().frombuf(buf, encoding, errors)
        is_plain = member.type in (tarfile.REGTYPE, tarfile.AREGTYPE)
        if not is_plain and (member.type != tarfile.XHDTYPE or member.size > LONGEST_HEADER):
            raise NoBackup(f"{member.name[:200]!r} is nothing that a backup holds")
        return member


def main(arguments: list[str] | None = None) -> None:
    """Bring a backup back into the home of the settings; says what was done, or exits with the reason."""
    parser = argparse.ArgumentParser(
        prog="python -m pipelines.restore", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", help=f"what `make backup` wrote (…{SUFFIX})")
    asked = parser.parse_args(arguments)
    if not asked.file:
        sys.exit(f"say which: make restore FROM=/some/folder/crowdtape{SUFFIX}")
    try:
        settings = read_settings()
        warehouse = Warehouse(
            home=str(settings.home), memory_limit=settings.memory_limit, lock_wait_seconds=settings.lock_wait_seconds
        )
        print(restored(warehouse, settings.follow, Path(asked.file).expanduser(), datetime.now(UTC), settings.limits))
    except (BadSettings, WarehouseClosed, OtherSchema, NotCopied, NoBackup) as error:
        sys.exit(str(error))


def restored(warehouse: Warehouse, follow: Path, backup: Path, now: datetime, limits: Limits) -> str:
    """Bring ``backup`` back; lines that say what was done.

    Raises ``NoBackup`` where it is none, is broken, or expands past ``limits`` or to more than there is room for;
    ``WarehouseClosed`` where somebody holds the database; ``OtherSchema`` where another version made it.
    """
    home = Path(warehouse.home)
    began = time.monotonic()
    before = f"before-restore-{now:%Y%m%dT%H%M%SZ}"
    try:
        home.mkdir(parents=True, exist_ok=True)
        with _unpacked(backup, home, limits) as folder:
            _try(warehouse, folder / DATABASE)
            said = [f"restored {backup} to {home}"]
            if kept := _replace_database(warehouse, folder / DATABASE, before):
                said.append(f"the database that was there is {kept.name}: remove it when you no longer need it")
            count = _put_landed(folder, home)
            if kept := _replace_follow(folder / FOLLOW, follow, before):
                said.append(f"the {follow.name} that was there is {kept}")
    except OSError as error:
        raise NoBackup(f"{backup} could not be brought back ({error.strerror}: {error.filename or home})") from error
    size = warehouse.publish()
    said.append(
        f"{count:,} landed files; published {warehouse.published.name}, {size / 1e6:,.1f} MB; "
        f"{time.monotonic() - began:.1f} s"
    )
    return "\n".join(said)


@contextmanager
def _unpacked(backup: Path, home: Path, limits: Limits) -> Iterator[Path]:
    """The files of a backup in a new folder beside those of the home, which is gone afterwards."""
    for left in home.glob("restore.*.part"):  # by one that was killed
        shutil.rmtree(left, ignore_errors=True)
    folder = home / f"restore.{os.getpid()}.part"
    folder.mkdir()
    try:
        room = replace(limits, expanded_bytes=min(limits.expanded_bytes, shutil.disk_usage(home).free))
        try:
            with open_bytes(backup, room) as packed:
                _unpack(packed, folder, room.expanded_bytes)
        except (BrokenFile, tarfile.TarError, ValueError, OverflowError) as error:
            raise NoBackup(f"{backup} is no backup, or a broken one ({error}). Nothing was changed.") from error
        except NoBackup as error:
            raise NoBackup(f"{backup}: {error}. Nothing was changed.") from None
        if not (folder / DATABASE).is_file():
            raise NoBackup(f"{backup} has no {DATABASE} in it. Nothing was changed.")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpack(packed: BinaryIO, folder: Path, most_bytes: int) -> None:
    """Write the plain files of the archive that a backup may hold; ``NoBackup`` at the first other thing."""
    with tarfile.open(fileobj=packed, mode="r|", bufsize=BLOCK, tarinfo=Member) as archive:
        total, names = 0, set()
        for member in archive:
            if member.issparse() or not KNOWN_NAME.fullmatch(member.name):
                raise NoBackup(f"{member.name[:200]!r} is nothing that a backup holds")
            total += member.size
            names.add(member.name)
            if total > most_bytes:
                raise NoBackup(
                    f"it expands to more than the {most_bytes / 1e9:,.1f} GB that there is room for; "
                    "CROWDTAPE_MAX_EXPANDED_GB sets how much is believed at most"
                )
            if len(names) > MOST_FILES:
                raise NoBackup(f"it has more than {MOST_FILES:,} files")
            path = folder / member.name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as target:
                shutil.copyfileobj(archive.extractfile(member), target, BLOCK)
                target.flush()
                os.fsync(target.fileno())
            if path.stat().st_size != member.size:
                raise NoBackup(f"{member.name} is cut off")
            os.utime(path, (member.mtime, member.mtime))
    while packed.read(BLOCK):  # to the checksum at its end
        pass


def _try(warehouse: Warehouse, database: Path) -> None:
    """Open the database that was unpacked, as a run will; ``NoBackup`` where it is no database of ours."""
    try:
        with duckdb.connect(database, read_only=True, config=warehouse.options) as con:
            con.execute("select count(*) from raw.schema_versions").fetchall()
    except duckdb.Error as error:
        raise NoBackup(f"its database is not one of Crowdtape, or broken ({error}). Nothing was changed.") from error
    with warehouse.model_copy(update={"home": str(database.parent)}).connect():
        pass  # its schema is known


def _replace_database(warehouse: Warehouse, database: Path, before: str) -> Path | None:
    """Put ``database`` where the written file is; where the one that was there is now."""
    current = warehouse.database
    if not current.exists():
        put_in_place(database, current)
        return None
    kept = current.with_suffix(f".{before}.duckdb")
    held = _held(warehouse)
    try:
        with suppress(FileNotFoundError):  # a log that belongs to it; only where it could not be opened
            Path(f"{current}.wal").rename(f"{kept}.wal")
        try:
            kept.hardlink_to(current)  # so that there is a database at every moment
        except OSError:
            current.rename(kept)
        put_in_place(database, current)
    finally:
        if held:
            held.close()
    return kept


def _held(warehouse: Warehouse) -> duckdb.DuckDBPyConnection | None:
    """The written file, held so that nobody writes it meanwhile; None where it is broken, and nobody can."""
    try:
        con = warehouse.when_free(lambda: duckdb.connect(warehouse.database, config=warehouse.options))
    except WarehouseHeld:
        raise
    except (WarehouseClosed, duckdb.Error):
        return None
    con.execute("force checkpoint")
    return con


def _put_landed(folder: Path, home: Path) -> int:
    """Put the landed files of the backup among those of the home; their number."""
    count = 0
    for path in sorted((folder / LANDING).glob("*/*/*")):
        target = home / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
        count += 1
    return count


def _replace_follow(restored: Path, follow: Path, before: str) -> Path | None:
    """Put the backup's list of what to follow in place; where the one that was there is now, if it differs."""
    if not restored.is_file() or (follow.is_file() and follow.read_bytes() == restored.read_bytes()):
        return None
    kept = None
    if follow.is_file():
        kept = follow.with_name(f"{follow.stem}.{before}{follow.suffix}")
        shutil.copy2(follow, kept)
    part = follow.with_name(f"{follow.name}.{os.getpid()}.part")
    try:
        shutil.copyfile(restored, part)  # it may lie on another file system
        part.replace(follow)
        sync_folder(follow.parent)
    finally:
        part.unlink(missing_ok=True)
    return kept


if __name__ == "__main__":
    main()
