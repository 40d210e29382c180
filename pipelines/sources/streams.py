"""One input file as a bounded stream: magic bytes, decompression, encoding, lines.

Here, all of them lazy, in bounded memory whatever the file holds:

``compression(path) -> str``
    ``"gzip"``, ``"zstd"``, ``"parquet"`` or ``"plain"``, by the first bytes and never by the name.
``chunks(path, limits) -> Iterator[bytes]``
    The decompressed bytes, in pieces of at most 256 KiB.
``open_bytes(path, limits) -> io.BufferedReader``
    The same as a readable binary file.
``read_text(path, limits) -> str``
    The whole of a small file, in the character set that its HTML declares: ``BrokenFile`` past
    ``limits.page_bytes``.
``texts(path, limits) -> Iterator[str]``
    The file as text, piece by piece.
``lines(path, limits) -> Iterator[Line]``
    ``Line(number: int, text: str, reason: str | None)``: every line, numbered from 1, the empty ones too,
    without its line ending. ``reason`` is None for a good line. A line longer than ``limits.line_bytes`` is
    skipped without being held: ``reason`` says so and ``text`` is only its first 500 characters.

Every one raises ``BrokenFile`` after what could be read: a gzip or zstd file that stops in the middle or is
damaged (its last, half line is not yielded), or that expands past ``limits.expanded_bytes``, or past
``limits.expansion_ratio`` times what was read of it once ``limits.expansion_free_bytes`` are out.

Encoding: a byte order mark decides, else NUL at every second place means UTF-16, else it is UTF-8. A line
that is not valid UTF-8 is cp1252, unless it also holds characters that are valid UTF-8: then the broken ones
become U+FFFD. Surrogates written as UTF-8 are joined, a lone one becomes U+FFFD. NUL is removed.

A zstd file with a long window (``--long=31``) needs its window in memory, up to 2 GiB as its header says.
Not here: what a line means (``inbox_texts.py``, ``pipelines/prices``).
"""

import codecs
import io
import itertools
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

import zstandard

from pipelines.sources.rows import EXCERPT_CHARACTERS, BrokenFile, Limits, excerpt

READ_BYTES = 256 * 2**10
# A zstd block of 4 bytes may stand for 128 KiB and the decompressor offers no bound on its output: feeding it
# 512 bytes at a time keeps what comes out below 16 MiB.
ZSTD_READ_BYTES = 2**9
ZSTD_WINDOW_BYTES = 2**31

GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18")
PARQUET_MAGIC = b"PAR1"
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The character sets of old pages that cp1252 does not cover.
HTML_CHARACTER_SET = re.compile(
    rb"""<meta[^>]{0,200}charset=["']?(windows-125[0-8]|iso-8859-(?:[2-9]|1[0134-6])|koi8-[ru]|gb18030|gbk|gb2312"""
    rb"""|big5|shift_jis|euc-jp|euc-kr)["'\s/>]""",
    re.IGNORECASE,
)


class Line(NamedTuple):
    """One line, or with ``reason`` set the first 500 characters of a line that was refused."""

    number: int
    text: str
    reason: str | None = None


def compression(path: Path) -> str:
    """How the file is packed: ``gzip``, ``zstd``, ``parquet`` or ``plain``."""
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(GZIP_MAGIC):
        return "gzip"
    if ZSTD_MAGIC.match(head):
        return "zstd"
    return "parquet" if head == PARQUET_MAGIC else "plain"


def chunks(path: Path, limits: Limits) -> Iterator[bytes]:
    """Decompressed bytes of the file, piece by piece; ``BrokenFile`` when it is cut, damaged or a bomb."""
    unpack = {"gzip": _gunzip, "zstd": _unzstd}.get(compression(path), _plain)
    expanded = 0
    with path.open("rb") as file:
        for chunk in unpack(file, path.name):
            expanded += len(chunk)
            refuse_bomb(path.name, file.tell(), expanded, limits)
            limits.told(file.tell())
            yield chunk


def open_bytes(path: Path, limits: Limits) -> io.BufferedReader:
    """The decompressed file as a readable binary file; reading raises ``BrokenFile`` as ``chunks`` does."""
    return io.BufferedReader(_Readable(chunks(path, limits)), READ_BYTES)


def read_text(path: Path, limits: Limits) -> str:
    """The whole file as text; ``BrokenFile`` when it is longer than ``limits.page_bytes``."""
    data = bytearray()
    for chunk in chunks(path, limits):
        data += chunk
        if len(data) > limits.page_bytes:
            raise BrokenFile(f"{path.name}: longer than the {limits.page_bytes:,} bytes allowed for one page")
    declared = HTML_CHARACTER_SET.search(data, 0, 4096)
    if declared and _encoding(data) == ("utf-8", 0) and not _is_utf8(data):
        return data.decode(declared[1].decode(), "replace").replace("\x00", "")
    recoded = b"".join(_utf8(iter([bytes(data)])))
    return "\n".join(decode(line) for line in recoded.split(b"\n"))


def texts(path: Path, limits: Limits) -> Iterator[str]:
    """The file as text, piece by piece, without byte order mark and NUL."""
    carried = b""
    for chunk in _utf8(chunks(path, limits)):
        chunk = carried + chunk
        cut = _last_character(chunk)
        carried = chunk[cut:]
        yield decode(chunk[:cut])
    yield decode(carried)


def lines(path: Path, limits: Limits) -> Iterator[Line]:
    """Every line of the file, numbered from 1; see the module's head for the refused ones."""
    number, parts, size = 1, [], 0
    for chunk in _utf8(chunks(path, limits)):
        first, *others = chunk.split(b"\n")
        size += len(first)
        parts.append(first)
        if size > limits.line_bytes:  # only the beginning is kept, for the reject
            parts = [b"".join(parts)[: 4 * EXCERPT_CHARACTERS]]
        if not others:
            continue
        yield _line(number, b"".join(parts), size, limits)
        for middle in others[:-1]:
            number += 1
            yield _line(number, middle, len(middle), limits)
        number += 1
        parts, size = [others[-1]], len(others[-1])
    if size:
        yield _line(number, b"".join(parts), size, limits)


def decode(data: bytes) -> str:
    """Bytes that ought to be UTF-8 as text without surrogates; never fails (see the module's head)."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        pass
    try:
        return join_surrogates(data.decode("utf-8", "surrogatepass"))
    except UnicodeDecodeError:
        damaged = data.decode("utf-8", "replace")
    if damaged.replace("\N{REPLACEMENT CHARACTER}", "").isascii():
        return data.decode("cp1252", "replace")
    return damaged


def join_surrogates(text: str) -> str:
    """Pairs of surrogates as the character they mean, lone ones as U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _is_utf8(data: bytearray) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _line(number: int, data: bytes, size: int, limits: Limits) -> Line:
    if size > limits.line_bytes:
        reason = f"line of {size:,} bytes is longer than the {limits.line_bytes:,} allowed"
        return Line(number, excerpt(data), reason)
    return Line(number, decode(data[:-1] if data.endswith(b"\r") else data))


def _last_character(chunk: bytes) -> int:
    """Where the last character begins that may go on in the next piece; the end after an ASCII one."""
    for back in range(1, min(4, len(chunk)) + 1):
        if chunk[-back] < 0x80:
            break
        if chunk[-back] >= 0xC0:
            return len(chunk) - back
    return len(chunk)


def _utf8(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Pieces recoded to UTF-8 without byte order mark and NUL; what claims to be UTF-8 is not yet checked."""
    head, broken = b"", None
    try:
        for piece in pieces:
            head += piece
            if len(head) >= 4096:
                break
    except BrokenFile as error:  # the little that came before it is given first
        broken = error
    encoding, mark = _encoding(head)
    decoder = None if encoding == "utf-8" else codecs.getincrementaldecoder(encoding)("replace")
    for piece in itertools.chain([head[mark:]], pieces):
        recoded = decoder.decode(piece).encode() if decoder else piece
        yield recoded.replace(b"\x00", b"")
    if decoder:
        yield decoder.decode(b"", final=True).encode()
    if broken:
        raise broken


def _encoding(head: bytes | bytearray) -> tuple[str, int]:
    """The encoding that the first bytes speak for, and the length of the byte order mark."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    even, odd = head[:4096:2], head[1:4096:2]
    for encoding, low, high in (("utf-16-le", even, odd), ("utf-16-be", odd, even)):
        # In UTF-16 of a mostly Latin text the high bytes are NUL and the low ones are not.
        if high.count(0) > 0.4 * len(high) and low.count(0) <= 0.05 * len(low):
            return encoding, 0
    return "utf-8", 0


def _plain(file: BinaryIO, _name: str) -> Iterator[bytes]:
    while chunk := file.read(READ_BYTES):
        yield chunk


def _gunzip(file: BinaryIO, name: str) -> Iterator[bytes]:
    """Members one after another, as ``cat a.gz b.gz`` makes them; NUL padding at the end is allowed."""
    waiting = file.read(READ_BYTES)
    while waiting:
        inflate = zlib.decompressobj(wbits=31)
        while not inflate.eof:
            if not waiting:
                raise BrokenFile(f"{name}: the gzip stream stops in the middle; fetch the file again")
            try:
                yield inflate.decompress(waiting, READ_BYTES)
            except zlib.error as error:
                raise BrokenFile(f"{name}: the gzip stream is damaged ({error})") from error
            waiting = inflate.unconsumed_tail or (b"" if inflate.eof else file.read(READ_BYTES))
        waiting = inflate.unused_data
        while not waiting.lstrip(b"\x00") and (waiting := file.read(READ_BYTES)):
            pass
        waiting = waiting.lstrip(b"\x00")


def _unzstd(file: BinaryIO, name: str) -> Iterator[bytes]:
    """Frames one after another, with windows of up to 2 GiB."""
    context = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW_BYTES)
    waiting = file.read(ZSTD_READ_BYTES)
    while waiting:
        frame = context.decompressobj()
        while not frame.eof:
            if not waiting:
                raise BrokenFile(f"{name}: the zstd stream stops in the middle; fetch the file again")
            try:
                piece = frame.decompress(waiting)
            except zstandard.ZstdError as error:
                raise BrokenFile(f"{name}: the zstd stream is damaged ({error})") from error
            for start in range(0, len(piece), READ_BYTES):
                yield piece[start : start + READ_BYTES]
            waiting = b"" if frame.eof else file.read(ZSTD_READ_BYTES)
        waiting = frame.unused_data or file.read(ZSTD_READ_BYTES)


def refuse_bomb(name: str, read: int, expanded: int, limits: Limits) -> None:
    """``BrokenFile`` when ``expanded`` bytes out of ``read`` bytes of the file ``name`` pass a limit."""
    if expanded > limits.expanded_bytes:
        raise BrokenFile(f"{name}: expands past the {limits.expanded_bytes:,} bytes allowed for one file")
    if expanded > max(limits.expansion_free_bytes, limits.expansion_ratio * read):
        raise BrokenFile(
            f"{name}: {read:,} bytes expand to {expanded:,}, over {limits.expansion_ratio} times their size;"
            " unpack it by hand if it is what it says"
        )


class _Readable(io.RawIOBase):
    """Pieces of bytes as a raw file, which is what ``io.BufferedReader`` reads from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._waiting = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:
        while not self._waiting:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._waiting = memoryview(piece)
        count = min(len(buffer), len(self._waiting))
        buffer[:count] = self._waiting[:count]
        self._waiting = self._waiting[count:]
        return count
