"""Another process that holds a database file open for writing until it is told to let go."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def held(database: Path) -> Iterator[subprocess.Popen]:
    """The process, which has the file open; it lets go when the block ends, or at ``let_go``."""
    script = f"import duckdb; c = duckdb.connect({str(database)!r}); print('held', flush=True); input()"
    holder = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline() == "held\n"
        yield holder
    finally:
        let_go(holder)


def let_go(holder: subprocess.Popen) -> None:
    """End it, at once."""
    holder.kill()
    holder.communicate()
