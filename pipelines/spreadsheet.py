"""The answer of a question as a CSV file that a spreadsheet may open.

Texts come from strangers, and a spreadsheet runs a cell that begins like a formula (OWASP: "CSV injection"). Such a
cell gets an apostrophe in front, also where the formula begins after a line break, a tab or a semicolon inside of it:
spreadsheets split there where the comma is the decimal sign. Numbers, dates and NULL (an empty cell) stay as they are.
Not here: texts letter for letter. Who wants these reads the database.
"""

import csv
import os
import re
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb

BATCH_ROWS = 10_000
# Signs that open a formula, with their full-width and small forms and the typographic minus.
FORMULA = "=+\\-@＝＋－＠﹦﹢﹣﹫−"
# The start, or what may end a cell; then signs that a spreadsheet passes over. Linear: no two parts match the same.
_FORMULA_BEGINS = re.compile(rf"(^|[;\t\r\n])(?=(?:[^\S;\t\r\n]|[\"'\x00-\x08\x0e-\x1f\u200b\ufeff])*[{FORMULA}])")
_BREAK_BEGINS = re.compile(r"^(?=[\t\r\n])")


def export(con: duckdb.DuckDBPyConnection, question: str, path: Path) -> int:
    """Write the rows of ``question`` with a header to ``path``, whole or not at all; rows written.

    UTF-8 with a byte order mark, as spreadsheets want it; memory does not grow with the rows.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    written = 0
    try:
        with part.open("x", encoding="utf-8-sig", newline="") as file:
            rows = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
            reader = con.execute(question).to_arrow_reader(BATCH_ROWS)
            rows.writerow([safe_cell(name) for name in reader.schema.names])
            for batch in reader:
                columns = [map(safe_cell, column.to_pylist()) for column in batch.columns]
                rows.writerows(zip(*columns, strict=True))
                written += batch.num_rows
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return written


def safe_cell(value: object) -> object:
    """A value as a cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float | Decimal | date | time | timedelta):
        return value
    text = value if isinstance(value, str) else str(value)
    return _BREAK_BEGINS.sub("'", _FORMULA_BEGINS.sub(r"\1'", text), count=1)
