"""The process that reads what strangers wrote, and ends what takes too long.

Parsers of HTML and of broken XML take quadratic time on some inputs, and no check beforehand finds them all, so they
run in a process that can be killed. Here: ``within(seconds, function, *values)``. Not here: any parser.
"""

import atexit
import logging
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from math import ceil
from multiprocessing.connection import Connection
from typing import Any

START_SECONDS = 120.0
WORKER_BYTES = 4 * 2**30


class Unreadable(ValueError):
    """A page or feed that gives no text; the message says why."""


class Worker:
    """One process that reads what strangers wrote; it is killed when a call takes too long, and started when needed."""

    def __init__(self) -> None:
        """Not started."""
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None

    def call(self, seconds: float, function: Callable[..., Any], *values: Any) -> Any:
        """``function(*values)`` of an importable function; ``Unreadable`` where it fails or takes too long."""
        with self._lock:
            pipe = self._pipe or self._start()
            try:
                pipe.send((seconds, function, values))
                if not pipe.poll(seconds):
                    raise Unreadable(f"reading it takes more than {seconds:g} seconds")
                failure, result = pipe.recv()
            except (EOFError, OSError):
                self.stop()
                raise Unreadable("reading it ended the process") from None
            except BaseException:
                self.stop()
                raise
        if isinstance(failure, ImportError):  # our installation, not their markup
            raise failure
        if failure is not None:
            raise Unreadable(failure)
        return result

    def stop(self) -> None:
        """Kill the process; the next call starts another."""
        process, pipe, self._process, self._pipe = self._process, self._pipe, None, None
        if pipe:
            pipe.close()
        if process:
            process.kill()
            process.wait()

    def _start(self) -> Connection:
        # A new interpreter. A fork would copy locks that other threads of this process hold, and what multiprocessing
        # spawns runs the main script again, which may be a long one, or a terminal.
        self._pipe, theirs = multiprocessing.Pipe()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CROWDTAPE_")}  # no secrets
        code = f"from pipelines.sources.worker import serve; serve({theirs.fileno()})"
        self._process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env={**kept, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        theirs.close()
        with suppress(EOFError, OSError):
            if self._pipe.poll(START_SECONDS) and self._pipe.recv() == "ready":
                return self._pipe
        self.stop()
        raise RuntimeError("the process that reads pages and feeds did not start")


WORKER = Worker()
within = WORKER.call
atexit.register(WORKER.stop)


def serve(handle: int) -> None:
    """The worker: answer call after call on the pipe ``handle`` until its other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    logging.disable()
    warnings.simplefilter("ignore")
    with suppress(ValueError, OSError):  # not every system knows the limit
        resource.setrlimit(resource.RLIMIT_AS, (WORKER_BYTES, WORKER_BYTES))
    pipe = Connection(handle)
    pipe.send("ready")
    while True:
        try:
            seconds, function, values = pipe.recv()
        except EOFError:
            return
        signal.alarm(2 * ceil(seconds))  # ends this process where its parent is no longer there to do so
        try:
            told = None, function(*values)
        except ImportError as error:
            told = error, None
        except Exception as error:  # whatever a parser raises over a stranger's bytes
            told = f"{type(error).__name__}: {error}"[:300], None
        signal.alarm(0)
        pipe.send(told)
