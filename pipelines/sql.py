"""``make sql``: ask the published database in SQL, one question or a prompt; read-only, never in a run's way.

A question reads the tables and nothing else: no files, no hosts, no settings, so one that a stranger sent can be tried.
Times are shown in UTC. ``--csv`` writes the answer to a file that a spreadsheet may open.
"""

import argparse
import io
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import duckdb

from pipelines.printable import printable
from pipelines.settings import BadSettings, read_settings
from pipelines.spreadsheet import export
from pipelines.warehouse import PUBLISHED


def main(arguments: list[str] | None = None) -> None:
    """Answer the question given or piped in, else open a prompt; a wrong question given ends with its error."""
    parser = argparse.ArgumentParser(
        prog="python -m pipelines.sql", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    given = parser.add_mutually_exclusive_group()
    given.add_argument("question", nargs="?", help="SQL; else read from standard input, or a prompt")
    given.add_argument("--file", type=Path, help="a file with the question, one of warehouse/queries or your own")
    parser.add_argument("--database", type=Path, help="default: the published file of CROWDTAPE_HOME")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the answer to this file instead")
    asked = parser.parse_args(arguments)
    try:
        database = asked.database or read_settings().home / PUBLISHED
    except BadSettings as error:
        sys.exit(str(error))
    con = opened(database)
    client = shutil.which("duckdb")
    try:
        question = asked.file.read_text(encoding="utf-8-sig") if asked.file else asked.question
        if not question and (asked.csv or not sys.stdin.isatty()):
            question = sys.stdin.read()
        if asked.csv:
            print(f"{export(con, question, asked.csv):,} rows → {asked.csv}")
        elif question is not None:
            answer(con, question)
        elif client:
            con.close()
            sys.exit(subprocess.call(**client_call(client, database)))
        else:
            prompt(con)
    except (duckdb.Error, OSError) as error:
        sys.exit(str(error))
    except UnicodeDecodeError as error:
        sys.exit(f"{asked.file or 'standard input'} is no text in UTF-8: {error}")
    finally:
        con.close()


def client_call(client: str, database: Path) -> dict[str, Any]:
    """How DuckDB's own client is called: without files, hosts, settings and commands of the system, in UTC."""
    return {"args": [client, "-safe", "-readonly", str(database)], "env": {**os.environ, "TZ": "UTC"}}


def opened(database: Path) -> duckdb.DuckDBPyConnection:
    """The published file, to be read and nothing else; exits with the way out where it is missing or broken."""
    if not database.is_file():
        sys.exit(
            f"{database} is not there: `make publish` makes it from the database of CROWDTAPE_HOME, a run of the job "
            "makes both, `make demo` those of the sample in warehouse/demo/"
        )
    try:
        con = duckdb.connect(database, read_only=True, config={"enable_external_access": "false"})
        con.execute("set TimeZone = 'UTC'")
        con.execute("set lock_configuration = true")  # the last one
    except duckdb.Error as error:
        sys.exit(
            f"{database} cannot be read; `make publish` writes it anew from the database of CROWDTAPE_HOME\n{error}"
        )
    return con


def answer(con: duckdb.DuckDBPyConnection, question: str) -> None:
    """Print the rows of one question as a table."""
    relation = con.sql(question)
    if relation is not None:
        with redirect_stdout(io.StringIO()) as table:
            relation.show(max_width=160, max_rows=60)
        print(*map(printable, table.getvalue().rstrip("\n").split("\n")), sep="\n")


def prompt(con: duckdb.DuckDBPyConnection) -> None:
    """Questions from the terminal, each ended by a semicolon; a wrong one is told and the next may come."""
    print("SQL, ended by ; (Ctrl-D leaves). `show all tables;` lists them, `describe mart.ticker_days;` shows one.")
    while (question := _question()) is not None:
        try:
            answer(con, question)
        except duckdb.Error as error:
            print(*map(printable, str(error).split("\n")), sep="\n")


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
