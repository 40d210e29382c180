"""What the tear sheets show, read from the published file: one query per section, for many tickers at once.

Queries are in ``warehouse/report``. Not here: how a figure is drawn (``charts.py``) or worded (``pages.py``).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import duckdb
import numpy as np
from scipy.special import stdtrit

from pipelines.evidence.event_tests import clustering
from pipelines.evidence.information_coefficient import by_row, information_coefficients
from pipelines.evidence.read import whole_panels
from pipelines.evidence.signal_quality import MAIN_SIGNAL, MIN_NAMES, cross_section_names
from pipelines.sql_files import sql_file

SCORER = "finance"  # the one that is shown where there is room for one
LEAST_EVENTS = 5  # for a band around their mean, as in mart.event_study
SESSIONS_OF_IC = 60
LEAST_OF_IC = 40
SECTIONS = (
    *("tape", "lead_lag", "horizons", "rolling", "fifths", "events", "texts"),
    *("scorers", "voices", "threads", "claims", "claims_newest"),
)

SPOKEN_OF = "select count(distinct ticker) from mart.ticker_days where text_count > 0"

Row = dict[str, Any]


def tickers(con: duckdb.DuckDBPyConnection, most: int) -> list[Row]:
    """The ``most`` tickers that are spoken of most, a row each (``warehouse/report/tickers.sql``)."""
    return rows(con, "tickers", most=most)


def of_tickers(con: duckdb.DuckDBPyConnection, names: Sequence[str]) -> dict[str, dict[str, list[Row]]]:
    """By ticker and section, the rows of the sections of ``names``; an empty list where there are none."""
    found: dict[str, dict[str, list[Row]]] = {name: {section: [] for section in SECTIONS} for name in names}
    for section in SECTIONS:
        for row in rows(con, section, tickers=list(names)):
            found[row["ticker"]][section].append(row)
    for sections in found.values():
        sections["tape"] = with_events(sections["tape"], sections["events"])
        sections["fifths"] = [with_interval(row, "bps") for row in sections["fifths"]]
        sections["claims"] = by_verdict(sections["claims"])
    return found


def of_all(con: duckdb.DuckDBPyConnection, about: list[Row], paths: dict[str | None, list[Row]]) -> dict[str, Any]:
    """What the page of all tickers shows beside ``about`` them."""
    calendars = sorted({row["calendar"] for row in about if row["calendar"]})
    leads = defaultdict(list)
    for row in rows(con, "lead_lag", tickers=calendars):
        leads[row["ticker"]].append(row)
    return {
        "ics": session_ics(con),
        "leads": {name: led for name, led in leads.items() if any(row["correlation"] is not None for row in led)},
        "paths": paths.get(None, []),
        **{name: rows(con, name) for name in ("coverage", "missing")},
        "cross_sections": [row for row in rows(con, "cross_sections") if row["ic"] is not None],
        "studies": rows(con, "event_study"),
        "left_out": con.execute(SPOKEN_OF).fetchall()[0][0] - len(about),
    }


def as_of(con: duckdb.DuckDBPyConnection) -> datetime | None:
    """When the newest text could be known; None without texts."""
    return con.execute("select max(known_at) from core.texts").fetchall()[0][0]


def event_paths(con: duckdb.DuckDBPyConnection) -> dict[str | None, list[Row]]:
    """By ticker the mean paths of prices around its events, five at least; under None those of all tickers together.

    With a 95 % interval. Events of one ticker do not overlap; those of many share their days, so their error grows as
    in mart.event_study (Kolari and Pynnönen 2010).
    """
    correlation = {
        row["event_group"]: row["mean_correlation"] for row in rows(con, "event_study") if row["mean_correlation"]
    }
    paths = defaultdict(list)
    for row in rows(con, "event_paths"):
        if row["n"] < LEAST_EVENTS:  # the mean of two or three events looks like a finding and is none
            continue
        if row["ticker"] is None:
            row["error"] *= clustering(correlation.get(row["direction"], 0.0), row["n"])
        paths[row["ticker"]].append(with_interval(row, "car"))
    return dict(paths)


def session_ics(con: duckdb.DuckDBPyConnection) -> dict[str, list[Row]]:
    """By calendar with a cross-section, the mean information coefficient of the 60 sessions up to each (40 at least).

    Of ``mean_sentiment`` against the return from the next open to the next close, as mart.signal_quality has it. The
    interval is that of the mean of independent sessions.
    """
    found = {}
    for panel in whole_panels(con):
        if panel.scorer != SCORER:
            continue
        names, _ = cross_section_names(panel)
        if len(names) < MIN_NAMES:
            continue
        signal, returns = panel.signals[MAIN_SIGNAL][:, names], panel.forward_returns[1][:, names]
        coefficients = information_coefficients(by_row(signal), by_row(returns)).spearman
        lines = [
            with_interval({"day": str(day), **mean_of(coefficients[max(0, end - SESSIONS_OF_IC) : end])}, "ic")
            for end, day in enumerate(panel.days, start=1)
            if not np.isnat(day)
        ]
        known = [place for place, line in enumerate(lines) if line["ic"] is not None]
        if known:
            found[panel.calendar] = lines[known[0] : known[-1] + 1]
    return found


def mean_of(coefficients: np.ndarray) -> Row:
    """Mean, standard error and number of the coefficients that are there; None where they are fewer than 40."""
    known = coefficients[np.isfinite(coefficients)]
    if len(known) < LEAST_OF_IC:
        return {"ic": None, "error": None, "n": len(known)}
    return {"ic": float(known.mean()), "error": float(known.std(ddof=1) / np.sqrt(len(known))), "n": len(known)}


def with_interval(row: Row, of: str) -> Row:
    """``row`` with ``low`` and ``high``, the 95 % interval of the mean ``of`` by Student's t; None below two values."""
    error = row.pop("error")
    if row[of] is None or error is None or not np.isfinite(error) or row["n"] < 2:
        return row | {"low": None, "high": None, "side": side(row[of])}
    reach = error * float(stdtrit(row["n"] - 1, 0.975))
    return row | {"low": row[of] - reach, "high": row[of] + reach, "side": side(row[of])}


def with_events(tape: list[Row], events: list[Row]) -> list[Row]:
    """The tape with the direction of an event in the sessions that have one, and the side that each session took."""
    directions = {row["day"]: row["direction"] for row in events if row["origin"] == "sentiment"}
    return [row | {"side": side(row["sentiment"]), "event": directions.get(row["day"])} for row in tape]


def by_verdict(claims: list[Row]) -> list[Row]:
    """Claims by kind with one verdict for all that prices cannot decide, or not yet."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for row in claims:
        verdict = row["status"] if row["status"] in ("confirmed", "contradicted") else "undecided"
        counts[row["kind"], verdict] += row["claims"]
    return [{"kind": kind, "verdict": verdict, "claims": count} for (kind, verdict), count in sorted(counts.items())]


def side(value: float | None) -> str | None:
    """The side of zero that a value is on."""
    return None if value is None else "positive" if value >= 0 else "negative"


def rows(con: duckdb.DuckDBPyConnection, query: str, **parameters: Any) -> list[Row]:
    """Rows of ``warehouse/report/<query>.sql`` as dictionaries; dates as written, NaN and infinity as None.

    ``$scorer`` is ``SCORER`` where the query asks for it.
    """
    sql = sql_file(f"report/{query}")
    if "$scorer" in sql:
        parameters["scorer"] = SCORER
    con.execute(sql, parameters)
    names = [column[0] for column in con.description or ()]
    return [dict(zip(names, map(plain, row), strict=True)) for row in con.fetchall()]


def plain(value: Any) -> Any:
    """A value as JSON and the page can have it."""
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return value


def columns(lines: Iterable[Row], *names: str) -> list[Row]:
    """Only what a chart draws, so that the page stays small; figures to six digits."""
    return [{name: rounded(line.get(name)) for name in names} for line in lines]


def rounded(value: Any) -> Any:
    """A float to six significant digits."""
    return float(f"{value:.6g}") if isinstance(value, float) else value
