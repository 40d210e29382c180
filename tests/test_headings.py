"""Headings: which lines are headings, which section and stance they give to the lines below."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from pipelines.sources.pages import read_page
from pipelines.text.clean import clean
from pipelines.text.sentences import split_sentences


def post(body: str, title: str | None = None) -> pa.Table:
    """One cleaned text."""
    columns = {"text_id": ["test:0"], "title": [title], "body": [body]}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def under(body: str) -> list[tuple[str | None, str | None, str]]:
    """Section, stance and words of each sentence of one text."""
    rows = split_sentences(post(body)).to_pylist()
    return [(row["section"], row["stance"], row["sentence"]) for row in rows]


LONG_POST = """Some opening words.

The Bullish Case:

Demand outruns supply. Prices rise.
- Margins grow

The Bearish Case:

Memory is cyclical. It always was.

Key Risks to Watch:

Earnings Dependency: the firm reports on June 24. Hopes are high.

Future Outlook:

We shall see."""


def test_headings_name_the_section_and_are_no_sentences() -> None:
    assert under(LONG_POST) == [
        (None, None, "Some opening words."),
        ("The Bullish Case", "bullish", "Demand outruns supply."),
        ("The Bullish Case", "bullish", "Prices rise."),
        ("The Bullish Case", "bullish", "Margins grow"),
        ("The Bearish Case", "bearish", "Memory is cyclical."),
        ("The Bearish Case", "bearish", "It always was."),
        ("Key Risks to Watch", "risk", "Earnings Dependency: the firm reports on June 24."),
        ("Key Risks to Watch", "risk", "Hopes are high."),
        ("Future Outlook", None, "We shall see."),
    ]


@pytest.mark.parametrize(
    ("heading", "stance"),
    [
        ("Bull Case", "bullish"),
        ("## The bull case for Micron", "bullish"),
        ("**Bearish Case:**", "bearish"),
        ("__Bear thesis__", "bearish"),
        ("Why I'm bullish", "bullish"),
        ("Why I’m not bullish on memory", "bearish"),
        ("1. Reasons to Buy:", "bullish"),
        ("Pros:", "bullish"),
        ("Cons:", "bearish"),
        ("BEAR CASE:", "bearish"),
        ("Risks", "risk"),
        ("- Main risks to consider:", "risk"),
        ("# Downside Risks", "risk"),
        ("What Could Go Wrong:", "risk"),
        ("Bull vs Bear:", None),
        ("Risk/Reward:", None),
        ("The Bull Market:", None),
        ("Bear Call Spread:", None),
        ("The Hook:", None),
        ("## Valuation", None),
        ("**Company overview**", None),
        ("My positions:", None),
    ],
)
def test_a_heading_announces_its_stance(heading: str, stance: str | None) -> None:
    name = heading.strip("#*_-1. :")
    assert under(f"Before it.\n{heading}\n\nOne line.\nAnother.")[1:] == [
        (name, stance, "One line."),
        (name, stance, "Another."),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Bullish",
        "I'm bullish",
        "MU to the moon",
        "Here is what nobody tells you about memory:",
        "RT @user: Market cap:",
        "$MU levels:",
        "Down 5% today:",
        "**BUY IT NOW!!!**",
        "# 🌈",
        "Earnings Dependency: the firm reports on June 24.",
        "https://x.test:",
    ],
)
def test_a_line_that_says_something_is_no_heading(line: str) -> None:
    assert under(f"{line}\nNext line.") == [(None, None, line), (None, None, "Next line.")]


def test_a_heading_with_nothing_under_it_stays_a_sentence() -> None:
    assert under("The Setup:\nBull Case:\nCheap.\nOutlook:") == [
        (None, None, "The Setup:"),
        ("Bull Case", "bullish", "Cheap."),
        ("Bull Case", "bullish", "Outlook:"),
    ]
    assert under("Bull case:") == [(None, None, "Bull case:")]
    assert split_sentences(post("Body.", title="Bull Case:"))["section"].to_pylist() == [None, None]


def test_a_label_gives_its_stance_to_its_line() -> None:
    assert under("Bull case: sold out. For years.\n**Bear case:** cyclical.\nRisks: China.\nBears: you lost.") == [
        (None, "bullish", "Bull case: sold out."),
        (None, "bullish", "For years."),
        (None, "bearish", "**Bear case:** cyclical."),
        (None, "risk", "Risks: China."),
        (None, None, "Bears: you lost."),
    ]


def test_a_summary_ends_the_section() -> None:
    assert under("Bear Case:\nCyclical.\nTL;DR: buy it anyway.\nReally.")[1:] == [
        (None, None, "TL;DR: buy it anyway."),
        (None, None, "Really."),
    ]


def test_the_seed_post_tells_bulls_from_bears(shared: Path) -> None:
    page = (shared / "seeds" / "000_7216ba9f09d4ea01.txt").read_text("utf-8")
    post = read_page(page, datetime(2026, 6, 1, tzinfo=UTC)).texts.slice(0, 1)
    rows = split_sentences(clean(post)).to_pylist()
    stances = {
        section: {row["stance"] for row in rows if row["section"] == section}
        for section in {row["section"] for row in rows}
    }
    assert stances["The Bullish Case"] == {"bullish"}
    assert stances["The Bearish Case"] == {"bearish"}
    assert stances["Key Risks to Watch"] == {"risk"}
    assert stances["The Hook"] == stances["Future Outlook"] == stances[None] == {None}
    assert sum(row["stance"] == "bullish" for row in rows) == 8
    assert sum(row["stance"] == "bearish" for row in rows) == 8
    assert sum(row["stance"] == "risk" for row in rows) == 5
    assert not [row["sentence"] for row in rows if row["sentence"].endswith(":")]
