"""``docs/warehouse.md`` is what the comments in the database say, and GitHub shows it as written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs.tables import PAGE, as_written, page
from pipelines.catalogue import tables

markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py is not here")
MARKDOWN = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"])


def read(inline) -> str:
    """What a reader sees of a line of Markdown; an error where it is not plain words and links."""
    assert {child.type for child in inline.children} <= {
        "text",
        "html_inline",
        "link_open",
        "link_close",
        "code_inline",
    }
    return "".join(child.content for child in inline.children if child.type in ("text", "code_inline"))


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


def test_a_reader_sees_every_table_in_the_order_of_the_layers_and_every_word_as_it_was_written():
    tokens = MARKDOWN.parse(page())
    headings = [i for i, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h2"]
    assert [tokens[i + 1].content for i in headings] == ["raw", "core", "mart", "built"]
    lines = [read(token) for token in tokens[headings[0] :] if token.type == "inline"]
    expected = []
    for layer in ("raw", "core", "mart", "built"):
        for name, table in tables().items():
            if name.startswith(f"{layer}."):
                expected += [name, table.grain]
                expected += [cell for column in table.columns for cell in column]
    shown = iter(lines)
    assert all(any(line == words for line in shown) for words in expected)


def test_links_lead_to_headings():
    headings = {heading.replace(".", "") for heading in re.findall(r"^#+ ([a-z_.]+)$", page(), re.MULTILINE)}
    leading = set(re.findall(r"\]\(#([^)]+)\)", page()))
    assert leading == headings


@given(st.text(st.sampled_from("ab_*$|<>&;`~[]()!#\\ 1.-:^{}\"'"), max_size=30))
def test_whatever_a_comment_says_is_read_as_written(words):
    row = f"| a | b |\n|---|---|\n| x | {as_written(words)} |\n"
    cells = [token for token in MARKDOWN.parse(row) if token.type == "inline"]
    assert read(cells[3]) == words.strip()
