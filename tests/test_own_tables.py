"""Tables of our own rows: CSV and Parquet, good, strange and damaged."""

import csv
import io
from contextlib import suppress
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sources.inbox_texts import read_texts
from pipelines.sources.rows import Batch, BrokenFile, Limits, UnknownShape
from tests.text_files import FULL, FULL_COUNTS, FULL_TEXT, LIMITS, MOMENT, SAVED_AT, read


def _csv(folder: Path, text: str) -> Batch:
    path = folder / "rows.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return read(path)


def _parquet(folder: Path, columns: dict[str, Any], **options: Any) -> Path:
    path = folder / "rows.parquet"
    pq.write_table(pa.table(columns), path, **options)
    return path


def test_the_same_row_is_the_same_from_csv(tmp_path: Path) -> None:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerows([FULL.keys(), [" ".join(v) if isinstance(v, list) else v for v in FULL.values()]])
    rows = _csv(tmp_path, file.getvalue())
    assert rows.texts.to_pylist() == [FULL_TEXT]
    assert rows.engagement.to_pylist() == [FULL_COUNTS]


def test_the_same_row_is_the_same_from_parquet(tmp_path: Path) -> None:
    cells = {name: [value] for name, value in FULL.items()}
    cells["published_at"] = pa.array(
        [MOMENT.astimezone(timezone(timedelta(hours=9)))], pa.timestamp("ns", "Asia/Tokyo")
    )
    cells["fetched_at"] = pa.array([FULL_TEXT["fetched_at"]], pa.timestamp("ms", "UTC"))
    cells["likes"] = [5.0]
    cells["community"] = pa.array(["chips"]).dictionary_encode()
    cells["url"] = pa.array([FULL["url"]], pa.large_string())
    cells["reposts"] = pa.array([None], pa.null())
    rows = read(_parquet(tmp_path, cells))
    assert rows.texts.to_pylist() == [FULL_TEXT]
    assert rows.engagement.to_pylist() == [FULL_COUNTS]


HEADER = "id,source,published_at,body,likes\n"


def test_csv_bodies_may_hold_lines_quotes_and_delimiters(tmp_path: Path) -> None:
    body = 'first, "second"\n\nthird; é🚀'
    quoted = body.replace('"', '""')
    rows = _csv(tmp_path, f'{HEADER}a1,forum,2024-05-06T07:08:09Z,"{quoted}",5\r\n\r\na2,forum,1714979289,x,\r\n')
    assert rows.texts["body"].to_pylist() == [body, "x"]
    assert rows.engagement["likes"].to_pylist() == [5]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_csv_columns_may_be_separated_and_ordered_in_any_way(tmp_path: Path, mark: str) -> None:
    rows = [[" Body ", "ID", "Published_At", "source", "extra"], ["x", "1", "1714979289", "f", ""]]
    rows = _csv(tmp_path, "\ufeff\n" + "\n".join(mark.join(row) for row in rows))
    assert rows.texts["text_id"].to_pylist() == ["f:1"]


def test_a_bad_csv_row_costs_only_itself(tmp_path: Path) -> None:
    good = "a{},forum,1714979289,x,1\n"
    rows = [
        good.format(1),
        "a2,forum,1714979289,x\n",
        "a3,forum,1714979289,x,1,2\n",
        'a4,forum,1714979289,"x" y,1\n',
        good.format(5),
        'a6,forum,1714979289,"never closed,1\n',
        good.format(7),
        f"a8,forum,1714979289,{'x' * 200_000},1\n",
        f"a9,forum,1714979289,{'x' * 9_000_000},1\n",
        good.format(10),
        'a11,forum,1714979289,"begins\n',
        f"{'x' * 9_000_000}\n",
        good.format(13),
    ]
    rows = _csv(tmp_path, HEADER + "".join(rows))
    assert rows.texts["text_id"].to_pylist() == [f"forum:a{number}" for number in (1, 5, 7, 10, 13)]
    rejects = rows.rejects.to_pylist()
    assert [row["line"] for row in rejects] == [3, 4, 5, 7, 9, 10, 12, 13]
    assert rejects[0]["reason"] == "4 cells where the header has 5"
    assert "not CSV" in rejects[3]["reason"] and "longer than the 8,388,608" in rejects[5]["reason"]
    assert all(len(row["excerpt"]) <= 500 for row in rejects)


def test_a_csv_with_only_a_header_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(HEADER)
    assert list(read_texts(path, LIMITS, SAVED_AT)) == []


@given(st.lists(st.binary(max_size=30), max_size=8), st.integers(0, 8))
def test_a_good_csv_row_survives_any_bad_ones(tmp_path_factory: pytest.TempPathFactory, junk, place: int) -> None:
    path = tmp_path_factory.getbasetemp() / "junk.csv"
    lines = [line.replace(b"\n", b" ").replace(b"\r", b" ") for line in junk]
    good = b"good,forum,1714979289,x,1"
    path.write_bytes(b"\n".join([HEADER.strip().encode(), *lines[:place], good, *lines[place:]]))
    assert "forum:good" in read(path).texts["text_id"].to_pylist()


def test_an_unknown_table_is_named_with_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "strange.csv"
    path.write_text("date,open,close\n2024-01-02,5,6\n2024-01-03,6,7\n2024-01-04,6,7\n")
    with pytest.raises(UnknownShape) as error:
        list(read_texts(path, LIMITS, SAVED_AT))
    for said in (
        "strange.csv: line 1: 'date,open,close'",
        "date, open, close",
        "id, source, published_at and title or body",
    ):
        assert said in str(error.value)


def _columns(count: int) -> dict[str, Any]:
    return {
        "id": [f"a{number}" for number in range(count)],
        "source": ["forum"] * count,
        "published_at": [1714979289 + number for number in range(count)],
        "body": ["the same body"] * count,
    }


def test_parquet_is_read_in_batches_across_row_groups(tmp_path: Path) -> None:
    path = _parquet(tmp_path, _columns(25_000), row_group_size=7_000)
    batches = list(read_texts(path, Limits(batch_rows=1000), SAVED_AT))
    assert max(batch.texts.num_rows for batch in batches) <= 1000
    assert [row for batch in batches for row in batch.texts["text_id"].to_pylist()] == [
        f"forum:a{n}" for n in range(25_000)
    ]


def test_empty_parquet_texts_are_no_values(tmp_path: Path) -> None:
    rows = read(_parquet(tmp_path, {**_columns(1), "author": [""], "title": [""]}))
    assert (rows.texts["author"].to_pylist(), rows.texts["title"].to_pylist()) == ([None], [None])


def test_parquet_rows_with_wrong_values_are_rejects(tmp_path: Path) -> None:
    columns = {
        **_columns(5),
        "published_at": ["1714979289", "soon", None, "2024-05-06T07:08:09", "1714979289"],
    }
    rows = read(_parquet(tmp_path, columns))
    assert rows.texts["text_id"].to_pylist() == ["forum:a0", "forum:a4"]
    assert rows.rejects["line"].to_pylist() == [2, 3, 4]
    assert "'published_at': 'soon'" in rows.rejects["excerpt"][0].as_py()


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (pa.array([MOMENT.replace(tzinfo=None)], pa.timestamp("us")), "has no zone"),
        (pa.array([MOMENT.date()], pa.date32()), "has no zone"),
        (pa.array([2**62], pa.timestamp("us", "UTC")), "nvalid isoformat"),
        (pa.array([float("inf")]), "is not ISO 8601"),
        (pa.array([None], pa.null()), "missing required field `published_at`"),
    ],
)
def test_parquet_moments_that_are_none_are_rejects(tmp_path: Path, column: pa.Array, reason: str) -> None:
    rows = read(_parquet(tmp_path, {**_columns(1), "published_at": column}))
    assert rows.texts.num_rows == 0
    assert reason in rows.rejects["reason"][0].as_py()


def test_parquet_text_that_is_not_utf8_or_holds_nul_is_kept(tmp_path: Path) -> None:
    raw = pa.array([b"caf\xe9\x00", None], pa.binary())
    body = pa.StringArray.from_buffers(2, raw.buffers()[1], raw.buffers()[2], raw.buffers()[0])
    rows = read(_parquet(tmp_path, {**_columns(2), "title": ["T", "T"], "body": body, "likes": [float("nan"), 3.0]}))
    assert rows.texts["body"].to_pylist() == ["café", None]
    assert rows.engagement["likes"].to_pylist() == [3]


def test_parquet_with_two_columns_of_one_name_is_unknown(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    columns = _columns(1)
    pq.write_table(pa.table([*columns.values(), ["y"]], names=[*columns, "body"]), path)
    with pytest.raises(UnknownShape, match="two columns of the same name"):
        read(path)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"id": ["a"], "text": ["x"]}, "Parquet with the columns id, text"),
        ({**_columns(1), "body": [{"text": "x"}]}, "column body is struct"),
        ({**_columns(1), "symbols": [[1]]}, "column symbols is list"),
    ],
)
def test_parquet_of_another_shape_is_unknown(tmp_path: Path, columns: dict[str, Any], said: str) -> None:
    with pytest.raises(UnknownShape, match=r"rows\.parquet") as error:
        read(_parquet(tmp_path, columns))
    assert said in str(error.value)


def test_a_parquet_file_cut_short_is_broken(tmp_path: Path) -> None:
    path = _parquet(tmp_path, _columns(100))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(BrokenFile, match=r"rows\.parquet: not a whole Parquet file"):
        read(path)


def test_a_damaged_parquet_page_is_broken_after_the_rows_before_it(tmp_path: Path) -> None:
    path = _parquet(tmp_path, _columns(30_000), row_group_size=10_000, compression="zstd", use_dictionary=False)
    data = bytearray(path.read_bytes())
    place = pq.ParquetFile(path).metadata.row_group(2).column(0).data_page_offset
    data[place : place + 200] = bytes(200)
    path.write_bytes(data)
    rows = 0
    with pytest.raises(BrokenFile, match="damaged after row 20,000"):
        for batch in read_texts(path, LIMITS, SAVED_AT):
            rows += batch.texts.num_rows
    assert rows == 20_000


def test_a_parquet_bomb_stops_at_the_limit(tmp_path: Path) -> None:
    columns = {**_columns(20_000), "body": pa.array(["x" * 10_000]).take(pa.array([0] * 20_000))}
    path = _parquet(tmp_path, columns, compression="zstd")
    with pytest.raises(BrokenFile, match="20 times their size"):
        read(path, Limits(expansion_free_bytes=2**20, expansion_ratio=20))


@given(st.binary(max_size=400), st.integers(0, 2000))
def test_any_parquet_damage_is_broken_or_harmless(tmp_path_factory: pytest.TempPathFactory, junk, place: int) -> None:
    path = _parquet(tmp_path_factory.getbasetemp(), _columns(3))
    data = bytearray(path.read_bytes())
    data[4 + place : 4 + place + len(junk)] = junk
    path.write_bytes(data)
    with suppress(BrokenFile, UnknownShape):
        list(read_texts(path, LIMITS, SAVED_AT))
