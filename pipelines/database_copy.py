"""A whole copy of the database, taken while nobody can write it.

DuckDB locks its file by POSIX rules: when a process closes *any* handle of the file, its lock is gone. So a second
process (``file_copy.py``) reads the bytes, while the connection of the first one holds the lock.
Not here: what the copy is for (``warehouse.py``, ``backup.py``).
"""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import duckdb

from pipelines import file_copy


class NotCopied(RuntimeError):
    """A copy could not be written. The message names the file and says the way out."""


def copy_database(con: duckdb.DuckDBPyConnection, database: Path, copy: Path) -> None:
    """Write ``database``, which ``con`` holds open, to the new file ``copy``, down to the disk.

    Raises ``NotCopied`` when the disk is full or the folder cannot be written; nothing is left behind then. Cost: one
    sequential copy, or none where the file system can share blocks (Btrfs, XFS).
    """
    try:
        con.execute("force checkpoint")
    except duckdb.Error as error:
        raise NotCopied(f"{database} could not be brought to the disk ({error}). {_way_out(database)}") from error
    # -I -S: nothing of the environment or of site-packages, so that the process is there in some 20 ms
    command = [sys.executable, "-I", "-S", file_copy.__file__, str(database), str(copy)]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    if done.returncode:
        with suppress(OSError):
            copy.unlink(missing_ok=True)
        why = done.stderr.strip() or f"the process that copies ended with {done.returncode}"
        raise NotCopied(f"{copy} could not be written ({why}). {_way_out(database)}")


def put_in_place(part: Path, path: Path) -> None:
    """Put the finished file ``part`` where ``path`` is, at once, and see that it stays there after a power cut.

    A write-ahead log that somebody left beside the old file goes: DuckDB would play it into the new one.
    """
    try:
        Path(f"{path}.wal").unlink(missing_ok=True)
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise NotCopied(f"{path} could not be replaced ({error.strerror}). {_way_out(path)}") from error


def sync_folder(folder: Path) -> None:
    """Bring the names in ``folder`` to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _way_out(path: Path) -> str:
    size = path.stat().st_size if path.is_file() else 0
    return (
        f"What was there before is unchanged. It takes {size / 1e6:,.0f} MB in {path.parent}: make room, or make the "
        "folder writable, and run again."
    )
