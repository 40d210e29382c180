"""What a run says of itself at its end: rows in, exact Markdown out; strangers' words as they are; a red check first."""

import warnings
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copy

import dagster as dg
import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipelines.printable import printable
from pipelines.report.markdown import code, table
from pipelines.report.run_summary import Failed, Move, Published, Run, Seen, look, parts, whole
from pipelines.schema import schema_script
from pipelines.sql_files import marts_in_order
from pipelines.warehouse import Warehouse
from tests.conftest import post

with warnings.catch_warnings():  # Dagster says of its own options that they are beta
    warnings.simplefilter("ignore", dg.BetaWarning)
    from pipelines.defs.report_summary import run_summary

JOB = "hourly"
FILE = "/home/published.duckdb"
BEFORE = datetime(2026, 5, 28, 12, 5, tzinfo=UTC)
DAYS = (date(2026, 5, 26), date(2026, 5, 29))
HOSTILE = (
    *(
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](http://127.0.0.1:9/x.png)",
        "`a` ``b`` |",
        "|",
        " ",
    ),
    *(
        "\x1b[31mred\x1b[0m",
        "{{7*7}}",
        "https://example.org www.example.org a@example.org",
        "# no\n* heading",
        "&lt;b&gt;",
    ),
)


def rendered(markdown: str) -> list[tuple[str, str]]:
    """Kind and content of what CommonMark, with the tables of GitHub, makes of a line."""
    (line,) = MarkdownIt("commonmark").enable("table").parseInline(markdown)
    return [(token.type, token.content) for token in line.children]


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_strangers_are_one_piece_of_code_and_nothing_else(text):
    assert rendered(code(text)) == ([("code_inline", printable(text))] if text.strip() else [("text", "(empty)")])


@given(st.text(max_size=100))
def test_whatever_they_are(text):
    kinds = rendered(f"before {code(text)} after")
    if printable(text).strip():
        short = printable(text[:80]) + ("…" if len(text) > 80 else "")
        assert kinds == [("text", "before "), ("code_inline", short), ("text", " after")]


def test_words_of_strangers_stay_in_their_cell():
    html = MarkdownIt("commonmark").enable("table").render(table(["who", "n"], [[code(text), "1"] for text in HOSTILE]))
    assert html.count("<tr>") == 1 + len(HOSTILE) and html.count("<td>1</td>") == len(HOSTILE)
    assert "<script>" not in html and "<a " not in html and "<img" not in html


def test_the_whole_of_it():
    moves = [
        Move("MU", date(2026, 5, 28), 0.0312, 0.021, 0.314, 14, 2.26, 17, 1.94),
        Move("BTC", date(2026, 5, 29), -0.05, None, None, 0, None, None, None),
    ]
    failed = [
        Failed("bars_fall_on_sessions", "core.bars", False, "Every bar falls on a session.", "1 rows break it."),
        Failed("every_inbox_file_is_read", "raw.files", True, "Every file was read.", "<b>.csv: failed: `x`"),
    ]
    now = Seen(FILE, {"reddit": 1500, "rss": 20, "a`b": 3}, {"MU finance": "higher", "GME vader": "lower"})
    before = Seen(FILE, {"reddit": 1400, "rss": 25, "a`b": 3}, {"BTC finance": "higher", "GME vader": "lower"})
    told = parts(
        Run(DAYS, 57, failed, ["landing__rss"]),
        Published(now, moves),
        (BEFORE, before),
        Path("/home/reports/index.html"),
    )
    assert (
        whole(told)
        == """**Of 57 checks 1 is red, 1 is yellow.**

Days built: 2026-05-26 … 2026-05-29 (UTC).

Texts: 1,523, +95 since the summary of 2026-05-28 12:05 UTC: `reddit` +100, `rss` -5.

Now evidence for the next return: `MU finance` (higher).

No longer evidence: `BTC finance`.

Steps that failed or were skipped: `landing__rss`.

Tear sheet: `/home/reports/index.html`, in a browser `file:///home/reports/index.html`

- **red** `every_inbox_file_is_read` on `raw.files`: Every file was read. `` <b>.csv: failed: `x` ``
- **yellow** `bars_fall_on_sessions` on `core.bars`: Every bar falls on a session. `1 rows break it.`

| ticker | session | return | abnormal | sentiment | n | its z | texts | its z |
| - | - | - | - | - | - | - | - | - |
| `MU` | 2026-05-28 | +3.1% | +2.1% | +0.31 | 14 | +2.3 | 17 | +1.9 |
| `BTC` | 2026-05-29 | -5.0% | – | – | 0 | – | – | – |"""
    )


def test_a_first_run_without_a_row_says_so():
    nothing = Published(Seen(FILE, {}, {}), [])
    assert parts(Run(None, 0), nothing, None, None) == {
        "summary": "**No check ran.**\n\nTexts: 0. There is no earlier summary to compare with."
    }
    told = parts(Run((DAYS[0], DAYS[0]), 57), nothing, (BEFORE, Seen(FILE, {}, {})), None)["summary"]
    assert told == (
        "**All 57 checks are green.**\n\nDays built: 2026-05-26 (UTC).\n\n"
        "Texts: 0, no more and no fewer since the summary of 2026-05-28 12:05 UTC."
    )


def test_each_part_is_short_however_much_went_wrong():
    failed = [Failed(f"rule_{n}", "core.bars", n % 2 == 0, "Every bar. " * 50, "x" * 1000) for n in range(50)]
    texts = {f"service {n} {'x' * 100}": n for n in range(50)}
    evidence = {f"T{n} finance": "higher" for n in range(500)}
    moves = [Move("T" * 50, DAYS[0], -0.123, -0.123, -0.12, 10**6, -12.3, 10**6, -12.3)] * 9
    run = Run(DAYS, 57, failed, [f"step_{n}" for n in range(50)])
    told = parts(
        run, Published(Seen(FILE, texts, evidence), moves), (BEFORE, Seen(FILE, {}, {})), Path("/reports/index.html")
    )
    assert told["summary"].startswith("**Of 57 checks 25 are red, 25 are yellow.**")
    assert "and 42 more" in told["summary"] and "and 494 more" in told["summary"] and "and 45 more" in told["checks"]
    lengths = {name: len(text) for name, text in told.items()}
    assert lengths["what moved"] < 1000 and lengths["summary"] < 1600 and lengths["checks"] < 2200


def published(path: Path, days: list[tuple]) -> Path:
    """A database with rows of mart.ticker_days: ticker, day, return, sentiment_z, texts, volume_z."""
    with duckdb.connect(path) as con:
        con.execute(schema_script())
        for name in marts_in_order():
            Warehouse(home="").build_mart(con, name)
        con.executemany(
            """insert into mart.ticker_days
                (ticker, trading_day, return_1d, sentiment_z, text_count, volume_z, scorer, is_covered, scored_count)
            values (?, ?, ?, ?, ?, ?, 'finance', true, 1)""",
            days,
        )
        con.execute("create or replace table core.texts as select unnest(['rss', 'reddit', 'reddit']) as source")
        con.execute(
            """insert into mart.signal_quality (scorer, source, universe, method, signal, horizon, slope_bps, q) values
            ('finance', 'all', 'MU', 'regression', 'mean_sentiment', 1, 50, 0.01),
            ('vader', 'all', 'MU', 'regression', 'mean_sentiment', 1, -5, 0.05),
            ('finance', 'all', 'GME', 'regression', 'mean_sentiment', 1, 50, 0.06),
            ('finance', 'rss', 'GME', 'regression', 'mean_sentiment', 1, 50, 0.01),
            ('finance', 'all', 'BTC', 'regression', 'mean_sentiment', 5, 50, 0.01)"""
        )
    return path


def test_what_the_published_file_says(tmp_path: Path):
    friday, monday = date(2024, 7, 5), date(2024, 7, 8)
    days = [
        ("A", friday, 0.01, 0.1, 3, 0.1),
        *(("B", monday, 0.02, 3.0, 3, 0.2), ("B", friday, 0.9, 9.0, 9, 9.0)),
        *(("C", monday, -0.03, 0.2, 3, 0.3), ("D", monday, 0.04, None, 3, None), ("E", monday, 0.001, None, 9, 4.0)),
        *(
            ("F", monday, None, None, 0, None),
            ("G", date(2024, 6, 28), 0.5, 5.0, 3, 5.0),
            ("H", monday, 0.0, 0.0, 3, 0.0),
        ),
    ]
    found = look(published(tmp_path / "published.duckdb", days), date.max)
    assert found.seen == Seen(
        str(tmp_path / "published.duckdb"), {"reddit": 2, "rss": 1}, {"MU finance": "higher", "MU vader": "lower"}
    )
    assert [(one.ticker, one.trading_day) for one in found.moves] == [
        *(("D", monday), ("C", monday), ("B", monday), ("A", friday), ("E", monday)),
    ]
    older = look(tmp_path / "published.duckdb", friday)
    assert [one.ticker for one in older.moves] == ["B", "A"]


def test_a_run_ends_with_its_summary_and_the_next_of_that_home_compares_with_it(make_home):
    home = make_home("home", job=JOB, report=True)
    name = "`<img src=x>`.ndjson"
    home.drop(f"texts/{name}", b"\x28\xb5\x2f\xfd broken")
    home.drop("texts/a.ndjson", [post("1", "2024-07-02T14:00:00Z", "I love $MU")])
    with dg.DagsterInstance.ephemeral() as instance:
        first = home.run("2024-07-01", "2024-07-02", instance=instance)
        other = make_home("other")
        other.folder.mkdir()
        copy(home.warehouse.published, other.warehouse.published)
        alone = dg.materialize([run_summary], instance=instance, resources={"warehouse": home.warehouse})
        elsewhere = dg.materialize([run_summary], instance=instance, resources={"warehouse": other.warehouse})
    told, again, apart = (
        {
            key: value.value
            for key, value in result.asset_materializations_for_node("report__run_summary")[0].metadata.items()
        }
        for result in (first, alone, elsewhere)
    )
    assert first.success
    checks = len(first.get_asset_check_evaluations())
    assert told["summary"].startswith(f"**Of {checks} checks 1 is red")
    assert "Texts: 1. There is no earlier summary" in told["summary"]
    assert f"Tear sheet: `{home.folder / 'reports' / 'index.html'}`" in told["summary"]
    assert (
        "**red** `every_inbox_file_is_read` on `raw.files`: Every file in the inbox was read whole." in told["checks"]
    )
    assert f"`` texts/{name}: failed: " in told["checks"]
    assert again["summary"].startswith("**No check ran.**\n\nTexts: 1, no more and no fewer since the summary of ")
    assert apart["summary"] == "**No check ran.**\n\nTexts: 1. There is no earlier summary to compare with."
    drawn = [one for one in first.get_asset_materialization_events() if "picture" in one.materialization.metadata]
    assert drawn == []  # a history that goes with the process is looked at by nobody
    steps = [event.step_key for event in first.all_events if event.is_step_start]
    assert steps[-1] == "report__run_summary"
