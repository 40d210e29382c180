"""Every service against every fault of the network: afterwards the rows are those of a service that never failed."""

import shutil
import threading
from datetime import timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from tests.faults import until
from tests.item_faults import faults_of
from tests.live_home import BRISK, PATIENT, LiveHome
from tests.local_service import LocalService

PLAYS = {
    "hackernews": "hackernews",
    "reddit": "reddit",
    "stocktwits": "stocktwits",
    "bluesky": "bluesky",
    "rss": "rss",
    "yfinance": "yahoo_prices",
    "ccxt": "crypto_prices",
    "alphavantage": "alphavantage_prices",
}
# When it is asked again: past every wait. A feed shows only what it holds now, so on the same day, and the next day
# brings prices of its own.
LATER = {name: timedelta(hours=2) for name in PLAYS} | dict.fromkeys(
    ("hackernews", "reddit", "stocktwits", "bluesky"), timedelta(hours=25)
)
# A server that sends one page under another's address tells nobody; where answers lead on it is noticed.
UNKNOWABLE = {("rss", "repeated answer")}
# Nearly the same to ``Web`` as another one; of each kind one is enough where time is short.
VARIANTS = {
    *("429, wait until a moment", "429, wait", "503, wait 7 seconds", "dripping body without a length"),
    *("closed without an answer", "broken gzip", "gzip in gzip", "gzip", "redirect to a file", "redirect to itself"),
    *("redirect to nowhere", "empty 200", "204", "length too short"),
}
CELLS = [
    pytest.param(name, fault, marks=pytest.mark.slow if fault in VARIANTS else ())
    for name in PLAYS
    for fault in faults_of(import_module(f"tests.plays.{PLAYS[name]}"))
    if (name, fault) not in UNKNOWABLE
]


def play_of(name: str) -> ModuleType:
    return import_module(f"tests.plays.{PLAYS[name]}")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory):
    """Rows of a service that never failed, and an empty database to begin with, by service."""

    @cache
    def made(name: str):
        folder = tmp_path_factory.mktemp(name)
        with LocalService(play_of(name).play) as service:
            empty = LiveHome(folder / "empty", play_of(name), service.url)
            empty.ask("select 1")
            home = LiveHome(folder / "whole", play_of(name), service.url)
            done = home.round()
            assert [fetch.status for fetch in done.fetches] == ["ok"]
            return home.rows(), empty.warehouse.database, min(1, len(service.asked) - 1)

    return made


@pytest.mark.parametrize(("name", "fault"), CELLS)
def test_after_the_fault_the_rows_are_as_if_it_had_never_been(name: str, fault: str, undisturbed, tmp_path: Path):
    """It lasts from the second question on, or the only one; meanwhile nothing is wrong, or the check says what is."""
    rows, empty, spared = undisturbed(name)
    play, cured = play_of(name), threading.Event()
    lasting = until(cured)
    home = LiveHome(tmp_path / "home", play, "", BRISK)
    home.folder.mkdir()
    shutil.copy(empty, home.folder)
    with LocalService(play.play) as service, home.held():
        service.fault = faults_of(play)[fault](lambda number: number > spared and lasting(number))
        home.reach(service.url)
        home.round()
        assert len(service.asked) > spared
        told = home.troubles()
        if told:  # red, or yellow where a feed came and its articles are to come
            assert all(str(home.subject) in one.what and name in one.error for one in told), told
            assert all(one.is_error or name == "rss" for one in told), told
        else:
            assert ids(home.rows()) == ids(rows)
        cured.set()
        home.manners = PATIENT
        home.round(play.NOW + LATER[name])
        assert home.troubles() == []
        assert ids(home.rows()) == ids(rows)
        if fault != "an item of 10 MB":  # whose text the service really sent
            assert home.rows() == rows


def ids(rows):
    return {(table, *row[:1]) for table, found in rows.items() for row in found}
