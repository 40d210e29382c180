"""What the pages about SQL tell people to type works."""

import re
from pathlib import Path

import duckdb
import pytest
from conftest import Home

DOCS = Path(__file__).parents[1] / "docs"  # exports.md and tour.py: tests/test_sample_through_the_job.py
SNIPPETS = re.findall(r"```python\n(.*?)```", (DOCS / "sql.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    """A folder with a tiny published file where a clone has it."""
    folder = tmp_path_factory.mktemp("clone")
    warehouse = Home(folder / "warehouse").warehouse
    with warehouse.connect() as con:
        for name in ("text_moves", "ticker_days"):
            warehouse.build_mart(con, name)
    warehouse.publish()
    return folder


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: snippet.split("\n")[-2][:40])
def test_the_python_of_the_page_runs(snippet, clone, monkeypatch):
    if "polars" in snippet:
        pytest.importorskip("polars", reason="polars is not here")
    monkeypatch.chdir(clone)
    exec(compile(snippet, "docs/sql.md", "exec"), {})


def test_there_is_python_to_run():
    assert len(SNIPPETS) == 4


def test_a_program_sees_the_newest_run_when_all_its_connections_were_closed_and_not_before(home):
    def write(word: str) -> None:
        with home.warehouse.connect() as con:
            con.execute("insert into raw.author_salts values (?, now())", [word])
        home.warehouse.publish()

    def asked(con: duckdb.DuckDBPyConnection) -> int:
        return con.execute("select count(*) from raw.author_salts").fetchall()[0][0]

    write("one")
    with duckdb.connect(home.warehouse.published, read_only=True) as first:
        write("two")
        with duckdb.connect(home.warehouse.published, read_only=True) as second:
            assert (asked(first), asked(second)) == (1, 1)
    with duckdb.connect(home.warehouse.published, read_only=True) as third:
        assert asked(third) == 2


def test_quack_serves_the_published_file_where_the_extension_is(home):
    home.warehouse.publish()
    with duckdb.connect(home.warehouse.published, read_only=True) as con:
        try:
            con.execute("load quack")
        except duckdb.Error as error:
            pytest.skip(f"the extension quack is not here: {str(error).splitlines()[0]}")
        con.execute("call quack_serve('quack:localhost:19494', token = 'a token of a test')").fetchall()
        con.execute("call quack_stop('quack:localhost:19494')").fetchall()


PAGES = sorted(path for path in DOCS.parent.rglob("*.md") if not {".venv", "demo"} & set(path.parts))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(DOCS.parent)))
def test_what_a_page_links_to_is_there(page):
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    linked = re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", prose)
    assert [link for link in linked if not (page.parent / link).exists()] == []
