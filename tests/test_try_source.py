"""``make try``: ten rows of a service, nothing written, nothing that a terminal would obey."""

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.sources.answers import SourceDown
from pipelines.sources.rows import Limits
from pipelines.sources.web import Web
from pipelines.sources.windows import Subject
from pipelines.try_source import first_rows, fitted
from tests.live_home import LiveHome
from tests.local_service import LocalService, Reply
from tests.plays import crypto_prices, hackernews, rss, stocktwits

ROOT = Path(__file__).parents[1]


def days(web: Web) -> tuple[date, date]:
    """The last two days."""
    return web.now().date() - timedelta(days=1), web.now().date()


def test_ten_rows_are_shown_newest_day_first_and_no_more_is_asked_than_they_need(tmp_path: Path):
    with LocalService(hackernews.play) as service:
        web = LiveHome(tmp_path, hackernews, service.url).web(hackernews.WINDOW.end + timedelta(hours=1))
        rows, missing = first_rows(web, hackernews.SUBJECT, *days(web), Limits())
        assert len(service.asked) <= 5
    assert len(rows) == 10
    assert not missing
    assert len(set(rows)) == 10
    assert all(row.startswith("2026-05-29 00:00 post author") and "Micron" in row for row in rows)
    assert not list(tmp_path.iterdir())


def test_what_the_service_does_not_have_is_said_beside_the_rows(tmp_path: Path):
    def play(asked):
        return Reply(status=500) if asked.path == "/robots.txt" else rss.play(asked)

    with LocalService(play) as service:
        home = LiveHome(tmp_path, rss, service.url)
        web = home.web(rss.NOW)
        rows, missing = first_rows(web, home.subject, *days(web), Limits())
    assert len(rows) == 2  # the item without a link, and the one whose waiting nobody can measure
    assert "23 of 24 new articles are to come" in missing


def test_prices_are_shown_too(tmp_path: Path):
    with LocalService(crypto_prices.play) as service:
        web = LiveHome(tmp_path, crypto_prices, service.url).web(crypto_prices.WINDOW.end - timedelta(days=1))
        rows, _ = first_rows(web, crypto_prices.SUBJECT, *days(web), Limits())
    assert len(rows) == 10
    assert all(" BTC 1d open " in row for row in rows)


def test_a_service_that_is_down_is_told(tmp_path: Path):
    with LocalService(lambda asked: Reply(status=500)) as service:
        web = LiveHome(tmp_path, hackernews, service.url).web(hackernews.NOW)
        with pytest.raises(SourceDown, match="status 500"):
            first_rows(web, Subject("search", "micron"), *days(web), Limits())


@pytest.mark.parametrize("text", ["\x1b[31mred\x1b[0m", "a\x00b\x07", "\u202egnp.exe", "x" * 10_000, "line\r\nline"])
def test_nothing_that_a_terminal_would_obey_is_printed(text: str):
    line = fitted(text)
    assert line.isprintable()
    assert len(line) <= 150


def test_of_pages_that_overlap_no_row_is_shown_twice(tmp_path: Path):
    """StockTwits pages of two days both begin with the newest messages."""
    with LocalService(stocktwits.play) as service:
        web = LiveHome(tmp_path, stocktwits, service.url).web(stocktwits.WINDOW.end + timedelta(minutes=30))
        rows, _ = first_rows(web, stocktwits.SUBJECT, *days(web), Limits())
    assert len(rows) == len(set(rows)) == 10


def test_from_the_command_line_slips_are_told_in_one_line_and_help_helps():
    def run(*words: str) -> subprocess.CompletedProcess:
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "pipelines.try_source", *words]
        return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True)

    slip = run("stocktwits", "two words")
    assert slip.returncode == 1
    assert slip.stderr == "stocktwits: 'two words' is no ticker; write it as MU, BRK.B or BTC\n"
    assert "QUERY is what to follow there" in run("--help").stdout


def test_a_wrong_setting_is_told_in_one_line_that_names_its_variable():
    for variable, value, told in (
        ("CROWDTAPE_SOURCES", "hackernews,stoktwits", "there is no service 'stoktwits'; did you mean stocktwits?"),
        ("CROWDTAPE_LANDING_DAYS", "-1", "Input should be greater than or equal to 0"),
        ("CROWDTAPE_FOLOW", "x.toml", "unknown setting CROWDTAPE_FOLOW"),
    ):
        env = {**os.environ, "PYTHONPATH": str(ROOT), variable: value}
        for module, words in (("pipelines.try_source", ["hackernews", "micron"]), ("pipelines.sql", ["select 1"])):
            command = [sys.executable, "-m", module, *words]
            said = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True)
            assert said.returncode == 1
            assert told in said.stderr
            assert said.stderr.count("\n") == 1
            assert variable in said.stderr
