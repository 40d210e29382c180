"""Claims: which stated facts are found, of whom, how surely; and what is none."""

import pickle
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipelines.claims.find import CLAIMS, find_claims
from pipelines.sources.pages import read_page
from pipelines.text.clean import clean
from pipelines.text.instruments import read_instruments
from pipelines.text.meant import meant
from pipelines.text.sentences import split_sentences
from tests.claim_sentences import LEARNED, Said
from tests.conftest import SAVED
from tests.held_out_claim_sentences import HELD_OUT, WRITTEN_AFTER

LISTED = read_instruments(Path(__file__).parents[1] / "warehouse" / "reference" / "instruments.csv")
WEDNESDAY = datetime(2026, 6, 10, 18, tzinfo=UTC)  # 14:00 in New York
MOMENT = pa.timestamp("us", "UTC")
COMPARED = ("kind", "value", "unit", "direction")


def spoken(*sentences: str, text_id: str | None = None, at: datetime | None = WEDNESDAY) -> pa.Table:
    """Sentences as ``find_claims`` reads them: each a text of its own, or all of one text."""
    count = len(sentences)
    return pa.table(
        {
            "text_id": pa.array([text_id or f"test:{number}" for number in range(count)], pa.string()),
            "position": pa.array(range(1, count + 1), pa.int32()),
            "sentence": pa.array(sentences, pa.string()),
            "is_title": [False] * count,
            "is_quote": pa.array([False] * count, pa.bool_()),
            "published_at": pa.array([at] * count, MOMENT),
            "known_at": pa.array([WEDNESDAY] * count, MOMENT),
        }
    )


def claims(*sentences: str, text_id: str | None = None) -> list[dict[str, Any]]:
    table = spoken(*sentences, text_id=text_id)
    texts = pa.table(
        {
            "text_id": table["text_id"].unique(),
            "symbols": pa.nulls(len(table["text_id"].unique()), pa.list_(pa.string())),
        }
    )
    return find_claims(table, meant(texts, table, LISTED)).to_pylist()


def only(sentence: str) -> dict[str, Any]:
    """The one claim of a sentence."""
    found = claims(sentence)
    assert len(found) == 1, found
    return found[0]


def tickers(*sentences: str, text_id: str | None = None) -> list[str | None]:
    return [claim["ticker"] for claim in claims(*sentences, text_id=text_id)]


def shape(claim: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(claim[name] for name in COMPARED)


@pytest.mark.parametrize("part", [LEARNED, HELD_OUT, WRITTEN_AFTER], ids=["learned", "held out", "written after"])
def test_precision_is_095_and_recall_09_on_the_corpus(part: list[Said]):
    found: dict[str, list[tuple[Any, ...]]] = {}
    table = spoken(*(sentence for sentence, _ in part))
    for claim in find_claims(table, no_mentions()).to_pylist():
        found.setdefault(claim["text_id"], []).append(shape(claim))
    right = total_found = total_expected = 0
    for number, (_, expected) in enumerate(part):
        got, wanted = Counter(found.get(f"test:{number}", [])), Counter(map(shape, expected))
        right += (got & wanted).total()
        total_found += got.total()
        total_expected += wanted.total()
    assert right / total_found >= 0.95
    assert right / total_expected >= 0.9


def test_the_corpus_is_large_and_nearly_half_of_it_claims_nothing():
    everything = LEARNED + HELD_OUT + WRITTEN_AFTER
    silent = sum(not expected for _, expected in everything)
    assert len({sentence for sentence, _ in everything}) == len(everything) >= 240
    assert len(HELD_OUT) >= 80
    assert 0.4 <= silent / len(everything) <= 0.6


def no_mentions() -> pa.Table:
    fields = [("text_id", pa.string()), ("position", pa.int32()), ("ticker", pa.string()), ("start", pa.int32())]
    return pa.schema([*fields, ("relevance", pa.float64())]).empty_table()


DETAILED = [
    (sentence, {name: value for name, value in expected.items() if name not in COMPARED}, shape(expected))
    for sentence, wanted in LEARNED + HELD_OUT
    for expected in wanted
    if set(expected) - set(COMPARED)
]


@pytest.mark.parametrize(("sentence", "detail", "claimed"), DETAILED, ids=[sentence for sentence, _, _ in DETAILED])
def test_bound_basis_dates_and_hedge_are_read_from_the_words(sentence, detail, claimed):
    found = find_claims(spoken(sentence), no_mentions()).to_pylist()
    matching = [claim for claim in found if shape(claim) == claimed]
    assert matching, found
    assert {name: matching[0][name] for name in detail} == detail


def test_the_matched_words_stand_where_the_row_says():
    sentences = [sentence for sentence, _ in LEARNED + HELD_OUT]
    for claim in find_claims(spoken(*sentences, text_id="a"), no_mentions()).to_pylist():
        assert sentences[claim["position"] - 1][claim["start"] :].startswith(claim["matched"])
        assert claim["matched"]


def test_claims_of_a_sentence_are_numbered_in_their_order():
    numbered = [
        (claim["claim_number"], claim["value"]) for claim in claims("$MU rose 3%, $AMD fell 2% and $INTC lost 1%")
    ]
    assert numbered == [(1, 3.0), (2, 2.0), (3, 1.0)]


# Whose claim it is.


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("$MU +5.5%, $INTC -2.1%", ["MU", "INTC"]),
        ("+5.5% $MU; -2.1% $INTC", ["MU", "INTC"]),
        ("Nvidia fell 3%, while Micron gained 5%", ["NVDA", "MU"]),
        ("Up 4% today, $AMD", ["AMD"]),
        ("Micron (MU) shares jump 6%", ["MU"]),
        ("Intel Corp (INTC) 24.86 +0.32 (+1.30%)", ["INTC"]),
        ("UBS raises its price target on Micron to $1,500", ["MU"]),
        ("Micron PT raised from $100 to $120 by UBS", ["MU"]),
        ("Intel trades at 12x forward earnings (peers at 25x)", ["INTC", None]),
        ("Intel trades at 12x forward earnings versus 25x for Nvidia", ["INTC", "NVDA"]),
        ("Micron said Zorblax raised $65 billion", [None]),
        ("Zorblax Motors gains 4% on a deal with Intel", [None]),
        ("$ZZZQ up 28% on news from $AAPL", [None]),
    ],
)
def test_a_claim_is_about_the_nearest_ticker_of_its_clause(sentence, expected):
    assert tickers(sentence) == expected


def test_a_sentence_that_names_nobody_is_about_the_main_ticker_of_its_text():
    assert tickers("Micron is on fire.", "Micron has the fabs.", "The stock is up 9% this week.", text_id="a") == ["MU"]


def test_a_text_about_two_tickers_alike_has_no_main_one():
    assert tickers("Micron or Intel?", "The stock is up 9% this week.", text_id="a") == [None]


def test_a_stranger_takes_the_claim_from_the_main_ticker():
    assert tickers(
        "Micron is on fire.", "Zorblax just raised $65 billion at a $965 billion valuation.", text_id="a"
    ) == [
        None,
        None,
    ]


# How surely it is said.


@pytest.mark.parametrize(
    ("sentence", "hedge"),
    [
        ("Micron could fall 5%", "could"),
        ("Micron may fall 5%", "may"),
        ("If they miss, Micron falls 5%", "if"),
        ("Did Micron fall 5%?", "?"),
        ("Micron to $200 by year-end looks achievable", "looks achievable"),
        ("Micron fell 5% in May", None),
        ("Micron fell 5% as expected", None),
        ("In may Micron fell 5%", None),
        ("Intel could recover, but Micron fell 5%", None),
    ],
)
def test_the_hedging_words_are_kept(sentence, hedge):
    claim = only(sentence)
    assert claim["hedge"] == hedge
    assert claim["is_hedged"] == (hedge is not None)


@pytest.mark.parametrize(
    "sentence",
    [
        "Micron did not fall 5%",
        "Micron didn’t fall 5%",
        "Micron never closed at $90",
        "Micron isn't up 5%",
        "Micron will not report earnings on June 24",
        "UBS did not raise its price target to $120",
    ],
)
def test_what_is_denied_is_no_claim(sentence):
    assert claims(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "I'm up 300% on my MU calls",
        "My MU shares are down 12%",
        "I made $4,000 on $MU",
        "Bought $MU at $95.20",
        "Up 1300% on this trade",
    ],
)
def test_somebodys_own_gain_is_no_move_of_a_price(sentence):
    assert claims(sentence) == []


def test_quoted_words_are_not_the_authors_claims():
    table = spoken("Micron is up 5%")
    quoted = table.set_column(table.column_names.index("is_quote"), "is_quote", pa.array([True]))
    assert find_claims(quoted, no_mentions()).num_rows == 0


@pytest.mark.parametrize(
    "sentence",
    ["shares fell 5-7%", "guides to $9.1 to $9.5 billion of revenue", "stock seen between $90 and $95", "up 10%-15%"],
)
def test_a_range_is_no_figure(sentence):
    assert claims(sentence) == []


@pytest.mark.parametrize("sentence", ["Revenue was Rs 500 million", "Revenue was €5 billion", "Revenue of C$4 billion"])
def test_foreign_money_is_not_taken_for_dollars(sentence):
    assert claims(sentence) == []


def test_printed_characters_are_read_as_plain_ones():
    assert shape(only("Micron fell −3% “on Tuesday”")) == ("move", 3.0, "percent", "down")
    assert shape(only("Micron rose \U0001d7d3% today")) == ("move", 5.0, "percent", "up")
    assert shape(only("Micron\u00a0rose\u00a05\u00a0%")) == ("move", 5.0, "percent", "up")


# Tables, and hostile text.


def test_no_sentences_make_no_claims_and_the_columns_stand():
    assert find_claims(spoken(), no_mentions()).schema == CLAIMS
    assert find_claims(spoken("nothing", "here"), no_mentions()).schema == CLAIMS


def test_a_missing_sentence_claims_nothing():
    assert find_claims(spoken(None), no_mentions()).num_rows == 0


def test_a_missing_column_is_an_error():
    with pytest.raises(KeyError, match="sentence"):
        find_claims(spoken("up 5%").drop_columns(["sentence"]), no_mentions())


def test_batches_give_what_the_whole_gives():
    table = spoken(*(sentence for sentence, _ in LEARNED))
    whole = find_claims(table, no_mentions())
    halves = [find_claims(table.slice(start, 100), no_mentions()) for start in (0, 100)]
    assert pa.concat_tables(halves).equals(whole)
    assert pickle.loads(pickle.dumps(find_claims)) is find_claims


@pytest.mark.parametrize(
    "flood",
    [
        "5% ",
        "up 5% ",
        "$5",
        "June 24 ",
        "earnings on ",
        "(",
        "1,",
        "not ",
        "price target of ",
        "over ",
        "since ",
        "rose by ",
        "Aa ",
        "could if ",
        "up $AA ",
        "revenue of ",
        "May in 2025 ",
        "\u202e\u200b5",
    ],
)
def test_no_sentence_stalls_the_rules(flood):
    """A megabyte arrives as a thousand sentences of a thousand characters; twenty of them stand for it."""
    table = spoken(*(((flood * 1_000)[:980] + tail) for tail in (" up 5%", " earnings June 24", " at $5 billion")))
    began = time.perf_counter()
    find_claims(table, no_mentions())
    assert time.perf_counter() - began < 0.5


def test_a_sentence_with_dozens_of_figures_is_a_table_and_no_claim():
    assert claims("AAA +1% BBB +2% " * 20) == []


# Real documents.


def claims_of_page(path: Path) -> list[dict[str, Any]]:
    texts = clean(read_page(path.read_text(encoding="utf-8", errors="replace"), SAVED).texts)
    sentences = split_sentences(texts)
    moments = pa.array([SAVED] * sentences.num_rows, MOMENT)
    said = sentences.append_column("published_at", moments).append_column("known_at", moments)
    return find_claims(said, meant(texts, sentences, LISTED)).to_pylist()


def test_the_claims_of_the_two_seeds_are_found_and_no_others(shared):
    post, article = (claims_of_page(path) for path in sorted((shared / "seeds").glob("*.txt")))
    told = [(claim["ticker"], claim["kind"], claim["value"], claim["is_hedged"]) for claim in post]
    assert Counter(told) == Counter(
        [
            (None, "amount", 965e9, False),
            (None, "amount", 65e9, False),
            (None, "amount", 965e9, False),
            ("MU", "target", 1500.0, False),
            ("MU", "ratio", 80.0, True),
            ("MU", "multiple", 9.74, False),
            (None, "multiple", 25.5, False),
            ("MU", "move", 239.0, False),
            ("MU", "event", None, False),
            ("MU", "target", 1500.0, True),
        ]
    )
    by_value = {(claim["kind"], claim["is_hedged"]): claim for claim in post}
    assert by_value["target", False]["said_by"] == "UBS"
    assert str(by_value["target", True]["due_on"]) == "2027-12-31"
    assert str(by_value["event", False]["due_on"]) == "2026-06-24"
    assert [str(by_value["move", False][name]) for name in ("period_from", "period_to")] == ["2025-01-01", "2025-12-31"]
    moves = [(claim["ticker"], claim["value"], claim["direction"], claim["bound"], claim["basis"]) for claim in article]
    assert moves == [("MU", 5.0, "up", "at_least", "intraday"), *[("MU", 5.58, "up", "exact", "close")] * 3]
