"""The bar on a terminal: what it shows, what it leaves behind (nothing), and that it is not there on a pipe."""

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from tqdm import tqdm

from pipelines.progress import Progress
from pipelines.sources.rows import Limits
from pipelines.terminal import bar
from pipelines.try_source import first_rows, followed
from tests.live_home import LiveHome
from tests.local_service import Asked, LocalService, Reply
from tests.plays import hackernews

ROOT = Path(__file__).parents[1]


class Screen:
    """One line of a terminal: what was drawn on it, one drawing after the other, and what is left of it."""

    def __init__(self, written: str) -> None:
        self.drawings = [drawing.rstrip() for drawing in re.split(r"[\r\n]+", written)]
        line: list[str] = []
        for letters in written.split("\r"):
            line[: len(letters)] = letters
        self.left = "".join(line).rstrip()


@contextmanager
def terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> Iterator[Callable[[], Screen]]:
    """A terminal in place of standard error; gives what tells, afterwards, what was on it."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    written = bytearray()

    def read() -> None:
        try:
            while piece := os.read(master, 2**16):
                written.extend(piece)
        except OSError:  # the other side is closed
            pass

    reading = threading.Thread(target=read)
    reading.start()

    def screen() -> Screen:
        reading.join(10)
        return Screen(written.decode())

    with open(slave, "w") as file:  # noqa: PTH123
        monkeypatch.setattr(sys, "stderr", file)
        yield screen
        monkeypatch.undo()
    reading.join(10)
    os.close(master)


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_steps_share_and_words_fit_the_line_and_are_gone_in_the_end(columns: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pipelines.terminal.DRAW_SECONDS", 0.01)
    progress = Progress(clock=lambda: 0.0)
    drawn = threading.Event()

    def words() -> str:
        drawn.set()
        return f"core/scores {progress.line()} \x1b[31m"

    with (
        terminal(monkeypatch, columns) as screen,
        progress.counting("sentences", 1_200_000) as count,
        bar(38, "steps", words) as steps,
    ):
        steps.update(14)
        count.done = 300_000
        assert drawn.wait(10)
    drawings = screen().drawings
    whole = r"|███▋      | 14/38 steps 00:00 core/scores 25 %, 300,000 of 1,200,000 sentences after 0 s, about 0 s left \x1b[31m"
    assert whole[: columns - 1].rstrip() in [re.sub(r"\d\d:\d\d", "00:00", drawing) for drawing in drawings]
    assert all(len(drawing) <= columns and drawing.isprintable() for drawing in drawings)
    assert not screen().left


def test_an_error_leaves_no_bar_behind(monkeypatch: pytest.MonkeyPatch):
    with terminal(monkeypatch, 80) as screen, pytest.raises(ValueError, match="broken"), bar(2, "steps", str) as steps:
        steps.update()
        raise ValueError("broken")
    assert any("/2 steps" in drawing for drawing in screen().drawings)
    assert not screen().left


def test_on_a_pipe_there_is_no_bar(monkeypatch: pytest.MonkeyPatch):
    with io.StringIO() as pipe:
        monkeypatch.setattr(sys, "stderr", pipe)
        with bar(2, "steps", lambda: "words") as steps:
            steps.update()
        assert pipe.getvalue() == ""


def test_a_question_to_a_service_shows_what_is_asked_and_how_many_rows_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    monkeypatch.setattr("pipelines.terminal.DRAW_SECONDS", 0.001)
    with LocalService(hackernews.play) as service:
        web = LiveHome(tmp_path, hackernews, service.url).web(hackernews.WINDOW.end + timedelta(hours=1))
        day = hackernews.WINDOW.start.date()
        with terminal(monkeypatch, 80) as screen, followed(web, hackernews.SUBJECT) as follow:
            first_rows(web, hackernews.SUBJECT, day, day, Limits(), follow)
    assert any(re.search(r"0/10 rows .* micron 2026-05-28 \(1 of 1\), question \d", line) for line in screen().drawings)
    assert any("10/10 rows" in line for line in screen().drawings)
    assert not screen().left
    assert capsys.readouterr().out == ""


def test_what_a_service_makes_us_wait_for_is_shown_while_we_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pipelines.terminal.DRAW_SECONDS", 0.001)
    drawn = threading.Event()

    def busy(asked: Asked) -> Reply:
        return Reply(status=503) if asked.number == 1 else hackernews.play(asked)

    def shown(total: int, unit: str, words: Callable[[], str]) -> AbstractContextManager[tqdm]:
        def seen() -> str:
            if "trying again" in (line := words()):
                drawn.set()
            return line

        return bar(total, unit, seen)

    monkeypatch.setattr("pipelines.try_source.bar", shown)
    with LocalService(busy) as service:
        web = LiveHome(tmp_path, hackernews, service.url).web(hackernews.WINDOW.end + timedelta(hours=1))
        web.sleep = lambda seconds: drawn.wait(10)
        day = hackernews.WINDOW.start.date()
        with terminal(monkeypatch, 200) as screen, followed(web, hackernews.SUBJECT) as follow:
            first_rows(web, hackernews.SUBJECT, day, day, Limits(), follow)
    assert any(f"hackernews: {service.url}" in line for line in screen().drawings)
    assert any(re.search(r"question ([2-9]|1\d)", line) for line in screen().drawings)


@pytest.mark.slow
def test_the_demo_shows_its_steps_and_prints_what_it_prints_on_a_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    env = {**os.environ, "PYTHONPATH": str(ROOT), "CROWDTAPE_HOME": str(tmp_path), "CROWDTAPE_START_DAY": "2024-06-01"}
    inbox = [sys.executable, "-m", "warehouse.sample", str(tmp_path / "inbox")]
    demo = [sys.executable, "-m", "pipelines.demo"]
    with terminal(monkeypatch, 80) as screen:
        for command in (inbox, demo):
            shown = subprocess.run(
                command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=sys.stderr, check=True, text=True
            )
    drawings = screen().drawings
    assert any("3/4 parts" in drawing for drawing in drawings)
    assert any(re.search(r" [1-9]\d*/\d+ steps .* core/scores", drawing) for drawing in drawings)
    assert not screen().left
    piped = subprocess.run(demo, env=env, cwd=ROOT, capture_output=True, check=True, text=True)
    assert piped.stderr == ""
    assert shown.stdout.splitlines()[:-1] == piped.stdout.splitlines()[:-1]
