"""What long work says of itself while it runs: rows done, their share of all, the time that is left.

Here: counting, the line, the thread that has it said every few seconds. Not here: what is done, and whom it is told:
``say`` is a log (``Warehouse.at_work``) or a terminal (``pipelines/terminal.py``).
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import duckdb
import pyarrow as pa

SAY_SECONDS = 4.0  # between two lines: nobody waits longer than five, also where the thread must wait for its turn
UNKNOWN = -1.0  # what DuckDB says of a statement whose end it cannot tell, and where there is none

Batch = TypeVar("Batch")


def rows_of(batch: pa.Table | pa.RecordBatch) -> int:
    """The rows of an Arrow batch."""
    return batch.num_rows


def one(thing: object) -> int:
    """Of things that count as one each."""
    return 1


class Progress:
    """Where a piece of work is: whoever does it counts, whoever waits reads the line, from any thread.

    ``clock`` gives seconds. ``say`` is given the last line of each count that was told of while it ran.
    """

    def __init__(
        self, say: Callable[[str], object] = lambda line: None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Nothing is counted yet; the time runs."""
        self.say, self._clock = say, clock
        self._began = clock()
        self._count: Count | None = None

    def of(
        self,
        batches: Iterable[Batch],
        unit: str,
        total: int | None = None,
        size: Callable[[Batch], int] = rows_of,
    ) -> Iterator[Batch]:
        """Pass ``batches`` on; the rows of each are done when the next one is asked for.

        ``unit``: what a row is, in the plural; ``total``: how many there are, where that is known.
        """
        with self.counting(unit, total) as count:
            for number, batch in enumerate(batches):
                if number == 0:  # what it took to find the first says nothing of the pace
                    count.began = self._clock()
                yield batch
                count.done += size(batch)

    @contextmanager
    def counting(
        self, unit: str, total: float | None = None, look: Callable[[], float] | None = None
    ) -> Iterator["Count"]:
        """While the block lasts the line tells of a count, whose ``done`` and ``note`` are the block's to set.

        ``look`` gives what is done instead, where somebody else does it.
        """
        before, count = self._count, Count(unit, total, self._clock(), look)
        self._count = count
        try:
            yield count
        finally:
            self._count = before
        if count.told is not None:
            count.total = count.look = None  # an estimate may have been another number
            self.say(self._line(count, ""))

    def line(self, statement_share: float = UNKNOWN) -> str:
        """Where the work is now; ``statement_share``: of the SQL statement that runs, in percent, as DuckDB reckons it.

        That is told where the count stands still: a long statement, and not one of many.
        """
        count = self._count
        has_moved = count is not None and count.has_moved()
        of_query = f"DuckDB's query at {statement_share:.0f} %" if statement_share >= 0.5 and not has_moved else ""
        return self._line(count, of_query)

    def _line(self, count: "Count | None", of_query: str) -> str:
        now = self._clock()
        took = f"{now - self._began:.0f} s"
        said = [f"{count.figures()} after {took}", count.time_left(now)] if count else [f"at work for {took}"]
        return ", ".join(filter(None, [*said, of_query]))


@dataclass
class Count:
    """Things done, of a number that may be known."""

    unit: str
    total: float | None
    began: float
    look: Callable[[], float] | None = None
    done: float = 0
    note: str = ""  # after the figures: which file
    told: float | None = None  # what was done when it was last told

    def has_moved(self) -> bool:
        """Whether more is done than at the last question; looks, where somebody else does it."""
        if self.look:
            self.done = max(self.done, self.look())
        before, self.told = self.told, self.done
        return self.done > (before or 0)

    def figures(self) -> str:
        """What is done, with its share of all where that is known: first, for a terminal may cut the rest."""
        if self.total is None:
            done = f"{self.done:,.0f} {self.unit}"
        else:
            done = f"{100 * self.share():.0f} %, {self.done:,.0f} of {self.total:,.0f} {self.unit}"
        return ", ".join(filter(None, [done, self.note]))

    def share(self) -> float:
        """What is done of all, from 0 to 1, however wrong the total was."""
        return min(self.done / self.total, 1.0) if self.total else 1.0

    def time_left(self, now: float) -> str:
        """At the pace so far; nothing where it has none, or is through."""
        share = 0.0 if self.total is None else self.share()
        return f"about {(now - self.began) * (1 - share) / share:,.0f} s left" if 0 < share < 1 else ""


@contextmanager
def every(seconds: float, act: Callable[[], object]) -> Iterator[None]:
    """While the block lasts, ``act`` is called again and again, so many seconds apart, in a thread of its own.

    The thread has ended when the block has. What ``act`` raises ends the calls and is raised after the block, unless
    that has failed itself.
    """
    is_over = threading.Event()

    def calls() -> None:
        while not is_over.wait(seconds):
            act()

    with ThreadPoolExecutor(1, thread_name_prefix="progress") as pool:
        calling = pool.submit(calls)
        try:
            yield
        finally:
            is_over.set()
        calling.result()


@contextmanager
def told(say: Callable[[str], object], con: duckdb.DuckDBPyConnection) -> Iterator[Progress]:
    """While the block lasts, ``say`` is given a line every few seconds: what is counted, and how far ``con`` is.

    A block that ends before says nothing.
    """
    progress = Progress(say)
    with every(SAY_SECONDS, lambda: say(progress.line(con.query_progress()))):
        yield progress
