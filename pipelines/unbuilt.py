"""Days whose texts have come in and are not built: found in the published file, each asked for a few times at most.

Here: asking the check ``every_day_is_built``, and which of its rows to act on. Not here: the check itself
(``warehouse/checks``), starting a run (``pipelines/defs/sensors.py``).
"""

import threading
from datetime import date
from pathlib import Path
from typing import NamedTuple

import duckdb
import msgspec

from pipelines.sql_files import sql_file

SECONDS = 30.0  # for the check
MEMORY = "512MB"  # it runs beside a run
MOST_AT_ONCE = 3
MOST_TRIES = 3  # on as many days: what is unbuilt after that is for a person, and the check stays yellow


class Range(NamedTuple):
    """UTC days, both included, with so many texts that are not built as raw has them."""

    first: date
    last: date
    text_count: int


class Published(NamedTuple):
    """The published file that was asked (its inode and time), and the ranges it shows."""

    file: str
    ranges: list[Range]


class Try(msgspec.Struct, frozen=True):
    """How often a range was asked for, and when last."""

    count: int
    day: date


class Asked(msgspec.Struct, frozen=True):
    """What a look leaves for the next: the file that was dealt with, and what was asked for of what it still shows."""

    file: str = ""
    tries: dict[str, Try] = {}


def ranges_to_build(published: Path, asked: Asked, seconds: float = SECONDS) -> Published | str:
    """The ranges that the published file shows; else in words why there is nothing to do, or no answer."""
    try:
        stats = published.stat()
    except OSError:
        return f"{published} is not there yet: the first run that ends well makes it"
    file = f"{stats.st_ino}-{stats.st_mtime_ns}"
    if file == asked.file:
        return f"{published.name} has not changed since the last look"
    try:
        con = duckdb.connect(
            published, read_only=True, config={"memory_limit": MEMORY, "threads": 1, "enable_external_access": "false"}
        )
    except duckdb.Error as error:
        return f"{published} cannot be opened ({error})"
    timer = threading.Timer(seconds, con.interrupt)
    timer.start()
    try:
        con.execute("set TimeZone = 'UTC'")
        rows = con.execute(sql_file("checks/every_day_is_built")).fetchall()
    except duckdb.InterruptException:
        return f"the check every_day_is_built took longer than {seconds:.0f} s on {published.name}"
    except duckdb.Error as error:
        return f"{published} cannot be asked ({error}); another version of Crowdtape may have made it"
    finally:
        timer.cancel()
        con.close()
    return Published(file, [Range(first, last, texts) for first, last, texts, _ in rows])


def ask_for(found: Published, asked: Asked, days: tuple[date, date], today: date) -> tuple[list[Range], Asked]:
    """The ranges to build now, within the ``days`` that can be built, and what to remember.

    A range is asked for again where its number of texts has changed, else on another day, three times at most: a run
    that fails, or leaves its days unbuilt, is not repeated for ever. With too many ranges for one look, the file is
    looked at again for the others.
    """
    tries = {_name(one): asked.tries[_name(one)] for one in found.ranges if _name(one) in asked.tries}
    wanted = []
    for one in found.ranges:
        last = tries.get(_name(one), Try(0, date.min))
        if last.day < today and last.count < MOST_TRIES:
            within = Range(max(one.first, days[0]), min(one.last, days[1]), one.text_count)
            if within.first <= within.last:
                wanted.append((within, _name(one), last.count + 1))
    now, later = wanted[:MOST_AT_ONCE], wanted[MOST_AT_ONCE:]
    tries |= {name: Try(count, today) for _, name, count in now}
    return [one for one, _, _ in now], Asked("" if later else found.file, tries)


def _name(one: Range) -> str:
    return f"{one.first}...{one.last} {one.text_count}"
