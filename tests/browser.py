"""The Dagster UI as a person has it: `make ui` over a home of its own, and a browser that remembers what went wrong.

Not here: what is looked at (``test_ui.py``), the pictures of the README (``docs/ui/take.py``).
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from playwright.sync_api import Browser, BrowserContext, Dialog, Playwright

from pipelines.settings import ROOT

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 120  # seconds, for one thing on a busy machine; nothing waits longer than it must
direct = build_opener(ProxyHandler({}))  # whatever proxy the machine has, the server is on it


def browser_path() -> str | None:
    """The browser of this machine, if it has one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def open_browser(playwright: Playwright, path: str) -> Browser:
    """Without a window. Its sandbox is off, as it cannot be had by root, and all it opens is our own server."""
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--no-proxy-server"])


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def until(condition: Callable[[], object], what: str, seconds: float = PATIENCE, pause: float = 0.1) -> None:
    """Wait until ``condition`` holds; ``TimeoutError`` names ``what`` did not come."""
    ends = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > ends:
            raise TimeoutError(f"{what} did not come within {seconds:.0f} s")
        time.sleep(pause)


def answers(address: str) -> bool:
    """Whether the server gives its versions, by GraphQL."""
    with contextlib.suppress(URLError, ConnectionError, TimeoutError):
        return direct.open(f"{address}/graphql?query=%7Bversion%7D", timeout=5).status == 200
    return False


@contextlib.contextmanager
def serving(home: Path, command: list[str] | None = None, folder: Path = ROOT) -> Iterator[str]:
    """The address of `make ui`, or of another ``command`` in ``folder``, whose data and history are all in ``home``.

    ``home/dagster.yaml`` must be there. The server has a process group of its own, and all of it is gone afterwards.
    """
    port = str(free_port())
    # -o: the environment that runs this is the one to serve from, also where make would build it anew
    command = command or ["make", "--silent", "-o", ".venv/ready", "ui"]
    environment = {**os.environ, "CROWDTAPE_HOME": str(home), "DAGSTER_HOME": str(home), "CROWDTAPE_SOURCES": ""}
    with (home / "ui.log").open("w") as log:
        process = subprocess.Popen(
            [*command, f"PORT={port}"] if command[0] == "make" else [*command, "--port", port],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: answers(address) or process.poll() is not None, "the server")
        if process.poll() is not None:
            raise RuntimeError((home / "ui.log").read_text(encoding="utf-8")[-3000:])
        yield address
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask everyone to go; who has not gone after ten seconds is killed. (Ctrl-C is unheard in a background job.)"""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)


@dataclass
class Remembered:
    """What pages of one browser did that a person would not see."""

    hosts: set[str] = field(default_factory=set)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def dismiss(self, dialog: Dialog) -> None:
        """Note a dialog and close it."""
        self.dialogs.append(dialog.message)
        dialog.dismiss()


def remembering(context: BrowserContext) -> Remembered:
    """Note the host of every request, every dialog, every error in the console and every exception of a script."""
    noted = Remembered()
    context.on("request", lambda one: noted.hosts.add(urlsplit(one.url).netloc))  # "" is data: and blob:
    context.on("page", lambda page: page.on("websocket", lambda one: noted.hosts.add(urlsplit(one.url).netloc)))
    context.on("dialog", noted.dismiss)
    context.on("console", lambda one: noted.errors.append(one.text) if one.type == "error" else None)
    context.on("weberror", lambda one: noted.errors.append(str(one.error)))
    return noted
