"""One file of texts, whatever it is: recognised by content, streamed, and no bad line costs a good one."""

import gzip
import json
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sources.inbox_texts import read_texts, sidecar_of
from pipelines.sources.rows import REJECT_ROWS, TEXT_ROWS, Batch, BrokenFile, Limits, UnknownShape
from tests.text_files import LIMITS, SAVED_AT, read

ROOT = Path(__file__).parents[1]


def _row(number: int, body: str = "MU is up", **more: Any) -> dict[str, Any]:
    return {"id": f"a{number}", "source": "forum", "published_at": 1714979289 + number, "body": body, **more}


def _write(folder: Path, content: str | bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def _ids(batch: Batch) -> list[str]:
    return [text_id.removeprefix("forum:") for text_id in batch.texts["text_id"].to_pylist()]


def _lines(*rows: Any) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows)


ROWS = [_row(number) for number in range(5)]
FORMS = {
    "json lines": _lines(*ROWS),
    "json lines, blank ones among them": "\n \n" + _lines(*ROWS).replace("\n", "\r\n\r\n"),
    "json lines without the last line feed": _lines(*ROWS).strip(),
    "array on one line": json.dumps(ROWS),
    "array with a record on each line": "[\n" + ",\n".join(json.dumps(row) for row in ROWS) + "\n]\n",
    "pretty array": json.dumps(ROWS, indent=2),
    "pretty documents one after another": "\n".join(json.dumps(row, indent=2) for row in ROWS),
    "pretty answer": json.dumps({"status": 200, "data": ROWS}, indent=2),
    "answer with a record on each line": '{"data": [\n' + ",\n".join(json.dumps(row) for row in ROWS) + "\n]}",
    "answer on one line": json.dumps({"data": ROWS}),
    "answers on lines": _lines({"data": ROWS[:2]}, {"data": []}, {"data": ROWS[2:]}),
    "arrays on lines": _lines(ROWS[:2], ROWS[2:]),
    "csv": "id,source,published_at,body\n" + "".join(",".join(map(str, row.values())) + "\n" for row in ROWS),
}
PACKINGS = {
    "plain": bytes,
    "gzip": gzip.compress,
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
    "utf-16": lambda data: data.decode().encode("utf-16"),
    "utf-8 with a mark": lambda data: b"\xef\xbb\xbf" + data,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("packing", PACKINGS)
def test_every_form_is_recognised_by_its_content(tmp_path: Path, form: str, packing: str) -> None:
    rows = read(_write(tmp_path, PACKINGS[packing](FORMS[form].encode()), "misleading.html"))
    assert _ids(rows) == ["a0", "a1", "a2", "a3", "a4"]
    assert rows.rejects.num_rows == 0
    assert (rows.texts.schema, rows.rejects.schema) == (TEXT_ROWS, REJECT_ROWS)


@pytest.mark.parametrize("content", ["", "\n \r\n\t\n", "[]", "[\n]\n", '{"data": []}', "\ufeff"])
def test_an_empty_file_gives_no_rows_and_no_error(tmp_path: Path, content: str) -> None:
    assert list(read_texts(_write(tmp_path, content), LIMITS, SAVED_AT)) == []


BAD_LINES = {
    "no json": b"hello",
    "cut off": b'{"id": "b1", "source": "forum", "publ',
    "trailing garbage": json.dumps(_row(9)).encode() + b"}",
    "unknown shape": b'{"name": "x"}',
    "no object": b"17",
    "wrong type": json.dumps(_row(9, body=17)).encode(),
    "missing value": b'{"id": "b1", "source": null, "published_at": 1714979289, "body": "x"}',
    "depth bomb": b'{"id": "b1", "source": "f", "published_at": 1714979289, "body": "x", "y": '
    + b"[" * 10**6
    + b"]" * 10**6
    + b"}",
    "array bomb": b"[" * 10**6,
    "long number": b'{"id": ' + b"9" * 10**6 + b', "source": "f", "published_at": 1714979289, "body": "x"}',
    "long line": b'{"id": "b1", "body": "' + b"x" * 50_000_000 + b'"}',
    "binary": bytes(range(1, 256)).replace(b"\n", b""),
    "control character": b'{"id": "b1", "source": "f", "published_at": 1714979289, "body": "a\tb"}',
    "wrapped bad record": b'{"data": [{"name": "x"}]}',
}


@pytest.mark.parametrize("bad", BAD_LINES)
@pytest.mark.parametrize("place", [0, 2, 5])
def test_a_bad_line_is_kept_as_a_reject_and_the_good_ones_as_texts(tmp_path: Path, bad: str, place: int) -> None:
    lines = [json.dumps(row).encode() for row in ROWS]
    rows = read(_write(tmp_path, b"\n".join([*lines[:place], BAD_LINES[bad], *lines[place:]])))
    assert _ids(rows) == ["a0", "a1", "a2", "a3", "a4"]
    (reject,) = rows.rejects.to_pylist()
    assert reject["line"] == place + 1
    assert reject["reason"] and 0 < len(reject["excerpt"]) <= 500
    assert "\x00" not in reject["excerpt"]


def test_flawed_lines_that_still_say_what_they_mean_are_texts(tmp_path: Path) -> None:
    rows = [json.dumps(_row(number, body="AA")).encode() for number in range(7)]
    flaws = [
        b"\\ud83d",
        b"\\u0000",
        b"\x00",
        "é".encode("cp1252"),
        b"\xed\xa0\xbd",
        "é🚀".encode(),
        b"\\ude80",
    ]
    path = _write(
        tmp_path,
        b"\n".join(row.replace(b"AA", b"A" + flaw + b"A") for row, flaw in zip(rows, flaws, strict=True)),
    )
    rows = read(path)
    assert rows.rejects.num_rows == 0
    assert rows.texts["body"].to_pylist() == ["A\ufffdA", "AA", "AA", "AéA", "A\ufffdA", "Aé🚀A", "A\ufffdA"]


def test_a_bad_element_of_an_array_is_kept_as_a_reject(tmp_path: Path) -> None:
    content = "[\n" + json.dumps(ROWS[0]) + ',\n{"name": 1}, 5,\n{"a" "b"} ' + json.dumps(ROWS[1]) + "]"
    rows = read(_write(tmp_path, content))
    assert _ids(rows) == ["a0", "a1"]
    assert rows.rejects["line"].to_pylist() == [3, 3, 4]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"name": "x"}\n{"name": "y"}\n', ('line 1: \'{"name": "x"}\'', "none of the known shapes")),
        ('\n\n{\n "name": "x"\n}\n', ('line 3: \'{\\n "name": "x"\\n}\'', "none of the known shapes")),
        ('[{"name": "x"}]', ('line 1: \'{"name": "x"}\'', "none of the known shapes")),
        ("[1, 2, 3]", ("line 1", "not a JSON object")),
        ('{"cut', ("line 1: '{\"cut'", "not JSON")),
        ("a,b,c\n1,2,3\n4,5,6\n7,8,9\n", ("line 1: 'a,b,c'", "a table with the columns a, b, c")),
        (b"PK\x03\x04\x00\x00binary", ("line 1: 'PK", "as a page: ")),
    ],
)
def test_a_file_of_unknown_shape_is_named_with_its_first_line_and_what_is_expected(
    tmp_path: Path, content, said
) -> None:
    with pytest.raises(UnknownShape) as error:
        list(read_texts(_write(tmp_path, content, "strange.json"), LIMITS, SAVED_AT))
    message = str(error.value)
    for part in (
        "strange.json: ",
        "id, source, published_at and title or body",
        "id_str",
        "created_utc",
        *said,
    ):
        assert part in message
    assert len(message) < 2000


def test_a_thousand_strange_lines_do_not_hide_the_first_good_one_but_more_do(tmp_path: Path) -> None:
    strange = '{"name": "x"}\n'
    assert _ids(read(_write(tmp_path, strange * 999 + _lines(*ROWS)))) == ["a0", "a1", "a2", "a3", "a4"]
    with pytest.raises(UnknownShape):
        read(_write(tmp_path, strange * 1000 + _lines(*ROWS)))


def test_a_file_with_hardly_a_good_line_is_given_up(tmp_path: Path) -> None:
    path = _write(tmp_path, _lines(*ROWS) + "{}\n" * 100_001)
    rows = rejects = 0
    with pytest.raises(BrokenFile, match="file: line 100006: given up, 100,000 bad records"):
        for part in read_texts(path, LIMITS, SAVED_AT):
            rows += part.texts.num_rows
            rejects += part.rejects.num_rows
    assert (rows, rejects) == (5, 100_000)


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_what_came_before_the_end_of_a_cut_file_stays(tmp_path: Path, packing: str) -> None:
    rows = [_row(number, body=str(hash(str(number)))) for number in range(20_000)]
    packed = PACKINGS[packing](_lines(*rows).encode())
    ids = []
    with pytest.raises(BrokenFile, match=r"cut: the .* stream stops in the middle"):
        for part in read_texts(_write(tmp_path, packed[: len(packed) // 2], "cut"), LIMITS, SAVED_AT):
            ids += _ids(part)
            assert part.rejects.num_rows == 0
    assert 5_000 < len(ids) < 19_000
    assert ids == [f"a{number}" for number in range(len(ids))]


def test_a_cut_file_of_which_nothing_can_be_read_is_broken_and_not_unknown(tmp_path: Path) -> None:
    packed = gzip.compress(_lines(*ROWS).encode())
    with pytest.raises(BrokenFile, match="stops in the middle"):
        read(_write(tmp_path, packed[:20]))


def test_an_expansion_bomb_stops_and_its_good_lines_stay(tmp_path: Path) -> None:
    path = _write(tmp_path, gzip.compress(_lines(*ROWS).encode() + b"x" * 10**8))
    ids = []
    with pytest.raises(BrokenFile, match="20 times their size"):
        for part in read_texts(path, Limits(expansion_free_bytes=2**20, expansion_ratio=20), SAVED_AT):
            ids += _ids(part)
    assert ids == ["a0", "a1", "a2", "a3", "a4"]


def test_batches_come_regularly_and_hold_no_more_than_they_may(tmp_path: Path) -> None:
    rows = [_row(number, likes=number) for number in range(2_500)]
    path = _write(tmp_path, _lines(*rows, {"data": rows}))
    parts = list(read_texts(path, Limits(batch_rows=1000), SAVED_AT))
    assert [part.texts.num_rows for part in parts] == [1000, 1000, 1000, 1000, 1000]
    assert all(part.engagement.num_rows == 1000 for part in parts)
    long = [_row(number, body="x" * 4_000_000) for number in range(20)]
    assert [part.texts.num_rows for part in read_texts(_write(tmp_path, _lines(*long)), LIMITS, SAVED_AT)] == [
        9,
        9,
        2,
    ]


def test_an_enormous_array_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "array.json"
    element = json.dumps(_row(1, body="x" * 2000, ignored=["y" * 2000]))
    with path.open("w") as file:
        file.write(f"[{element}")
        for _ in range(250):
            file.write(f",\n{element}" * 100)
        file.write("]")
    code = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from pipelines.sources.inbox_texts import read_texts
from pipelines.sources.rows import Limits
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
rows = sum(part.texts.num_rows for part in read_texts(Path(sys.argv[1]), Limits(), datetime.now(UTC)))
print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    run = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    rows, kibibytes = map(int, run.stdout.split())
    assert rows == 25_001
    assert path.stat().st_size > 90 * 2**20 and kibibytes < 80 * 1024


SENTENCES = (
    "This is the first sentence of a made-up article, which says that a company grew its sales by a third.",
    "Its shares rose by five percent on the news, and analysts who follow the company lifted their targets.",
    "Management expects the next quarter to be as good as the last, because customers keep ordering more.",
)
PAGE = f"The title of a made-up article\n\n{' '.join(SENTENCES)}\n"


def test_a_saved_page_is_read_with_its_sidecar(tmp_path: Path) -> None:
    page = _write(tmp_path, PAGE, "page.txt")
    beside = _write(tmp_path, '{"source": "made-up", "published_at": "2024-05-06T07:08:09Z"}', "page.json")
    assert sidecar_of(page) == beside
    assert sidecar_of(beside) is None
    assert read(page).texts["published_at"].to_pylist() == [datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)]
    exact = _write(tmp_path, '{"source": "made-up", "published_at": "2025-05-06T07:08:09Z"}', "page.txt.json")
    assert sidecar_of(page) == exact
    assert read(page).texts["published_at"].to_pylist()[0].year == 2025


@pytest.mark.parametrize("content", ["", "{", "[]", '{"name": 1}', json.dumps(ROWS[0]), "[" * 10_000, "x" * 70_000])
def test_a_file_that_says_nothing_of_the_page_is_no_sidecar(tmp_path: Path, content: str) -> None:
    _write(tmp_path, content, "page.json")
    assert sidecar_of(_write(tmp_path, PAGE, "page.txt")) is None


def test_a_wrong_sidecar_is_named_and_not_ignored(tmp_path: Path) -> None:
    _write(tmp_path, '{"published_at": "yesterday"}', "page.json")
    with pytest.raises(UnknownShape, match="published_at"):
        read(_write(tmp_path, PAGE, "page.txt"))


JUNK = [b"[", b'{"a": [', b'"', b"\\", b"[{}", b"]", b"\xff\xfe"]


@given(
    junk=st.lists(st.binary(max_size=60) | st.sampled_from(JUNK), max_size=8),
    places=st.lists(st.integers(0, 8), min_size=2, max_size=2),
    packing=st.sampled_from(["plain", "gzip"]),
)
def test_no_junk_costs_a_good_line(tmp_path_factory: pytest.TempPathFactory, junk, places, packing: str) -> None:
    lines = [line.replace(b"\n", b" ") for line in junk]
    for number, place in enumerate(places):
        lines.insert(place, json.dumps(ROWS[number]).encode())
    # Behind a line feed, because marks of gzip or UTF-16 at the very beginning make another file of it.
    path = _write(tmp_path_factory.getbasetemp(), PACKINGS[packing](b"\n" + b"\n".join(lines)), "junk")
    ids = []
    with suppress(BrokenFile):
        for part in read_texts(path, LIMITS, SAVED_AT):
            ids += _ids(part)
    assert {"a0", "a1"} <= set(ids)


@given(
    data=st.binary(max_size=300) | st.text('[]{}",:\\ \nid0', max_size=60).map(str.encode),
    packing=st.sampled_from(list(PACKINGS)[:3]),
)
def test_any_bytes_are_texts_or_rejects_or_a_known_error(
    tmp_path_factory: pytest.TempPathFactory, data, packing
) -> None:
    path = _write(tmp_path_factory.getbasetemp(), PACKINGS[packing](data), "any")
    try:
        for part in read_texts(path, LIMITS, SAVED_AT):
            assert part.texts.num_rows + part.rejects.num_rows > 0
    except (UnknownShape, BrokenFile) as error:
        assert str(error).startswith("any: ")
