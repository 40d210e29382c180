"""Markdown of words that strangers wrote: shown as they are, whatever they hold. Not here: what is said with them."""

import re
from collections.abc import Iterable, Sequence

from pipelines.printable import printable


def code(text: str, characters: int = 80) -> str:
    """``text`` as code, on one line, cut after so many characters.

    Code is the one place where Markdown reads nothing: no link, no image, no element, no bare address. Backticks within
    are outnumbered by those around it, as CommonMark has it; control characters are escaped.
    """
    short = printable(text[:characters]) + ("…" if len(text) > characters else "")
    if not short.strip():
        return "(empty)"
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", short)), default=0))
    space = " " if "`" in short or short != short.strip() else ""
    return f"{fence}{space}{short}{space}{fence}"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows of cells as a table; a bar within a cell ends no cell."""
    lines = [columns, ["-"] * len(columns), *rows]
    escaped = ([cell.replace("|", r"\|") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in escaped)
