"""What a text says of each ticker it names: own sentences, clauses, the whole text, the thread; and whose opinions count."""

import pytest

from tests.conftest import Home, post
from tests.test_daily_job import PRICES

JOB = "hourly"  # no evidence is looked at here

BASIS = "select ticker, basis, sign(sentiment) from core.opinions where scorer = 'finance' order by ticker"


def said(home: Home, *rows: dict, question: str = BASIS) -> list[tuple]:
    """The answer to ``question`` after the rows, all of one week, went through the job."""
    home.drop("texts/t.ndjson", list(rows))
    home.run("2024-07-01", "2024-07-05")
    return home.ask(question)


def of(body: str, **fields: object) -> dict:
    return post("1", "2024-07-02T14:00:00Z", body, language="en", **fields)


@pytest.mark.parametrize(
    ("body", "up", "down"),
    [
        ("long $NVDA, short $INTC", "NVDA", "INTC"),
        ("$MU up, $INTC down", "MU", "INTC"),
        ("I prefer AMD over INTC", "AMD", "INTC"),
    ],
)
def test_one_sentence_gives_two_opinions_of_opposite_sign(home, body, up, down):
    assert said(home, of(body)) == sorted([(up, "clause", 1), (down, "clause", -1)])


def test_the_words_that_were_scored_for_a_ticker_can_be_selected_and_disputed(home):
    rows = said(
        home,
        of("$MU is a great company, but $INTC is a terrible one"),
        question="select ticker, rule, clause, compound from core.clauses where scorer = 'vader' order by ticker",
    )
    assert [row[:3] for row in rows] == [
        ("INTC", "clause", "$INTC is a terrible one"),
        ("MU", "clause", "$MU is a great company"),
    ]
    assert rows[0][3] < 0 < rows[1][3]


def test_a_sentence_that_cannot_be_divided_is_shared(home):
    assert said(home, of("$MU and $NVDA look great")) == [("MU", "shared", 1), ("NVDA", "shared", 1)]


def test_own_sentences_come_before_shared_ones(home):
    assert said(home, of("$MU and $NVDA look great.\nI hate $MU, it is terrible.")) == [
        ("MU", "own", -1),
        ("NVDA", "shared", 1),
    ]


@pytest.mark.parametrize("body", ["$MU", "$MU $NVDA https://a.example/x", "RT @somebody: $MU"])
def test_a_text_that_only_points_has_no_opinion(home, body):
    rows = said(home, of(body), question="select sentiment, sentence_count from core.opinions")
    assert rows
    assert set(rows) == {(None, 0)}


def test_a_ticker_on_a_line_of_its_own_is_what_the_text_is_about(home):
    assert said(home, of("$MU\nWhat a great quarter, I love it.")) == [("MU", "text", 1)]


def test_words_quoted_from_somebody_else_are_not_the_authors_opinion(home):
    body = "> $MU is terrible, I hate it\n\nGreat point, I love it"
    assert said(home, of(body, body_format="markdown")) == [("MU", "text", 1)]


def test_an_inherited_ticker_weighs_half(home):
    home.drop("prices/p.csv", PRICES)
    rows = said(
        home,
        post("1", "2024-07-02T14:00:00Z", "All about $MU", language="en"),
        post("2", "2024-07-02T15:00:00Z", "I love it", kind="comment", parent_id="1", language="en"),
        post("3", "2024-07-02T15:00:00Z", "I hate $MU", kind="comment", parent_id="1", language="en"),
        question="""select weight, sentiment from core.opinions
            where scorer = 'vader' and text_id <> 'test:1' order by text_id""",
    )
    assert rows == [(0.5, 0.6369), (1, -0.5719)]
    mean = "select comment_sentiment from mart.ticker_days where scorer = 'vader' and text_count > 0"
    assert home.ask(mean) == [(pytest.approx((0.5 * 0.6369 - 0.5719) / 1.5),)]


def test_machines_reposts_and_empty_replies_are_kept_and_do_not_count(home):
    home.drop("prices/p.csv", PRICES)
    kept = {"language": "en", "symbols": ["MU"]}
    said(
        home,
        post("1", "2024-07-02T14:00:00Z", "I hate $MU", **kept),
        post("2", "2024-07-02T14:01:00Z", "I love $MU, great company", **kept | {"author": "AutoModerator"}),
        post("3", "2024-07-02T14:02:00Z", "RT @them: I love $MU so much", **kept),
        post("4", "2024-07-02T14:03:00Z", "thnx for sharing", kind="comment", parent_id="1", language="en"),
    )
    assert home.ask(
        "select text_id, is_automatic, is_repost, is_low_information, is_counted from core.texts order by 1"
    ) == [
        ("test:1", False, False, False, True),
        ("test:2", True, False, False, False),
        ("test:3", False, True, False, False),
        ("test:4", False, False, True, False),
    ]
    assert home.ask(
        """select text_count, scored_count, automatic_count, repost_count, low_information_count, mean_sentiment
        from mart.ticker_days where scorer = 'vader' and text_count > 0"""
    ) == [(4, 1, 1, 1, 1, -0.5719)]


def test_the_third_posting_of_the_same_words_by_one_author_is_a_machines(home):
    rows = said(
        home,
        *(
            post(str(n), f"2024-07-02T1{n}:00:00Z", "Alert: $MU on heavy volume", language="en", author="crier")
            for n in range(4)
        ),
        question="select automatic_reason from core.texts order by text_id",
    )
    assert rows == [(None,), (None,), ("identical posting",), ("identical posting",)]


def test_a_claim_is_a_row_and_the_tape_has_its_say(home):
    home.drop("prices/p.csv", PRICES)
    rows = said(
        home,
        post("1", "2024-07-02T21:00:00Z", "$MU closed 10.00% higher today", language="en"),
        post("2", "2024-07-02T21:00:00Z", "$MU closed 4.00% higher today", language="en"),
        question="select text_id, status from mart.claim_checks order by text_id",
    )
    assert rows == [("test:1", "confirmed"), ("test:2", "contradicted")]
