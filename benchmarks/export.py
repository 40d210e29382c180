"""Exporting three and six million rows of texts beside their prices; memory is limited, and measured.

Baseline, in the same run: DuckDB's own ``copy … to`` of the same table, with the same sizes of row groups, in one file
and in no order.
"""

import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.export.__main__ import exported
from pipelines.sql_files import marts_in_order
from pipelines.warehouse import Warehouse

ROWS = """insert into mart.text_moves by name
    select 'hackernews:' || md5(n::varchar) as text_id, 'T' || n % 500 as ticker, scorer, 'hackernews' as source,
        'comment' as kind, (hash(n, scorer) % 2000) / 1000 - 1 as sentiment,
        timestamptz '2023-01-01' + to_seconds((hash(n) % 94_000_000)::bigint) as known_at,
        (hash(n, 1) % 1000) / 1e4 as forward_return_1d, (hash(n, 2) % 1000) / 1e4 as return_to_close
    from range($texts) rows(n), (values ('finance'), ('vader')) scorers(scorer)"""
MEMORY = "1GB"


def main(shared: Path) -> None:
    """Print rows, seconds, size and peak memory of both."""
    for texts in (1_500_000, 3_000_000):
        with tempfile.TemporaryDirectory() as folder:
            warehouse = Warehouse(home=folder)
            with warehouse.connect() as con:
                for name in marts_in_order():
                    warehouse.build_mart(con, name)
                con.execute(ROWS, {"texts": texts})
            warehouse.publish()
            for way in (export, copy):
                command = [sys.executable, "-m", "benchmarks.export", way.__name__, warehouse.published]
                print(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())


def export(published: Path) -> str:
    """Every mart, by us."""
    return exported(published, published.parent / "export", datetime.now(UTC), MEMORY)


def copy(published: Path) -> str:
    """One table, by DuckDB."""
    began = time.monotonic()
    path = published.parent / "copy.parquet"
    with duckdb.connect(published, read_only=True, config={"memory_limit": MEMORY}) as con:
        con.execute(f"copy mart.text_moves to '{path}' (compression zstd, row_group_size 50_000)")
    return f"baseline: copy to, {path.stat().st_size / 1e6:,.1f} MB in {time.monotonic() - began:.1f} s"


if __name__ == "__main__":
    told = {"export": export, "copy": copy}[sys.argv[1]](Path(sys.argv[2]))
    print(f"{told}; at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB of memory")
