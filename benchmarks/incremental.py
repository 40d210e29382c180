"""A day's 3,000 texts and prices into a warehouse of a million: seconds by step, peak memory, size of the file.

Baseline, in the same run: the same day into an empty warehouse, which is what the day itself costs.

The million is made here: 34 days of texts (synthetic: the wordings of the bundled sample on a hundred tickers) that
the job takes in, and the same rows moved back by 34 days, nine times over. It takes minutes, so it is kept in the
folder ``BENCH_HOME`` where that is set. ``BENCH_TIMES=1`` makes it 100,000 texts. Seconds of the processor stand beside
those of the clock: on a busy machine they are the ones to compare.
"""

import csv
import io
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import zstandard

from pipelines.market.sessions import sessions
from pipelines.settings import ROOT
from pipelines.sql_files import SQL
from pipelines.warehouse import DATABASE, Warehouse

TEXTS_A_DAY = 3_000
NEW_DAY = date(2025, 6, 4)
DAYS = 34
TIMES = int(os.environ.get("BENCH_TIMES", "10"))
IDS = ("text_id", "parent_id", "thread_id", "repost_of", "copy_of")
TICKERS = 100
AUTHORS = 20_000
FIRST_PRICE = date(2024, 1, 2)
NAMED = re.compile(
    r"\$?\b(?:MU|NVDA|GME|BTC|AMD|INTC|AAPL|SOXX|SPY|Micron|Nvidia|GameStop|Bitcoin|Intel|Apple)\b", re.I
)


def wordings() -> list[str]:
    """Bodies of the bundled sample, with {} for each ticker or company."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "warehouse.sample", folder], cwd=ROOT, check=True, capture_output=True)
        bodies = []
        for path in sorted((Path(folder) / "texts" / "sample").glob("*.ndjson.zst")):
            with path.open("rb") as file:
                lines = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), encoding="utf-8")
                bodies += [body for line in lines if (body := json.loads(line)["body"])]
    return [NAMED.sub("{}", body.replace("{", "(").replace("}", ")")) for body in bodies]


def tickers() -> list[str]:
    """The first stocks of the reference list on New York's calendar."""
    with (SQL / "reference" / "instruments.csv").open(encoding="utf-8") as file:
        listed = [row["ticker"] for row in csv.DictReader(file) if row["kind"] == "stock" and row["calendar"] == "XNYS"]
    return [ticker for ticker in listed if len(ticker) > 2][:TICKERS]


def texts(day: date, said: list[str], listed: list[str], last_ids: list[str]) -> Iterator[dict[str, object]]:
    """A day's texts in our own row shape; 45 % are comments, some of them on posts of the days before (``last_ids``).

    Adds the day's posts to ``last_ids``.
    """
    dice = random.Random(day.toordinal())
    seen = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=24, minutes=20)
    posts: list[str] = []
    bodies: list[str] = []
    for n in range(TEXTS_A_DAY):
        body = dice.choice(said)
        marks = body.count("{}")
        ticker = listed[min(int(dice.expovariate(0.05)), len(listed) - 1)]
        body = body.format(*[f"${ticker}"] * marks)
        if bodies and dice.random() < 0.05:
            body = dice.choice(bodies)
        bodies.append(body)
        moment = seen - timedelta(hours=24, minutes=20) + timedelta(seconds=n * 86_400 / TEXTS_A_DAY)
        row: dict[str, object] = {
            "id": f"{day:%Y%m%d}{n:04d}",
            "source": "boardroom",
            "published_at": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
            "fetched_at": f"{min(seen, moment + timedelta(hours=3)):%Y-%m-%dT%H:%M:%SZ}",
            "body": body,
            "author": f"a{int(AUTHORS * dice.random() ** 2)}",
            "likes": int(dice.expovariate(0.1)),
            "replies": dice.randrange(3),
        }
        known = last_ids if last_ids and dice.random() < 0.05 else posts
        if known and dice.random() < 0.45:
            row["parent_id"] = row["thread_id"] = f"boardroom:{dice.choice(known)}"
        else:
            row["source"] = row["source"] if dice.random() < 0.5 else dice.choice(["chirper", "tickertalk"])
            if row["source"] == "boardroom":
                row["title"] = f"On ${ticker}"
                posts.append(str(row["id"]))
        yield row
    last_ids[:] = [*last_ids, *posts][-10_000:]


def bars(listed: list[str], last: date) -> list[tuple[date, str]]:
    """Day and CSV line of every daily bar of the tickers and their benchmark, up to ``last``."""
    days = [session["trading_day"] for session in sessions("XNYS", FIRST_PRICE, last).to_pylist()]
    lines = []
    for ticker in [*listed, "SPY"]:
        dice, close = random.Random(ticker), 100.0
        for day in days:
            opened = close * (1 + dice.gauss(0, 0.003))
            close = opened * (1 + dice.gauss(0, 0.02))
            high, low = max(opened, close) * 1.002, min(opened, close) * 0.998
            lines.append((day, f"{ticker},{day},{opened:.4f},{high:.4f},{low:.4f},{close:.4f},{close:.4f},100000"))
    return lines


def drop_texts(inbox: Path, name: str, rows: Iterator[dict[str, object]]) -> None:
    """One file of texts, packed."""
    path = inbox / "texts" / f"{name}.ndjson.zst"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zstandard.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))


def drop_prices(inbox: Path, name: str, lines: list[str]) -> None:
    """One file of daily bars."""
    path = inbox / "prices" / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["ticker,day,open,high,low,close,adjusted_close,volume", *lines, ""]))


def fill(inbox: Path, days: int) -> None:
    """The inbox of the warehouse: ``days`` days of texts up to the day before the new one, and their prices."""
    said, listed, last_ids = wordings(), tickers(), []
    for back in range(days, 0, -1):
        day = NEW_DAY - timedelta(days=back)
        drop_texts(inbox, f"{day}", texts(day, said, listed, last_ids))
    drop_prices(inbox, "history", [line for day, line in bars(listed, NEW_DAY) if day < NEW_DAY])
    (inbox / "last_ids.json").write_text(json.dumps(last_ids))


def add_new_day(inbox: Path) -> None:
    """What a day brings: its texts, and the bars of the last six sessions."""
    last_ids, listed = json.loads((inbox / "last_ids.json").read_text()), tickers()
    drop_texts(inbox, f"{NEW_DAY}", texts(NEW_DAY, wordings(), listed, last_ids))
    recent = [line for day, line in bars(listed, NEW_DAY) if day > NEW_DAY - timedelta(days=8)]
    drop_prices(inbox, f"{NEW_DAY}", recent)


def launch(home: Path, first: date, last: date) -> str:
    """Run ``dg launch`` over the days, as a user types it; seconds of the clock and the processor, peak memory."""
    settings = (ROOT / "dagster.yaml").read_text(encoding="utf-8")
    (home / "dagster.yaml").write_text(settings.replace(": .dagster", f": {home / '.dagster'}"), encoding="utf-8")
    days = ["--partition", str(last)] if first == last else ["--partition-range", f"{first}...{last}"]
    command = [str(Path(sys.executable).parent / "dg"), "launch", "--job", "daily", *days]
    environment = {**os.environ, "CROWDTAPE_HOME": str(home), "DAGSTER_HOME": str(home)}
    began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with (home / "run.log").open("w") as log:
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        sys.exit((home / "run.log").read_text(encoding="utf-8")[-3000:])
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    return f"{time.perf_counter() - began:.1f} s ({processor:.1f} s of processor), peak {now.ru_maxrss / 2**20:.2f} GiB"


def grow(home: Path) -> None:
    """Add the texts of raw and core ``TIMES`` - 1 times again, each time ``DAYS`` days earlier and under other ids."""
    with Warehouse(home=str(home)).connect() as con:
        columns: dict[str, list[tuple[str, str]]] = {}
        for table, column, kind in con.execute(
            """select schema_name || '.' || table_name, column_name, data_type
            from duckdb_columns() where schema_name in ('raw', 'core') order by all"""
        ).fetchall():
            columns.setdefault(table, []).append((column, kind))
        for table, named in columns.items():
            if "text_id" not in dict(named):
                continue
            con.execute(f"create or replace temp table held as select * from {table}")
            con.execute(f"delete from {table}")
            moved = ", ".join(earlier(column, kind) for column, kind in named)
            for time_before in range(TIMES - 1, 0, -1):
                con.execute(f"insert into {table} by name select {moved} from held", {"n": time_before})
            con.execute(f"insert into {table} by name select * from held")
        con.execute("drop table held")
        con.execute("delete from built.tables")


def earlier(column: str, kind: str) -> str:
    """A column of a row ``$n`` times ``DAYS`` days earlier."""
    if column in IDS:
        return f"{column} || '~' || $n as {column}"
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        return f"({column} - to_days(({DAYS} * $n)::integer))::{kind} as {column}"
    return column


def steps(home: Path) -> tuple[dict[str, float], float]:
    """Seconds of each step of the last run as Dagster wrote them down, and of the run without its start-up."""
    with dg.DagsterInstance.from_config(str(home)) as instance:
        run_id = next(iter(instance.get_run_records(limit=1))).dagster_run.run_id
        logged = [(entry.dagster_event, entry.timestamp) for entry in instance.all_logs(run_id) if entry.dagster_event]
    began = {event.step_key: moment for event, moment in logged if event.is_step_start}
    took = {event.step_key: moment - began[event.step_key] for event, moment in logged if event.is_step_success}
    whole = max(moment for event, moment in logged if event.is_step_success) - min(began.values())
    return took, whole


def measured(home: Path) -> str:
    """A run over the new day, in words."""
    took = launch(home, NEW_DAY, NEW_DAY)
    by_step, run = steps(home)
    slowest = sorted(by_step.items(), key=lambda step: -step[1])
    size = (home / DATABASE).stat().st_size / 2**20
    lines = [
        f"dg launch {took}; of it the run {run:.1f} s, its {len(by_step)} steps {sum(by_step.values()):.1f} s; "
        f"file {size:,.0f} MiB",
        *(f"  {seconds:6.2f} s  {step}" for step, seconds in slowest if seconds >= 0.1),
        f"  {sum(seconds for seconds in by_step.values() if seconds < 0.1):6.2f} s  all others",
    ]
    return "\n".join(lines)


def build(home: Path) -> None:
    """The warehouse before the new day, unless it stands there from an earlier run."""
    if (home / "built").exists():
        return
    shutil.rmtree(home, ignore_errors=True)
    fill(home / "inbox", DAYS)
    took = launch(home, NEW_DAY - timedelta(days=DAYS), NEW_DAY - timedelta(days=1))
    if TIMES > 1:
        grow(home)
        took += ", then all marts " + launch(home, NEW_DAY - timedelta(days=1), NEW_DAY - timedelta(days=1))
    (home / "built").write_text(took)


def main(shared: Path) -> None:
    """Print the figures."""
    folder = Path(os.environ.get("BENCH_HOME") or tempfile.mkdtemp(prefix="crowdtape-incremental-"))
    try:
        before, after, empty = (folder / f"{TIMES}-{name}" for name in ("before", "after", "empty"))
        build(before)
        print(f"built {DAYS * TIMES} days once: {(before / 'built').read_text()}", flush=True)
        for home in (after, empty):
            shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(before, after)
        add_new_day(after / "inbox")
        print(f"a day into the {DAYS * TIMES} days: {measured(after)}", flush=True)
        with duckdb.connect(after / DATABASE, read_only=True) as con:
            counts = con.execute("select count(*), count(*) filter (day = ?) from core.texts", [NEW_DAY]).fetchall()
        print(f"  {counts[0][0]:,} texts, {counts[0][1]:,} of them of the day")
        shutil.copytree(after / "inbox" / "prices", empty / "inbox" / "prices")
        (empty / "inbox" / "texts").mkdir()
        shutil.copy(after / "inbox" / "texts" / f"{NEW_DAY}.ndjson.zst", empty / "inbox" / "texts")
        print(f"baseline, the day into an empty warehouse: {measured(empty)}", flush=True)
    finally:
        if "BENCH_HOME" not in os.environ:
            shutil.rmtree(folder)
