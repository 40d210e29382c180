"""The questions of ``warehouse/queries``: what each asks and is good for, and its answer on the bundled sample.

A file begins with three paragraphs of comment (the question, whom it serves, what to mind), then comes the query, then,
as comment again, what the sample answers. ``make answers`` writes the answers anew, from the demo's published file; the
tests compare them. Not here: how a person asks one (``make sql FILE=…``, ``sql.py``).
"""

import argparse
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from pipelines.printable import printable
from pipelines.sql import opened
from pipelines.sql_files import SQL

QUERIES = SQL / "queries"
ANSWER = "-- On the bundled sample:"
_COMMENT = r"(?:--[^\n]*\n)"
_FILE = re.compile(
    rf"(?P<header>{_COMMENT}+)(?P<query>.*?\n)(?:\n{re.escape(ANSWER)}\n--\n(?P<answer>{_COMMENT}*))?", re.DOTALL
)


class Question(NamedTuple):
    """One file of ``warehouse/queries``, taken apart."""

    name: str
    asked: str
    purpose: str
    mind: str
    query: str
    answer: list[str]


def question(path: Path) -> Question:
    """The question of a file; ``ValueError`` names the file that is not built as all are."""
    found = _FILE.fullmatch(path.read_text(encoding="utf-8"))
    paragraphs = [] if found is None else _uncommented(found["header"]).strip().split("\n\n")
    if found is None or len(paragraphs) != 3 or not paragraphs[2].startswith("Mind: "):
        raise ValueError(f"{path.name}: three paragraphs of comment (question, purpose, `Mind: …`), then the query")
    asked, purpose, mind = (" ".join(paragraph.split()) for paragraph in paragraphs)
    answer = _uncommented(found["answer"] or "").splitlines()
    return Question(path.stem, asked, purpose, mind.removeprefix("Mind: "), found["query"], answer)


def questions() -> list[Question]:
    """All of them, by name."""
    return [question(path) for path in sorted(QUERIES.glob("*.sql"))]


def answered(con: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    """What the database answers, as the lines of a table."""
    found = con.execute(query)
    names = [column[0] for column in found.description]
    return aligned(names, found.fetchall())


def aligned(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    """Rows as lines of plain text in columns, numbers to the right; what a terminal would obey is escaped."""
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in names]
    is_number = [all(value is None or type(value) in (int, float) for value in column) for column in columns]
    lines = [names, *zip(*([_cell(value) for value in column] for column in columns), strict=True)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    shown = [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, is_number, strict=True)
        ).rstrip()
        for line in lines
    ]
    return shown if len(shown) > 2 else [*shown, "(no rows)"]


def write_answers(con: duckdb.DuckDBPyConnection, folder: Path = QUERIES) -> None:
    """Write into every file of ``folder`` what the database answers."""
    for path in sorted(folder.glob("*.sql")):
        text = path.read_text(encoding="utf-8").partition(f"\n{ANSWER}\n")[0]
        lines = [f"-- {line}" for line in answered(con, question(path).query)]
        path.write_text("\n".join([text, ANSWER, "--", *lines, ""]), encoding="utf-8")


def _cell(value: Any) -> str:
    if value is None:
        return "NULL"
    return printable(str(value + 0.0 if isinstance(value, float) else value))  # -0.0 is 0.0


def _uncommented(lines: str) -> str:
    return re.sub(r"^-- ?", "", lines, flags=re.MULTILINE)


def main() -> None:
    """Write the answers anew, of the database that is named."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.queries", description="write the answers anew")
    parser.add_argument("database", type=Path, help="published file of the bundled sample")
    con = opened(parser.parse_args().database)
    try:
        write_answers(con)
    finally:
        con.close()


if __name__ == "__main__":
    main()
