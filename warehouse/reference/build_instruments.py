"""Build ``instruments.csv``, the list of instruments that a text can be about.

Here: the S&P 500 list, SEC and Nasdaq names, joined with the hand-written tables beside this file:

- ``names.csv``: instruments beyond the index; what people call a company; which of its names are everyday
  words and what these need (``capital``: the capital letter; ``context``: the capital and a sign that a
  company is meant); which longer phrases mean something else;
- ``former_symbols.csv``: symbols that changed or ended;
- ``symbol_words.txt``: symbols that are also words.

Not here: any matching (``pipelines/text/mentions.py``).

    python warehouse/reference/build_instruments.py ../shared/data/names

The same inputs give the same bytes. Fails when a hand-written stock is in none of the official lists.
"""

import csv
import json
import re
import sys
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).parent
COLUMNS = (
    "ticker", "instrument_id", "name", "other_names", "kind", "calendar", "benchmark",
    "is_word", "name_is_word", "other_meanings", "valid_from", "valid_to",
)  # fmt: skip
LEGAL_FORM = re.compile(
    r",? (?:Inc\.?|Incorporated|Corporation|Corp\.?|(?:& )?(?:Company|Co\.?)"
    r"|plc|Public|Ltd\.?|Limited|N\.V\.|S\.A\.|SE|AG)$",
    re.IGNORECASE,
)
FILING_STATE = re.compile(r" ?/[A-Z ]*/?$")
# The index list says who makes semiconductors inside it; these are the ones outside.
SEMICONDUCTORS_ABROAD = frozenset({"TSM", "ASML", "STM", "ARM", "UMC", "ASX", "SIMO", "HIMX"})
SEMICONDUCTORS_SMALL = frozenset({"GFS", "LSCC", "RMBS", "AEHR", "INDI", "NVTS", "WOLF", "CRDO", "ALAB", "MBLY"})
SEMICONDUCTOR_FUNDS = frozenset({"SMH", "SOXL", "SOXS", "USD", "NVDL"})
SOLAR = frozenset({"FSLR"})  # GICS files solar panels under semiconductors; they do not move with chips
SHARE_CLASS = {"Class B": " Class B", "Class A": "", "Class C": ""}


def main(names: Path) -> None:
    """Write ``instruments.csv`` beside this script from the lists in the folder ``names``."""
    official = sec_titles(names) | nasdaq_titles(names)
    written = {row["ticker"]: row for row in read(HERE / "names.csv")}
    members = index_members(names)
    rows = [instrument(ticker, member, written.get(ticker, {}), official) for ticker, member in members.items()]
    rows += [instrument(t, {}, row, official) for t, row in written.items() if t not in members]
    unknown = [r["ticker"] for r in rows if r["kind"] in ("stock", "adr") and r["ticker"] not in official]
    if unknown:
        raise SystemExit(f"{HERE / 'names.csv'}: in none of the lists in {names}: {', '.join(unknown)}")
    rows = with_former_symbols(rows, read(HERE / "former_symbols.csv"))
    words = symbol_words(HERE / "symbol_words.txt")
    for row in rows:
        row["is_word"] = "true" if row["ticker"] in words else "false"
    with (HERE / "instruments.csv").open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: row["ticker"]))


def instrument(
    ticker: str, member: dict[str, str], written: dict[str, str], official: dict[str, str]
) -> dict[str, str]:
    """One row: the index list gives the facts, the hand-written row overrules and adds."""
    kind = written.get("kind") or "stock"
    name = written.get("name") or without_legal_form(member["Security"])
    others = [n for n in written.get("other_names", "").split("|") if n]
    others += registered_name(name, official.get(ticker, "")) if member else []
    return {
        "ticker": ticker,
        "instrument_id": ticker.lower(),
        "name": name,
        "other_names": "|".join(dict.fromkeys(n for n in others if n.lower() != name.lower())),
        "kind": kind,
        "calendar": "24/7" if kind == "crypto" else "XNYS",
        "benchmark": benchmark(ticker, kind, member.get("GICS Sub-Industry", "")),
        "name_is_word": written.get("name_is_word", ""),
        "other_meanings": written.get("other_meanings", ""),
        "valid_from": "",
        "valid_to": "",
    }


def benchmark(ticker: str, kind: str, sub_industry: str) -> str:
    """What an instrument's return is compared with.

    SPY for nearly all: one yardstick that every reader knows and that has prices for the whole history.
    Semiconductors get SOXX, because their common factor is larger than the market's. Sector funds for the
    rest would add little and multiply the price files a user must have. Coins follow Bitcoin; SPY and BTC are
    their own yardstick, so theirs is empty.
    """
    if ticker in ("SPY", "BTC"):
        return ""
    if kind == "crypto":
        return "BTC"
    outside = SEMICONDUCTORS_ABROAD | SEMICONDUCTORS_SMALL | SEMICONDUCTOR_FUNDS
    makes_chips = sub_industry.startswith("Semiconductor") and ticker not in SOLAR
    return "SOXX" if makes_chips or ticker in outside else "SPY"


def registered_name(name: str, title: str) -> list[str]:
    """The SEC's name without its legal form, where it begins like ``name`` and has two words or more."""
    words = without_legal_form(FILING_STATE.sub("", title.split(" - ")[0].strip())).split()
    if len(words) < 2 or words[0].lower() != name.split()[0].lower() or " Class " in name:
        return []
    if " ".join(words).isupper():
        words = [word if "." in word else word.capitalize().replace("And", "and") for word in words]
    return [" ".join([name.split()[0], *words[1:]])]


def without_legal_form(name: str) -> str:
    """``name`` without Inc., Corp., plc and the like, without share class and bracketed article."""
    name = name.replace("’", "'").replace("–", "-").strip()
    suffix = ""
    if match := re.search(r" \((.+)\)$", name):
        suffix = SHARE_CLASS.get(match[1], "")
        first = match[1] + " " if match[1] == "Eli" else ""
        name = first + name[: match.start()]
    while (shorter := LEGAL_FORM.sub("", name)) != name:
        name = shorter
    return name.strip(" ,") + suffix


def with_former_symbols(rows: list[dict[str, str]], former: list[dict[str, str]]) -> list[dict[str, str]]:
    """Add a row per former symbol under the instrument it became; set the days of each symbol."""
    by_ticker = {row["ticker"]: row for row in rows}
    successor = {row["ticker"]: row["current"] for row in former}
    for row in former:
        if row["ticker"] in by_ticker:
            raise SystemExit(f"former_symbols.csv: {row['ticker']} is also the symbol of a current instrument")
        heir = row["ticker"]
        while successor.get(heir):
            heir = successor[heir]
        model = by_ticker.get(
            heir, {"instrument_id": heir.lower(), "benchmark": "BTC" if row["kind"] == "crypto" else "SPY"}
        )
        name, _, others = row["name"].partition("|")
        changed = date.fromisoformat(row["changed_on"])
        by_ticker[row["ticker"]] = {
            **dict.fromkeys(COLUMNS, ""),
            **{key: model[key] for key in ("instrument_id", "benchmark")},
            "ticker": row["ticker"],
            "name": name,
            "other_names": others,
            "kind": row["kind"],
            "calendar": "24/7" if row["kind"] == "crypto" else "XNYS",
            "name_is_word": row["name_is_word"],
            "valid_to": str(changed - timedelta(days=1)),
        }
    for row in former:
        if row["current"]:
            known = by_ticker[row["current"]]["valid_from"]
            by_ticker[row["current"]]["valid_from"] = max(known, row["changed_on"])
    return list(by_ticker.values())


def symbol_words(path: Path) -> frozenset[str]:
    """The symbols that are also words."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def index_members(names: Path) -> dict[str, dict[str, str]]:
    """Members of the S&P 500 by ticker."""
    return {row["Symbol"]: row for row in read(names / "sp500_constituents.csv")}


def sec_titles(names: Path) -> dict[str, str]:
    """Registered name by ticker, from the SEC's list; the class after a dot, as everywhere here."""
    entries = json.loads((names / "sec_company_tickers.json").read_text(encoding="utf-8")).values()
    return {entry["ticker"].replace("-", "."): entry["title"] for entry in reversed(entries)}


def nasdaq_titles(names: Path) -> dict[str, str]:
    """Security name by ticker, from Nasdaq's list."""
    return {row["Symbol"]: row["Security Name"] for row in read(names / "nasdaq_listed.csv")}


def read(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file."""
    with path.open(newline="", encoding="utf-8-sig") as lines:
        return list(csv.DictReader(lines))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python warehouse/reference/build_instruments.py <folder with the official lists>")
    main(Path(sys.argv[1]))
