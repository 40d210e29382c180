"""The pages of the tear sheet in a browser, from disk: what they ask for, what they complain of, who can read them.

Not here: the pages' content (``test_tear_sheets.py``), the Dagster UI (``browser.py``).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from pipelines.settings import ROOT
from tests.browser import browser_path, open_browser

NOT_DRAWN = "[data-chart]:not([data-drawn])"
PICTURES = Path(os.environ.get("CROWDTAPE_UI_PICTURES", ROOT / ".pytest_artifacts" / "ui")) / "pages"
GRAVE = ("serious", "critical")


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


def opened(context: BrowserContext, path: Path) -> tuple[Page, list[str]]:
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
