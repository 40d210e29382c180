"""Publishing: four processes that read while runs write, and what it costs to publish a file of 1 GB.

Baseline of the cost, in the same run and on the same disk: ``cp`` of the same file, and ``cp`` with what it takes to be
safe from a power cut. The tests (``tests/test_readers.py``) start the same readers.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:  # readers start without Dagster
    from pipelines.warehouse import Warehouse

ROOT = Path(__file__).parents[1]
ONE_RUN = (
    "select (select count(*) from raw.posts), (select count(*) from core.sentences), (select sum(n) from mart.runs)"
)
POSTS = """insert into raw.posts by name
    select 't:' || n as text_id, 'v' as version_id, 'test' as source, 'post' as kind, said as body,
        timestamptz '2024-01-02' as published_at, timestamptz '2024-01-02' as known_at, 'exact' as time_precision,
        false as is_deleted, date '2024-01-02' as day, 'texts/a.ndjson' as path
    from written"""
SENTENCES = """insert into core.sentences by name
    select 't:' || n as text_id, 1 as position, said as sentence, false as is_title, false as is_quote,
        true as has_words, date '2024-01-02' as day
    from written"""
# Forty words of a vocabulary of 50,000 in each text, and a hash: DuckDB packs them about as well as talk.
TALK = """create or replace temp table written as
    select n, array_to_string(list_transform(range(40), lambda i: left(md5((hash(n, i) % 50000)::varchar), 6)), ' ')
        || ' ' || md5(n::varchar) as said
    from range($first, $last) rows(n)"""
PAUSE = 0.02  # seconds between two looks: a reader that never rests only measures the processor
QUERIES = 3
HELD_EVERY = 10  # each tenth time, a reader keeps its connection until the file is replaced


@dataclass
class Seen:
    """What readers saw: connections, answers, whose runs, connections that outlived their file, and what was wrong."""

    opened: int = 0
    reads: int = 0
    runs: list[int] = field(default_factory=list)
    held: int = 0
    wrong: list[str] = field(default_factory=list)


def read(published: Path, query: str, seconds: float) -> Seen:
    """Open, ask several times, close and open again for ``seconds``; what ``query`` gives is of one run."""
    seen, give_up = Seen(), time.monotonic() + seconds
    while time.monotonic() < give_up:
        try:
            file = published.stat().st_ino
            with duckdb.connect(published, read_only=True) as con:
                seen.opened += 1
                rows = [con.execute(query).fetchall()[0] for _ in range(QUERIES)]
                if seen.opened % HELD_EVERY == 0:
                    while (is_same := published.stat().st_ino == file) and time.monotonic() < give_up:
                        time.sleep(PAUSE)
                    seen.held += not is_same
                    rows.append(con.execute(query).fetchall()[0])
        except (duckdb.Error, OSError) as error:
            seen.wrong.append(repr(error))
            continue
        seen.reads += len(rows)
        counts = {count for row in rows for count in row}
        if len(counts) > 1:
            seen.wrong.append(f"torn: {rows}")
        elif not seen.runs or seen.runs[-1] not in counts:
            seen.runs += counts
        time.sleep(PAUSE)
    return seen


def start_readers(published: Path, query: str, seconds: float, count: int = 4) -> list[subprocess.Popen]:
    """``count`` processes that ``read``."""
    script = "import sys; from benchmarks.publishing import main_of_reader; main_of_reader(*sys.argv[1:])"
    command = [sys.executable, "-c", script, str(published), query, str(seconds)]
    return [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(count)]


def main_of_reader(published: str, query: str, seconds: str) -> None:
    """What one reader saw, as JSON."""
    print(json.dumps(asdict(read(Path(published), query, float(seconds)))))


def is_reading(readers: Sequence[subprocess.Popen]) -> bool:
    """Whether one of them still reads."""
    return any(reader.poll() is None for reader in readers)


def what_they_saw(readers: Sequence[subprocess.Popen]) -> list[Seen]:
    """What each reader saw; waits for the last."""
    return [Seen(**json.loads(reader.communicate()[0])) for reader in readers]


def summary(seen: Sequence[Seen], published: int) -> str:
    """A line of figures."""
    return (
        f"{published} published, {sum(one.reads for one in seen):,} reads on {sum(one.opened for one in seen):,} "
        f"connections of {len(seen)} processes, {sum(one.held for one in seen)} connections kept over a replacement, "
        f"{len({run for one in seen for run in one.runs})} runs seen, "
        f"{sum(len(one.wrong) for one in seen)} errors or torn reads"
    )


def write_run(warehouse: "Warehouse", run: int) -> None:
    """One run: a post, its sentence and a mart, each in a transaction of its own as the steps write them; published."""
    with warehouse.connect() as con:
        con.execute(f"create temp table written as select {run} as n, 'said' as said")
        con.execute(POSTS)
        con.execute(SENTENCES)
        con.execute("create or replace table mart.runs as select 1 as n from range($run)", {"run": run})
    warehouse.publish()


def write_gigabyte(warehouse: "Warehouse", size_bytes: int) -> None:
    """Posts and sentences until the database has this size."""
    rows, first = 100_000, 1
    while not warehouse.database.is_file() or warehouse.database.stat().st_size < size_bytes:
        with warehouse.connect() as con:
            con.execute(TALK, {"first": first, "last": first + rows})
            con.execute(POSTS)
            con.execute(SENTENCES)
        first += rows


def seconds_of(act: Callable[[], object]) -> float:
    """How long it took."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def main(shared: Path) -> None:
    """Print the figures."""
    from pipelines.warehouse import Warehouse

    with tempfile.TemporaryDirectory(prefix="crowdtape-publishing-") as name:
        warehouse = Warehouse(home=f"{name}/readers", lock_wait_seconds=0)
        write_run(warehouse, 1)
        readers = start_readers(warehouse.published, ONE_RUN, 30)
        run = 1
        while is_reading(readers):
            run += 1
            write_run(warehouse, run)
        print(f"30 s: {summary(what_they_saw(readers), run)}")

        big = Warehouse(home=f"{name}/big")
        write_gigabyte(big, 10**9)
        copy = f"{name}/big/copy.duckdb"
        cp = f"cp {big.database} {copy}"
        print(f"a database of {big.database.stat().st_size / 1e9:.2f} GB, three times each")
        acts: dict[str, Callable[[], object]] = {
            "cp": lambda: subprocess.run(["sh", "-c", cp], check=True),
            "cp, then fsync of the copy": lambda: subprocess.run(["sh", "-c", f"{cp} && sync {copy}"], check=True),
            "publish": big.publish,
        }
        took: dict[str, list[float]] = {what: [] for what in acts}
        for _ in range(3):
            for what, act in acts.items():  # in turns: the machine may be busier at one time than at another
                Path(copy).unlink(missing_ok=True)
                took[what].append(seconds_of(act))
        for what, seconds in took.items():
            print(f"  {what}: {', '.join(f'{one:.2f}' for one in sorted(seconds))} s")
