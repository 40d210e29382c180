"""Seconds from `make ui` to GraphQL's first answer, and to a browser that shows the asset graph. The bar is 15 s.

Baseline, in the same run: a Dagster project of one asset, started likewise. The first start of each makes its history.
"""

import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from pipelines.demo import keep_history_in
from tests.browser import PATIENCE, browser_path, open_browser, serving

STARTS = 3
PROJECT = """[project]
name = "empty"
version = "0"
[tool.dg]
directory_type = "project"
[tool.dg.project]
root_module = "empty"
[tool.dg.cli]
suppress_warnings = ["project_and_activated_venv_mismatch"]
"""
FILES = {
    "pyproject.toml": PROJECT,
    "empty/__init__.py": "",
    "empty/definitions.py": """from pathlib import Path
import dagster as dg
@dg.definitions
def defs() -> dg.Definitions:
    return dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
""",
    "empty/defs/__init__.py": "",
    "empty/defs/one.py": """import dagster as dg
@dg.asset(group_name="mart")
def one() -> None: ...
""",
}


def empty_project(folder: Path) -> Path:
    """A project with one asset, laid out like ours."""
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def start(browser: Browser, home: Path, folder: Path | None, groups: list[str]) -> tuple[float, float]:
    """Seconds to the first answer, and to the graph with all its ``groups``, with a browser that has nothing cached."""
    dg = [str(Path(sys.executable).parent / "dg"), "dev", "--host", "127.0.0.1"]
    began = time.perf_counter()
    with serving(home, *([dg, folder] if folder else [])) as address:
        answered = time.perf_counter() - began
        page = browser.new_page()
        page.goto(f"{address}/asset-groups", timeout=PATIENCE * 1000)
        for group in groups:
            node = page.locator("foreignObject", has_text=re.compile(group)).first
            expect(node).to_be_visible(timeout=PATIENCE * 1000)
        shown = time.perf_counter() - began
        page.close()
    return answered, shown


def main(shared: Path) -> None:
    """Print the figures."""
    path = browser_path()
    if not path:
        print("no Chromium or Chrome here")
        return
    home = Path(tempfile.mkdtemp(prefix="crowdtape-ui-"))
    try:
        with sync_playwright() as playwright:
            browser = open_browser(playwright, path)
            empty = empty_project(home / "project")
            for name, folder, groups in (
                ("crowdtape", None, ["raw", "core", "mart"]),
                ("baseline, an empty project", empty, ["one|mart"]),
            ):
                own = home / name.split(",")[0]
                own.mkdir()
                keep_history_in(own)
                took = [start(browser, own, folder, groups) for _ in range(STARTS)]
                said = "; ".join(f"{answered:.1f} s, {shown:.1f} s" for answered, shown in took)
                print(f"{name}: GraphQL, graph: {said}  (the first without history)")
            browser.close()
    finally:
        shutil.rmtree(home)
