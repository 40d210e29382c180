"""The list of instruments a text can be about, read and checked.

Here: the columns of ``warehouse/reference/instruments.csv`` and their rules. Not here: how the list is built
(``warehouse/reference/build_instruments.py``), how it is matched (``mentions.py``), tickers that only a price
file knows (``warehouse/core/instruments.sql``).
"""

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa

INSTRUMENTS = pa.schema(
    [
        pa.field("ticker", pa.string(), nullable=False),  # upper case, share class after a dot, coins bare
        ("instrument_id", pa.string()),  # the same for all symbols that one instrument had over time
        ("name", pa.string()),
        ("other_names", pa.string()),  # what else people call it, separated by |
        ("kind", pa.string()),  # stock, adr (foreign company listed in the US), etf, crypto
        ("calendar", pa.string()),  # XNYS or 24/7
        ("benchmark", pa.string()),  # ticker of the yardstick; null for the yardsticks themselves
        ("is_word", pa.bool_()),  # the bare symbol is also a word or a common abbreviation
        ("name_is_word", pa.string()),  # names that also mean something else and what each needs: Gap=context
        ("other_meanings", pa.string()),  # longer phrases that hold a name and mean something else: apple pie
        ("valid_from", pa.date32()),  # first day of the symbol where it replaced another; else null
        ("valid_to", pa.date32()),  # last day of the symbol; null while it is in use
    ]
)
# What a name needs to be believed: a capital; a capital and a sign that a company is meant; not to be the place where
# something is said or bought (on Facebook); not to be the source of what is said of another company (UBS raised its
# target). The last goes for the whole row: a house is one under all its names.
NEEDS = ("capital", "context", "place", "house")
KINDS = ("stock", "adr", "etf", "crypto")
TICKER = re.compile(r"[A-Z0-9]{1,6}(?:\.[A-Z]{1,2})?")


class BadInstruments(ValueError):
    """The list of instruments breaks a rule; the message names the file, the line and the column."""


def read_instruments(path: Path) -> pa.Table:
    """The instruments in the CSV file ``path`` as an ``INSTRUMENTS`` table, in file order.

    A ticker is listed once: prices, returns and opinions are kept by ticker, so a symbol that one company gave up
    and another took (GOLD) stands for the company that the list names. Under one ``instrument_id`` there may be many
    tickers, each with its days (FB, META).

    Raises ``BadInstruments`` for a missing or unknown column, a value that breaks a rule, a ticker listed
    twice or a benchmark that is not listed.
    """
    rows: dict[str, dict[str, object]] = {}
    lines: dict[str, str] = {}
    for where, cells in _lines(path):
        row = _checked(cells, where)
        ticker = cells["ticker"]
        if ticker in rows:
            raise BadInstruments(f"{where}, column ticker: {ticker} is already listed: {lines[ticker]}")
        rows[ticker], lines[ticker] = row, where
    for ticker, row in rows.items():
        if (benchmark := row["benchmark"]) and benchmark not in rows:
            raise BadInstruments(f"{lines[ticker]}, column benchmark: {benchmark} is not a listed ticker")
    return pa.Table.from_pylist(list(rows.values()), schema=INSTRUMENTS)


def _lines(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Each line of the file with the words that name it in an error."""
    with path.open(newline="", encoding="utf-8-sig") as text:
        reader = csv.reader(text)
        header = next(reader, [])
        if sorted(header) != sorted(INSTRUMENTS.names):
            expected = ", ".join(INSTRUMENTS.names)
            raise BadInstruments(f"{path}, line 1: the columns are {', '.join(header)}; expected {expected}")
        for cells in reader:
            where = f"{path}, line {reader.line_num}"
            if len(cells) != len(header):
                raise BadInstruments(f"{where}: {len(cells)} values for {len(header)} columns")
            yield where, dict(zip(header, cells, strict=True))


def _checked(row: dict[str, str], where: str) -> dict[str, object]:
    """One line with its values converted; empty means null."""
    names = {name for name in [row["name"], *row["other_names"].split("|")] if name}
    marked = [entry.rpartition("=") for entry in row["name_is_word"].split("|") if entry]
    calendar = "24/7" if row["kind"] == "crypto" else "XNYS"
    for column, holds, rule in (
        ("ticker", TICKER.fullmatch(row["ticker"]), "capitals and digits, a share class after a dot"),
        ("instrument_id", row["instrument_id"], "must not be empty"),
        ("name", row["name"], "must not be empty"),
        ("kind", row["kind"] in KINDS, f"one of {', '.join(KINDS)}"),
        ("calendar", row["calendar"] == calendar, "24/7 for crypto, else XNYS"),
        ("is_word", row["is_word"] in ("true", "false"), "true or false"),
        ("name_is_word", {need for _, _, need in marked} <= set(NEEDS), f"name=need, need one of {', '.join(NEEDS)}"),
        ("name_is_word", {name for name, _, _ in marked} <= names, "each entry must be one of the row's names"),
    ):
        if not holds:
            raise BadInstruments(f"{where}, column {column}: {row[column]!r} is not allowed ({rule})")
    first, last = (_day(row, column, where) for column in ("valid_from", "valid_to"))
    if first and last and first > last:
        raise BadInstruments(f"{where}, column valid_to: {last} is before valid_from, {first}")
    converted = {"is_word": row["is_word"] == "true", "valid_from": first, "valid_to": last}
    return {column: value or None for column, value in row.items()} | converted


def _day(row: dict[str, str], column: str, where: str) -> date | None:
    """A date written as 2022-06-09, or null."""
    value = row[column]
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise BadInstruments(f"{where}, column {column}: {value!r} is not a date like 2022-06-09") from error
