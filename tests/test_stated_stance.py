"""The position that an author states: theirs, now, and one side only."""

import pyarrow as pa
import pytest

from pipelines.sentiment.stance import stated_stance

BULLISH = (
    "I'm long",
    "I’m long $MU here",
    "loaded up on calls",
    "bought more $AMD today",
    "Just added to my $AMD position",
    "Disclosure: long $AAPL",
    "sold puts on $F",
    "I'm bullish long term",
    "Bought 10 $TSLA 900c calls this morning",
    "Still long, still adding",
    "Long $TSLA, bought calls too",
    "holding $GME until I die",
    "Went long at 21.50",
    "my calls are printing",
)
BEARISH = (
    "bought puts",
    "short $INTC",
    "sold my calls",
    "Went short at 40",
    "I'm bearish",
    "shorting $PLTR here",
    "my puts are printing",
    "We are short the euro",
    "Position: short $NFLX",
    "grabbed some $QQQ puts",
    "Bought a $WMT $76 P for August",
)
NONE = (
    "long $NVDA, short $INTC",
    "I am not long this",
    "I haven't bought calls",
    "Citron is short $GME",
    "Hedge funds bought puts on $SPY",
    "$MRK just bought $CBST",
    "He bought calls",
    "Analysts are bullish",
    "Companies remain bullish",
    "How long until $MU moves?",
    "Should I buy puts?",
    "Are you long $MU?",
    "I was long until yesterday",
    "I would be long if it held 20",
    "wish I bought calls",
    "Short squeeze coming for $GME",
    "Short interest in $PS drops",
    "RT @someone: I'm long $MU",
    "Long story short, $XOM is fine",
    "Shares rise 3%",
    "",
)


@pytest.mark.parametrize("text", BULLISH)
def test_a_long_position_of_one_s_own_is_bullish(text: str):
    assert stated_stance(pa.array([text])).to_pylist() == ["bullish"]


@pytest.mark.parametrize("text", BEARISH)
def test_a_short_position_of_one_s_own_is_bearish(text: str):
    assert stated_stance(pa.array([text])).to_pylist() == ["bearish"]


@pytest.mark.parametrize("text", NONE)
def test_no_own_position_or_two_of_them_give_none(text: str):
    assert stated_stance(pa.array([text])).to_pylist() == [None]


def test_rows_stay_in_order_and_null_gives_null():
    texts = pa.chunked_array([["I'm long", None], ["nothing"], ["bought puts"]])
    assert stated_stance(texts).to_pylist() == ["bullish", None, None, "bearish"]
    assert stated_stance(pa.array([], pa.string())).to_pylist() == []
    assert stated_stance(pa.array(["I'm long"], pa.large_string())).to_pylist() == ["bullish"]


def test_anything_but_strings_is_refused_by_type():
    with pytest.raises(TypeError, match="int64"):
        stated_stance(pa.array([1]))
