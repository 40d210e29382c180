"""``make backup TO=file``: the database, the landing and crowdtape.toml of one home in one file, while runs go on.

A ``.tar.zst``: any tar with zstd unpacks it. Not in it: the inbox, whose files are your own; the published copy, which
``make restore`` writes anew; ``.env`` with its secrets: keep CROWDTAPE_AUTHOR_SALT elsewhere, the database needs it.
It holds every text and handle of the database; what ``make forget`` removes later is still in it.
Not here: bringing it back (``restore.py``).
"""

import argparse
import io
import os
import sys
import tarfile
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import duckdb
import zstandard

from pipelines.database_copy import NotCopied, copy_database, sync_folder
from pipelines.locks import WarehouseClosed
from pipelines.schema import OtherSchema
from pipelines.settings import BadSettings, read_settings
from pipelines.sources.landing import FOLDER as LANDING
from pipelines.warehouse import DATABASE, Warehouse

SUFFIX = ".tar.zst"
FOLLOW = "crowdtape.toml"  # its name in a backup, wherever CROWDTAPE_FOLLOW keeps it
LEVEL = 3  # DuckDB's columns are packed already
PRIVATE = 0o600  # texts and handles of people


def main(arguments: list[str] | None = None) -> None:
    """Back up the home of the settings; says the file, its size and the seconds, or exits with the reason."""
    parser = argparse.ArgumentParser(
        prog="python -m pipelines.backup", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("to", help=f"the file to write (…{SUFFIX}), or a folder for one that is named after the moment")
    asked = parser.parse_args(arguments)
    if not asked.to:
        sys.exit(f"say where: make backup TO=/some/folder/crowdtape{SUFFIX}")
    try:
        settings = read_settings()
        warehouse = Warehouse(
            home=str(settings.home), memory_limit=settings.memory_limit, lock_wait_seconds=settings.lock_wait_seconds
        )
        print(backed_up(warehouse, settings.follow, Path(asked.to).expanduser(), datetime.now(UTC)))
    except (BadSettings, WarehouseClosed, OtherSchema, NotCopied) as error:
        sys.exit(str(error))


def backed_up(warehouse: Warehouse, follow: Path, to: Path, now: datetime) -> str:
    """Write the backup; a line that says what was done. ``NotCopied`` where there is nothing, or no room for it.

    The database is held while it is copied, not while it is packed.
    """
    if not warehouse.database.is_file():
        raise NotCopied(f"{warehouse.database} is not there: nothing to back up")
    began = time.monotonic()
    path = to / f"crowdtape-{now:%Y%m%dT%H%M%SZ}{SUFFIX}" if to.is_dir() else to
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with _copied(warehouse) as database:
            files = _pack(part, database, Path(warehouse.home), follow)
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise NotCopied(
            f"{path} could not be written ({error.strerror}); what was there before is unchanged"
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    size, took = path.stat().st_size / 1e6, time.monotonic() - began
    return f"backed up to {path}: the database and {files:,} landed files, {size:,.1f} MB in {took:.1f} s"


def _copied(warehouse: Warehouse) -> BinaryIO:
    """A copy of the database that opens, without a name: it is gone when it is closed, or with the process."""
    copy = warehouse.database.with_suffix(f".{os.getpid()}.part")
    with warehouse.connect() as con:
        try:
            copy_database(con, warehouse.database, copy)
            duckdb.connect(copy, read_only=True, config={"enable_external_access": "false"}).close()
            return copy.open("rb")
        except duckdb.Error as error:
            raise NotCopied(f"the copy of {warehouse.database} does not open ({error}); nothing was written") from error
        finally:
            copy.unlink(missing_ok=True)


def _pack(part: Path, database: BinaryIO, home: Path, follow: Path) -> int:
    """Write the archive down to the disk; the number of landed files in it."""
    count = 0
    packer = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True, threads=-1)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as file:  # noqa: PTH123
        with packer.stream_writer(file, closefd=False) as packed, tarfile.open(fileobj=packed, mode="w|") as archive:
            _add(archive, DATABASE, database)
            if follow.is_file():
                _add(archive, FOLLOW, io.BytesIO(follow.read_bytes()))
            for path in sorted((home / LANDING).glob("*/*/*.ndjson.zst")):
                with suppress(FileNotFoundError), path.open("rb") as landed:  # a run has removed an old one
                    _add(archive, path.relative_to(home).as_posix(), landed)
                    count += 1
        file.flush()
        os.fsync(file.fileno())
    return count


def _add(archive: tarfile.TarFile, name: str, file: BinaryIO) -> None:
    """One file with its time (a landed one is known by it), without owner or rights."""
    member = tarfile.TarInfo(name)
    if isinstance(file, io.BytesIO):
        member.size = len(file.getbuffer())
    else:
        stat = os.fstat(file.fileno())
        member.size, member.mtime = stat.st_size, stat.st_mtime
    archive.addfile(member, file)


if __name__ == "__main__":
    main()
