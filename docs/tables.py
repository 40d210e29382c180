"""``make docs``: the page ``docs/warehouse.md``, from the comments in the database.

Not here: the comments themselves (``warehouse/schema``, ``warehouse/marts``).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from pipelines.catalogue import Table, tables

PAGE = Path(__file__).parent / "warehouse.md"
LAYERS = {
    "raw": "What came in, as it came: texts and their versions, counts, prices, and what was asked of whom.",
    "core": "What it says: texts cleaned and scored, and whom they speak of; the market's sessions, bars and returns.",
    "mart": "What people ask: talk beside price, and whether the two go together. Begin with `mart.ticker_days`.",
    "built": "What the marts were last built from. Of no interest to readers.",
}
INTRODUCTION = """# The tables

*`make docs` writes this page from the comments in the database. Change those, in `warehouse/schema/` and
`warehouse/marts/`, not the page.*

Three layers, each made from the one before. Moments are UTC; `trading_day` is the exchange's date, `day` the UTC date.
Returns are fractions (0.01 is one percent): `return_…` looks back, `forward_return_…` ahead; a column in `_bps` is in
hundredths of a percent. NULL is not known, which is never 0. In SQL the same words are in `duckdb_tables()` and
`duckdb_columns()`; [docs/sql.md](sql.md) says how to connect, [warehouse/queries](../warehouse/queries/README.md) has
questions to begin with.
"""
_TABLE = re.compile(r"\b(?:raw|core|mart|built)\.[a-z_]+")


def page() -> str:
    """The page: the tables of each layer with their grains, then every table with its columns."""
    found = tables()
    layers = {layer: [table for name, table in found.items() if name.startswith(f"{layer}.")] for layer in LAYERS}
    lines = [INTRODUCTION]
    for layer, members in layers.items():
        lines += [f"- [**{layer}**](#{layer}): {LAYERS[layer]}"]
        lines += [f"  - {_link(table.name)}: {as_written(_begins(table.grain))}" for table in members]
    for layer, members in layers.items():
        lines += ["", f"## {layer}", "", LAYERS[layer]]
        for table in members:
            lines += _described(table)
    return "\n".join([*lines, ""])


def _described(table: Table) -> Iterator[str]:
    yield from ("", f"### {table.name}", "", _with_links(table.grain, table.name), "")
    yield from ("| column | type | meaning |", "|---|---|---|")
    for column in table.columns:
        yield f"| `{column.name}` | {as_written(column.type)} | {_with_links(column.comment, table.name)} |"


def _begins(grain: str) -> str:
    """What a row is, without what is added to that."""
    return re.split(r"[:;.](?: |$)", grain)[0]


def _with_links(words: str, own: str) -> str:
    """Words in Markdown, where the names of other tables lead to them."""
    parts, end = [], 0
    for name in _TABLE.finditer(words):
        if name[0] in tables() and name[0] != own:
            parts += [as_written(words[end : name.start()]), _link(name[0])]
            end = name.end()
    return "".join([*parts, as_written(words[end:])])


def _link(table: str) -> str:
    """A link to the table's heading, where GitHub puts it."""
    return f"[{table}](#{table.replace('.', '')})"


def as_written(words: str) -> str:
    """Plain words for a cell of a Markdown table: what GitHub would obey is escaped, so that they read as written."""
    escaped = re.sub(r"[\\`*\[\]<>|~&]|(?<![^\W_])_|_(?![^\W_])", r"\\\g<0>", words)
    return escaped.replace("$", "<span>$</span>")  # a backslash does not keep two of them from being a formula


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
