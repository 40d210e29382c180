"""Relevance: how much of a text is about each ticker it names."""

import re
from pathlib import Path

import pyarrow as pa
import pytest

from pipelines.text.instruments import read_instruments
from pipelines.text.mentions import MENTIONS, find_mentions
from pipelines.text.relevance import RELEVANCE, relevance

LISTED = read_instruments(Path(__file__).parents[1] / "warehouse" / "reference" / "instruments.csv")


def text(*body: str, title: str | None = None, text_id: str = "test:1") -> pa.Table:
    """Sentences of one text; the title is sentence 0."""
    lines = ([] if title is None else [title]) + list(body)
    first = 0 if title is not None else 1
    return pa.table(
        {
            "text_id": [text_id] * len(lines),
            "position": pa.array(range(first, first + len(lines)), pa.int32()),
            "sentence": lines,
            "is_title": [title is not None and place == 0 for place in range(len(lines))],
        }
    )


def figures(sentences: pa.Table) -> dict[str, float]:
    rows = relevance(find_mentions(sentences, LISTED), sentences).to_pylist()
    return {row["ticker"]: row["relevance"] for row in rows}


def test_a_text_that_names_one_ticker_throughout_is_all_about_it():
    assert figures(text("$MU up.")) == {"MU": 1.0}
    assert figures(text("$MU is up.", "Long $MU.", title="On $MU")) == {"MU": pytest.approx(1.0)}


def test_ten_tickers_in_a_row_share_the_text():
    spoken = figures(text("$MU $NVDA $AMD $INTC $TSM $AAPL $MSFT $AMZN $KO $PEP"))
    assert len(spoken) == 10
    assert list(spoken.values()) == pytest.approx([0.1**0.5] * 10)


def test_the_formula_holds_by_hand():
    spoken = figures(text("$NVDA leads.", "$MU follows.", "Nothing.", "$MU again.", title="What of $MU?"))
    # MU: title 1, early 1 − 1/4, share 3/5, focus 3/4. NVDA: title 0, early 1, share 1/5, focus 1/4.
    assert spoken["MU"] == pytest.approx((0.5 + 0.2 * 0.75 + 0.3 * 0.6) * 0.75**0.5)
    assert spoken["NVDA"] == pytest.approx((0.2 * 1 + 0.3 * 0.2) * 0.25**0.5)


def test_a_title_that_names_nobody_takes_nothing_away():
    assert figures(text("$MU up.", title="Look here"))["MU"] == pytest.approx(0.7 + 0.3 / 2)


def test_a_late_aside_counts_for_little():
    filler = ["Nothing to see."] * 20
    spoken = figures(text("$MU is up.", *filler, "And $KO too."))
    assert spoken["MU"] > 0.4 > 0.05 > spoken["KO"] > 0


def test_what_the_source_declares_counts_as_the_title():
    sentences = text("Nothing by name.", "$NVDA though.")
    declared = pa.table(
        {
            "text_id": ["test:1"],
            "position": pa.nulls(1, pa.int32()),
            "ticker": ["MU"],
            "instrument_id": ["mu"],
            "rule": ["source_symbol"],
            "matched": ["MU"],
            "start": pa.nulls(1, pa.int32()),
            "confidence": [1.0],
        },
        schema=MENTIONS,
    )
    both = relevance(pa.concat_tables([find_mentions(sentences, LISTED), declared]), sentences)
    spoken = {row["ticker"]: row["relevance"] for row in both.to_pylist()}
    assert spoken["MU"] == pytest.approx(0.5 * 0.5**0.5)
    assert spoken["NVDA"] == pytest.approx((0.2 * 0.5 + 0.3 * 0.5) * 0.5**0.5)
    alone = relevance(declared, sentences.slice(0, 0))
    assert alone.to_pylist() == [{"text_id": "test:1", "ticker": "MU", "relevance": 0.5}]


def test_the_same_sentence_names_a_ticker_once_by_how_many_rules_so_ever():
    assert figures(text("Micron (MU), $MU, #Micron", "$KO")) == figures(text("$MU", "$KO"))


def test_relevance_lies_between_nothing_and_all():
    spoken = figures(text("$MU, $KO", "$KO", "$MU", "$PEP", title="$KO"))
    assert all(0 < figure <= 1 for figure in spoken.values())
    assert max(spoken, key=spoken.get) == "KO"


def test_texts_stay_in_order_and_apart():
    sentences = pa.concat_tables([text("$MU", "$KO", text_id="b"), text("$KO", text_id="a")])
    rows = relevance(find_mentions(sentences, LISTED), sentences)
    assert rows.schema == RELEVANCE
    assert rows.select(["text_id", "ticker"]).to_pylist() == [
        {"text_id": "b", "ticker": "KO"},
        {"text_id": "b", "ticker": "MU"},
        {"text_id": "a", "ticker": "KO"},
    ]
    assert rows["relevance"][2].as_py() == 1.0


def test_gaps_between_positions_count_for_nothing():
    sentences = text("$MU", "quoted", "$KO")
    whole = figures(sentences.take([0, 2]))
    assert whole["KO"] == pytest.approx((0.7 * 0.5 + 0.3 * 0.5) * 0.5**0.5)


def test_no_mentions_give_no_relevance():
    assert relevance(MENTIONS.empty_table(), text("Nothing.")).equals(RELEVANCE.empty_table())


@pytest.mark.parametrize("number", [0, 1])
def test_both_seeds_are_about_micron(shared, number):
    path = sorted((shared / "seeds").glob("*.txt"))[number]
    lines = [line.strip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]
    title, *body = [part for line in lines for part in re.split(r"(?<=[.!?])\s+", line) if part]
    sentences = text(*body, title=title)
    spoken = figures(sentences)
    assert max(spoken, key=spoken.get) == "MU"
    assert spoken["MU"] > 0.5
    assert spoken.keys() <= {"MU", "NVDA"}
    assert all(figure < 0.1 for ticker, figure in spoken.items() if ticker != "MU")
