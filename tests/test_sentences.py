"""Sentences: boundaries, headings and their stance, quotes and lists; nothing lost, nothing stalled."""

import pickle
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.clean import clean
from pipelines.text.sentences import split_sentences
from pipelines.text.splitter import LONGEST_SENTENCE


def texts(*bodies: str | None, title: str | None = None) -> pa.Table:
    """Cleaned texts."""
    return pa.table(
        {
            "text_id": pa.array([f"test:{i}" for i in range(len(bodies))], pa.string()),
            "title": pa.array([title] * len(bodies), pa.string()),
            "body": pa.array(bodies, pa.string()),
        }
    )


def split(body: str | None, title: str | None = None) -> list[str]:
    """Sentences of one text."""
    return split_sentences(texts(body, title=title))["sentence"].to_pylist()


@pytest.mark.parametrize(
    "sentences",
    [
        ["Micron Technology Inc. (MU) rose.", "It closed at $95.15."],
        ["The U.S. economy slowed.", "The U.S. Fed cut rates."],
        ["It is up $5.58.", "Not bad."],
        ["Bulls vs. bears, e.g. at Intel, i.e. everywhere.", "Next."],
        ["Wait for Q2.", "Guidance is soft."],
        ["It fell approx. 5% on Jan. 3 after est. EPS of $1.20 vs. $1.10."],
        ["No. 1 pick: MU.", "Dr. Su of St. Louis spoke."],
        ["JPMorgan Chase & Co. raised its target.", "Merck & Co. fell."],
        ["Long $BRK.B.", "Short $INTC!", "Why?", "because"],
        [
            "The firm bought back stock.",
            "Shares rose.",
            "I sold last week.",
            "Bad call.",
            "Not for me.",
            "OK",
        ],
        ["Earnings are out.", "stock up 5%.", "guidance raised."],
        ["The F.D.A. approves it.", "Solar in Calif. grows."],
        ["Yahoo! Inc. reported.", "Yahoo! shares rose."],
        ['"No way." he said.', "(See p. 4.)", "Next."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(sentences: list[str]) -> None:
    assert split("Well: " + " ".join(sentences)) == ["Well: " + sentences[0], *sentences[1:]]


@pytest.mark.parametrize(
    ("body", "sentences"),
    [
        ("Bought more. $MU $NVDA", ["Bought more. $MU $NVDA"]),
        ("What a day! 🚀🚀 https://x.test/a. Holding.", ["What a day! 🚀🚀 https://x.test/a.", "Holding."]),
        ("$MU. Looks strong.", ["$MU. Looks strong."]),
        ("Great. 5.58%. More to come", ["Great. 5.58%.", "More to come"]),
        ("1. Buy MU. 2. Hold NVDA. 3. Sell INTC.", ["Buy MU.", "2. Hold NVDA.", "3. Sell INTC."]),
    ],
)
def test_a_piece_without_words_stays_with_its_sentence(body: str, sentences: list[str]) -> None:
    assert split(body) == sentences


def test_every_line_is_at_least_one_sentence() -> None:
    assert split("one\ntwo goes on. three\n\n  four  ") == ["one", "two goes on.", "three", "four"]


def test_a_line_of_hashtags_is_a_sentence_of_its_own() -> None:
    assert split("#MemoryFirst #AI\nMemory is sold out.") == ["#MemoryFirst #AI", "Memory is sold out."]


def test_positions_count_from_the_title() -> None:
    rows = split_sentences(texts("Body one. Body two.", title="Up again. Why?")).to_pylist()
    assert [(row["position"], row["is_title"], row["sentence"]) for row in rows] == [
        (0, True, "Up again."),
        (1, True, "Why?"),
        (2, False, "Body one."),
        (3, False, "Body two."),
    ]
    assert split_sentences(texts("Body one. Body two."))["position"].to_pylist() == [1, 2]


def test_texts_keep_their_order_and_their_day() -> None:
    many = texts(*(f"First of {i}. Second." if i % 3 else None for i in range(25_000)))
    many = many.append_column("day", pa.array([date(2024, 1, 1 + i % 30) for i in range(25_000)], pa.date32()))
    sentences = split_sentences(many)
    written = [i for i in range(25_000) if i % 3]
    assert sentences["text_id"].to_pylist() == [f"test:{i}" for i in written for _ in "ab"]
    assert sentences["position"].to_pylist() == [1, 2] * len(written)
    assert sentences["day"].to_pylist() == [date(2024, 1, 1 + i % 30) for i in written for _ in "ab"]


def test_no_text_gives_no_sentence_but_the_columns() -> None:
    nothing = split_sentences(texts(None, "", " \n "))
    assert nothing.num_rows == 0
    assert nothing.schema == split_sentences(texts("a")).schema == split_sentences(texts()).schema


def test_quoted_lines_are_somebody_elses_words() -> None:
    body = "Bull Case:\n> They said it falls. Soon.\n>No space here\nI say it rises.\n>5% is much\n>.<"
    rows = split_sentences(texts(body)).to_pylist()
    assert [(row["is_quote"], row["section"], row["stance"], row["sentence"]) for row in rows] == [
        (False, None, None, "Bull Case:"),
        (True, None, None, "They said it falls."),
        (True, None, None, "Soon."),
        (True, None, None, "No space here"),
        (False, None, None, "I say it rises."),
        (False, None, None, ">5% is much"),
        (False, None, None, ">.<"),
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("- Stock gained", "Stock gained"),
        ("• Stock gained", "Stock gained"),
        ("•Stock gained", "Stock gained"),
        ("* Stock gained", "Stock gained"),
        ("1. Stock gained", "Stock gained"),
        ("12) Stock gained", "Stock gained"),
        ("- βStock gained", "Stock gained"),
        ("- $MU gained", "$MU gained"),
        ("- 5% on the day", "- 5% on the day"),
        ("-5% on the day", "-5% on the day"),
        ("*Stock* gained", "*Stock* gained"),
        ("2014. What a year", "2014. What a year"),
    ],
)
def test_bullets_are_stripped_and_signs_are_not(line: str, words: str) -> None:
    assert " ".join(split(line)) == words


def test_drawn_lines_are_no_sentences() -> None:
    assert split("one\n---\ntwo\n* * *\n|:-:|:-:|\nthree\n...") == ["one", "two", "three", "..."]


def test_long_sentences_are_cut_at_a_space() -> None:
    words = "memory " * 1_000
    parts = split(words)
    assert all(len(part) <= LONGEST_SENTENCE for part in parts)
    assert " ".join(parts) == words.strip()
    assert [len(part) for part in split("x" * 2_500)] == [1_000, 1_000, 500]


HOSTILE = {
    "one word": "a" * 10_000_000,
    "one exclamation": "!" * 1_000_000,
    "spaced points": ". " * 500_000,
    "spaced exclamations": "! " * 500_000,
    "initials": "A. " * 300_000,
    "numbers": "1. " * 300_000,
    "closed points": ".)" * 500_000,
    "marks in words": "a?)b" * 250_000,
    "quoted points": '"." ' * 250_000,
    "line ends": "\n" * 1_000_000,
    "emoji": "🚀" * 250_000,
    "spaced emoji": "🚀 " * 200_000,
    "quotes": "> a\n" * 100_000,
    "headings": "Head:\n" * 100_000,
    "sections": "Head:\na\n" * 60_000,
    "bold": "**" * 500_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_text_stalls_the_splitting(kind: str) -> None:
    split("Warm. Up.")
    text = texts(HOSTILE[kind])
    started = time.process_time()
    split_sentences(text)
    assert time.process_time() - started < 2


def squeezed(text: str, without: str = "") -> str:
    """What is left of a text without white space and some marks."""
    return "".join(char for char in text if not char.isspace() and char not in without)


def rejoined(body: str, title: str | None = None) -> str:
    """Sentences of a text with the headings where they stood."""
    parts, section = [], None
    for row in split_sentences(texts(body, title=title)).to_pylist():
        if row["section"] != section and row["section"]:
            parts.append(row["section"])
        section = row["section"]
        parts.append(row["sentence"])
    return "".join(parts)


WORDS = """Buy MU. Sell! why? 5% $MU #MU @you https://x.test/a. 🚀 Inc. U.S. e.g. (See p. 4.) "No." … xx
    Bull Case: TLDR: Memory Outlook:"""
LINES = [
    "\n",
    "\n\n",
    "\n- ",
    "\n1. ",
    "\n> ",
    "\n## ",
    "\nKey Risks:\n",
    "\n**Bear case**\n",
    "\n---\n",
    "! ! ! ",
]
# What makes a heading comes once: of the same heading twice in a row, `rejoined` would see one.
POSTS = st.lists(
    st.sampled_from([*WORDS.split(), *LINES]),
    max_size=25,
    unique_by=lambda piece: piece if set(piece) & set(":#*") else object(),
).map(" ".join)


@given(POSTS, st.none() | st.text(max_size=30))
def test_nothing_of_a_post_is_lost(body: str, title: str | None) -> None:
    marks = "#*_-|=~:>.1"  # of headings, quotes, lists and drawn lines
    assert squeezed(rejoined(body, title), marks) == squeezed((title or "") + body, marks)


@given(st.text(max_size=300))
def test_nothing_of_one_line_is_lost(line: str) -> None:
    line = "x" + " ".join(line.split())
    sentences = split(line)
    assert squeezed("".join(sentences)) == squeezed(line)
    assert all(sentence and len(sentence) <= LONGEST_SENTENCE for sentence in sentences)


def test_batches_can_be_split_on_two_processes() -> None:
    batches = [texts(f"One of {i}. Two.") for i in range(4)]
    assert pickle.loads(pickle.dumps(split_sentences)) is split_sentences
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        spread = list(pool.map(split_sentences, batches))
    assert spread == [split_sentences(batch) for batch in batches]


def seed(shared: Path, name: str) -> pa.Table:
    """The post or article of a saved page, as rows."""
    from pipelines.sources.pages import read_page

    page = (shared / "seeds" / name).read_text("utf-8")
    return clean(read_page(page, datetime(2026, 6, 1, tzinfo=UTC)).texts)


def test_no_furniture_of_the_seed_pages_is_a_sentence(shared: Path) -> None:
    for name in ("000_7216ba9f09d4ea01.txt", "001_36a0e20334799e9e.txt"):
        sentences = split_sentences(seed(shared, name))["sentence"].to_pylist()
        for furniture in (
            "third-party",
            "Disclaimer",
            "post-image",
            "Add a comment",
            "Repost",
            "Reward",
            "β",
        ):
            assert not [sentence for sentence in sentences if furniture in sentence]


def test_the_seed_comment_says_nothing(shared: Path) -> None:
    comments = [row for row in seed(shared, "000_7216ba9f09d4ea01.txt").to_pylist() if row["kind"] == "comment"]
    assert [(row["author"], row["low_information_reason"]) for row in comments] == [("HighAmbition", "empty phrase")]
