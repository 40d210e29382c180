"""The Dagster UI by mouse and keyboard, on a small inbox: the graph, a range of days, a table, its checks, what runs by itself.

One server for all; each test leaves a picture in ``.pytest_artifacts/ui``, or where ``CROWDTAPE_UI_PICTURES`` says.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import dagster as dg
import duckdb
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect, sync_playwright

from pipelines.definitions import defs
from pipelines.demo import keep_history_in
from pipelines.settings import ROOT
from pipelines.sql_files import SQL, header, sql_file
from pipelines.warehouse import PUBLISHED
from tests.browser import PATIENCE, Remembered, browser_path, open_browser, remembering, serving
from tests.conftest import post

BROWSER = browser_path()
pytestmark = pytest.mark.skipif(not BROWSER, reason="no Chromium or Chrome here (apt-get install chromium)")
PICTURES = Path(os.environ.get("CROWDTAPE_UI_PICTURES", ROOT / ".pytest_artifacts" / "ui"))
RUN_ID = re.compile("^[0-9a-f]{8}$")
expect.set_options(timeout=PATIENCE * 1000)

PRICES = """ticker,day,open,high,low,close,adjusted_close,volume
MU,2024-07-01,100,101,99,100,50,1000
MU,2024-07-02,102,111,101,110,55,1000
MU,2024-07-03,108,112,107,111,55.5,1000
"""
SCRIPT, PICTURE, LINK = "<script>alert(1)</script>", "![x](http://127.0.0.1:9/x.png)", "[click](javascript:alert(1))"
HOSTILE = (SCRIPT, PICTURE, LINK, "<img src=x onerror=alert(2)>")
BROKEN = "![x](javascript:alert(3)) <img src=x onerror=alert(4)>.ndjson"  # a file that cannot be read, and its name
TEXTS = [
    post("1", "2024-07-01T14:00:00Z", "I love $MU"),
    *(post(f"h{n}", "2024-07-02T14:00:00Z", f"$MU {text}", title=text, author=text) for n, text in enumerate(HOSTILE)),
]


class Ui(NamedTuple):
    """A server with its home, and the browser that looks at it."""

    address: str
    home: Path
    context: BrowserContext
    remembered: Remembered


@pytest.fixture(scope="module")
def ui(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    home = tmp_path_factory.mktemp("ui")
    for folder in ("texts", "prices"):
        (home / "inbox" / folder).mkdir(parents=True)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DAGSTER_HOME", "")  # to be as it was afterwards
        keep_history_in(home)
    with serving(home) as address, sync_playwright() as playwright:
        browser = open_browser(playwright, str(BROWSER))
        context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=address)
        context.set_default_timeout(PATIENCE * 1000)
        yield Ui(address, home, context, remembering(context))
        browser.close()


@pytest.fixture
def page(ui: Ui, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page, of which nothing may be left: no error in the console, no dialog, no request to another host."""
    page = ui.context.new_page()
    yield page
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{request.node.name}.png")
    page.close()
    assert ui.remembered.errors == []
    assert ui.remembered.dialogs == []
    assert ui.remembered.hosts <= {ui.address.removeprefix("http://"), ""}


@pytest.fixture(scope="module")
def backfill(ui: Ui) -> str:
    """The page of the backfill that a person started, of three days, over files dropped while the server ran."""
    (ui.home / "inbox/prices/prices.csv").write_text(PRICES, encoding="utf-8")
    (ui.home / "inbox/texts/a.ndjson").write_text("".join(json.dumps(row) + "\n" for row in TEXTS), encoding="utf-8")
    (ui.home / "inbox/texts" / BROKEN).write_bytes(b"\x28\xb5\x2f\xfd broken")
    page = ui.context.new_page()
    page.goto("/jobs")
    listed(page, "daily").get_by_role("link").first.click()
    page.get_by_role("button", name="Materialize all").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Show all partitions").click()  # it offers the last 90 days by itself
    days = dialog.get_by_role("textbox").first
    days.fill("[2024-07-01...2024-07-03]")
    days.press("Enter")
    expect(dialog).to_contain_text("3 partitions")
    dialog.get_by_role("button", name="Launch backfill").click()
    page.locator("a, button").filter(has_text=re.compile("^View$")).click()  # of the message that it was created
    page.wait_for_url("**/runs/b/**")
    address = page.url
    page.close()
    return address


@pytest.fixture(scope="module")
def built(ui: Ui, backfill: str) -> str:
    """The page of the run that this backfill made, once it has succeeded."""
    page = ui.context.new_page()
    page.goto(f"{backfill.partition('?')[0]}?tab=runs")
    page.locator("a").filter(has_text=RUN_ID).click()
    over(page)
    expect(page.get_by_text("Success", exact=True)).to_be_visible()
    address = page.url
    page.close()
    return address


def listed(page: Page, name: str) -> Locator:
    """The entry of that name in a list of jobs, or of schedules and sensors."""
    return page.locator("[class*=ListItem_listItem_]", has=page.get_by_text(name, exact=True))


def over(page: Page) -> None:
    """Wait until the run on the page is over."""
    expect(page.get_by_text(re.compile("^(Success|Failure|Canceled)$")).first).to_be_visible()


def told(ui: Ui, query: str) -> list[tuple]:
    with duckdb.connect(ui.home / PUBLISHED, read_only=True) as con:
        return con.execute(query).fetchall()


def running(repository: dg.RepositoryDefinition) -> list[str]:
    """The schedules and sensors that run unless somebody stops them."""
    everything = [*repository.schedule_defs, *repository.sensor_defs]
    return [one.name for one in everything if one.default_status.value == "RUNNING"]


def test_the_graph_shows_the_layers_and_a_click_tells_what_a_table_is(ui, page):
    page.goto("/")
    page.get_by_role("link", name=re.compile("Lineage$")).click()  # icons may be words until their font is there
    for layer in ("raw", "core", "mart"):
        expect(page.locator("foreignObject", has_text=re.compile(f"^{layer}"))).to_be_visible()
    mart = page.locator("[class*=itemContainer]", has=page.get_by_title("mart", exact=True))
    mart.get_by_role("img", name="arrow_drop_down").click()
    page.get_by_title("ticker_days", exact=True).click()
    grain, _ = header(sql_file("marts/ticker_days"))
    expect(page.get_by_text(grain).first).to_be_visible()


def test_a_range_of_days_is_one_run_that_succeeds(ui, page, built):
    page.goto(built)
    over(page)
    page.get_by_role("button", name="View tags and config").click()
    for tag in ("asset_partition_range_start: 2024-07-01", "asset_partition_range_end: 2024-07-03"):
        expect(page.get_by_role("dialog").get_by_text(tag)).to_be_visible()
    assert told(ui, "select count(*) from core.texts") == [(len(TEXTS),)]


def test_a_table_shows_its_rows_columns_and_comments(ui, page, built):
    page.goto("/assets/mart/ticker_days")
    rows = told(ui, "select count(*) from mart.ticker_days")[0][0]
    assert rows > 0
    expect(page.get_by_text("Row count")).to_be_visible()
    expect(page.get_by_text(f"{rows:,}", exact=True).first).to_be_visible()
    columns = told(ui, "select column_name, comment from duckdb_columns() where table_name = 'ticker_days'")
    shown = page.get_by_role("table").filter(has_text="Column name")
    expect(shown.get_by_role("row")).to_have_count(1 + len(columns))
    for name, comment in columns:
        if not set("*_^") & set(comment):  # descriptions are Markdown
            expect(shown.get_by_role("row").filter(has=page.get_by_text(name, exact=True))).to_contain_text(comment)


def test_the_checks_of_a_table_stand_there_with_what_they_found(page, built):
    page.goto("/assets/mart/ticker_days?view=checks")
    checks = [path.stem for path in (SQL / "checks").glob("*.sql") if "-- on: mart.ticker_days\n" in path.read_text()]
    assert len(checks) >= 3
    for check in checks:
        page.get_by_title(check, exact=True).first.click()
        expect(page.get_by_text(header(sql_file(f"checks/{check}"))[0]).first).to_be_visible()
        expect(page.get_by_text("Passed", exact=True)).to_be_visible()


def test_a_table_shows_its_picture(page, built):
    page.goto("/assets/mart/ticker_days?view=events")
    page.get_by_text("[Show Markdown]").click()
    picture = page.get_by_role("dialog").get_by_role("img", name=header(sql_file("pictures/ticker_days"))[0])
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 300")


def test_a_run_says_at_its_end_what_it_came_to(page, built):
    page.goto("/assets/report/run_summary")
    expect(page.get_by_text(re.compile(r"^Of \d+ checks 1 is red"))).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="red every_inbox_file_is_read")).to_contain_text(BROKEN)
    expect(page.get_by_role("row").filter(has_text="2024-07-03").filter(has_text="+0.9%").first).to_be_visible()
    nothing_came_alive(page)


def test_a_sample_of_rows_shows_texts_of_strangers_as_text(page, built):
    page.goto("/assets/raw/posts?view=events")
    for text in HOSTILE:
        expect(page.get_by_text(f"$MU {text}", exact=True).first).to_be_visible()
    nothing_came_alive(page)


def test_a_file_that_cannot_be_read_is_named_as_text(page, built):
    page.goto("/assets/raw/files?view=checks")
    expect(page.get_by_text("Failed", exact=True).first).to_be_visible()
    expect(page.get_by_text(BROKEN).first).to_be_visible()
    nothing_came_alive(page)
    page.goto(built)
    page.get_by_placeholder("Filter…").fill("zstd")
    expect(page.get_by_text(BROKEN).first).to_be_visible()
    nothing_came_alive(page)


def nothing_came_alive(page: Page) -> None:
    """Text of strangers made no element; its dialogs and requests are what ``page`` is asked at its end."""
    for element in ("a[href^='javascript:']", "img[src*=':9/']", "img[onerror]", "img[src='x']"):
        expect(page.locator(element)).to_have_count(0)
    assert not [text for text in page.locator("script").all_text_contents() if "alert(1)" in text]


def test_what_runs_by_itself_is_listed_as_running(page):
    page.goto("/")
    page.get_by_role("link", name="Automation").click()
    names = running(defs().get_repository_def())
    assert "daily" in names
    for name in names:
        expect(listed(page, name).get_by_role("checkbox").last).to_be_checked()


def test_a_tick_of_the_schedule_says_what_it_would_start(page):
    page.goto("/automation")
    listed(page, "daily").get_by_role("link").first.click()
    page.get_by_role("button", name="Preview tick result").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Continue").click()
    expect(dialog).to_contain_text("1 run requests")
    expect(dialog.get_by_role("link", name="daily")).to_be_visible()


def test_a_file_dropped_into_the_inbox_starts_a_run(ui, page, backfill):
    page.goto("/automation")
    listed(page, "inbox").get_by_role("link").first.click()
    page.get_by_role("button", name="Runs", exact=True).click()  # beside Evaluations
    expect(page.get_by_text(re.compile("^Success")).first).to_be_visible()
    assert told(ui, "select count(*) from raw.posts") == [(len(TEXTS),)]
