"""What a run came to, in Markdown: checks that are not green, new texts, what moved, verdicts that changed.

Here: asking the published file, and the words. What strangers wrote is shown as code (``markdown.py``). Each part stays
below a thousand characters where it can: the Dagster UI shows such a part at once, and a longer one behind a click.
Not here: what the run left in Dagster's history (``pipelines/defs/report_summary.py``).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import duckdb
import msgspec

from pipelines.report.markdown import code, table
from pipelines.report.summary import SCORER
from pipelines.sql_files import sql_file

SHOWN_CHECKS, SHOWN_SOURCES, SHOWN_VERDICTS, SHOWN_STEPS = 5, 8, 6, 8
MEMORY = "512MB"
RULE_CHARACTERS, TOLD_CHARACTERS = 200, 120


class Failed(NamedTuple):
    """A check that is not green: its rule in our words, and what it found, which may quote strangers."""

    name: str
    table: str
    is_red: bool
    rule: str
    found: str


class Run(NamedTuple):
    """What Dagster knows of a run."""

    days: tuple[date, date] | None
    check_count: int
    failed: Sequence[Failed] = ()
    left_out: Sequence[str] = ()  # steps that failed or were skipped


class Seen(msgspec.Struct, frozen=True):
    """What one summary leaves for the next to compare with, if that is of the same file."""

    file: str
    texts: dict[str, int]
    evidence: dict[str, str]  # "MU finance" to "higher" or "lower"


class Move(NamedTuple):
    """A row of ``warehouse/summary/moved.sql``: the newest session of a ticker; None is missing."""

    ticker: str
    trading_day: date
    return_1d: float | None
    abnormal_return_1d: float | None
    mean_sentiment: float | None
    scored_count: int
    sentiment_z: float | None
    text_count: int | None
    volume_z: float | None


class Published(NamedTuple):
    """What the published file holds."""

    seen: Seen
    moves: Sequence[Move]


def look(published: Path, last: date) -> Published:
    """Texts and verdicts of the published file, and what moved in the newest sessions up to the day ``last``."""
    beside_a_run = {"memory_limit": MEMORY, "threads": 1, "enable_external_access": "false"}
    con = duckdb.connect(published, read_only=True, config=beside_a_run)
    try:
        con.execute("set TimeZone = 'UTC'")
        texts = con.execute(sql_file("summary/texts")).fetchall()
        evidence = con.execute(sql_file("summary/evidence")).fetchall()
        moves = con.execute(sql_file("summary/moved"), {"scorer": SCORER, "last": last}).fetchall()
    finally:
        con.close()
    says = {f"{ticker} {scorer}": direction for ticker, scorer, direction in evidence}
    return Published(Seen(str(published.absolute()), dict(texts), says), [Move(*row) for row in moves])


def parts(run: Run, found: Published, before: tuple[datetime, Seen] | None, tear_sheet: Path | None) -> dict[str, str]:
    """The summary by its parts; ``before`` is the summary before, with its moment (aware)."""
    first = [f"**{headline(run)}**"]
    if run.days:
        built = " … ".join(day.isoformat() for day in dict.fromkeys(run.days))
        first.append(f"Days built: {built} (UTC).")
    first.append(texts_line(found.seen.texts, before and (before[0], before[1].texts)))
    if before:
        first += verdict_lines(found.seen.evidence, before[1].evidence)
    if run.left_out:
        first.append(
            f"Steps that failed or were skipped: {listed([code(step) for step in run.left_out], SHOWN_STEPS)}."
        )
    if tear_sheet:
        first.append(f"Tear sheet: {code(str(tear_sheet), 300)}, in a browser {code(tear_sheet.as_uri(), 400)}")
    told = {"summary": "\n\n".join(first)}
    if run.failed:
        told["checks"] = checks(run.failed)
    if found.moves:
        told["what moved"] = moved(found.moves)
    return told


def whole(told: Mapping[str, str]) -> str:
    """All parts as one text."""
    return "\n\n".join(told.values())


def headline(run: Run) -> str:
    """The first line: how many checks are red or yellow, which a run that succeeded does not show."""
    red = sum(one.is_red for one in run.failed)
    yellow = len(run.failed) - red
    if not run.check_count:
        return "No check ran."
    if not run.failed:
        return f"All {run.check_count:,} checks are green."
    said = [f"{counted(red, 'is', 'are')} red"] if red else []
    said += [f"{counted(yellow, 'is', 'are')} yellow"] if yellow else []
    return f"Of {run.check_count:,} checks {', '.join(said)}."


def counted(count: int, one: str, many: str) -> str:
    """The count with the word that goes with it."""
    return f"{count:,} {one if count == 1 else many}"


def texts_line(texts: Mapping[str, int], before: tuple[datetime, Mapping[str, int]] | None) -> str:
    """Texts in all, and by service how many more than at the summary before; fewer where texts went away."""
    total = sum(texts.values())
    if not before:
        return f"Texts: {total:,}. There is no earlier summary to compare with."
    moment, old = before
    changes = {source: texts.get(source, 0) - old.get(source, 0) for source in {**old, **texts}}
    most = sorted((-abs(change), source, change) for source, change in changes.items() if change)
    since = f"since the summary of {moment:%Y-%m-%d %H:%M} UTC"
    if not most:
        return f"Texts: {total:,}, no more and no fewer {since}."
    by_source = listed([f"{code(source, 30)} {change:+,}" for _, source, change in most], SHOWN_SOURCES)
    return f"Texts: {total:,}, {total - sum(old.values()):+,} {since}: {by_source}."


def verdict_lines(now: Mapping[str, str], before: Mapping[str, str]) -> list[str]:
    """A line on verdicts that changed: whose sentiment has become evidence for the next session, whose no longer is."""
    gained = [f"{code(name, 30)} ({now[name]})" for name in sorted(now) if now[name] != before.get(name)]
    lost = [code(name, 30) for name in sorted(set(before) - set(now))]
    return [
        *([f"Now evidence for the next return: {listed(gained, SHOWN_VERDICTS)}."] if gained else []),
        *([f"No longer evidence: {listed(lost, SHOWN_VERDICTS)}."] if lost else []),
    ]


def checks(failed: Sequence[Failed]) -> str:
    """A line for each check that is not green, the red ones first."""
    ordered = sorted(failed, key=lambda one: (not one.is_red, one.table, one.name))
    lines = []
    for one in ordered[:SHOWN_CHECKS]:
        found = f" {code(one.found, TOLD_CHARACTERS)}" if one.found else ""
        colour = "red" if one.is_red else "yellow"
        lines.append(f"- **{colour}** `{one.name}` on `{one.table}`: {shortened(one.rule, RULE_CHARACTERS)}{found}")
    if len(ordered) > SHOWN_CHECKS:
        lines.append(f"- and {len(ordered) - SHOWN_CHECKS} more, on the run's page")
    return "\n".join(lines)


def moved(moves: Sequence[Move]) -> str:
    """The sessions that stand out as a table; what is missing is a dash."""
    columns = ["ticker", "session", "return", "abnormal", "sentiment", "n", "its z", "texts", "its z"]
    rows = [
        [
            code(one.ticker, 10),
            one.trading_day.isoformat(),
            figure(one.return_1d, "+z.1%"),
            figure(one.abnormal_return_1d, "+z.1%"),
            figure(one.mean_sentiment, "+z.2f"),
            figure(one.scored_count, ",d"),
            figure(one.sentiment_z, "+z.1f"),
            figure(one.text_count, ",d"),
            figure(one.volume_z, "+z.1f"),
        ]
        for one in moves
    ]
    return table(columns, rows)


def figure(value: float | None, form: str) -> str:
    """A figure in the form; a dash where there is none."""
    return "–" if value is None else format(value, form)


def listed(words: Sequence[str], most: int) -> str:
    """The first words, and how many more there are."""
    more = len(words) - most
    return ", ".join(words[:most]) + (f" and {more:,} more" if more > 0 else "")


def shortened(words: str, characters: int) -> str:
    """Our own words, cut where they are long."""
    return words if len(words) <= characters else words[:characters].rsplit(" ", 1)[0] + " …"
