"""Wait for a database file that another process holds, and say for whom.

Not here: how a file is opened (``warehouse.py``).
"""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import duckdb

HELD = "Could not set lock on file"  # DuckDB's words
TRIED_EVERY = 0.5  # seconds
SAID_EVERY = 10.0  # seconds
_PID = re.compile(r"Conflicting lock is held.*\(PID (\d+)\)", re.DOTALL)

Opened = TypeVar("Opened")


class WarehouseClosed(RuntimeError):
    """The database cannot be opened: not writable, or held by another process. The message says the way out."""


class WarehouseHeld(WarehouseClosed):
    """Another process still holds the database; the message says which."""


def when_free(
    attempt: Callable[[], Opened], database: Path, seconds: float, say: Callable[[str], object], way_out: str
) -> Opened:
    """What ``attempt`` gives, tried anew for up to ``seconds`` while another process holds ``database``.

    Who it is goes to ``say`` at once and then every ten seconds. Raises ``WarehouseHeld``, which ends with
    ``way_out``, when the time is over; other errors of DuckDB pass.
    """
    began = time.monotonic()
    next_word = 0.0
    while True:
        try:
            return attempt()
        except duckdb.IOException as error:
            if HELD not in str(error):
                raise
            waited = time.monotonic() - began
            if waited >= seconds:
                raise WarehouseHeld(
                    f"{database} is held by {holder(str(error))}. Nothing was changed. {way_out}"
                ) from error
            if waited >= next_word:
                say(f"waiting for {holder(str(error))}, which holds {database}, up to {seconds - waited:.0f} s")
                next_word += SAID_EVERY
        time.sleep(TRIED_EVERY)


def holder(message: str) -> str:
    """Who holds a file, from DuckDB's message: ``PID 123 (python3)``, ``PID 123``, or ``another process``."""
    found = _PID.search(message)
    if not found:
        return "another process"
    try:
        name = Path(f"/proc/{found[1]}/comm").read_text(encoding="utf-8", errors="replace")
    except OSError:  # gone, another user's, or no Linux
        return f"PID {found[1]}"
    return f"PID {found[1]} ({''.join(filter(str.isprintable, name))})"
