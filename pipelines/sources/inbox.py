"""The inbox: the files that people dropped below ``texts/`` and ``prices/``, and which are still being written.

Not here: any format (``inbox_texts.py``, ``pipelines/prices/inbox_prices.py``), taking files in (``intake.py``),
when to look (``inbox_watch.py``).
"""

import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.prices.inbox_prices import read_prices
from pipelines.prices.inbox_prices import sidecar_of as sidecar_of_prices
from pipelines.printable import storable
from pipelines.sources.inbox_texts import read_texts
from pipelines.sources.inbox_texts import sidecar_of as sidecar_of_page
from pipelines.sources.intake import InputFile

# What stands beside a file and is no input, and how the file is read.
FOLDERS = {
    "texts": (sidecar_of_page, read_texts),
    "prices": (sidecar_of_prices, lambda path, limits, saved_at: read_prices(path, limits)),
}


# Names that browsers, editors and copying programs give to what they have not finished.
UNFINISHED = ("~", ".part", ".partial", ".crdownload", ".download", ".filepart", ".tmp")

FRESH = timedelta(seconds=5)  # a file modified so lately may still be written
LOOK_AGAIN_SECONDS = 2.0


def inbox_files(inbox: Path) -> list[InputFile]:
    """Files below ``texts/`` and ``prices/``, by name; hidden and unfinished files and sidecars are not input."""
    found = []
    for folder, (sidecar_of, _) in FOLDERS.items():
        paths = sorted(Path(path) for path, _ in files_below(inbox / folder))
        sidecars = {path: sidecar_of(path) for path in paths}
        beside = set(sidecars.values())
        for path in paths:
            if path not in beside:
                with suppress(FileNotFoundError):  # removed while we look
                    found.append(_inbox_file(path, sidecars[path], path.relative_to(inbox).as_posix(), folder))
    return found


def files_below(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """The files in a folder and those below it that are input by their names, in no order: their paths, as text.

    Links to files are followed, links to folders are not. What cannot be looked at is left out.
    """
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.startswith(".") or name.lower().endswith(UNFINISHED):
                continue
            path = os.path.join(place, name)  # noqa: PTH118  a Path for each of 100,000 files takes a second
            try:
                found = os.stat(path)  # noqa: PTH116
            except OSError:
                continue
            if stat.S_ISREG(found.st_mode):
                yield path, found


def no_longer_written(
    files: list[InputFile], now: datetime, say: Callable[[str], object], seconds: float = LOOK_AGAIN_SECONDS
) -> list[InputFile]:
    """Those of ``files`` that are not being written; the others are for the next run, and are said.

    Only what was modified just before ``now`` is looked at twice, ``seconds`` apart; else this takes no time.
    """
    fresh = [file for file in files if abs(now - file.modified_at) < FRESH]
    if not fresh:
        return files
    time.sleep(seconds)
    growing = {file for file in fresh if not _is_as_it_was(file)}
    for file in growing:
        say(f"{file.name}: is still being written, and left for the next run")
    return [file for file in files if file not in growing]


def _is_as_it_was(file: InputFile) -> bool:
    try:
        return file == _inbox_file(file.path, file.sidecar, file.name, file.gives)
    except OSError:
        return False


def _inbox_file(path: Path, sidecar: Path | None, name: str, folder: str) -> InputFile:
    stats = [part.stat() for part in (path, sidecar) if part]
    size_bytes = sum(stat.st_size for stat in stats)
    times = [datetime.fromtimestamp(stat.st_mtime, UTC) for stat in stats]
    read = FOLDERS[folder][1]
    return InputFile(
        path,
        sidecar,
        storable(name),
        f"inbox/{folder}",
        folder,
        read,
        size_bytes,
        saved_at=times[0],
        modified_at=max(times),
    )
