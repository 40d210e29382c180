"""Seconds and bytes of the small pictures in the UI, over marts of a million rows, and the memory that drawing takes.

Baseline, in the same run: counting the rows of the mart, which each step does as well.
"""

import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import duckdb

from pipelines.report.pictures import drawn, picture
from pipelines.schema import schema_script
from pipelines.sql_files import marts_in_order, sql_file
from pipelines.tables import count
from pipelines.warehouse import Warehouse

Result = TypeVar("Result")

ROWS = 1_000_000
FILLED = {  # the marts that grow with the texts and the days
    "ticker_days": "'T' || i % 500 as ticker, date '2015-01-01' + (i // 1000)::integer as trading_day, "
    " true as is_covered, i % 7 as text_count, random() * 2 - 1 as mean_sentiment, random() / 50 as forward_return_1d",
    "source_days": "'T' || i % 500 as ticker, date '2015-01-01' + (i // 1000)::integer as trading_day,"
    " 'service ' || i % 9 as source, i % 7 as text_count",
    "text_moves": "true as is_counted, random() * 2 - 1 as sentiment, random() / 50 as react_return,"
    " random() / 50 as forward_return_1d",
    "text_scores": "random() * 2 - 1 as sentiment",
    "threads": "random() * 2 - 1 as author_sentiment, random() * 2 - 1 as commenter_sentiment",
}


def main(shared: Path) -> None:
    """Print what the first picture costs, and a line per mart."""
    before = peak_mb()
    first, _ = timed(lambda: drawn("text_scores", [{"scorer": "finance", "sentiment": 0.5, "text_share": 1.0}]))
    print(f"the first picture of a process: {first:.2f} s, {peak_mb() - before:,.0f} MB")
    with duckdb.connect() as con:
        con.execute(schema_script())
        con.execute("select setseed(0.5)")
        for name in marts_in_order():
            Warehouse(home="").build_mart(con, name)
        for name, columns in FILLED.items():
            scorer = "case i % 2 when 0 then 'finance' else 'vader' end as scorer"
            con.execute(f"insert into mart.{name} by name select {scorer}, {columns} from range({ROWS}) as rows(i)")
        print(f"{'':14}{'count':>9}{'asked':>9}{'drawn':>9}{'bytes':>9}")
        for name in FILLED:
            counting, _ = timed(lambda name=name: count(con, f"mart.{name}"))
            asked, _ = timed(lambda name=name: con.execute(sql_file(f"pictures/{name}")).fetchall())
            whole, found = timed(lambda name=name: picture(con, name))
            print(f"{name:14}{counting:9.3f}{asked:9.3f}{whole - asked:9.3f}{len(found.png) if found else 0:9,}")


def peak_mb() -> float:
    """Most memory that the process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Seconds that ``work`` took, and what it gave."""
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result
