"""Opening any file as a bounded stream of lines: packing, encodings, limits, damage."""

import gzip
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sources.rows import BrokenFile, Limits
from pipelines.sources.streams import Line, chunks, compression, lines, open_bytes, read_text, texts

LIMITS = Limits()
SMALL = Limits(line_bytes=100, expansion_free_bytes=10_000, expansion_ratio=10, expanded_bytes=50_000, page_bytes=1000)
ROOT = Path(__file__).parents[1]


def _file(folder: Path, data: bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _texts(path: Path, limits: Limits = LIMITS) -> list[str]:
    return [line.text for line in lines(path, limits)]


def _until_broken(path: Path, limits: Limits = LIMITS) -> tuple[list[Line], str]:
    read = []
    with pytest.raises(BrokenFile) as broken:
        for line in lines(path, limits):
            read.append(line)  # noqa: PERF402 (what came before the error is the point)
    return read, str(broken.value)


def _zstd(data: bytes, **options: int) -> bytes:
    return zstandard.ZstdCompressor(**options).compress(data)


def _long_window(frame: bytes) -> bytes:
    """The same frame, declaring a window of 2 GiB, as ``zstd --long=31`` does for a stream."""
    assert frame[4] == 0  # neither content size nor checksum: the window's size is the next byte
    return frame[:5] + bytes([(31 - 10) << 3]) + frame[6:]


def _streamed_zstd(data: bytes) -> bytes:
    packer = zstandard.ZstdCompressor(write_checksum=False).compressobj()
    return packer.compress(data) + packer.flush()


PACKINGS = {
    "plain": lambda data: data,
    "gzip": gzip.compress,
    "gzip of two members": lambda data: gzip.compress(data[:7]) + gzip.compress(data[7:]),
    "gzip padded with NUL": lambda data: gzip.compress(data) + bytes(70_000),
    "zstd": _zstd,
    "zstd of two frames": lambda data: _zstd(data[:7]) + _zstd(data[7:]),
    "zstd with an empty frame": lambda data: _zstd(b"") + _zstd(data),
    "zstd behind a skippable frame": lambda data: b"\x5a\x2a\x4d\x18\x04\x00\x00\x00abcd" + _zstd(data),
    "zstd with a long window": lambda data: _long_window(_streamed_zstd(data)),
}


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_file_reads_the_same_however_it_is_packed_and_named(tmp_path: Path, packing: str) -> None:
    data = "first\nsecond, ünï\n\nfourth".encode()
    path = _file(tmp_path, PACKINGS[packing](data), "misleading.txt.bz2")
    assert list(lines(path, LIMITS)) == [
        Line(1, "first"),
        Line(2, "second, ünï"),
        Line(3, ""),
        Line(4, "fourth"),
    ]
    assert b"".join(chunks(path, LIMITS)) == data
    with open_bytes(path, LIMITS) as file:
        assert file.read(5) == b"first"
        assert file.read() == data[5:]


def test_packing_is_told_by_the_first_bytes(tmp_path: Path) -> None:
    for data, packing in [(b"PAR1...", "parquet"), (b"", "plain"), (b"\x1f", "plain"), (_zstd(b"a"), "zstd")]:
        assert compression(_file(tmp_path, data)) == packing


@pytest.mark.parametrize("pack", [gzip.compress, _zstd])
def test_a_packed_file_that_stops_in_the_middle_gives_its_whole_lines_and_is_broken(tmp_path: Path, pack) -> None:
    rows = [f"{number} {os.urandom(200).hex()}" for number in range(5000)]
    packed = pack("\n".join(rows).encode())
    read, message = _until_broken(_file(tmp_path, packed[: len(packed) // 2], "cut"))
    assert 1000 < len(read) < 4000
    assert [line.text for line in read] == rows[: len(read)]  # the half line at the end is not among them
    assert "cut: " in message and "stops in the middle" in message


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: _zstd(data, level=3)])
def test_a_damaged_packed_file_is_broken(tmp_path: Path, pack) -> None:
    packed = bytearray(pack(os.urandom(3000).hex().encode() * 100))
    packed[len(packed) // 2] ^= 0xFF
    packed[len(packed) // 2 + 1 :] = bytes(len(packed) // 2)
    with pytest.raises(BrokenFile):
        list(lines(_file(tmp_path, bytes(packed)), LIMITS))


def test_other_bytes_after_a_gzip_are_damage(tmp_path: Path) -> None:
    read, message = _until_broken(_file(tmp_path, gzip.compress(b"good\n") + b"garbage"))
    assert read == [Line(1, "good")] and "damaged" in message


@pytest.mark.parametrize("pack", [gzip.compress, _zstd])
def test_a_bomb_stops_at_the_ratio_and_what_came_before_stays(tmp_path: Path, pack) -> None:
    path = _file(tmp_path, pack(b"good\n" + bytes(10**8)))
    with pytest.raises(BrokenFile, match="10 times their size"):
        list(chunks(path, Limits(expansion_free_bytes=10**6, expansion_ratio=10)))


def test_a_file_stops_at_the_absolute_limit(tmp_path: Path) -> None:
    read, message = _until_broken(_file(tmp_path, b"0123456789\n" * 10**5), Limits(expanded_bytes=500_000))
    assert 0 < len(read) <= 500_000 // 11 and "500,000" in message


def test_ten_megabytes_that_expand_to_ten_gigabytes_stop_quickly_in_little_memory(tmp_path: Path) -> None:
    member = gzip.compress(b"a" * 2**26, 6)
    path = _file(tmp_path, member * 160)
    assert path.stat().st_size > 10**7
    code = """
import resource, sys
from pathlib import Path
from pipelines.sources.streams import lines
from pipelines.sources.rows import BrokenFile, Limits
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    list(lines(Path(sys.argv[1]), Limits(expansion_free_bytes=2**28)))
except BrokenFile as error:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, error)
"""
    run = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    kibibytes, _, message = run.stdout.partition(" ")
    assert int(kibibytes) < 40 * 1024
    assert "200 times their size" in message


def test_a_fifty_megabyte_line_is_reported_without_being_held(tmp_path: Path) -> None:
    path = _file(tmp_path, b"before\n" + "é".encode() * 25_000_000 + b"\nafter\n")
    tracemalloc.start()
    try:
        read = list(lines(path, LIMITS))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read[0] == Line(1, "before") and read[2:] == [Line(3, "after")]
    assert read[1].number == 2 and read[1].text == "é" * 500
    assert read[1].reason == "line of 50,000,000 bytes is longer than the 8,388,608 allowed"
    assert peak < 30 * 2**20


def test_a_line_at_the_limit_is_good_and_one_byte_more_is_not(tmp_path: Path) -> None:
    path = _file(tmp_path, b"x" * 100 + b"\n" + b"y" * 101 + b"\nz" + b"y" * 5000)
    assert [(line.number, line.reason is None) for line in lines(path, SMALL)] == [
        (1, True),
        (2, False),
        (3, False),
    ]


BYTE_ORDER_MARK = "\ufeff"
ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8 with a mark": "utf-8-sig",
    "utf-16 with a mark": "utf-16",
    "utf-16 le with a mark": ("utf-16-le", BYTE_ORDER_MARK),
    "utf-16 be with a mark": ("utf-16-be", BYTE_ORDER_MARK),
    "utf-16 le": "utf-16-le",
    "utf-16 be": "utf-16-be",
    "utf-32 le with a mark": ("utf-32-le", BYTE_ORDER_MARK),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_every_encoding_gives_the_same_lines(tmp_path: Path, encoding: str, pack) -> None:
    named = ENCODINGS[encoding]
    codec, mark = (named, "") if isinstance(named, str) else named
    rows = [f'{{"body": "price €{number} 🚀 naïve"}}' for number in range(9000)]
    path = _file(tmp_path, pack((mark + "\r\n".join(rows)).encode(codec)))
    assert _texts(path) == rows
    assert "".join(texts(path, LIMITS)) == "\r\n".join(rows)


def test_each_line_that_is_not_utf8_is_read_as_cp1252(tmp_path: Path) -> None:
    path = _file(tmp_path, "naïve “up” €5\n".encode("cp1252") + "naïve “up” €5 🚀\n".encode() + b"\x81 undefined")
    assert _texts(path) == ["naïve “up” €5", "naïve “up” €5 🚀", "\ufffd undefined"]


def test_a_damaged_character_does_not_turn_the_good_ones_of_its_line_into_mojibake(tmp_path: Path) -> None:
    assert _texts(_file(tmp_path, "über 🚀".encode() + b" \xf0\x9f")) == ["über 🚀 \ufffd"]


def test_surrogates_written_as_utf8_are_joined_or_replaced(tmp_path: Path) -> None:
    rocket, lone = "\ud83d\ude80".encode("utf-8", "surrogatepass"), "\ud83d".encode("utf-8", "surrogatepass")
    assert _texts(_file(tmp_path, rocket + b" up\n" + lone + b" up")) == ["🚀 up", "\ufffd up"]


def test_nul_bytes_are_removed_and_do_not_make_utf16_of_a_plain_file(tmp_path: Path) -> None:
    path = _file(tmp_path, bytes(300) + b'{"a": 1}\n{"b":\x00 2}\n' + bytes(5000) + b"end")
    assert _texts(path) == ['{"a": 1}', '{"b": 2}', "end"]


def test_text_pieces_never_part_a_character(tmp_path: Path) -> None:
    written = "日本語🚀" * 100_000
    assert "".join(texts(_file(tmp_path, b"x" + written.encode()), LIMITS)) == "x" + written


def test_a_page_is_read_in_the_character_set_it_declares(tmp_path: Path) -> None:
    page = '<html><meta charset="windows-1251"><p>Рост'
    assert read_text(_file(tmp_path, page.encode("windows-1251")), LIMITS) == page
    assert read_text(_file(tmp_path, page.encode()), LIMITS) == page
    assert read_text(_file(tmp_path, page.encode("utf-16")), LIMITS) == page


def test_a_page_over_the_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenFile, match="1,000 bytes allowed for one page"):
        read_text(_file(tmp_path, gzip.compress(b"x" * 1001)), SMALL)


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    for data in (b"", gzip.compress(b""), _zstd(b""), b"\xef\xbb\xbf"):
        assert list(lines(_file(tmp_path, data), LIMITS)) == []


@given(data=st.binary(max_size=3000), pack=st.sampled_from([bytes, gzip.compress, _zstd]))
def test_any_bytes_are_lines_of_valid_text_without_nul(tmp_path_factory: pytest.TempPathFactory, data, pack) -> None:
    path = _file(tmp_path_factory.getbasetemp(), pack(data))
    try:
        read = list(lines(path, SMALL))
    except BrokenFile:
        assert pack is bytes or len(data) > SMALL.expansion_free_bytes
        return
    assert [line.number for line in read] == list(range(1, len(read) + 1))
    for line in read:
        line.text.encode()
        assert "\x00" not in line.text and "\n" not in line.text


@given(rows=st.lists(st.text(st.characters(exclude_characters="\n\r\x00", codec="utf-8"), max_size=60), min_size=1))
def test_valid_utf8_is_read_as_it_is(tmp_path_factory: pytest.TempPathFactory, rows: list[str]) -> None:
    path = _file(tmp_path_factory.getbasetemp(), b"-\n" * 30 + "\n".join(rows).encode() + b"\nend")
    assert _texts(path)[30:] == [*rows, "end"]
