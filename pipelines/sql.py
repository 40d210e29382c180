"""``make sql``: ask the published database in SQL, one question or a prompt; read-only, never in a run's way."""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb

from pipelines.settings import BadSettings, read_settings
from pipelines.warehouse import PUBLISHED


def main(arguments: list[str] | None = None) -> None:
    """Answer the question given or piped in, else open a prompt; a wrong question given ends with its error."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.sql", description=__doc__)
    parser.add_argument("question", nargs="?", help="SQL; else read from standard input, or a prompt")
    parser.add_argument("--database", type=Path, help="default: the published file of CROWDTAPE_HOME")
    asked = parser.parse_args(arguments)
    try:
        database = asked.database or read_settings().home / PUBLISHED
    except BadSettings as error:
        sys.exit(str(error))
    if not database.is_file():
        sys.exit(
            f"{database} is not there yet: `make demo` makes one in warehouse/demo/, a run of the job the real one"
        )
    client = shutil.which("duckdb")
    if client and not asked.question:
        sys.exit(subprocess.call([client, "-readonly", "-cmd", "set TimeZone = 'UTC'", str(database)]))
    con = duckdb.connect(database, read_only=True)
    try:
        con.execute("set TimeZone = 'UTC'")
        if asked.question or not sys.stdin.isatty():
            answer(con, asked.question or sys.stdin.read())
        else:
            prompt(con)
    except duckdb.Error as error:
        sys.exit(str(error))
    finally:
        con.close()


def answer(con: duckdb.DuckDBPyConnection, question: str) -> None:
    """Print the rows of one question as a table."""
    relation = con.sql(question)
    if relation is not None:
        relation.show(max_width=160, max_rows=60)


def prompt(con: duckdb.DuckDBPyConnection) -> None:
    """Questions from the terminal, each ended by a semicolon; a wrong one is told and the next may come."""
    print("SQL, ended by ; (Ctrl-D leaves). `show all tables;` lists them, `describe mart.ticker_days;` shows one.")
    while (question := _question()) is not None:
        try:
            answer(con, question)
        except duckdb.Error as error:
            print(error)


def _question() -> str | None:
    """Lines up to the one that ends with a semicolon; None at the end of input."""
    lines: list[str] = []
    while not lines or not lines[-1].rstrip().endswith(";"):
        try:
            lines.append(input("       ...> " if lines else "crowdtape> "))
        except EOFError:
            return "\n".join(lines) or None
    return "\n".join(lines)


if __name__ == "__main__":
    main()
