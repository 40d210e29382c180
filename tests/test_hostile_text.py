"""Text and file names of strangers, through the whole job: nothing of them is obeyed by a log, a terminal or a page."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.printable import printable
from pipelines.try_source import fitted
from tests.conftest import Home, checks_of, post
from tests.local_service import LocalService, Reply
from tests.test_live_run import Run

FAKE = "2026-01-01 00:00:00 +0000 - dagster - ERROR - all is lost"
HOSTILE = (
    "<script>alert(1)</script>[x](javascript:alert(1))![](http://evil.example/p.png)"
    f"\x1b[2J\x1b]0;title\x07\u202egnp\r\n{FAKE}\r\n\x00\u2028\x9b31m\u2066"
)
NAMES = [
    "<img src=x onerror=alert(1)>.txt",
    "![](http:evil.example).txt",
    "[x](javascript:alert(1)).ndjson",
    "a\x1b[2Jb.ndjson",
    "\u202egnp.txt",
    f"a\r\n{FAKE}.txt",
]
NO_TEXT = os.fsdecode(b"\xff\xfe.txt")  # a name in another encoding than UTF-8, as old archives have them
PRICES = "ticker,day,close\nMU,2024-07-01,1\nMU,2024-07-06,2\nMU,2024-07-08,3\n"  # the 6th is a Saturday


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dg.ExecuteInProcessResult, list[str]]]:
    """A run over hostile files, and what it wrote into the log."""
    home = Home(tmp_path_factory.mktemp("hostile"))
    for name in NAMES:
        home.drop(f"texts/{name}", HOSTILE)
    (home.inbox / "texts" / NO_TEXT).write_text("x")
    home.drop("prices/a\x1b[2Jb.csv", PRICES)
    home.drop(f"prices/{HOSTILE[:20].replace('/', '')}.csv", HOSTILE)
    home.drop("events/a\x1b[2Jb.csv", HOSTILE)
    fields = {"author": HOSTILE, "title": HOSTILE, "community": HOSTILE, "url": HOSTILE}
    home.drop(
        "texts/ok.ndjson", [post("1", "2024-07-02T14:00:00Z", f"{HOSTILE} I love $MU.", **fields), {"id": HOSTILE}]
    )
    with dg.DagsterInstance.ephemeral() as instance:
        result = home.run("2024-07-02", instance=instance)
        said = [entry.user_message for entry in instance.all_logs(result.run_id) if not entry.is_dagster_event]
    yield result, said


def strings(value: Any) -> Iterator[str]:
    """Every string within, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(key)
            yield from strings(inner)
    elif isinstance(value, dg.TableRecord):
        yield from strings(value.data)
    elif isinstance(value, dg.TableSchema):
        yield from (column.name for column in value.columns)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)


def test_the_run_goes_on_and_names_every_file_that_it_could_not_read(told) -> None:
    result, _ = told
    assert result.success
    check = checks_of(result)["every_inbox_file_is_read"]
    assert not check.passed
    assert {f"texts/{printable(name)}" for name in [*NAMES, NO_TEXT]} <= set(check.metadata)


def test_no_line_of_the_log_is_a_strangers_and_none_steers_a_terminal(told) -> None:
    _, said = told
    lines = [line for message in said for line in message.split("\n")]
    assert any("gnp" in line for line in lines)
    assert [line for line in lines if not line.isprintable()] == []
    assert [line for line in lines if line.startswith(FAKE)] == []


def test_what_the_ui_shows_is_plain_text_with_nothing_unseen_in_it(told) -> None:
    """The UI renders Markdown, with images from anywhere, where a value or a description is Markdown: no stranger's may be."""
    result, _ = told
    evaluations = result.get_asset_check_evaluations()
    shown = [event.materialization for event in result.get_asset_materialization_events()] + evaluations
    values = [value for one in shown for key, value in one.metadata.items() if key != "dagster/column_schema"]  # ours
    assert not any(isinstance(value, dg.MarkdownMetadataValue) for value in values)
    texts = [text for one in shown for text in one.metadata] + [text for v in values for text in strings(v.value)]
    assert any("evil.example" in text for text in texts)
    assert [text for text in texts if not text.isprintable()] == []
    assert [one.description for one in evaluations if "evil" in (one.description or "")] == []


def test_the_rows_that_a_check_shows_are_escaped(told) -> None:
    result, _ = told
    check = checks_of(result)["bars_fall_on_sessions"]
    assert not check.passed
    assert r"path='prices/a\x1b[2Jb.csv'" in json.dumps(check.metadata["first of them"].value).replace("\\\\", "\\")


def test_what_a_service_says_when_it_refuses_is_plain_text_on_one_line(tmp_path: Path) -> None:
    run = Run(tmp_path)
    with (
        LocalService(lambda asked: Reply(HOSTILE.encode(), 400)) as service,
        dg.DagsterInstance.ephemeral() as instance,
    ):
        run.instance = instance
        run.follow(hackernews={"searches": ["micron"], "base_url": service.url})
        check = run("hackernews")["hackernews_answered"]
        logs = [entry for one in instance.get_runs() for entry in instance.all_logs(one.run_id)]
    said = [entry.user_message for entry in logs if not entry.is_dagster_event]
    shown = [*check.metadata, *(text for value in check.metadata.values() for text in strings(value.value)), *said]
    assert any("evil.example" in text for text in shown)
    assert [line for text in shown for line in text.split("\n") if not line.isprintable()] == []


@pytest.mark.parametrize("text", [HOSTILE, *NAMES, "\udcff", "\u200b\xad\ufeff\x7f"])
def test_what_is_printed_is_on_one_line_and_shows_what_it_hides(text: str) -> None:
    line = printable(text)
    assert line.isprintable()
    assert line.encode()
    assert printable("micron ↑ 5 % 🚀 Ünicode 株") == "micron ↑ 5 % 🚀 Ünicode 株"
    assert fitted(text).isprintable()
