"""Clauses: which words of a sentence are about which of its tickers."""

import csv
import pickle
import re
import time
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sentiment import score
from pipelines.text.clauses import CLAUSES, divide
from pipelines.text.instruments import read_instruments
from pipelines.text.mentions import find_mentions

LISTED = read_instruments(Path(__file__).parents[1] / "warehouse" / "reference" / "instruments.csv")
MENTION_ROWS = pa.schema(
    [
        ("text_id", pa.string()),
        ("position", pa.int32()),
        ("ticker", pa.string()),
        ("matched", pa.string()),
        ("start", pa.int32()),
    ]
)


def sentences(*texts: str | None) -> pa.Table:
    """Each text a text of its own."""
    columns = {
        "text_id": pa.array([f"test:{i}" for i in range(len(texts))], pa.string()),
        "position": pa.array([1] * len(texts), pa.int32()),
        "sentence": pa.array(texts, pa.string()),
    }
    return pa.table(columns)


def mentions(*rows: tuple[str, str, int | None], text_id: str = "test:0", position: int | None = 1) -> pa.Table:
    """Ticker, matched words, start."""
    names = ("ticker", "matched", "start")
    full = [{"text_id": text_id, "position": position, **dict(zip(names, row, strict=True))} for row in rows]
    return pa.Table.from_pylist(full, schema=MENTION_ROWS)


def divided(text: str) -> dict[str, tuple[str, str]]:
    """Rule and clause of each ticker of a sentence, with the mentions as they are found."""
    one = sentences(text)
    return {row["ticker"]: (row["rule"], row["clause"]) for row in divide(one, find_mentions(one, LISTED)).to_pylist()}


def clauses(text: str) -> dict[str, str]:
    """The words of each ticker of a sentence without preferences."""
    rows = divided(text)
    assert {rule for rule, _ in rows.values()} <= {"clause"}
    return {ticker: clause for ticker, (_, clause) in rows.items()}


def sides(text: str) -> dict[str, str]:
    return {ticker: rule for ticker, (rule, _) in divided(text).items()}


@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        ("long $NVDA, short $INTC", "NVDA", "INTC"),
        ("long $NVDA short $INTC", "NVDA", "INTC"),
        ("$MU up, $INTC down", "MU", "INTC"),
        ("MU beats, INTC misses", "MU", "INTC"),
        ("$MU is a great company but I hate $INTC", "MU", "INTC"),
        ("NVDA soared while Intel slumped", "NVDA", "INTC"),
        ("bullish on $MU and bearish on $INTC", "MU", "INTC"),
        ("$MU +5%, $INTC -3%", "MU", "INTC"),
        ("$INTC -3% $MU +5%", "MU", "INTC"),
        ("$MU: strong; $INTC: weak", "MU", "INTC"),
        ("$MU (up 5%) and $INTC (down 3%)", "MU", "INTC"),
        ("$MU is great ($INTC is dead)", "MU", "INTC"),
        ("$MU strong buy | $INTC strong sell", "MU", "INTC"),
        ("$MU rallies - $INTC sinks", "MU", "INTC"),
        ("Bought $MU, sold $INTC", "MU", "INTC"),
        ("I sold $INTC, $MU is strong", "MU", "INTC"),
        ("Intel falls as AMD gains share", "AMD", "INTC"),
        ("Longs: $MU Shorts: $INTC", "MU", "INTC"),
        ("$MU 📈 $INTC 📉", "MU", "INTC"),
        ("Goldman Sachs upgraded Micron but downgraded Intel", "MU", "INTC"),
    ],
)
def test_what_is_said_of_two_companies_gets_opposite_signs(text: str, good: str, bad: str):
    words = clauses(text)
    scored = score(pa.array([words[good], words[bad]]), "finance")["compound"].to_pylist()
    assert scored[0] >= 0.05 > -0.05 >= scored[1], words


@pytest.mark.parametrize(
    ("text", "preferred", "passed_over"),
    [
        ("prefer $AMD over $INTC", "AMD", "INTC"),
        ("I prefer AMD to Intel", "AMD", "INTC"),
        ("I'd rather own $AMD than $INTC", "AMD", "INTC"),
        ("buying $AMD instead of $INTC", "AMD", "INTC"),
        ("$AMD is better than $INTC", "AMD", "INTC"),
        ("$INTC looks much weaker than $AMD", "AMD", "INTC"),
        ("$AMD > $INTC", "AMD", "INTC"),
        ("$INTC < $AMD", "AMD", "INTC"),
        ("sold my $INTC to buy $AMD", "AMD", "INTC"),
        ("ditched $INTC for $AMD", "AMD", "INTC"),
        ("rotated out of Intel into $AMD", "AMD", "INTC"),
        ("switching from $INTC to $AMD", "AMD", "INTC"),
        ("AMD is eating Intel's lunch", "AMD", "INTC"),
        ("AMD is taking share from Intel", "AMD", "INTC"),
        ("Intel keeps losing market share to AMD", "AMD", "INTC"),
        ("$AMD crushes Intel", "AMD", "INTC"),
        ("$INTC was crushed by $AMD", "AMD", "INTC"),
        ("AMD overtakes Intel in servers", "AMD", "INTC"),
        ("$INTC lags $AMD", "AMD", "INTC"),
        ("Intel underperformed AMD", "AMD", "INTC"),
        ("Unlike $INTC, $AMD is great", "AMD", "INTC"),
        ("Unlike $AMD, $INTC is falling", "AMD", "INTC"),
        ("$INTC, unlike $AMD, is weak", "AMD", "INTC"),
        ("AMD outperforms Intel $INTC $AMD", "AMD", "INTC"),
    ],
)
def test_a_comparison_prefers_one_side(text: str, preferred: str, passed_over: str):
    assert sides(text) == {preferred: "preferred", passed_over: "passed_over"}


@pytest.mark.parametrize(
    "text",
    [
        "$MU $NVDA $AMD report next week",
        "Apple and Google are down",
        "$MU, $NVDA and $AMD all up",
        "Stocks like $MU, $INTC and $AMD are up",
        "Watching $MU; $INTC; $AMD",
        "$MU among upgrades and downgrades: $INTC, $AMD",
        "$MU vs $INTC",
        "$MU earnings tomorrow, $INTC next week",
        "not only $AMD but also $INTC is up",
        "Everything but $INTC rose, $MU most",
        "Buying Apple, Google and Netflix on the dip",
        "Great quarter for Apple, says Goldman Sachs",
        "Solid day http://a.example/b?c=d $MU $INTC",
    ],
)
def test_a_list_is_not_divided(text: str):
    assert divided(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "is $AMD better than $INTC?",
        "$AMD is not better than $INTC",
        "$AMD isn't crushing $INTC",
        "Nobody thinks that $AMD is better than $INTC",
        "If $AMD beats $INTC we will see",
        "I don't prefer $AMD over $INTC",
        "AMD beats Intel's estimates",
        "Apple beat estimates but lost share to Google",
        "Long $MU, short $INTC?",
        "Unlike $INTC, $AMD is not great",
    ],
)
def test_what_is_asked_denied_or_open_is_not_divided(text: str):
    assert divided(text) == {}


def test_companies_named_in_one_breath_share_their_words():
    both = "long $NVDA and $AMD"
    assert clauses(f"{both}, short $INTC") == {"NVDA": both, "AMD": both, "INTC": "short $INTC"}
    assert clauses("Micron (MU), Apple (AAPL) up, Intel (INTC) down") == {
        "MU": "Micron (MU), Apple (AAPL) up",
        "AAPL": "Micron (MU), Apple (AAPL) up",
        "INTC": "Intel (INTC) down",
    }
    assert clauses("$AMD and $INTC up, $NVDA down")["INTC"] == "$AMD and $INTC up"


def test_words_that_name_nobody_belong_to_the_company_before():
    words = clauses("$MU beat estimates, guided higher, and $INTC missed")
    assert words == {"MU": "$MU beat estimates, guided higher", "INTC": "$INTC missed"}
    assert clauses("At the open, $MU up, $INTC down")["MU"] == "At the open, $MU up"


def test_a_company_named_twice_gets_both_its_clauses():
    words = clauses("$MU is up, $INTC is down, but $MU is risky")
    assert words == {"MU": "$MU is up $MU is risky", "INTC": "$INTC is down"}


def test_a_company_named_in_passing_keeps_to_its_own_clause():
    words = clauses("$FB is strong while $PINS is weak for a $FB rival")
    assert words["FB"] == "$FB is strong"


def test_tags_around_a_sentence_get_the_whole_of_it_and_give_nothing():
    text = "$KO - Apple soars, Google falls $AAPL $GOOG $SPY http://a.example"
    assert clauses(text) == {"AAPL": "Apple soars", "GOOG": "Google falls", "KO": text, "SPY": text}


def test_a_cashtag_that_is_not_listed_does_not_lend_its_words():
    assert clauses("$MU +5%, $ZZZZQ -90%, $INTC +1%") == {"MU": "$MU +5%", "INTC": "$INTC +1%"}


def test_a_comparison_leaves_other_clauses_alone():
    rows = divided("AMD is better than Intel, but Nvidia is falling")
    assert rows["NVDA"] == ("clause", "Nvidia is falling")
    assert rows["AMD"] == ("preferred", "AMD is better than Intel")


def test_who_stands_on_both_sides_of_a_comparison_is_on_neither():
    assert sides("$NVDA > $AMD > $INTC") == {"NVDA": "preferred", "AMD": "clause", "INTC": "passed_over"}


def test_rows_follow_the_sentences_and_name_each_ticker_once():
    texts = ["$MU up, $INTC down", "nothing", None, "long $AMD, short $INTC", "$KO $PEP"]
    one = sentences(*texts)
    rows = divide(one, find_mentions(one, LISTED))
    assert rows.schema == CLAUSES
    assert list(zip(rows["text_id"].to_pylist(), rows["ticker"].to_pylist(), strict=True)) == [
        ("test:0", "INTC"),
        ("test:0", "MU"),
        ("test:3", "AMD"),
        ("test:3", "INTC"),
    ]


def test_nothing_in_nothing_out_and_it_travels_to_other_processes():
    assert divide(sentences(), mentions()).equals(CLAUSES.empty_table())
    assert divide(sentences("$MU up, $INTC down"), mentions()).num_rows == 0
    assert pickle.loads(pickle.dumps(divide)) is divide


@pytest.mark.parametrize("start", [None, -1, -500, 3, 10_000, 2**31 - 1])
def test_an_offset_that_is_none_does_not_matter(start: int | None):
    named = mentions(("MU", "$MU", start), ("INTC", "$INTC", start), ("KO", "Coke", start), ("PEP", "", start))
    rows = divide(sentences("$MU up, $INTC down"), named).to_pylist()
    spoken = {row["ticker"]: row["clause"] for row in rows}
    assert spoken["MU"] == "$MU up" and spoken["INTC"] == "$INTC down"
    assert set(spoken) == {"MU", "INTC", "KO", "PEP"}


def test_mentions_without_a_sentence_do_not_matter():
    declared = mentions(("MU", "$MU", None), ("INTC", "$INTC", None), position=None)
    elsewhere = mentions(("MU", "$MU", 0), ("INTC", "$INTC", 8), text_id="test:9")
    assert divide(sentences("$MU up, $INTC down"), pa.concat_tables([declared, elsewhere])).num_rows == 0


PLACES = [("MU", "$MU"), ("MU", "MU"), ("INTC", "$INTC"), ("AMD", "$AMD"), ("AAPL", "Apple")]
WORDS = """
$MU $INTC $AMD Apple $ZZZZQ MU's up down long short but while and , ; | ( ) - — > < . ! better than not unlike sold to buy
over prefer +5% -3% : the is great 📈 ’s http://a.b/?c #x @y like beats by '
"""
PIECES = st.sampled_from([*WORDS.split(), " ", "\u202e", "\ue000"])


@given(st.lists(PIECES, max_size=40), st.sampled_from(["", " "]))
def test_clauses_are_words_of_the_sentence_and_all_tickers_have_one_or_none_has(pieces: list[str], between: str):
    text = between.join(pieces)
    named = mentions(*((t, m, text.find(m)) for t, m in PLACES if m in text))
    rows = divide(sentences(text), named).to_pylist()
    assert {row["ticker"] for row in rows} in (set(), set(named["ticker"].to_pylist()))
    assert len({row["ticker"] for row in rows}) == len(rows)
    assert {row["rule"] for row in rows} <= {"clause", "preferred", "passed_over"}
    for row in rows:
        assert row["clause"]
        assert all(word in text for word in row["clause"].split())


@given(st.text(max_size=300), st.lists(st.tuples(st.text(max_size=5), st.integers(-(2**31), 2**31 - 1)), max_size=6))
def test_no_text_and_no_mention_is_too_strange(text: str, named: list[tuple[str, int]]):
    rows = mentions(*((f"T{i}", matched, start) for i, (matched, start) in enumerate(named)))
    assert divide(sentences(text), rows).schema == CLAUSES


@pytest.mark.parametrize(
    "piece",
    [
        "$MU up, ",
        "$MU ",
        "$MU > $INTC ",
        "prefer $MU ",
        "unlike $MU , ",
        "a ",
        "( ",
        ") ",
        "$MU 's ",
        "not ",
        "$MU better ",
    ],
)
def test_time_grows_with_the_words(piece: str):
    text = (piece * 1000)[:990] + " $INTC down"
    named = mentions(("MU", "$MU", 0), ("INTC", "$INTC", 991))
    started = time.perf_counter()
    divide(sentences(text), named)
    assert time.perf_counter() - started < 0.5


def test_ten_thousand_cashtags_take_bounded_time():
    tickers = [f"T{i:04d}" for i in range(10_000)]
    texts = [" ".join(f"${ticker}" for ticker in tickers[i : i + 140])[:1000] for i in range(0, 10_000, 140)]
    rows = [mentions(*((t, f"${t}", None) for t in tickers), text_id=f"test:{i}") for i in range(2)]
    started = time.perf_counter()
    assert divide(sentences(*texts), pa.concat_tables(rows)).num_rows == 0
    assert time.perf_counter() - started < 5


def test_on_headlines_labelled_by_people_dividing_turns_wrong_signs_right(shared: Path):
    """SEntFiN says of each company in a headline whether the news is good for it."""
    headlines = labelled_headlines(shared)
    one = sentences(*(title for title, _ in headlines))
    named = pa.concat_tables(
        mentions(*((name, name, title.find(name)) for name in labels), text_id=f"test:{i}")
        for i, (title, labels) in enumerate(headlines)
    )
    rows = divide(one, named).to_pylist()
    numbers = [int(row["text_id"].partition(":")[2]) for row in rows]
    labels = [headlines[number][1][row["ticker"]] for number, row in zip(numbers, rows, strict=True)]
    sign = {"preferred": 0.3, "passed_over": -0.3}
    own = score(pa.array([row["clause"] for row in rows]), "finance")["compound"].to_pylist()
    own = [sign.get(row["rule"], compound) for row, compound in zip(rows, own, strict=True)]
    whole = score(pa.array([headlines[number][0] for number in numbers]), "finance")["compound"].to_pylist()
    assert len(set(numbers)) > 350
    assert 3 * wrong_signs(own, labels) < wrong_signs(whole, labels)


def labelled_headlines(shared: Path) -> list[tuple[str, dict[str, str]]]:
    """Headlines that name several companies, with the label of each."""
    [path] = (shared / "labelled" / "sentfin").glob("*.csv")
    found = []
    with path.open(encoding="utf-8", errors="replace", newline="") as lines:
        for row in csv.DictReader(lines):
            labels = dict(re.findall(r"""['"]([^'"]+)['"]: ['"](positive|negative|neutral)['"]""", row["Decisions"]))
            if len(labels) > 1:
                found.append((row["Title"], labels))
    return found


def wrong_signs(compounds: list[float], labels: list[str]) -> int:
    """How many scores have the opposite sign of their label."""
    pairs = zip(compounds, labels, strict=True)
    return sum({"positive": value <= -0.05, "negative": value >= 0.05}.get(label, False) for value, label in pairs)
