"""Long work says where it is: in time, with the right figures, and never when it is over."""

import gzip
import json
import re
import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import dagster as dg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pipelines import progress as module
from pipelines.prices.rows import PriceBatch
from pipelines.progress import Progress, every
from pipelines.sources.inbox import inbox_files
from pipelines.sources.inbox_texts import read_texts
from pipelines.sources.intake import take_in_new
from pipelines.sources.rows import Batch, Limits
from pipelines.warehouse import Warehouse
from tests.conftest import Home

ROOT = Path(__file__).parents[1]


class Clock:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def rows(count: int) -> pa.Table:
    return pa.table({"n": range(count)})


def test_the_line_says_rows_share_and_the_time_that_is_left():
    clock = Clock()
    progress = Progress(clock=clock)
    batches = progress.of(iter([rows(100), rows(300)]), "texts", 400)
    clock.now = 2.0
    assert progress.line() == "at work for 2 s"
    next(batches)
    assert progress.line() == "0 %, 0 of 400 texts after 2 s"
    clock.now = 12.0
    next(batches)
    assert progress.line() == "25 %, 100 of 400 texts after 12 s, about 30 s left"


def test_how_far_a_statement_is_is_told_where_nothing_else_moves():
    progress = Progress(clock=Clock())
    assert progress.line(41.6) == "at work for 0 s, DuckDB's query at 42 %"
    assert progress.line(-1.0) == "at work for 0 s"
    with progress.counting("parts", 2) as count:
        assert progress.line(30.0) == "0 %, 0 of 2 parts after 0 s, DuckDB's query at 30 %"
        count.done = 1
        assert progress.line(5.0) == "50 %, 1 of 2 parts after 0 s, about 0 s left"
        assert progress.line(60.0) == "50 %, 1 of 2 parts after 0 s, about 0 s left, DuckDB's query at 60 %"


def test_a_count_that_was_told_of_says_its_last_figure_and_a_quick_one_nothing():
    said: list[str] = []
    progress = Progress(said.append, clock=Clock())
    list(progress.of([rows(5)], "texts", 5))
    assert said == []
    for _ in progress.of([rows(5), rows(6)], "texts", 12):  # an estimate
        progress.line()
    assert said == ["11 texts after 0 s"]


def test_a_count_that_fails_says_no_last_figure_and_leaves_the_one_around_it():
    said: list[str] = []
    progress = Progress(said.append, clock=Clock())
    with progress.counting("files", 2) as files:
        files.note = "file 1/2 a.csv"
        with pytest.raises(ValueError, match="broken"), progress.counting("rows"):
            assert progress.line() == "0 rows after 0 s"
            raise ValueError("broken")
        assert progress.line() == "0 %, 0 of 2 files, file 1/2 a.csv after 0 s"
    assert said == ["0 files, file 1/2 a.csv after 0 s"]


def test_what_somebody_else_does_is_looked_at():
    progress, sizes = Progress(clock=Clock()), iter([10.0, 60.0, 0.0])
    with progress.counting("MB", 100, lambda: next(sizes)):
        lines = [progress.line(), progress.line(), progress.line()]
    assert [line.split(" after")[0] for line in lines] == ["10 %, 10 of 100 MB", *["60 %, 60 of 100 MB"] * 2]


@given(
    steps=st.lists(st.tuples(st.integers(0, 1_000), st.floats(0.0, 1_000.0)), max_size=40),
    total=st.none() | st.integers(0, 20_000),
)
def test_what_is_done_and_its_share_only_rise_whatever_comes_and_however_wrong_the_total_is(steps, total):
    clock, lines = Clock(), []
    progress = Progress(lines.append, clock=clock)

    def arriving() -> Iterator[int]:
        for size, seconds in steps:
            clock.now += seconds
            yield size

    lines.extend(progress.line() for _ in progress.of(arriving(), "rows", total, size=int))
    done = [int(re.search(r"([\d,]+) (of|rows)", line)[1].replace(",", "")) for line in lines]
    assert done == sorted(done)
    assert done[-1:] == [sum(size for size, _ in steps)][: len(steps)]
    shares = [int(found[1]) for line in lines if (found := re.match(r"(\d+) %, ", line))]
    assert len(shares) == (len(steps) if total is not None else 0)
    assert all(0 <= before <= after <= 100 for before, after in pairwise([0, *shares, 100]))


def test_the_thread_calls_while_the_block_lasts_and_has_ended_when_the_block_has():
    calls, third = [], threading.Event()

    def act() -> None:
        calls.append(threading.current_thread())
        if len(calls) == 3:
            third.set()

    with every(0.001, act):
        assert third.wait(10)
    assert not calls[0].is_alive()
    assert threading.current_thread() not in calls


def test_what_the_thread_raises_is_raised_after_the_block_and_hides_no_error_of_it():
    failed = threading.Event()

    def act() -> None:
        failed.set()
        raise OSError("the log is full")

    with pytest.raises(OSError, match="the log is full"), every(0.001, act):
        assert failed.wait(10)
    with pytest.raises(ValueError, match="the work failed"), every(0.001, act):
        assert failed.wait(10)
        raise ValueError("the work failed")


def test_a_slow_step_writes_lines_into_the_log_of_its_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "SAY_SECONDS", 0.005)
    heard = threading.Event()

    def slow() -> Iterator[pa.Table]:
        yield rows(40)
        assert heard.wait(20)
        yield rows(60)

    @dg.asset
    def slow_texts(warehouse: Warehouse) -> None:
        with warehouse.at_work() as (con, progress):
            for _ in progress.of(slow(), "texts of \x1b[31m", 100):
                pass
            con.execute("create temp table numbers as select hash(range) as n from range(500_000)")
            for _ in range(100):
                con.execute("select count(*) from (select n % 100_000 from numbers group by all) as one").fetchall()
                if any("DuckDB's query" in line for line in said):
                    break

    said: list[str] = []

    def listen(event: dg.EventLogEntry) -> None:
        if event.step_key and not event.is_dagster_event:
            said.append(event.user_message)
            if event.user_message.startswith("40 %"):
                heard.set()

    defs = dg.Definitions([slow_texts], resources={"warehouse": Warehouse(home=str(tmp_path))})
    with dg.DagsterInstance.ephemeral() as instance:
        run_id = str(uuid.uuid4())
        instance.add_event_listener(run_id, listen)
        defs.resolve_implicit_global_asset_job_def().execute_in_process(instance=instance, run_id=run_id)
    assert any(re.match(r"40 %, 40 of 100 texts of \\x1b\[31m after \d+ s, about \d+ s left", line) for line in said)
    assert any(line.startswith("100 texts of") for line in said)
    assert any("DuckDB's query at" in line for line in said)
    assert all(line.isprintable() for line in said)
    assert module.SAY_SECONDS < 5


def test_every_step_opens_the_database_where_its_log_is_told():
    """Asking services opens it for moments, and says itself which window it is at."""
    silent = [
        path.name
        for path in (ROOT / "pipelines" / "defs").glob("*.py")
        if "warehouse.connect()" in path.read_text(encoding="utf-8")
    ]
    assert silent == ["sources.py"]


@pytest.mark.parametrize("packing", ["plain", "gzip", "zstd", "parquet"])
def test_a_file_tells_how_much_of_it_was_read(packing: str, tmp_path: Path):
    path = tmp_path / "file"
    lines = [json.dumps(row) for row in own_rows(20_000)]
    plain = "\n".join(lines).encode()
    pack = {"plain": bytes, "gzip": gzip.compress, "zstd": zstandard.compress}
    if packing == "parquet":
        pq.write_table(pa.Table.from_pylist(own_rows(20_000)), path)
    else:
        path.write_bytes(pack[packing](plain))
    heard: list[int] = []
    batches = read_texts(path, Limits(told=heard.append), datetime.now(UTC))
    assert sum(batch.texts.num_rows for batch in batches) == 20_000
    size = path.stat().st_size
    assert len(heard) > 2
    assert all(0 <= place <= size for place in heard)
    assert heard[-1] == size or (packing == "parquet" and heard[-1] > size / 2)


def test_files_are_told_by_their_share_of_all_bytes_though_a_beginning_is_read_twice(tmp_path: Path):
    said: list[str] = []
    heard: list[str] = []
    progress, home = Progress(said.append, clock=Clock()), Home(tmp_path)
    for name in ("a", "b", "c, a copy of b"):
        home.drop(f"texts/{name}.ndjson", own_rows(10_000, prefix=name[-1]))

    def twice(path: Path, limits: Limits, saved_at: datetime) -> Iterator[Batch | PriceBatch]:
        for place in (path.stat().st_size // 2, 0):
            limits.told(place)
            heard.append(progress.line())
        for batch in read_texts(path, limits, saved_at):
            yield batch
            heard.append(progress.line())

    files = [replace(file, read=twice) for file in inbox_files(home.inbox)]
    with home.warehouse.connect() as con:
        take_in_new(con, files, datetime.now(UTC), Limits(batch_rows=4_000), 0, progress)
    shares = [int(line.split(" %")[0]) for line in heard]
    assert shares == sorted(shares)
    assert shares[:2] == [17, 17]
    assert shares[-1] == 67  # the copy is not read
    assert "file 1/3 texts/a.ndjson after" in heard[0]
    assert any("file 2/3 texts/b.ndjson: 4,000 rows after" in line for line in heard)
    assert said[-1].startswith("3 MB, file 3/3 texts/c")


def own_rows(count: int, prefix: str = "n") -> list[dict[str, str]]:
    moment = "2026-05-28T10:00:00Z"
    return [
        {"id": f"{prefix}{number}", "source": "board", "published_at": moment, "body": f"$MU {number}"}
        for number in range(count)
    ]
