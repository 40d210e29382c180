"""Our own row shape: what each field may be, as the inbox documents it."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.sources import own
from pipelines.sources.rows import Batch
from tests.text_files import FULL, FULL_COUNTS, FULL_TEXT, MOMENT, ROW, SAVED_AT, read


def _json(folder: Path, *rows: dict[str, Any]) -> Batch:
    path = folder / "rows.ndjson"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return read(path)


def test_a_row_with_everything_is_kept_whole(tmp_path: Path) -> None:
    rows = _json(tmp_path, FULL)
    assert rows.texts.to_pylist() == [FULL_TEXT]
    assert rows.engagement.to_pylist() == [FULL_COUNTS]


def test_only_four_fields_are_needed(tmp_path: Path) -> None:
    rows = _json(tmp_path, ROW, {**ROW, "id": 7, "body": None, "title": "T"})
    assert {name: value for name, value in rows.texts.to_pylist()[0].items() if value is not None} == {
        "text_id": "forum:a1",
        "source": "forum",
        "kind": "post",
        "body": "MU is up",
        "body_format": "plain",
        "published_at": MOMENT,
        "fetched_at": SAVED_AT,
        "time_precision": "exact",
        "is_deleted": False,
    }
    assert rows.texts["text_id"].to_pylist()[1] == "forum:7"
    assert rows.engagement.num_rows == 0


@pytest.mark.parametrize(
    "written",
    [
        "2024-05-06T07:08:09Z",
        "2024-05-06 09:08:09+02:00",
        "2024-05-06T07:08:09.000000+00:00",
        "20240506T070809Z",
        1714979289,
        1714979289.0,
        1714979289000,
        1714979289000000,
        "1714979289",
        " 1714979289.0 ",
    ],
)
def test_moments_may_be_iso_8601_or_epoch_numbers(tmp_path: Path, written: str | float) -> None:
    assert _json(tmp_path, {**ROW, "published_at": written}).texts["published_at"].to_pylist() == [MOMENT]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"published_at": "2024-05-06T07:08:09"}, "has no zone"),
        ({"published_at": "2024-05-06"}, "has no zone"),
        ({"published_at": "soon"}, "Invalid isoformat string"),
        ({"published_at": 20240506}, "is not ISO 8601 nor seconds"),
        ({"published_at": 1714979289 * 10**9}, "is not ISO 8601 nor seconds"),
        ({"published_at": None}, "Expected `int | float | str`, got `null`"),
        ({"published_at": "nan"}, "Invalid isoformat string"),
        ({"edited_at": "2024-05-06T07:08:09"}, "has no zone"),
        ({"source": "My Forum"}, "is not a short name"),
        ({"source": ""}, "is not a short name"),
        ({"id": " "}, "the id is empty"),
        ({"id": 1.5}, "Expected `int | str`, got `float`"),
        ({"body": ""}, "neither a title nor a body"),
        ({"body": 5}, "Expected `str | null`, got `int` - at `$.body`"),
        ({"kind": "reply"}, "Invalid enum value 'reply'"),
        ({"stance": "long"}, "stance 'long' is neither bullish nor bearish"),
        ({"likes": "many"}, "Expected `int | float | null`"),
        ({"symbols": {"a": 1}}, "Expected `str | array | null`"),
    ],
)
def test_a_row_with_a_wrong_value_is_a_reject_that_says_why(
    tmp_path: Path, changed: dict[str, Any], reason: str
) -> None:
    rows = _json(tmp_path, ROW, {**ROW, **changed}, {**ROW, "id": "a2"})
    assert rows.texts["text_id"].to_pylist() == ["forum:a1", "forum:a2"]
    assert [(row["line"], reason in row["reason"]) for row in rows.rejects.to_pylist()] == [(2, True)], rows.rejects


def test_a_deleted_row_needs_no_body_and_keeps_none(tmp_path: Path) -> None:
    rows = _json(tmp_path, {**ROW, "is_deleted": True}, {**ROW, "id": "a2", "body": None, "is_deleted": True})
    assert rows.texts["body"].to_pylist() == [None, None]
    assert rows.texts["is_deleted"].to_pylist() == [True, True]


def test_the_examples_of_the_inbox_are_read_as_the_page_says(tmp_path: Path) -> None:
    page = (Path(__file__).parents[1] / "warehouse" / "inbox" / "README.md").read_text(encoding="utf-8")
    texts = []
    for language in ("json", "csv"):
        example = page.split(f"```{language}\n")[1].split("```")[0]
        path = tmp_path / language
        path.write_text(example, encoding="utf-8")
        rows = read(path)
        assert rows.rejects.num_rows == 0
        texts += rows.texts.to_pylist()
    assert [(row["text_id"], row["kind"], row["parent_id"]) for row in texts] == [
        ("forum:4711", "post", None),
        ("forum:4712", "comment", "forum:4711"),
        ("forum:4713", "post", None),
    ]
    assert texts[2]["body"] == 'First line\nsecond line; with "quotes"'
    assert texts[2]["symbols"] == ["MU", "NVDA"]
    documented = [
        name for line in page.splitlines() if line.startswith("| `") for name in line.split("|")[1].split("`")[1::2]
    ]
    assert sorted(documented) == sorted(own.FIELDS)
