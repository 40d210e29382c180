"""A folder that is written whole or not at all, and that replaces an older export and nothing else.

It is filled beside its place and renamed into it. Between the two renames there is, for a moment, no folder; a process
killed just then leaves the old one beside it, and the next export puts it back first.
Not here: what is in the folder (``tables.py``, ``panels.py``).
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pipelines.database_copy import sync_folder
from pipelines.printable import printable

MANIFEST = "manifest.json"
MADE_BY = "crowdtape export"
WAY_OUT = "name another folder with TO=, or move it away yourself"


class NotExported(RuntimeError):
    """An export could not be written. The message names the file and says the way out; the old export is unchanged."""


def path_name(value: str) -> str:
    """A word from the database as one name in a path: ``24/7`` is ``24%2F7``. No slash and no dot is left in it."""
    return quote(value, safe="").replace(".", "%2E")


def write_manifest(folder: Path, told: Mapping[str, Any]) -> None:
    """Say in ``folder`` whose it is, what it holds (``told``) and which files are ours."""
    files = sorted(path.relative_to(folder).as_posix() for path in _files(folder))
    text = json.dumps({"made_by": MADE_BY, **told, "files": files}, indent=1, ensure_ascii=False)
    with (folder / MANIFEST).open("w", encoding="utf-8") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def replaced_whole(folder: Path) -> Iterator[Path]:
    """An empty folder to fill, which takes the place of ``folder`` where the block ends well; else nothing is changed.

    Raises ``NotExported`` where ``folder`` holds anything that an export did not write, another export is at it, or
    it cannot be written.
    """
    if not folder.name:
        raise NotExported(f"{folder} cannot be an export: name a folder with TO=")
    part = folder.with_name(f"{folder.name}.part")
    before = folder.with_name(f"{folder.name}.before.part")
    try:
        with _held(part):
            for path in (part, before):
                _files_of_ours(path)
            try:
                if before.exists() and not folder.exists():
                    before.rename(folder)
                _check_nothing_added(folder)
                _clear(part)
                write_manifest(part, {})
                yield part
                _put_in_place(part, folder, before)
            finally:
                if part.exists():
                    shutil.rmtree(part)
    except OSError as error:
        raise NotExported(
            f"{printable(str(folder))} could not be written ({error.strerror or error}); what was there before is "
            "unchanged. Make room, or make the folder writable, or name another one with TO=."
        ) from error


@contextmanager
def _held(part: Path) -> Iterator[None]:
    """Keep other exports to the same place out while the block lasts: a lock on the folder that is filled."""
    part.mkdir(exist_ok=True)
    handle = os.open(part, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_held = os.path.samestat(os.fstat(handle), part.stat())
        except (BlockingIOError, FileNotFoundError):
            is_held = False
        if not is_held:
            raise NotExported(f"another export is writing {printable(str(part))}; wait for it, or name another folder")
        yield
    finally:
        os.close(handle)


def _files_of_ours(folder: Path) -> set[str]:
    """The files that the manifest of ``folder`` lists; ``NotExported`` where it holds something and is no export."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return set()
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if told["made_by"] == MADE_BY:
            return set(told["files"])
    except (OSError, ValueError, TypeError, LookupError):
        pass
    raise NotExported(f"{printable(str(folder))} is not an export of Crowdtape, so it stays: {WAY_OUT}")


def _check_nothing_added(folder: Path) -> None:
    """Raise ``NotExported`` unless ``folder`` is missing, empty, or an export with nothing of anybody else in it."""
    listed = _files_of_ours(folder)
    others = sorted({path.relative_to(folder).as_posix() for path in _files(folder)} - listed)
    if others:
        raise NotExported(
            f"{printable(str(folder / others[0]))} was not written by an export, so the folder stays: {WAY_OUT}"
        )


def _files(folder: Path) -> Iterator[Path]:
    """All that is in ``folder`` but folders and the manifest."""
    for path in folder.rglob("*"):
        if (path.is_symlink() or not path.is_dir()) and path != folder / MANIFEST:
            yield path


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _put_in_place(part: Path, folder: Path, before: Path) -> None:
    """Rename the finished ``part`` to ``folder``; what was there goes afterwards."""
    if before.exists():  # of an export that was killed when the new one stood already
        shutil.rmtree(before)
    for path in part.rglob("*"):
        if path.is_dir():
            sync_folder(path)
    sync_folder(part)
    if folder.exists():
        folder.rename(before)
    try:
        part.rename(folder)
    except BaseException:
        if before.exists():
            before.rename(folder)
        raise
    sync_folder(folder.parent)
    if before.exists():
        shutil.rmtree(before)
