"""The inbox: the files that people dropped below ``texts/`` and ``prices/``.

Not here: any format (``inbox_texts.py``, ``pipelines/prices/inbox_prices.py``), taking files in (``intake.py``).
"""

from datetime import UTC, datetime
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


def inbox_files(inbox: Path) -> list[InputFile]:
    """Files below ``texts/`` and ``prices/``, by name; hidden files and sidecars are not input."""
    found = []
    for folder, (sidecar_of, _) in FOLDERS.items():
        paths = sorted(path for path in (inbox / folder).rglob("*") if path.is_file())
        sidecars = {path: sidecar_of(path) for path in paths}
        for path in paths:
            name = path.relative_to(inbox)
            if path not in sidecars.values() and not any(part.startswith(".") for part in name.parts):
                found.append(_inbox_file(path, sidecars[path], name.as_posix(), folder))
    return found


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
