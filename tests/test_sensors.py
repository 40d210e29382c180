"""What makes something run: a close, a file in the inbox, days that are not built. And what does not."""

import os
import shutil
import warnings
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from pipelines.definitions import defs
from pipelines.sources.inbox import inbox_files
from pipelines.sources.inbox_watch import LONGEST_WAIT, Watched, listing, look
from pipelines.sources.intake import take_in_new
from pipelines.sources.rows import Limits
from pipelines.unbuilt import Asked, Published, Range, ask_for, ranges_to_build
from pipelines.warehouse import Warehouse
from tests.conftest import Home, at, post, queue

with warnings.catch_warnings():  # Dagster says of its own options that they are beta
    warnings.simplefilter("ignore", dg.BetaWarning)
    from pipelines.defs.live import Live
    from pipelines.defs.resources import Inbox
    from pipelines.defs.sensors import calendars_followed, run_after

OLD = datetime(2026, 5, 30, tzinfo=UTC).timestamp()
FIRST_DAY, LAST_DAY = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


@cache
def repository() -> dg.RepositoryDefinition:
    return defs().get_repository_def()


def tick(
    name: str, cursor: str | None = None, instance: dg.DagsterInstance | None = None, **resources: object
) -> dg.SensorResult:
    """One look of a sensor as Dagster loads it."""
    with dg.build_sensor_context(
        instance=instance, cursor=cursor, repository_def=repository(), resources=resources
    ) as context:
        return repository().get_sensor_def(name).evaluate_tick(context)


def days_of(result) -> list[tuple[str, str]]:
    return [(one.tags[FIRST_DAY], one.tags[LAST_DAY]) for one in result.run_requests or []]


def keys_of(result) -> list[str]:
    return [one.run_key for one in result.run_requests or []]


def closes_handled(
    calendars: list[str], first: str, last: str, minutes: int = 1
) -> list[tuple[str, str, tuple[str, str]]]:
    """(moment, run key, days) of each run that ticks every few minutes ask for."""
    now, cursor, found = at(first), None, []
    while now <= at(last):
        result = run_after(calendars, cursor, now)
        cursor = result.cursor
        found += [(f"{now:%m-%d %H:%M}", *one) for one in zip(keys_of(result), days_of(result), strict=True)]
        now += timedelta(minutes=minutes)
    return found


def test_a_run_is_asked_for_half_an_hour_after_each_close_the_half_day_too():
    assert closes_handled(["XNYS"], "2026-11-25T12:00", "2026-11-28T12:00") == [
        ("11-25 21:30", "XNYS 2026-11-25 21:00", ("2026-11-25", "2026-11-25")),
        ("11-27 18:30", "XNYS 2026-11-27 18:00", ("2026-11-27", "2026-11-27")),
    ]


def test_the_run_follows_the_clock_of_new_york_and_takes_sydneys_evening_before():
    spring = closes_handled(["XNYS"], "2026-03-06T12:00", "2026-03-10T00:00", minutes=10)
    assert [moment for moment, *_ in spring] == ["03-06 21:30", "03-09 20:30"]
    sydney = closes_handled(["XASX"], "2026-11-26T00:00", "2026-11-26T12:00", minutes=10)
    assert sydney == [("11-26 05:30", "XASX 2026-11-26 05:00", ("2026-11-25", "2026-11-26"))]


def test_closes_that_come_together_or_were_missed_are_one_run():
    """As after ten days without power; London and Frankfurt close at the same moment."""
    before = run_after(["XLON", "XETR"], None, at("2026-11-16T12:00"))
    assert not before.run_requests
    asleep = run_after(["XLON", "XETR"], before.cursor, at("2026-11-26T18:00"))
    assert days_of(asleep) == [("2026-11-16", "2026-11-26")]
    assert keys_of(asleep) == ["XLON 2026-11-26 16:30"]
    assert not run_after(["XLON", "XETR"], asleep.cursor, at("2026-11-26T18:01")).run_requests


def test_a_clock_set_back_runs_nothing_twice_and_stops_nothing_for_good():
    first = run_after(["XNYS"], at("2026-11-25T12:00").isoformat(), at("2026-11-25T21:30"))
    assert keys_of(first) == ["XNYS 2026-11-25 21:00"]
    again = closes_from(first.cursor, "2026-11-25T18:00", "2026-11-27T19:00")  # set back by three and a half hours
    assert again == ["XNYS 2026-11-27 18:00"]
    ahead = run_after(["XNYS"], first.cursor, at("2027-06-01T12:00"))  # and once it ran months ahead
    assert closes_from(ahead.cursor, "2026-11-27T12:00", "2026-11-27T19:00") == ["XNYS 2026-11-27 18:00"]


def closes_from(cursor: str | None, first: str, last: str) -> list[str]:
    now, found = at(first), []
    while now <= at(last):
        result = run_after(["XNYS"], cursor, now)
        cursor, found, now = result.cursor, found + keys_of(result), now + timedelta(minutes=10)
    return found


def test_a_reason_names_the_next_close():
    result = run_after(["XNYS", "XLON"], None, at("2026-11-27T19:00"))
    assert result.skip_reason == dg.SkipReason("next: XLON 2026-11-30 16:30 UTC + 30 min")
    assert run_after(["XNYS"], "not a moment", at("2026-11-27T19:00")).cursor == at("2026-11-27T18:30").isoformat()


def test_calendars_are_those_of_the_prices_followed(tmp_path: Path):
    toml = tmp_path / "crowdtape.toml"
    toml.write_text("tickers = ['MU', 'BTC']\nunlisted_tickers = ['7203.T']\n[ccxt]\npairs = ['gate:BTC/USDT']\n")
    live = Live(follow=str(toml))
    assert calendars_followed(live, ["yfinance", "hackernews"]) == {"XNYS", "XTKS", "24/7"}
    assert calendars_followed(live, ["ccxt"]) == {"24/7"}
    assert calendars_followed(Live(follow="nowhere.toml"), ["hackernews"]) == set()


def test_without_prices_to_follow_or_the_file_that_names_them_nothing_fails(tmp_path: Path, monkeypatch):
    skipped = tick("after_the_close", live=Live(follow=str(tmp_path / "none.toml")))
    assert "CROWDTAPE_SOURCES" in skipped.skip_message
    settings = type("Settings", (), {"source_names": ["yfinance"]})
    monkeypatch.setattr("pipelines.defs.sensors.SETTINGS", settings)
    skipped = tick("after_the_close", live=Live(follow=str(tmp_path / "none.toml")))
    assert "none.toml: cannot be read" in skipped.skip_message


# The inbox


class Dropped:
    """An inbox that is looked at every 30 seconds of a clock of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = datetime(2026, 6, 1, tzinfo=UTC)
        self.last: Watched | None = None

    def drop(self, name: str, content: str, age: float = 60) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        written = self.now.timestamp() - age
        os.utime(path, (written, written))
        return path

    def looks(self, times: int = 1) -> list[bool]:
        found = []
        for _ in range(times):
            self.now += timedelta(seconds=30)
            self.last, is_new = look(self.last, listing(self.folder, self.now), self.now)
            found.append(is_new)
        return found


@pytest.fixture
def dropped(tmp_path: Path) -> Dropped:
    return Dropped(tmp_path / "inbox")


def test_several_files_dropped_together_are_one_run_once_two_looks_find_them_the_same(dropped: Dropped):
    assert dropped.looks(2) == [False, False]
    dropped.drop("texts/a.ndjson", "{}")
    dropped.drop("prices/deep/b.csv", "x")
    dropped.drop("events/c.csv", "x")
    assert dropped.looks(4) == [False, True, False, False]


def test_a_file_that_grows_is_waited_for(dropped: Dropped):
    dropped.looks()
    for size in range(1, 6):
        dropped.drop("texts/a.ndjson", "x" * size)
        assert dropped.looks() == [False]
    assert dropped.looks(2) == [True, False]


def test_a_file_seconds_old_is_waited_for_though_it_looks_the_same(dropped: Dropped):
    dropped.looks()
    dropped.drop("texts/a.ndjson", "x", age=-55)  # written 5 seconds before the second look
    assert dropped.looks(3) == [False, False, True]


def test_a_file_that_never_stops_growing_holds_the_others_up_for_minutes_only(dropped: Dropped):
    dropped.looks()
    dropped.drop("texts/done.ndjson", "x")
    asked = []
    for size in range(60):
        dropped.drop("texts/log.ndjson", "x" * size)
        asked += dropped.looks()
    assert asked.index(True) == LONGEST_WAIT / timedelta(seconds=30)
    assert asked.count(True) == 2  # in half an hour


def test_a_changed_file_is_new_and_hidden_and_unfinished_ones_are_none(dropped: Dropped):
    path = dropped.drop("texts/a.ndjson", "x")
    assert dropped.looks(3) == [False, True, False]
    for name in (".a", "a.part", "a.csv~", "a.CRDOWNLOAD", ".hidden/a.csv", "a.tmp"):
        dropped.drop(f"texts/{name}", "x")
    dropped.drop("elsewhere/a.csv", "x")
    assert dropped.looks(3) == [False] * 3
    os.utime(path, (OLD, OLD))
    assert dropped.looks(3) == [False, True, False]


def test_what_was_asked_for_is_remembered_over_a_restart_and_a_first_start_finds_what_lies_there(dropped: Dropped):
    dropped.drop("texts/a.ndjson", "x")
    assert dropped.looks(2) == [False, True]
    assert len(repr(dropped.last)) < 200
    other = Dropped(dropped.folder)
    other.now, other.last = dropped.now, dropped.last
    assert other.looks(2) == [False, False]


def test_links_and_folders_that_cannot_be_read_stop_nothing(dropped: Dropped, tmp_path: Path):
    dropped.looks()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "b.ndjson").write_text("x")
    os.utime(elsewhere / "b.ndjson", (OLD, OLD))
    dropped.drop("texts/a.ndjson", "x")
    (dropped.folder / "texts" / "gone").symlink_to(tmp_path / "nowhere")
    (dropped.folder / "texts" / "round").symlink_to(dropped.folder)
    (dropped.folder / "texts" / "file").symlink_to(elsewhere / "b.ndjson")
    closed = dropped.folder / "texts" / "closed"
    closed.mkdir()
    closed.chmod(0)
    try:
        assert listing(dropped.folder, dropped.now).file_count == 2
        assert dropped.looks(3) == [False, True, False]
    finally:
        closed.chmod(0o700)


def test_the_sensor_asks_for_one_run_over_today(tmp_path: Path):
    inbox = Inbox(folder=str(tmp_path / "inbox"))
    empty = tick("inbox", inbox=inbox)
    assert "is empty" in empty.skip_message
    Dropped(tmp_path / "inbox").drop("texts/a.ndjson", "x", age=9_999)
    waiting = tick("inbox", empty.cursor, inbox=inbox)
    assert "no longer written" in waiting.skip_message
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        asked = tick("inbox", waiting.cursor, instance, inbox=inbox)
        queue(instance, "build")
        queued = tick("inbox", waiting.cursor, instance, inbox=inbox)
    assert "waits in the queue" in queued.skip_message
    assert "nothing new" in tick("inbox", queued.cursor, inbox=inbox).skip_message
    (first, last), *others = days_of(asked)
    assert first == last
    assert abs(date.fromisoformat(first) - datetime.now(UTC).date()) <= timedelta(days=1)
    assert others == []
    assert "nothing new" in tick("inbox", asked.cursor, inbox=inbox).skip_message
    assert "no longer written" in tick("inbox", "what a person wrote here", inbox=inbox).skip_message


# Days around


@pytest.fixture(scope="module")
def unbuilt(tmp_path_factory) -> Home:
    """Texts of two days a year apart that raw has and core has not."""
    home = Home(tmp_path_factory.mktemp("unbuilt"))
    home.drop("texts/a.ndjson", [post(day, f"{day}T12:00:00Z", "I love $MU") for day in ("2024-07-02", "2025-07-02")])
    with home.warehouse.connect() as con:
        take_in_new(con, inbox_files(home.inbox), datetime.now(UTC), Limits(), 0)
    home.warehouse.publish()
    return home


def test_days_that_a_file_brought_are_asked_for_once(unbuilt: Home):
    asked = tick("unbuilt_days", warehouse=unbuilt.warehouse)
    assert days_of(asked) == [("2024-07-02", "2024-07-02"), ("2025-07-02", "2025-07-02")]
    assert len(set(keys_of(asked))) == 2
    again = tick("unbuilt_days", asked.cursor, warehouse=unbuilt.warehouse)
    assert "has not changed" in again.skip_message
    unbuilt.warehouse.publish()  # and they are still unbuilt
    again = tick("unbuilt_days", asked.cursor, warehouse=unbuilt.warehouse)
    assert "asked for before" in again.skip_message
    assert not again.run_requests


def test_the_published_file_alone_is_read_and_what_is_missing_is_said(unbuilt: Home, tmp_path: Path):
    with unbuilt.warehouse.connect():  # as a run holds it
        assert tick("unbuilt_days", warehouse=unbuilt.warehouse).run_requests
    assert "not there yet" in tick("unbuilt_days", warehouse=Warehouse(home=str(tmp_path))).skip_message
    (tmp_path / "published.duckdb").write_text("no database")
    assert "cannot be opened" in tick("unbuilt_days", warehouse=Warehouse(home=str(tmp_path))).skip_message
    (tmp_path / "published.duckdb").unlink()
    duckdb.connect(tmp_path / "published.duckdb").close()
    assert "another version" in tick("unbuilt_days", warehouse=Warehouse(home=str(tmp_path))).skip_message


def test_a_question_that_takes_too_long_is_given_up(unbuilt: Home, tmp_path: Path):
    endless = shutil.copy(unbuilt.warehouse.published, tmp_path / "published.duckdb")
    with duckdb.connect(endless) as con:
        columns = "range::varchar as text_id, '' as version_id, false as is_deleted, current_date as day"
        con.execute("drop table raw.comments")
        con.execute(
            f"create view raw.comments as select {columns}, now() as known_at, now() as fetched_at "
            "from range(100_000_000_000)"
        )
    assert "took longer than 0 s" in ranges_to_build(endless, Asked(), seconds=0.2)


def test_a_range_is_asked_for_again_when_it_changes_else_three_days_at_most():
    days, row = (date(2005, 1, 1), date(2026, 6, 30)), Range(date(2024, 1, 1), date(2024, 12, 31), 7)
    asked, count = Asked(), []
    for number in range(10):
        found = Published(f"file {number}", [row])
        wanted, asked = ask_for(found, asked, days, date(2026, 6, 1) + timedelta(days=number // 2))
        count.append(len(wanted))
    assert count == [1, 0, 1, 0, 1, 0, 0, 0, 0, 0]
    wanted, asked = ask_for(Published("more", [row._replace(text_count=8)]), asked, days, date(2026, 6, 6))
    assert wanted == [row._replace(text_count=8)]
    assert len(asked.tries) == 1  # what is no longer unbuilt is forgotten


def test_a_look_asks_for_few_ranges_and_the_next_for_the_others():
    days = (date(2005, 1, 1), date(2026, 6, 30))
    rows = [Range(date(2000 + number, 1, 1), date(2000 + number, 1, 2), 1) for number in range(9, 0, -1)]
    found, asked, wanted = Published("file", rows), Asked(), []
    while asked.file != "file":
        more, asked = ask_for(found, asked, days, date(2026, 6, 1))
        wanted.append([one.first.year for one in more])
    assert wanted == [[2009, 2008, 2007], [2006, 2005]]  # before 2005 nothing can be built


def test_a_range_is_cut_to_the_days_that_can_be_built():
    days = (date(2005, 1, 1), date(2026, 6, 30))
    wanted, _ = ask_for(Published("f", [Range(date(1999, 1, 1), date(2031, 1, 1), 1)]), Asked(), days, days[1])
    assert [(one.first, one.last) for one in wanted] == [days]
