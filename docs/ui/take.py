"""``make screenshots``: the pictures of the README, taken over the demo's data, which `make demo` has built.

Not here: how the server is started and a browser found (``tests/browser.py``).
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from pipelines.demo import keep_history_in
from pipelines.report.tear_sheets import FOLDER
from pipelines.settings import ROOT
from tests.browser import PATIENCE, browser_path, open_browser, serving

DEMO = ROOT / "warehouse" / "demo"
PICTURES = Path(__file__).parent
ELSEWHERE = """([here, there]) => {
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) words.currentNode.data = words.currentNode.data.replaceAll(here, there);
}"""  # where this clone lies is nobody's business
WIDTH, TALL, FLAT = 1440, 1400, 900


def graph(page: Page) -> None:
    """The layers, with the marts opened, in a window in which all of them can be read."""
    page.set_viewport_size({"width": WIDTH, "height": TALL})
    page.goto("/asset-groups?expanded=global%40global%3Amart")
    page.get_by_text("Hide navigation").click()
    page.reload()  # the graph is fitted to the window when it is opened
    for table in ("ticker_days", "published"):
        expect(page.locator("foreignObject", has_text=table).last).to_be_visible()
    for layer in ("raw", "mart", "core"):
        entry = page.locator("[class*=itemContainer]", has=page.get_by_title(layer, exact=True))
        entry.get_by_role("img", name="arrow_drop_down").click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / "graph.png")


def ticker_days(page: Page) -> None:
    """The link table: rows, checks, and what its columns mean."""
    page.set_viewport_size({"width": WIDTH, "height": FLAT})
    page.goto("/assets/mart/ticker_days")
    expect(page.get_by_text("cutoff_at", exact=True).first).to_be_visible()
    expect(page.get_by_text("Row count")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / "ticker_days.png")


def tear_sheets(browser: Browser) -> None:
    """The top of a ticker's page and of the page of all, and the former at night on a phone; opened from disk."""
    for name, file, width, height, scheme in (
        ("tear_sheet", "MU.html", 1100, 1500, "light"),
        ("tear_sheets", "index.html", 1100, 1500, "light"),
        ("tear_sheet_phone", "MU.html", 390, 1500, "dark"),
    ):
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        page.goto((DEMO / FOLDER / file).as_uri())
        expect(page.locator("[data-chart]:not([data-drawn])")).to_have_count(0)
        page.screenshot(path=PICTURES / f"{name}.png")


def run_summary(page: Page) -> None:
    """What the last run came to."""
    page.set_viewport_size({"width": WIDTH, "height": TALL})
    page.goto("/assets/report/run_summary")
    expect(page.get_by_text("what moved", exact=True).first).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.evaluate(ELSEWHERE, [str(ROOT), "/home/you/crowdtape"])
    page.screenshot(path=PICTURES / "run_summary.png")


def picture(page: Page) -> None:
    """The small picture of the link table."""
    page.set_viewport_size({"width": WIDTH, "height": FLAT})
    page.goto("/assets/mart/ticker_days?view=events")
    page.get_by_text("[Show Markdown]").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("img").last).to_be_visible()
    dialog.screenshot(path=PICTURES / "picture.png")


def main() -> None:
    """Take all of them."""
    path = browser_path()
    if not path:
        sys.exit("no Chromium or Chrome here (apt-get install chromium)")
    if not (DEMO / "published.duckdb").exists():
        sys.exit("run `make demo` first: the pictures show its data")
    keep_history_in(DEMO)
    expect.set_options(timeout=PATIENCE * 1000)
    with serving(DEMO) as address, sync_playwright() as playwright:
        browser = open_browser(playwright, path)
        page = browser.new_page(base_url=address)
        page.set_default_timeout(PATIENCE * 1000)
        graph(page)
        ticker_days(page)
        tear_sheets(browser)
        run_summary(page)
        picture(page)
        browser.close()
    for taken in sorted(PICTURES.glob("*.png")):
        print(f"{taken.relative_to(ROOT)}  {taken.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
