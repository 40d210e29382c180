"""The landing: what services answered, as it came, one file for each look at a window.

Here: ``warehouse/landing/<source>/<first day>/<subject>-<time>.ndjson.zst``, written whole or not at all, read back,
and removed when it is old. The first line says what was asked, then one answer a line, the last line how it ended.
Not here: asking (``asking.py``), what an answer means (one file per service), the database (``intake.py``).
"""

import hashlib
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import zstandard

from pipelines.prices.rows import PriceBatch
from pipelines.sources.answers import Answer, Incomplete
from pipelines.sources.intake import InputFile
from pipelines.sources.rows import Batch, BrokenFile, Limits
from pipelines.sources.services import SERVICES, service
from pipelines.sources.windows import Subject, Window, midnight

FOLDER = "landing"
NO_LETTER = re.compile(r"[^a-z0-9]+")
SLUG_CHARACTERS = 40
PART_KEPT = timedelta(days=1)  # what a killed run left half written


class Head(msgspec.Struct, frozen=True):
    """What was asked, and when."""

    source: str
    kind: str
    name: str
    start: datetime
    end: datetime
    asked_at: datetime

    @property
    def subject(self) -> Subject:
        """What is followed."""
        return Subject(self.kind, self.name)

    @property
    def window(self) -> Window:
        """Over which time."""
        return Window(self.start, self.end)


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """One answer as a line: its body as text where it is UTF-8, else as bytes (base64 in JSON)."""

    url: str
    asked_at: datetime
    text: str | None = None
    data: bytes | None = None
    status: int = 200
    headers: dict[str, str] = {}
    about: dict = {}


class End(msgspec.Struct, frozen=True):
    """How it ended: the number of answers, and what the service could not give, if anything."""

    page_count: int
    answered_at: datetime
    missing: str | None = None


@dataclass(frozen=True)
class Landed:
    """One landed file, and what its first and last line say; ``headers`` are those of its first answer."""

    path: Path
    head: Head
    end: End
    headers: dict[str, str]


def land(landing: Path, head: Head, answers: Iterable[Answer], now: Callable[[], datetime]) -> Landed | None:
    """Write answers as they come into a new file, which appears when the last one is there; None if there are none.

    Raises what ``answers`` raise, and then nothing is there, but for ``Incomplete``: everything there was is kept.
    """
    path = _path(landing, head)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    page_count, missing, headers = 0, None, {}
    try:
        with part.open("wb") as file:
            with zstandard.ZstdCompressor(level=6).stream_writer(file, closefd=False) as packed:
                packed.write(_line(head))
                try:
                    for answer in answers:
                        headers = headers or answer.headers
                        packed.write(_line(_kept(answer)))
                        page_count += 1
                except Incomplete as error:
                    missing = str(error)
                end = End(page_count, now(), missing)
                packed.write(_line(end))
            file.flush()
            os.fsync(file.fileno())
        if page_count == 0 and missing is None:
            return None
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return Landed(path, head, end, headers)


def landed_files(home: Path, sources: Iterable[str]) -> list[InputFile]:
    """The landed files of these services, oldest look first."""
    found = []
    for source in sorted(sources):
        for path in sorted((home / FOLDER / source).glob("*/*.ndjson.zst")):
            stat = path.stat()
            saved_at = datetime.fromtimestamp(stat.st_mtime, UTC)
            name = path.relative_to(home).as_posix()
            gives = SERVICES[source].gives
            found.append(
                InputFile(path, None, name, f"{FOLDER}/{source}", gives, read_landed, stat.st_size, saved_at, saved_at)
            )
    return sorted(found, key=lambda file: (file.saved_at, file.name))


def read_landed(path: Path, limits: Limits, saved_at: datetime | None = None) -> Iterator[Batch | PriceBatch]:
    """The rows of a landed file, as its service reads them."""
    head = head_of(path)
    yield from service(head.source).read(answers_of(path), limits)


def head_of(path: Path) -> Head:
    """What a landed file says was asked."""
    for line in _lines(path):
        return msgspec.json.decode(line, type=Head)
    raise BrokenFile(f"{path.name}: empty; remove it, and the window is asked again")


def answers_of(path: Path) -> Iterator[Answer]:
    """The answers of a landed file as they came."""
    for line in _inner_lines(path):
        kept = msgspec.json.decode(line, type=Kept)
        body = kept.text.encode() if kept.text is not None else kept.data or b""
        yield Answer(kept.url, kept.asked_at, body, kept.status, kept.headers, kept.about)


def landed_at(path: Path) -> Landed:
    """What a landed file's first and last line say."""
    head, headers, last = None, {}, b""
    for number, line in enumerate(_lines(path)):
        if number == 0:
            head = msgspec.json.decode(line, type=Head)
        if number == 1 and line.startswith(b'{"url"'):
            headers = msgspec.json.decode(line, type=Kept).headers
        last = line
    if head is None:
        raise BrokenFile(f"{path.name}: empty; remove it, and the window is asked again")
    return Landed(path, head, msgspec.json.decode(last, type=End), headers)


def of_days(files: Iterable[InputFile], first: date, last: date) -> list[InputFile]:
    """Those landed files whose window touches the UTC days ``first`` to ``last``."""
    start, end = midnight(first), midnight(last + timedelta(days=1))
    return [file for file in files if (head := head_of(file.path)).start < end and head.end > start]


def remove_old(home: Path, taken: Iterable[InputFile], before: datetime, now: datetime) -> int:
    """Remove landed files last looked at before a moment, and what killed runs left; files removed."""
    count = 0
    for part in (home / FOLDER).glob("*/*/*.part"):
        if datetime.fromtimestamp(part.stat().st_mtime, UTC) < now - PART_KEPT:
            part.unlink(missing_ok=True)
    for file in taken:
        if file.saved_at < before:
            file.path.unlink(missing_ok=True)
            count += 1
    for folder in (home / FOLDER).glob("*/*"):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    return count


def remove_naming(home: Path, handle: str, paths: Iterable[str]) -> int:
    """Remove the landed files at ``paths``, and all in whose answers ``handle`` stands as a word; files removed.

    Whole files: what else is in them has been read, and another look brings it again without the one who is forgotten.
    """
    word = re.compile(rf"(?<![\w-]){re.escape(handle)}(?![\w-])", re.IGNORECASE)
    brought, count = set(paths), 0
    for file in landed_files(home, SERVICES):
        if file.name in brought or any(word.search(answer.text) for answer in answers_of(file.path)):
            file.path.unlink(missing_ok=True)
            count += 1
    return count


def _path(landing: Path, head: Head) -> Path:
    """A name made of letters and digits only, whatever is followed; unique to the look, of prices to the window.

    Prices of a window replace those of an earlier look at it: the whole window comes again, on a newer basis.
    """
    slug = NO_LETTER.sub("-", str(head.subject).lower()).strip("-")[:SLUG_CHARACTERS].strip("-")
    mark = hashlib.blake2b(f"{head.subject}".encode(), digest_size=5).hexdigest()
    look = "" if SERVICES[head.source].gives == "prices" else f"-{head.asked_at:%Y%m%dT%H%M%S%f}"
    return landing / head.source / head.window.first.isoformat() / f"{slug}-{mark}{look}.ndjson.zst"


def _kept(answer: Answer) -> Kept:
    try:
        text, data = answer.body.decode(), None
    except UnicodeDecodeError:
        text, data = None, answer.body
    return Kept(answer.url, answer.asked_at, text, data, answer.status, answer.headers, answer.about)


def _line(record: msgspec.Struct) -> bytes:
    return msgspec.json.encode(record) + b"\n"


def _inner_lines(path: Path) -> Iterator[bytes]:
    """The lines between the first and the last."""
    all_lines = _lines(path)
    next(all_lines, None)
    waiting = next(all_lines, None)
    for line in all_lines:
        yield waiting
        waiting = line


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of a landed file; ``BrokenFile`` where it is damaged."""
    try:
        with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as packed:
            yield from io.BufferedReader(packed, 2**18)
    except zstandard.ZstdError as error:
        raise BrokenFile(f"{path.name}: damaged ({error}); remove it, and the window is asked again") from None
