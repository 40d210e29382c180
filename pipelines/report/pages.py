"""The pages of the tear sheet: figures into HTML that needs nothing but itself.

Everything is escaped by the template engine; a policy in each page allows its one script and no request. Not here: the
figures (``figures.py``), the sentences (``words.py``), files (``tear_sheets.py``).
"""

import base64
import hashlib
import unicodedata
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from statistics import correlation
from typing import Any
from urllib.parse import urlsplit

import jinja2
import vl_convert
from markupsafe import Markup

from pipelines.evidence.false_discovery import written
from pipelines.printable import printable
from pipelines.report.charts import OF_ALL, OF_TICKER, specs
from pipelines.report.figures import SCORER, Row, columns
from pipelines.report.theme import DARK, LIGHT, Theme
from pipelines.report.words import (
    is_evidence,
    out_of_sample_sentence,
    same_session_sentence,
    signed,
    summary_sentence,
    upper,
    verdict_sentence,
)

TEMPLATES = Path(__file__).parent / "templates"
MISSING = Markup('<span class="missing" title="missing">\N{EM DASH}</span>')
NEWEST_SESSIONS = 30  # of the table below the chart
MOST_SLOPES = 30
LEAST_PAIRS = 10  # sessions, for two scorers to be compared
OF_SECTIONS = ("lead_lag", "horizons", "rolling", "fifths", "scorers", "voices", "claims")  # a chart each
DRAWN = {  # by chart: the columns it draws
    "price": ("day", "close", "event", "z", "texts"),
    "sentiment": ("day", "sentiment", "side", "texts"),
    "coverage": ("day", "texts", "authors"),
    "lead_lag": ("scorer", "lag", "correlation", "low", "high", "verdict"),
    "horizons": ("scorer", "horizon", "bps", "low", "high", "verdict"),
    "rolling": ("day", "correlation", "low", "high", "n"),
    "session_ic": ("day", "ic", "low", "high", "n"),
    "fifths": ("fifth", "bps", "low", "high", "n", "side"),
    "event_paths": ("direction", "step", "car", "low", "high", "n"),
    "scorers": ("day", "finance", "vader"),
    "voices": ("month", "voice", "sentiment", "n"),
    "claims": ("kind", "verdict", "claims"),
    "slopes": ("ticker", "bps", "low", "high", "found", "verdict"),
}


def ticker_page(about: Row, sections: dict[str, list[Row]], paths: dict[str | None, list[Row]], **more: Any) -> str:
    """The page of one ticker: ``about`` it (tickers.sql), ``sections`` and ``paths`` (figures.py), as_of and notice."""
    tape = sections["tape"]
    own_paths = paths.get(about["ticker"], [])
    paths_shown = own_paths or paths.get(None, [])
    return (
        _environment()
        .get_template("ticker.html")
        .render(
            about=about,
            s=sections,
            verdict=verdict_sentence(about),
            is_evidence=is_evidence(about),
            also=[one for one in (same_session_sentence(about), out_of_sample_sentence(about)) if one],
            newest=tape[: -NEWEST_SESSIONS - 1 : -1],
            priced=[row for row in tape if row["close"] is not None],
            compared=sections["scorers"] if len(sections["scorers"]) >= LEAST_PAIRS else [],
            months=sections["voices"] if len({row["month"] for row in sections["voices"]}) > 1 else [],
            led=[row for row in sections["lead_lag"] if row["correlation"] is not None],
            sloped=[row for row in sections["horizons"] if row["bps"] is not None],
            paths=paths_shown,
            own_paths=own_paths,
            path_counts=path_counts(paths_shown),
            agreement=agreement(sections["scorers"]),
            threads=next(iter(sections["threads"]), None),
            said=said_by_day(sections["texts"], sections["events"]),
            rows=rows_of_charts(sections, paths_shown),
            specs=specs(*OF_TICKER),
            **more,
        )
    )


def rows_of_charts(sections: dict[str, list[Row]], paths: list[Row]) -> dict[str, list[Row]]:
    """What each chart of a ticker draws."""
    tape = sections["tape"]
    charted = {"price": tape, "sentiment": tape, "coverage": tape, "event_paths": paths}
    charted |= {name: sections[name] for name in OF_SECTIONS}
    return {name: columns(rows, *DRAWN[name]) for name, rows in charted.items()}


def index_page(tickers: list[Row], figures: dict[str, Any], **more: Any) -> str:
    """The page of all tickers; ``figures``: ics, leads, paths, studies, cross_sections, coverage, missing, left_out."""
    tested = sorted((row for row in tickers if row["q"] is not None), key=lambda row: (row["q"], row["ticker"]))
    slopes = [
        {
            "ticker": row["ticker"],
            "bps": row["slope_bps"],
            "low": row["slope_low_bps"],
            "high": row["slope_high_bps"],
            "found": "evidence" if is_evidence(row) else "no evidence",
            "verdict": row["verdict"],
        }
        for row in tested[:MOST_SLOPES]
    ]
    rows = {"slopes": slopes, "event_paths": figures["paths"]}
    drawn = {name: columns(lines, *DRAWN[name]) for name, lines in rows.items()}
    drawn |= {f"ic-{name}": columns(lines, *DRAWN["session_ic"]) for name, lines in figures["ics"].items()}
    drawn |= {f"lead-{name}": columns(lines, *DRAWN["lead_lag"]) for name, lines in figures["leads"].items()}
    return (
        _environment()
        .get_template("index.html")
        .render(
            tickers=tickers,
            verdict=summary_sentence(tickers),
            is_evidence=any(map(is_evidence, tickers)),
            slopes=slopes,
            path_counts=path_counts(figures["paths"]),
            rows=drawn,
            specs=specs(*OF_ALL),
            **figures,
            **more,
        )
    )


def agreement(scorers: list[Row]) -> Row | None:
    """How two scorers' session means go together; None below ten sessions."""
    if len(scorers) < LEAST_PAIRS:
        return None
    finance, vader = ([row[name] for row in scorers] for name in ("finance", "vader"))
    varies = len(set(finance)) > 1 and len(set(vader)) > 1
    return {
        "n": len(scorers),
        "correlation": correlation(finance, vader) if varies else None,
        "opposed": sum(a * b < 0 for a, b in zip(finance, vader, strict=True)),
    }


def path_counts(paths: list[Row]) -> str:
    """How many events the mean paths stand on, at the event and at their end."""
    ends = {row["direction"]: row for row in paths}
    starts = {row["direction"]: row for row in paths if row["step"] == 0}
    return "; ".join(
        f"{direction}: n = {row['n']:,} at the event, {ends[direction]['n']:,} at session {ends[direction]['step']:+d}"
        for direction, row in sorted(starts.items(), reverse=True)
    )


def said_by_day(texts: list[Row], events: list[Row]) -> list[tuple[str, str | None, list[Row]]]:
    """Days newest first, each with what event it was, if any, and its texts; a day of an event may have none."""
    named = {row["day"]: row["direction"] for row in events}
    days = sorted({row["day"] for row in texts} | set(named), reverse=True)
    return [(day, named.get(day), [row for row in texts if row["day"] == day]) for day in days]


def shown(value: Any, kind: str) -> str:
    """A figure as the page has it; what is missing as a dash, never as 0."""
    if value is None:
        return MISSING
    match kind:
        case "count":
            return f"{value:,}"
        case "percent":
            return f"{signed(100 * value, 2)} %"
        case "price":
            return f"{value:,.2f}" if abs(value) >= 1 else f"{value:,.6g}"
        case "q":
            return written(value).removeprefix("q ").removeprefix("= ")
        case "moment":
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if isinstance(value, datetime) else str(value)
        case "words":
            return quote(value)
        case "plain":
            return str(value).replace("-", "\N{MINUS SIGN}")
    return signed(value, int(kind.removeprefix("signed")))


def quote(text: Any) -> str:
    """What a stranger wrote, on one line: nothing that a terminal would obey, or that turns the writing round."""
    return printable(" ".join(str(text).split())) if text else ""


def host(address: str | None) -> str | None:
    """The host that an address leads to, where it is one of the web; None for ``javascript:``, ``file:`` and so on."""
    if not address or any(unicodedata.category(letter)[0] in "CZ" for letter in address) or "\\" in address:
        return None
    try:
        parts = urlsplit(address)
        return parts.hostname if parts.scheme in ("http", "https") else None
    except ValueError:
        return None


def first_reason(rows: list[Row]) -> str:
    """Why a chart has no figures, in the words of its table."""
    reasons = [row["reason"] for row in rows if row.get("reason")]
    return f"Not tested: {reasons[0]}." if reasons else "Not tested: no prices, or no text."


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "shown": shown,
        "quote": quote,
        "host": host,
        "first_reason": first_reason,
        "capital": upper,
        "without_n": lambda verdict: verdict.partition(" (q")[0],
    }
    script = vl_convert.javascript_bundle((TEMPLATES / "page.js").read_text(encoding="utf-8"))
    if "</script" in script.lower() or "<!--" in script:
        raise ValueError("the bundled script cannot stand in a page: it holds the end of one")
    environment.globals |= {
        "script": Markup(script),
        "css": Markup(_css()),
        "policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"script-src 'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'",
        "config": WEB.config(),
        "scorer": SCORER,
    }
    return environment


WEB = Theme(**{name: f"var(--{name})" for name in vars(LIGHT)})  # the page's style sheet says which, light or dark


def _css() -> str:
    words = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    for name, theme in (("light", LIGHT), ("dark", DARK)):
        words = words.replace(f"{{{{ {name} }}}}", " ".join(f"--{key}: {value};" for key, value in vars(theme).items()))
    return words
