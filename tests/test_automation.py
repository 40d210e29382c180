"""What runs by itself once the UI is up; files that are still being written; what a day without a run makes stale."""

import threading
import time
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from pipelines.definitions import defs
from pipelines.sources.inbox import inbox_files, no_longer_written
from tests.conftest import Home, post, queue

with warnings.catch_warnings():  # Dagster says of its own options that they are beta
    warnings.simplefilter("ignore", dg.BetaWarning)
    from pipelines.defs import schedules
    from pipelines.defs.resources import FIRST_DAY, LAST_DAY


def test_everything_that_runs_by_itself_is_on_from_the_start():
    repository = defs().get_repository_def()
    clock = {one.name: (one.cron_schedule, one.execution_timezone) for one in repository.schedule_defs}
    assert clock == {
        "daily": ("30 0 * * *", "UTC"),
        "hourly": ("5 * * * *", "UTC"),
        "housekeeping": ("20 3 * * *", "UTC"),
    }
    sensors = {one.name: one.minimum_interval_seconds for one in repository.sensor_defs}
    assert sensors == {"after_the_close": 60, "inbox": 30, "unbuilt_days": 30, "dead_runs": 60}
    asleep = [
        one.name
        for one in (*repository.schedule_defs, *repository.sensor_defs)
        if "RUNNING" not in str(one.default_status)
    ]
    assert asleep == []


def test_what_is_built_each_day_turns_stale_after_26_hours():
    graph = defs().resolve_asset_graph()
    policies = {key.to_user_string(): graph.get(key).freshness_policy for key in graph.get_all_asset_keys()}
    daily = {name: policy for name, policy in policies.items() if policy}
    assert set(daily) == {"core/texts", "core/returns", "mart/ticker_days", "published"}
    assert {policy.fail_window.to_timedelta() for policy in daily.values()} == {timedelta(hours=26)}


def test_an_hour_is_left_out_while_the_one_before_it_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(schedules, "SETTINGS", type("Settings", (), {"source_names": ["hackernews"]}))
    moment = datetime(2026, 5, 28, 12, 5, tzinfo=UTC)
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        context = dg.build_schedule_context(instance, scheduled_execution_time=moment)
        tags = schedules.hourly_schedule(context).tags
        assert [tags[name] for name in (FIRST_DAY, LAST_DAY)] == ["2026-05-25", "2026-05-28"]
        queue(instance, "hourly")
        assert "still waits" in schedules.hourly_schedule(context).skip_message


def test_an_hour_without_texts_to_ask_for_is_said():
    context = dg.build_schedule_context(scheduled_execution_time=datetime(2026, 5, 28, 12, 5, tzinfo=UTC))
    assert "CROWDTAPE_SOURCES" in schedules.hourly_schedule(context).skip_message


def still(inbox: Path, said: list[str], seconds: float = 0.3) -> list[str]:
    files = no_longer_written(inbox_files(inbox), datetime.now(UTC), said.append, seconds)
    return [file.name for file in files]


def test_a_file_that_is_being_written_is_left_for_the_next_run_and_the_others_are_taken(tmp_path: Path):
    texts, said = tmp_path / "texts", []
    texts.mkdir()
    (texts / "done.ndjson").write_text("{}")
    done = threading.Event()

    def write() -> None:
        with (texts / "growing.ndjson").open("w") as file:
            while not done.wait(0.02):
                file.write("{}\n")
                file.flush()

    writer = threading.Thread(target=write)
    writer.start()
    time.sleep(0.1)
    try:
        assert still(tmp_path, said) == ["texts/done.ndjson"]
    finally:
        done.set()
        writer.join()
    assert said == ["texts/growing.ndjson: is still being written, and left for the next run"]
    assert still(tmp_path, said) == ["texts/done.ndjson", "texts/growing.ndjson"]


def test_files_that_are_older_are_not_waited_for(home: Home):
    home.drop("texts/a.ndjson", [post("1", "2024-07-02T14:00:00Z", "I love $MU")])
    began = time.monotonic()
    assert still(home.inbox, [], seconds=60) == ["texts/a.ndjson"]
    assert time.monotonic() - began < 30


def test_a_file_that_is_removed_meanwhile_stops_nothing(tmp_path: Path):
    (tmp_path / "texts").mkdir()
    path = tmp_path / "texts" / "a.ndjson"
    path.write_text("{}")
    files = inbox_files(tmp_path)
    path.unlink()
    assert no_longer_written(files, datetime.now(UTC), print, seconds=0) == []


def test_unfinished_downloads_are_no_input(tmp_path: Path):
    (tmp_path / "texts" / ".hidden").mkdir(parents=True)
    for name in ("a.ndjson.part", "b.ndjson~", "c.crdownload", ".d.ndjson", ".hidden/e.ndjson", "f.part.ndjson"):
        (tmp_path / "texts" / name).write_text("{}")
    assert [file.name for file in inbox_files(tmp_path)] == ["texts/f.part.ndjson"]
