"""The ``.sql`` files of ``warehouse/``: their text, their headers, the tables they read, the order of the marts.

Not here: running any of them.
"""

import re
from graphlib import TopologicalSorter
from pathlib import Path

SQL = Path(__file__).parents[1] / "warehouse"
_HEADER = re.compile(r"^-- (?:(?P<name>[a-z0-9_]+): )?(?P<words>.+)$")
_SOURCE = re.compile(r"\b(?:from|join)\s+((?:raw|core|mart)\.[a-z_]+)")


def sql_file(name: str) -> str:
    """Text of ``warehouse/<name>.sql``, e.g. ``core/returns``."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def header(sql: str) -> tuple[str, dict[str, str]]:
    """First comment line (the grain, or what must hold) and the ``-- name: words`` lines below it."""
    summary, named = "", {}
    for line in sql.splitlines():
        found = _HEADER.match(line)
        if not found:
            break
        if found["name"]:
            named[found["name"]] = found["words"]
        else:
            summary = f"{summary} {found['words']}".strip()
    return summary, named


def tables_read(sql: str) -> list[str]:
    """Tables of the warehouse that a query reads, sorted, e.g. ``["core.texts", "mart.threads"]``."""
    return sorted(set(_SOURCE.findall(sql)))


def marts_in_order() -> list[str]:
    """Names of the marts, each after those that its query reads."""
    order: TopologicalSorter[str] = TopologicalSorter()
    for path in sorted((SQL / "marts").glob("*.sql")):
        tables = tables_read(path.read_text(encoding="utf-8"))
        order.add(path.stem, *(table.removeprefix("mart.") for table in tables if table.startswith("mart.")))
    return list(order.static_order())


def quoted(text: str) -> str:
    """``text`` as an SQL string literal; only for words of our own files (comments), never for data."""
    return "'" + text.replace("'", "''") + "'"
