"""A fetch that is killed at any moment, and asked again: the tables are those of one that was never killed."""

import multiprocessing
import random
import signal
import time
from importlib import import_module
from pathlib import Path

import pytest

from tests.live_home import LiveHome
from tests.local_service import LocalService

SERVICES = ("hackernews", "bluesky", "crypto_prices")
KILLS = 3  # of each; 17 in the slow profile
FRESH = multiprocessing.get_context("forkserver")
FRESH.set_forkserver_preload(["tests.live_home", *(f"tests.plays.{name}" for name in SERVICES)])


def fetch(folder: Path, name: str, address: str, begun: "multiprocessing.synchronize.Event") -> None:
    """What is killed: one round, in a process of its own."""
    begun.set()
    LiveHome(folder, import_module(f"tests.plays.{name}"), address).round()


def begin(folder: Path, name: str, address: str) -> multiprocessing.Process:
    begun = FRESH.Event()
    process = FRESH.Process(target=fetch, args=(folder, name, address, begun))
    process.start()
    assert begun.wait(60)
    return process


@pytest.mark.parametrize("kills", [KILLS, pytest.param(17, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", SERVICES)
def test_killed_at_any_moment_and_run_again_is_as_if_never_killed(name: str, kills: int, tmp_path: Path):
    chance = random.Random(f"{kills} kills of {name}")
    play = import_module(f"tests.plays.{name}")
    with LocalService(play.play) as service:
        undisturbed = begin(tmp_path / "undisturbed", name, service.url)
        began = time.monotonic()
        undisturbed.join(60)
        lasts = time.monotonic() - began
        whole = LiveHome(tmp_path / "undisturbed", play, service.url).everything()
        killed_count = 0
        for number in range(4 * kills):
            home = LiveHome(tmp_path / f"killed-{number}", play, service.url)
            process = begin(home.folder, name, service.url)
            time.sleep(chance.uniform(0, lasts))
            process.kill()
            process.join(60)
            if process.exitcode == -signal.SIGKILL:
                killed_count += 1
            else:  # it was faster than the first one, which had more to load
                lasts *= 0.9
            home.round()
            assert home.everything() == whole
            assert home.troubles() == []
            if killed_count == kills:
                break
        assert killed_count == kills
