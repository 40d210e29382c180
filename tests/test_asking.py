"""When a window is asked again, when a service is left alone, and what ``raw.fetches`` says of it."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.sources.asking import ask_all
from pipelines.sources.fetches import Fetch
from pipelines.sources.windows import DAY, HOUR, Subject, Window, by_day, by_year, is_due, only_today
from tests.live_home import LiveHome
from tests.local_service import Asked, LocalService, Reply
from tests.plays import hackernews, yahoo_prices

NOON = datetime(2026, 5, 28, 12, tzinfo=UTC)
WINDOW = Window(datetime(2026, 5, 28, tzinfo=UTC), datetime(2026, 5, 29, tzinfo=UTC))


@pytest.fixture
def service():
    with LocalService(hackernews.play) as local:
        yield local


@pytest.fixture
def home(tmp_path: Path, service: LocalService) -> LiveHome:
    return LiveHome(tmp_path, hackernews, service.url)


def test_a_window_is_looked_at_hourly_while_it_lasts_once_after_it_and_daily_for_three_days():
    looks, now, answered_at = [], WINDOW.start, None
    while now < WINDOW.end + 10 * DAY:
        if is_due(WINDOW, answered_at, now):
            looks.append(now)
            answered_at = now
        now += timedelta(minutes=5)
    during = [look for look in looks if look < WINDOW.end]
    after = [look for look in looks if look >= WINDOW.end]
    assert during == [WINDOW.start + hours * HOUR for hours in range(24)]
    assert after == [WINDOW.end + days * DAY for days in range(4)]


def test_a_close_makes_the_window_of_its_prices_due_whatever_the_rhythm(tmp_path: Path):
    """January 20, 2026: New York closes at 21:00 UTC, and its bar is final a quarter of an hour later."""
    with LocalService(yahoo_prices.play) as service:
        home = LiveHome(tmp_path, yahoo_prices, service.url)

        def asks_at(time: str) -> bool:
            now = datetime.fromisoformat(f"2026-01-{time}").replace(tzinfo=UTC)
            return bool(home.round(now, days=(now.date(), now.date())).fetches)

        assert asks_at("20 19:30")
        assert not asks_at("20 21:14")
        assert asks_at("20 21:30")  # two hours later
        assert not asks_at("20 22:05")
        assert asks_at("21 01:30")  # four hours later
        assert asks_at("21 20:50")
        service.play = lambda asked: Reply(status=500)
        assert asks_at("21 21:30")
        service.play = yahoo_prices.play
        assert asks_at("21 21:35")  # what failed after the close is asked again
        assert not asks_at("21 22:05")


def test_a_look_that_began_before_a_close_has_not_seen_it_however_long_it_took():
    closed_at = NOON + timedelta(minutes=15)
    began, ended = closed_at - timedelta(minutes=1), closed_at + timedelta(minutes=1)
    look = Fetch("yfinance", "daily:MU", *WINDOW, began, ended, "ok", 1)
    later = closed_at + timedelta(minutes=30)
    assert is_due(WINDOW, look.looked_at, later, 4 * HOUR, closed_at)
    assert not is_due(WINDOW, ended, later, 4 * HOUR, closed_at)
    failed = replace(look, asked_at=later, status="failed")
    assert failed.looked_at == ended
    assert replace(failed, answered_at=None).looked_at is None


def test_a_close_after_a_window_does_not_make_it_due():
    asked = WINDOW.end + HOUR
    assert not is_due(WINDOW, asked, asked + 2 * HOUR, 4 * HOUR, asked + HOUR)


def test_windows_are_whole_days_or_years_and_none_lies_ahead():
    first, last = NOON.date() - timedelta(days=2), NOON.date() + timedelta(days=5)
    assert [window.start.day for window in by_day(first, last, NOON)] == [26, 27, 28]
    assert only_today(first, last, NOON) == [WINDOW]
    assert only_today(first, first, NOON) == []
    assert [window.start.year for window in by_year(date(2024, 12, 31), last, NOON)] == [2024, 2025, 2026]


def test_what_was_answered_is_not_asked_again_before_its_time(home: LiveHome, service: LocalService):
    home.round()
    asked = len(service.asked)
    home.round(hackernews.NOW + HOUR)
    assert len(service.asked) == asked
    home.round(hackernews.NOW + DAY)
    assert len(service.asked) == 2 * asked


def test_a_window_answered_with_nothing_is_not_one_that_was_never_asked(home: LiveHome, service: LocalService):
    def nothing(asked: Asked) -> Reply:
        return Reply(b'{"hits": [], "hitsPerPage": 100}')

    assert home.ask("select * from raw.fetches") == []
    service.play = nothing
    home.round()
    assert home.ask("select status, row_count, error from raw.fetches") == [("ok", 0, None)]
    assert home.troubles() == []


def test_a_service_that_asks_to_wait_is_left_alone_until_then_and_so_are_its_other_windows(tmp_path: Path):
    with LocalService(lambda asked: Reply(b"", 429, {"Retry-After": "7200"})) as service:
        home = LiveHome(tmp_path, hackernews, service.url)
        home.round()
        assert home.troubles()[0].is_error
        allowed = home.ask("select status, next_allowed_at from raw.fetches")
        assert allowed == [("failed", hackernews.NOW + 2 * HOUR)]
        asked = len(service.asked)
        done = home.round(hackernews.NOW + HOUR)
        assert len(service.asked) == asked
        assert "not to be asked before" in done.why_left
        service.play = hackernews.play
        home.round(hackernews.NOW + 3 * HOUR)
        assert home.troubles() == []


def test_the_circuit_opens_after_three_failures_and_the_rest_waits(tmp_path: Path):
    with LocalService(lambda asked: Reply(status=500)) as service:
        home = LiveHome(tmp_path, hackernews, service.url)
        subjects = [Subject("search", f"micron {number}") for number in range(9)]
        done = home.round(subjects=subjects)
        assert [fetch.status for fetch in done.fetches] == ["failed"] * 3
        assert len(done.left) == 6
        assert len(service.asked) == 3 * home.manners.tries


def test_what_a_service_refuses_says_nothing_of_the_next_thing(tmp_path: Path):
    with LocalService(lambda asked: Reply(status=404)) as service:
        home = LiveHome(tmp_path, hackernews, service.url)
        subjects = [Subject("search", f"micron {number}") for number in range(5)]
        done = home.round(subjects=subjects)
        assert len(done.fetches) == 5
        assert not done.left


def test_a_second_look_that_fails_keeps_what_the_first_brought(home: LiveHome, service: LocalService):
    home.round()
    rows = home.everything()
    service.play = lambda asked: Reply(status=500)
    home.round(hackernews.NOW + DAY)
    assert home.ask("select status, answered_at from raw.fetches") == [("failed", hackernews.NOW)]
    assert home.troubles()
    after = home.everything()
    assert {table: after[table] for table in after if table != "fetches"} == {
        table: rows[table] for table in rows if table != "fetches"
    }


def test_what_was_landed_and_not_written_down_is_not_asked_again(home: LiveHome, service: LocalService):
    """As when the process is killed between the last page and the database."""
    web = home.web(hackernews.NOW)
    ask_all(web, home.folder, [(hackernews.SUBJECT, WINDOW)], {}, seconds=60)
    assert home.ask("select * from raw.fetches") == []
    asked = len(service.asked)
    home.round(hackernews.NOW + HOUR)
    assert len(service.asked) == asked
    assert home.ask("select status, answered_at, row_count > 100 from raw.fetches") == [("ok", hackernews.NOW, True)]


def test_days_between_that_were_never_asked_are_told_with_the_command_that_asks(home: LiveHome):
    day = WINDOW.start.date()
    home.round(days=(day - timedelta(days=9), day - timedelta(days=8)))
    home.round(days=(day, day))
    told = [one for one in home.troubles() if one.status == "never asked"]
    assert len(told) == 1
    assert "7 windows" in told[0].error
    assert "--partition-range 2026-05-21...2026-05-27" in told[0].error


def test_when_the_time_of_a_service_is_used_up_what_came_is_kept_and_told(home: LiveHome, service: LocalService):
    """The newest pages come first, so a window that is too long for a run is at least followed from now on."""

    def slow(asked: Asked) -> Reply:
        time.sleep(0.05)
        return hackernews.play(asked)

    service.play = slow
    home.round(seconds=0.2)
    assert home.ask("select status, page_count between 1 and 8, row_count > 50 from raw.fetches") == [
        ("partial", True, True)
    ]
    told = home.troubles()
    assert not told[0].is_error
    assert "CROWDTAPE_SOURCE_MINUTES" in told[0].error
    home.round(hackernews.NOW + DAY)
    assert home.troubles() == []


def test_where_the_time_does_not_suffice_everyone_has_their_turn(tmp_path: Path):
    with LocalService(hackernews.play) as service:
        home = LiveHome(tmp_path, hackernews, service.url)
        subjects = [Subject("search", name) for name in ("aa", "bb", "cc")]
        first = []
        for hour in range(3):
            now = WINDOW.start + timedelta(hours=1 + hour)
            done = home.round(now, subjects=subjects, seconds=0)
            first.append(done.fetches[0].subject)
            assert len(done.fetches) == 1
        assert sorted(first) == ["search:aa", "search:bb", "search:cc"]


def test_an_unforeseen_error_is_a_failed_window_and_no_crash(home: LiveHome, monkeypatch: pytest.MonkeyPatch):
    from pipelines.sources import hackernews_asking

    monkeypatch.setattr(hackernews_asking, "PAGE", "not a number")
    done = home.round()
    assert done.fetches[0].status == "failed"
    assert "Error" in done.fetches[0].error
