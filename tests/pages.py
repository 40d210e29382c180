"""The pages of the tear sheet, their figures, and in a browser, from disk: what they ask for, who can read them.

Not here: what they should say (``test_tear_sheets.py``), the Dagster UI (``browser.py``).
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from lxml import html
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from pipelines.settings import ROOT
from tests.browser import browser_path, open_browser

NOT_DRAWN = "[data-chart]:not([data-drawn])"
PICTURES = Path(os.environ.get("CROWDTAPE_UI_PICTURES", ROOT / ".pytest_artifacts" / "ui")) / "pages"
GRAVE = ("serious", "critical")


def sheet(home: Path, name: str) -> html.HtmlElement:
    """A page of a home."""
    return html.fromstring((home / "reports" / f"{name}.html").read_text(encoding="utf-8"))


def drawn(page: html.HtmlElement, chart: str) -> list[dict]:
    """The rows of a chart."""
    return json.loads(page.get_element_by_id("rows").text)[chart]


def cells(page: html.HtmlElement, section: str) -> list[list[str]]:
    """The first table of a section, as written, its head left out."""
    table = page.get_element_by_id(section).find(".//tbody")
    return [[cell.text_content().strip() for cell in row] for row in table]


def figure(text: str) -> float:
    """A figure as people read it, as a number."""
    return float(text.replace("\N{MINUS SIGN}", "-").replace(",", "").replace(" %", "e-2"))


@contextmanager
def reader(
    width: int = 1100, scheme: str = "light", scripts: bool = True, zone: str = "UTC"
) -> Iterator[BrowserContext]:
    """A browser without a network, as wide as asked, that likes light or dark."""
    with sync_playwright() as playwright:
        browser = open_browser(playwright, str(browser_path()))
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=scripts,
            offline=True,
            timezone_id=zone,
        )
        yield context
        browser.close()


def looked_at(context: BrowserContext, path: Path) -> tuple[Page, list[str]]:
    """The page with all its charts drawn, and what it asked for or complained of besides."""
    noted: list[str] = []
    page = context.new_page()
    page.on("request", lambda one: noted.append(one.url[:200]) if one.url != path.as_uri() else None)
    page.on("console", lambda one: noted.append(f"{one.type}: {one.text}"))
    page.on("pageerror", lambda error: noted.append(str(error)))
    page.on("dialog", lambda dialog: (noted.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.goto(path.as_uri())
    expect(page.locator(NOT_DRAWN), "; ".join(noted)).to_have_count(0)
    return page, noted


def hindrances(page: Page) -> list[str]:
    """What keeps people from reading the page, as axe-core finds it: serious and critical ones."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['help']} ({node['html'][:120]}; {node.get('failureSummary', '')[:300]})"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"][:3]
    ]
