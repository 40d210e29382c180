"""The tear sheet: pages that need nothing but themselves, on which strangers' words are words and what is missing looks so."""

import re
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page

from pipelines.report import figures
from pipelines.report.figures import by_verdict, mean_of, with_interval
from pipelines.report.pages import agreement, host, quote, shown
from pipelines.report.tear_sheets import INDEX, file_name, write_tear_sheets
from pipelines.report.words import signed, summary_sentence, verdict_sentence
from pipelines.sql_files import SQL, header
from tests.browser import browser_path
from tests.conftest import Home, post
from tests.pages import drawn, hindrances, looked_at, reader, sheet
from warehouse.sample.manifest import seal

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "{{7*7}} ${7*7} {% for x in y %}",
    "![x](http://127.0.0.1:9/x.png) [click](javascript:alert(3))",
    "\x1b[31mred\x1b[0m \u202egnp.exe </script><!-- --><svg onload=alert(4)>",
)
MINUTE = timedelta(minutes=1)


def prices(first: date, closes: list[float]) -> str:
    days = [day for day in (first + timedelta(n) for n in range(99)) if day.weekday() < 5 and day != date(2024, 7, 4)]
    rows = [f"MU,{day},{close},{close},{close},{close},{close},1000" for day, close in zip(days, closes, strict=False)]
    return "\n".join(["ticker,day,open,high,low,close,adjusted_close,volume", *rows]) + "\n"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Four sessions of MU: hostile texts with hostile addresses, one session with nothing, one with no price."""
    home = Home(tmp_path_factory.mktemp("pages") / "home", report=True)
    home.drop("prices/mu.csv", prices(date(2024, 7, 1), [100, 110, 99]))
    texts = [post("1", "2024-07-01T14:00:00Z", "I love $MU", url="https://news.example/a?b=1&c=2", likes=3)]
    for number, words in enumerate(HOSTILE):
        moment = f"2024-07-05T14:0{number}:00Z"
        texts.append(
            post(
                f"h{number}",
                moment,
                f"$MU is great {words}",
                title=words,
                author=words,
                url=f"javascript:alert({number})",
            )
        )
    texts.append(post("5", "2024-07-02T14:00:00Z", "$MU is terrible"))
    texts.append(post("6", "2024-07-05T14:01:00Z", "I love $NVDA"))
    home.drop("texts/a.ndjson", texts)
    home.run("2024-07-01", "2024-07-05")
    return home


def page_of(home: Home, ticker: str) -> str:
    return (home.folder / "reports" / f"{ticker}.html").read_text(encoding="utf-8")


def test_the_job_writes_a_page_per_ticker_with_text_and_one_of_all(pages):
    assert sorted(path.name for path in (pages.folder / "reports").iterdir()) == ["MU.html", "NVDA.html", "index.html"]


def test_no_page_names_anything_that_it_would_have_to_fetch(pages):
    for path in (pages.folder / "reports").iterdir():
        page = re.sub(r"<script>.*?</script>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(
            r"<(link|iframe|object|embed|img|source|base)\b|\bsrc=|url\(|@import", page.split("</head>")[0]
        )
        assert set(re.findall(r'<a href="([^"]*)"', page)) <= {
            *("#main", "index.html", "index.html#around", "https://news.example/a?b=1&amp;c=2", "MU.html", "NVDA.html"),
            *(found for found in re.findall(r'<a href="(#[a-z]+)"', page)),
        }


def test_the_words_of_strangers_are_words(pages):
    page = page_of(pages, "MU")
    assert page.count("<script") == page.count("</script>") == 4  # config, specs, rows, and the one that draws
    assert "<svg onload" not in page
    assert "<img" not in re.sub(r"<script>.*</script>", "", page, flags=re.DOTALL)
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{7*7}}" in page
    assert "javascript:alert(0)" not in page


@pytest.mark.skipif(not browser_path(), reason="no Chromium or Chrome here (apt-get install chromium)")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_opens_every_page_from_disk_and_asks_for_nothing(pages, scheme):
    with reader(scheme=scheme) as context:
        for path in sorted((pages.folder / "reports").iterdir()):
            page, noted = looked_at(context, path)
            assert noted == []
            assert hindrances(page) == []
            if path.name == "MU.html":
                said = page.locator("#texts").inner_text()
                assert all(quote(words) in said for words in HOSTILE)


@pytest.mark.skipif(not browser_path(), reason="no Chromium or Chrome here (apt-get install chromium)")
def test_a_session_stands_at_the_same_place_in_all_three_charts_of_the_tape(make_home):
    """Also where the first and the newest sessions have no text, and others no price: each chart knows them all."""
    home = make_home("home", report=True)
    home.drop("prices/mu.csv", prices(date(2024, 7, 1), [100, 110, 99, 98, 97, 96, 95, 94]))
    days = {2: "I love $MU", 3: "$MU is terrible", 5: "I love $MU", 9: "$MU"}
    home.drop("texts/a.ndjson", [post(f"{n}", f"2024-07-0{n}T14:00:00Z", words) for n, words in days.items()])
    home.drop("texts/b.ndjson", [post("0", "2024-07-01T14:00:00Z", "$MU")])
    home.run("2024-07-01", "2024-07-09")
    with reader() as context:
        page, _ = looked_at(context, home.folder / "reports" / "MU.html")
        for day in ("2024-07-02", "2024-07-03", "2024-07-05"):
            places = [place(page, chart, day) for chart in ("sentiment", "coverage")]
            assert places[0] == pytest.approx(places[1], abs=3), day
        widths = {
            chart: page.locator(f"[data-chart={chart}] .mark-rule.role-mark").first.bounding_box()
            for chart in ("price", "sentiment", "coverage")
        }
    (_, price), *others = widths.items()  # the rules that nobody sees: one for each session
    for _, box in others:
        assert (box["x"], box["width"]) == pytest.approx((price["x"], price["width"]), abs=3)


def place(page: Page, chart: str, day: str) -> float:
    """Where, from the left, the bar of a session stands in a chart of the tape."""
    bar = page.locator(f"[data-chart={chart}] [aria-label*='session: {day}']").first
    box = bar.bounding_box()
    return box["x"] + box["width"] / 2


@pytest.mark.skipif(not browser_path(), reason="no Chromium or Chrome here (apt-get install chromium)")
def test_what_a_script_in_a_text_would_do_is_forbidden_to_it_all_the_same(pages, tmp_path):
    broken = page_of(pages, "MU").replace("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>")
    assert "<script>alert(1)</script>" in broken
    (tmp_path / "broken.html").write_text(broken, encoding="utf-8")
    with reader() as context:
        page, dialogs = context.new_page(), []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.goto((tmp_path / "broken.html").as_uri())
        page.locator("[data-drawn]").first.wait_for()
        assert dialogs == []


def test_what_is_missing_is_missing_and_not_zero(pages):
    page = sheet(pages.folder, "MU")
    rows = {chart: drawn(page, chart) for chart in ("price", "sentiment", "coverage", "lead_lag")}
    by_day = {row["day"]: row for row in rows["sentiment"]}
    assert list(by_day) == ["2024-07-01", "2024-07-02", "2024-07-03", "2024-07-05"]
    assert by_day["2024-07-03"]["sentiment"] is None
    assert by_day["2024-07-02"]["sentiment"] < 0
    assert {row["day"]: row["close"] for row in rows["price"]}["2024-07-05"] is None
    unread = next(row for row in rows["coverage"] if row["day"] == "2024-07-03")  # nothing of anybody was read
    assert (unread["texts"], unread["authors"]) == (None, None)
    assert rows["lead_lag"] == [] or all(row["correlation"] is None for row in rows["lead_lag"])
    page = page_of(pages, "NVDA")
    assert "No prices of NVDA" in page
    assert "Not tested: no prices." in page


def test_a_session_in_which_others_were_spoken_of_is_a_session_without_texts_on_this_one(make_home):
    home = make_home("home", report=True)
    home.drop("prices/mu.csv", prices(date(2024, 7, 1), [100, 110, 99]))
    home.drop(
        "texts/a.ndjson",
        [
            post("1", "2024-07-01T14:00:00Z", "I love $MU"),
            post("2", "2024-07-02T14:00:00Z", "I love $NVDA"),
            post("3", "2024-07-03T14:00:00Z", "I love $MU"),
        ],
    )
    home.run("2024-07-01", "2024-07-03")
    coverage = {row["day"]: row["texts"] for row in drawn(sheet(home.folder, "MU"), "coverage")}
    assert coverage == {"2024-07-01": 1, "2024-07-02": 0, "2024-07-03": 1}


def test_likes_that_came_after_the_cutoff_lift_no_text(make_home):
    """The cut-off of 1 July is 20:00 UTC: a text known before it with likes seen later weighs as without."""
    home = make_home("home", report=True)
    texts = [
        post("early", "2024-07-01T14:00:00Z", "I love $MU", likes=10, fetched_at="2024-07-01T19:00:00Z"),
        post("late", "2024-07-01T14:01:00Z", "I love the great $MU", likes=100_000, fetched_at="2024-07-01T20:00:01Z"),
    ]
    home.drop("texts/a.ndjson", texts)
    home.run("2024-07-01")
    home.warehouse.publish()
    page = page_of(home, "MU")
    assert page.index("likes 10") < page.index("I love the great")
    assert "100,000" not in page


def test_a_page_that_no_ticker_has_any_more_goes_and_the_others_stay(pages, tmp_path):
    published = tmp_path / "published.duckdb"
    published.write_bytes(pages.warehouse.published.read_bytes())
    assert write_tear_sheets(published, 100).pages == 3
    assert write_tear_sheets(published, 1).pages == 2
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == ["MU.html", "index.html"]
    assert "1 more have text and no page" in (tmp_path / "reports" / INDEX).read_text(encoding="utf-8")


def test_pages_of_the_bundled_sample_say_that_they_are_synthetic_and_no_others_do(pages, make_home):
    assert "Synthetic" not in page_of(pages, "MU")
    home = make_home("sample", report=True)
    home.drop("texts/a.ndjson", [post("1", "2024-07-01T14:00:00Z", "I love $MU")])
    seal(home.inbox, "a version", {})
    home.run("2024-07-01")
    assert "Synthetic: this is the bundled sample" in page_of(home, "MU")


def test_pages_made_twice_are_the_same(pages, tmp_path):
    published = tmp_path / "published.duckdb"
    published.write_bytes(pages.warehouse.published.read_bytes())
    write_tear_sheets(published, 100)
    first = {path.name: path.read_bytes() for path in (tmp_path / "reports").iterdir()}
    write_tear_sheets(published, 100)
    assert {path.name: path.read_bytes() for path in (tmp_path / "reports").iterdir()} == first


def test_an_empty_database_has_a_page_that_says_so(home):
    home.warehouse.publish()
    with home.warehouse.connect() as con:
        for name in ("text_moves", "ticker_days", "threads", "claim_windows", "claim_checks", "source_days"):
            home.warehouse.build_mart(con, name)
    home.warehouse.publish()
    written = write_tear_sheets(home.warehouse.published, 100)
    assert written.pages == 1
    assert "No text on any ticker yet." in written.index.read_text(encoding="utf-8")


@given(st.text(min_size=1, max_size=60))
def test_a_ticker_names_a_file_in_the_folder_whatever_it_is_called(ticker):
    name = file_name(ticker)
    assert re.fullmatch(r"[A-Za-z0-9._\-]+\.html", name)
    assert not name.startswith(".")
    assert len(name) < 64


@given(st.lists(st.text(alphabet="aAbB.-_/x\u017f", min_size=1, max_size=4), unique=True))
def test_two_tickers_are_two_files_also_where_case_is_not_seen(tickers):
    assert len({file_name(ticker).lower() for ticker in tickers}) == len(tickers)


@pytest.mark.parametrize("ticker", ["INDEX", "index", "CON", "NUL", "COM1", "AUX.B", "..", "../../etc/passwd", "a/b"])
def test_no_ticker_takes_the_name_of_another_thing(ticker):
    assert file_name(ticker).partition(".")[0].upper() not in {"INDEX", "CON", "NUL", "COM1", "AUX", ""}
    assert "/" not in file_name(ticker)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "//evil.example/x",
            "",
        ),
        *(
            "https://",
            "http:\\\\evil.example",
            "java\nscript:alert(1)",
            " https://a.example",
            "https://[::1",
            "vbscript:x",
        ),
        *("https://a.example/\u202e", "https://a.example/ x", "ftp://a.example", None),
    ],
)
def test_an_address_that_is_not_of_the_web_is_no_link(address):
    assert host(address) is None


def test_an_address_of_the_web_shows_where_it_leads():
    assert host("https://user@news.example:8443/a?b=c#d") == "news.example"


@pytest.mark.parametrize("kind", ["count", "percent", "price", "q", "moment", "words", "plain", "signed2"])
def test_a_missing_figure_is_a_dash(kind):
    assert "\N{EM DASH}" in shown(None, kind)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (0, "count", "0"),
        (1234, "count", "1,234"),
        (-0.0123, "percent", "\N{MINUS SIGN}1.23 %"),
        (0.00001, "percent", "0.00 %"),
        (-0.004, "signed2", "0.00"),
        (0.0004, "q", "< 0.001"),
        (0.66, "q", "0.66"),
        (1234.5, "price", "1,234.50"),
        (0.000012, "price", "1.2e-05"),
    ],
)
def test_a_figure_is_written_as_people_read_it(value, kind, text):
    assert shown(value, kind) == text


@given(st.floats(-1e6, 1e6), st.integers(0, 3))
def test_a_sign_is_that_of_the_figure_and_zero_has_none(value, digits):
    text = signed(value, digits)
    number = float(text.replace(",", "").replace("\N{MINUS SIGN}", "-"))
    assert number == pytest.approx(round(value, digits), abs=10**-digits)
    assert (text[0] in "+\N{MINUS SIGN}") == (number != 0)


def test_an_interval_is_students():
    row = with_interval({"x": 1.0, "error": 0.5, "n": 5}, "x")
    assert (row["low"], row["high"]) == pytest.approx((1 - 0.5 * 2.7764451, 1 + 0.5 * 2.7764451))
    assert with_interval({"x": 1.0, "error": None, "n": 1}, "x")["low"] is None
    assert with_interval({"x": 1.0, "error": float("nan"), "n": 9}, "x")["high"] is None  # JSON has no NaN


def test_fewer_than_forty_coefficients_have_no_mean():
    assert mean_of(np.full(39, 0.5))["ic"] is None
    assert mean_of(np.r_[np.full(20, 0.1), np.full(20, 0.3), np.nan])["ic"] == pytest.approx(0.2)


def test_claims_that_prices_cannot_decide_are_undecided():
    rows = [
        {"kind": "move", "status": status, "claims": 2} for status in ("confirmed", "not_yet_due", "cannot_be_checked")
    ]
    assert by_verdict(rows) == [
        {"kind": "move", "verdict": "confirmed", "claims": 2},
        {"kind": "move", "verdict": "undecided", "claims": 4},
    ]


def test_scorers_that_say_the_same_agree():
    rows = [{"finance": n / 10, "vader": n / 10} for n in range(-5, 6)]
    assert agreement(rows) == {"n": 11, "correlation": pytest.approx(1), "opposed": 0}
    assert agreement(rows[:9]) is None
    assert agreement([{"finance": 0.5, "vader": n / 10} for n in range(-5, 6)])["correlation"] is None


def test_a_verdict_says_no_more_than_the_test():
    row = {
        "verdict": "no evidence (q = 0.66, n = 271)",
        "q": 0.66,
        "n": 271,
        "slope_bps": 5.9,
        "slope_low_bps": -12.1,
        "slope_high_bps": 24.0,
    }
    assert verdict_sentence(row).startswith("No evidence that talk goes before price: ")
    assert "+6 bps (\N{MINUS SIGN}12 to +24, 95 %)" in verdict_sentence(row)
    assert "lower returns" in verdict_sentence(
        {**row, "verdict": "evidence: higher sentiment, lower return", "slope_bps": -9.0}
    )
    assert summary_sentence([]).startswith("Nothing is tested yet")


def test_every_query_of_the_report_says_what_a_row_is():
    for path in sorted((SQL / "report").glob("*.sql")):
        assert header(path.read_text(encoding="utf-8"))[0].startswith("One row per "), path.name
    assert {path.stem for path in (SQL / "report").glob("*.sql")} == {
        *figures.SECTIONS,
        *("tickers", "event_paths", "event_study", "cross_sections", "coverage", "missing"),
    }
