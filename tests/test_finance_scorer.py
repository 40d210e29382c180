"""What the finance scorer knows: sentences with a side, and its rules by name."""

from statistics import mean

import pyarrow as pa
import pytest

from pipelines.sentiment import score
from pipelines.sentiment.finance import rewrite
from tests.finance_sentences import BAD, GOOD, NEUTRAL

NEUTRAL_BAND = 0.05


def compounds(*texts: str) -> list[float]:
    return score(pa.array(texts), "finance")["compound"].to_pylist()


def compound(text: str) -> float:
    return compounds(text)[0]


def side(compound: float) -> int:
    return (compound >= NEUTRAL_BAND) - (compound <= -NEUTRAL_BAND)


def rewritten(text: str) -> str:
    return rewrite(pa.array([text]))[0].as_py()


# Sentences


def test_a_careful_reader_agrees_with_at_least_95_percent_of_the_sides():
    sentences = [(text, 1) for text in GOOD] + [(text, -1) for text in BAD] + [(text, 0) for text in NEUTRAL]
    scores = compounds(*(text for text, _ in sentences))
    wrong = [text for (text, wanted), score in zip(sentences, scores, strict=True) if side(score) != wanted]
    assert len(sentences) >= 150
    assert len(wrong) <= 0.05 * len(sentences), wrong


def test_good_and_bad_news_weigh_the_same():
    assert abs(mean(compounds(*GOOD)) + mean(compounds(*BAD))) < 0.1


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("Shares rise", "Shares fall"),
        ("Shares surge", "Shares plunge"),
        ("Analyst upgrades the stock", "Analyst downgrades the stock"),
        ("Beats estimates", "Misses estimates"),
        ("Lower costs", "Higher costs"),
        ("Debt falls", "Debt rises"),
        ("Raises guidance", "Cuts guidance"),
        ("+5.58%", "-5.58%"),
        ("up 12%", "down 12%"),
        ("bought calls", "bought puts"),
        ("long $INTC", "short $INTC"),
        ("diamond hands", "paper hands"),
        ("📈", "📉"),
        ("🐂", "🐻"),
    ],
)
def test_opposite_news_has_opposite_sides(good: str, bad: str):
    assert (side(compound(good)), side(compound(bad))) == (1, -1)


# Rules


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Micron shares plunge 12% after downgrade", -1),
        ("$MU beats estimates, raises guidance", 1),
        ("lower costs", 1),
        ("reduced losses", 1),
        ("loss smaller than expected", 1),
        ("debt falls", 1),
        ("lower guidance", -1),
        ("margin falls", -1),
        ("down 12%", -1),
        ("+5.58%", 1),
        ("not bullish", -1),
        ("isn’t good", -1),
        ("would be bullish if", 1),
        ("I'm long", 1),
        ("bought puts", -1),
        ("short $INTC", -1),
        ("to the moon", 1),
    ],
)
def test_the_examples_of_the_field_have_the_side_they_are_read_with(text: str, wanted: int):
    assert side(compound(text)) == wanted


def test_words_that_carry_no_emotion_in_finance_are_neutral():
    ownership, money = (
        ("share", "shares", "asset", "value", "trust", "security"),
        ("interest", "credit", "debt", "gross"),
    )
    trades = ("energy", "crude", "demand", "united", "nifty")
    words = (*ownership, *money, *trades)
    assert compounds(*words) == [0.0] * len(words)


def test_less_of_what_hurts_is_good_and_more_of_it_is_bad():
    good = (
        "Unemployment falls",
        "Bank narrows its loss",
        "Inflation eased in May",
        "Tariff fears fade",
        "fewer layoffs",
    )
    bad = (
        "Unemployment rises",
        "Loss widens",
        "Inflation accelerated in May",
        "Tariff fears mount",
        "more layoffs",
    )
    assert {side(score) for score in compounds(*good)} == {1}
    assert {side(score) for score in compounds(*bad)} == {-1}


def test_a_direction_does_not_reach_over_the_end_of_a_clause():
    assert rewritten("The loss was known. Shares rise") == "The loss was known. Shares rise"
    assert rewritten("A loss, then shares rise") == "A loss, then shares rise"


def test_a_comparison_with_what_was_expected_decides():
    good = (
        "better than expected",
        "narrower-than-expected loss",
        "inflation lower than expected",
        "tops estimates",
    )
    bad = (
        "worse than expected",
        "wider-than-expected loss",
        "inflation higher than expected",
        "misses estimates",
    )
    assert {side(score) for score in compounds(*good)} == {1}
    assert {side(score) for score in compounds(*bad)} == {-1}


def test_a_larger_move_counts_more():
    small, medium, large = compounds("stock up 0.4%", "stock up 3%", "stock up 12%")
    assert 0 < small < medium < large
    small, medium, large = compounds("stock down 0.4 percent", "stock down 3 pct", "stock down 12 per cent")
    assert 0 > small > medium > large


def test_a_signed_percentage_speaks_without_words():
    assert [side(score) for score in compounds("$AMD +3.1%", "$AMD -3.1%", "$AMD −3.1%", "$AMD (+0.4%)")] == [
        1,
        -1,
        -1,
        1,
    ]


def test_a_range_and_an_unsigned_percentage_have_no_side():
    assert compounds("between 10%-12%", "a range of 5-6%", "12% of the shares") == [0.0, 0.0, 0.0]


def test_a_negation_turns_a_word_of_the_field_around():
    for text in (
        "not bullish",
        "isn't bullish",
        "isn’t bullish",
        "never outperforms",
        "unlikely to outperform",
    ):
        assert compound(text) < -NEUTRAL_BAND, text
    assert compound("not bearish") > NEUTRAL_BAND


def test_what_is_hypothetical_counts_less():
    plain, would, could = compounds("I am bullish", "I would be bullish if it held", "could be bullish")
    assert 0 < would < plain
    assert 0 < could < plain


def test_a_circumstance_counts_less_than_the_news():
    assert side(compound("Gold gains as dollar falls")) == 1
    assert side(compound("Dollar falls as gold gains")) == -1


def test_a_term_of_several_words_counts_as_one():
    assert rewritten("This goes to the moon!!!") == "This goes to_the_moon!!!"
    assert rewritten("all-time high") == "all_time_high"
    assert compound("TO THE MOON, they say") > compound("to the moon, they say")


def test_a_short_term_note_is_not_a_short_position():
    assert compounds("short-term note", "long-term debt", "short interest update", "earnings call") == [0.0] * 4


def test_the_author_s_own_position_is_read():
    bull = ("going long here", "loaded up on calls", "sold puts", "Grabbed some $QQQ calls", "holding $MU")
    bear = ("going short here", "loaded up on puts", "sold calls", "Grabbed some $QQQ puts", "shorting this")
    assert {side(score) for score in compounds(*bull)} == {1}
    assert {side(score) for score in compounds(*bear)} == {-1}


def test_a_cashtag_that_is_a_word_has_no_tone():
    assert compounds("$LOVE", "$FUN at 12", "$SAFE and $HOPE") == [0.0, 0.0, 0.0]


def test_a_web_address_or_a_handle_is_not_read():
    assert rewritten("@moonshot https://to.the/moon") == "@moonshot https://to.the/moon"


def test_symbols_of_the_field_speak():
    assert [side(score) for score in compounds("🚀", "💎🙌", "▲ 3%", "🩸", "🚩", "▼ 3%")] == [
        1,
        1,
        1,
        -1,
        -1,
        -1,
    ]


def test_a_flood_of_one_symbol_counts_three_times():
    assert rewritten("🚀" * 1000).split() == ["emoji_rocket"] * 3


def test_words_beside_an_emoji_are_seen():
    assert compound("😀bullish😀") == compound("😀 bullish 😀")


def test_curly_quotation_marks_and_dashes_do_not_hide_a_word():
    assert compounds("“bullish”", "bullish—today", "bullish…") == compounds(
        '"bullish"', "bullish - today", "bullish..."
    )
