"""The landing: answers as they came, whole or not at all, read back the same, and removed in time."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.sources.answers import Answer, Incomplete, SourceDown
from pipelines.sources.landing import (
    FOLDER,
    Head,
    answers_of,
    head_of,
    land,
    landed_at,
    landed_files,
    of_days,
    remove_naming,
    remove_old,
)
from pipelines.sources.rows import BrokenFile

NOW = datetime(2026, 5, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def head(name: str = "micron", source: str = "hackernews", kind: str = "search", start: datetime = NOW - DAY) -> Head:
    midnight = start.replace(hour=0)
    return Head(source, kind, name, midnight, midnight + DAY, NOW)


def answer(body: bytes, url: str = "https://example.org/1") -> Answer:
    return Answer(url, NOW, body, headers={"etag": '"1"'}, about={"item": "1"})


def now() -> datetime:
    return NOW


@given(st.lists(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "ignore"))))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_whatever_a_service_answers_is_read_back_to_the_last_byte(tmp_path: Path, bodies: list[bytes]):
    answers = [answer(body, f"https://example.org/{number}") for number, body in enumerate(bodies)]
    landed = land(tmp_path / FOLDER, head(), iter(answers), now)
    assert (landed is None) == (not bodies)
    if landed:
        assert list(answers_of(landed.path)) == answers
        assert landed_at(landed.path) == landed
        assert head_of(landed.path) == head()


def test_a_fetch_that_breaks_off_leaves_nothing(tmp_path: Path):
    def answers() -> Iterator[Answer]:
        yield answer(b"{}")
        raise SourceDown("gone")

    with pytest.raises(SourceDown):
        land(tmp_path / FOLDER, head(), answers(), now)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_a_service_does_not_have_is_noted_beside_all_that_it_has(tmp_path: Path):
    def answers() -> Iterator[Answer]:
        yield answer(b"{}")
        raise Incomplete("nothing before noon")

    landed = land(tmp_path / FOLDER, head(), answers(), now)
    assert landed.end.missing == "nothing before noon"
    assert landed.end.page_count == 1


@pytest.mark.parametrize("name", ["../../etc/passwd", "/abs", "a/b\x00c", "..", "é" * 500, "<script>", ""])
def test_no_name_leads_out_of_its_folder(tmp_path: Path, name: str):
    landed = land(tmp_path / FOLDER, head(name), iter([answer(b"{}")]), now)
    assert landed.path.parent == tmp_path / FOLDER / "hackernews" / "2026-05-29"
    assert landed.path.name.isascii()
    assert len(landed.path.name) < 100


def test_two_subjects_that_look_alike_have_two_files(tmp_path: Path):
    paths = {land(tmp_path / FOLDER, head(name), iter([answer(b"{}")]), now).path for name in ("$MU", "#mu", "mu")}
    assert len(paths) == 3


def test_a_later_look_at_prices_takes_the_place_of_the_earlier_and_one_at_texts_stands_beside_it(tmp_path: Path):
    for source, kind, files in (("yfinance", "daily", 1), ("hackernews", "search", 2)):
        for asked_at in (NOW, NOW + DAY):
            one = head("MU", source, kind)
            asked = Head(source, kind, one.name, one.start, one.end, asked_at)
            land(tmp_path / FOLDER, asked, iter([answer(b"{}")]), now)
        assert len(landed_files(tmp_path, [source])) == files


def test_files_are_chosen_by_the_days_of_their_window(tmp_path: Path):
    for back in range(5):
        land(tmp_path / FOLDER, head(start=NOW - back * DAY), iter([answer(b"{}")]), now)
    files = landed_files(tmp_path, ["hackernews"])
    chosen = of_days(files, (NOW - 3 * DAY).date(), (NOW - 2 * DAY).date())
    assert sorted(file.path.parent.name for file in chosen) == ["2026-05-27", "2026-05-28"]


def test_old_files_go_and_what_a_killed_run_left_half_written(tmp_path: Path):
    landed = land(tmp_path / FOLDER, head(), iter([answer(b"{}")]), now)
    part = landed.path.with_suffix(".4711.part")
    part.write_bytes(b"half")
    os.utime(part, ((NOW - 2 * DAY).timestamp(),) * 2)
    os.utime(landed.path, ((NOW - 2 * DAY).timestamp(),) * 2)
    files = landed_files(tmp_path, ["hackernews"])
    assert remove_old(tmp_path, files, NOW - 3 * DAY, NOW) == 0
    assert landed.path.exists()
    assert not part.exists()
    assert remove_old(tmp_path, files, NOW - DAY, NOW) == 1
    assert list((tmp_path / FOLDER).rglob("*.zst")) == []


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: b"no" + data])
def test_a_damaged_file_is_told(tmp_path: Path, damage):
    landed = land(tmp_path / FOLDER, head(), iter([answer(os.urandom(9_000))] * 9), now)
    landed.path.write_bytes(damage(landed.path.read_bytes()))
    with pytest.raises(BrokenFile, match="remove it, and the window is asked again"):
        head_of(landed.path)
        list(answers_of(landed.path))


def test_the_files_in_which_somebody_stands_are_removed(tmp_path: Path):
    for name, body in (("a", b'{"author": "Ann_B"}'), ("b", b'{"author": "ann_bell"}'), ("c", b'"hi @ann_b!"')):
        land(tmp_path / FOLDER, head(name), iter([answer(body)]), now)
    assert remove_naming(tmp_path, "ann_b", []) == 2
    left = landed_files(tmp_path, ["hackernews"])
    assert [head_of(file.path).name for file in left] == ["b"]
    assert remove_naming(tmp_path, "nobody", [left[0].name]) == 1
