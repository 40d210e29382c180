"""Mentions: who is named, by which words, and who is not."""

import pickle
import time
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.mentions import against_sentfin, against_twitter, read_tweets
from pipelines.text.instruments import INSTRUMENTS, read_instruments
from pipelines.text.mentions import BATCH_BYTES, CONFIDENCE, MENTIONS, declared_mentions, find_mentions

LISTED = read_instruments(Path(__file__).parents[1] / "warehouse" / "reference" / "instruments.csv")


def sentences(*texts: str | None, text_id: str | None = None) -> pa.Table:
    """Each text a text of its own, or all the sentences of one text."""
    count = len(texts)
    return pa.table(
        {
            "text_id": [text_id or f"test:{i}" for i in range(count)],
            "position": pa.array(range(count), pa.int32()),
            "sentence": pa.array(texts, pa.string()),
        }
    )


def found(*texts: str, text_id: str | None = None) -> list[tuple[str, str, str]]:
    """Ticker, rule and matched words."""
    rows = find_mentions(sentences(*texts, text_id=text_id), LISTED).to_pylist()
    return [(row["ticker"], row["rule"], row["matched"]) for row in rows]


def tickers(*texts: str, text_id: str | None = None) -> set[str]:
    return {ticker for ticker, _, _ in found(*texts, text_id=text_id)}


@pytest.mark.parametrize(
    ("text", "rule", "matched", "ticker"),
    [
        ("$MU closed strong", "cashtag", "$MU", "MU"),
        ("watching $mu here", "cashtag", "$mu", "MU"),
        ("Sold my $MU.", "cashtag", "$MU", "MU"),
        ("A memory maker ($MU) reports", "cashtag", "$MU", "MU"),
        ("$BRK.B is cheap", "cashtag", "$BRK.B", "BRK.B"),
        ("$brk.b is cheap", "cashtag", "$brk.b", "BRK.B"),
        ("$BRK-B is cheap", "cashtag", "$BRK-B", "BRK.B"),
        ("$BTC.X to the moon", "cashtag", "$BTC.X", "BTC"),
        ("$BCH.X is not the bank in Chile", "cashtag", "$BCH.X", "BCH.X"),
        ("$BCH pays dividends", "cashtag", "$BCH", "BCH"),
        ("$MU’s margins", "cashtag", "$MU", "MU"),
        ("“$MU” he said", "cashtag", "$MU", "MU"),
        ("$F: new trucks", "cashtag", "$F", "F"),
        ("我买了$AAPL股票", "cashtag", "$AAPL", "AAPL"),
        ("$FB had its offering", "cashtag", "$FB", "FB"),
        ("$M\u200bU and friends", "cashtag", "$M\u200bU", "MU"),
        ("\u202e$MU\u202c", "cashtag", "$MU", "MU"),
        ("$\U0001d40c\U0001d414 is printed bold", "cashtag", "$\U0001d40c\U0001d414", "MU"),
        ("Micron (MU) opened higher", "name_and_ticker", "Micron (MU)", "MU"),
        ("Micron Technology, Inc. (MU) opened", "name_and_ticker", "Micron Technology, Inc. (MU)", "MU"),
        ("Target (TGT) opened", "name_and_ticker", "Target (TGT)", "TGT"),
        ("Gartner (IT) opened", "name_and_ticker", "Gartner (IT)", "IT"),
        ("Micron Technology (NASDAQ: MU) opened", "exchange_and_ticker", "NASDAQ: MU", "MU"),
        ("(NYSE:BRK.B)", "exchange_and_ticker", "NYSE:BRK.B", "BRK.B"),
        ("NYSE Arca: SPY", "exchange_and_ticker", "NYSE Arca: SPY", "SPY"),
        ("Micron had a day", "company_name", "Micron", "MU"),
        ("i like micron a lot", "company_name", "micron", "MU"),
        ("Micron's new fab", "company_name", "Micron", "MU"),
        ("Micron’s new fab", "company_name", "Micron", "MU"),
        ("the Micron-built plant", "company_name", "Micron", "MU"),
        ("Micron\nTechnology grows", "company_name", "Micron\nTechnology", "MU"),
        ("Micron\u00a0Technology grows", "company_name", "Micron\u00a0Technology", "MU"),
        ("coca cola tastes", "company_name", "coca cola", "KO"),
        ("ESTÉE and Estée Lauder", "company_name", "Estée Lauder", "EL"),
        ("moodys said no", "company_name", "moodys", "MCO"),
        ("AT&T keeps paying", "company_name", "AT&T", "T"),
        ("JPMorgan or J.P. Morgan", "company_name", "J.P. Morgan", "JPM"),
        ("Taiwan Semiconductor and TSMC", "company_name", "TSMC", "TSM"),
        ("Facebook had a day", "company_name", "Facebook", "META"),
        ("bitcoin sleeps", "company_name", "bitcoin", "BTC"),
        ("#Micron", "hashtag", "#Micron", "MU"),
        ("#MU", "hashtag", "#MU", "MU"),
        ("#aapl", "hashtag", "#aapl", "AAPL"),
        (
            "#MicronAnnouncesStrategicPartnershipWithAnthropic",
            "hashtag",
            "#MicronAnnouncesStrategicPartnershipWithAnthropic",
            "MU",
        ),
        ("#BankOfAmerica", "hashtag", "#BankOfAmerica", "BAC"),
        ("#TargetStock", "hashtag", "#TargetStock", "TGT"),
        ("BTC/USD holds", "pair", "BTC/USD", "BTC"),
        ("btc-usd holds", "pair", "btc-usd", "BTC"),
        ("BTCUSDT holds", "pair", "BTCUSDT", "BTC"),
        ("GME TO THE MOON", "symbol", "GME", "GME"),
        ("bought NVDA calls", "symbol", "NVDA", "NVDA"),
        ("nothing but btc", "symbol", "btc", "BTC"),
    ],
)
def test_a_mention_is_found_with_its_rule_and_words(text, rule, matched, ticker):
    assert (ticker, rule, matched) in found(text)
    assert tickers(text) == {ticker}


@pytest.mark.parametrize(
    "text",
    [
        "P$C and U$C are no bank",
        "A$AP Rocky",
        "raised $5M, then $5, then 5$",
        "$MUSK is not listed, $XYZZY neither",
        "he paid US$C, A$A and €$T",
        "$C$23:$E$27 is a cell",
        "W$C$ #$C $$C$$",
        "and more in $T…",
        "$ES_F and $VOD.L are others",
        "MUSK spoke to the municipal council",
        "micron-sized dust of 5 micron, sub-micron even",
        "Micron-sized dust",
        "apple pie with an apple",
        "APPLE PIE RECIPES FOR THE WHOLE FAMILY",
        "share to Facebook",
        "mail me at ceo@micron.com or micron@example.com",
        "https://example.com/quote?s=$MU&t=NVDA",
        "see finance.example.com/quote/$MU or www.micron.example",
        "set `$MU` to 1",
        "@Micron said hello",
        "IT IS ON: ALL CAN GO NOW, ARE YOU REAL, OPEN THE LOW KEY DOOR, BUY",
        "CEO and CFO did DD at ATH, IMO a YOLO, up 5 USD, AI stocks rally",
        "the target was raised and the gap closed",
        "Target raised to $95 from $80",
        "Price target and target price rise",
        "a match, a block, a key and a square",
        "Match the price and block the sale",
        "compared with Nasdaq's multiple and the S&P 500",
        "Artificial Intelligence (AI) and Information Technology (IT) stocks",
        "competition from Samsung and SK Hynix",
        "the amazon rainforest, Amazon rainforest",
        "EUR/USD and GBPUSD",
        "H&R Block Inc. fell",
        "las ventas subieron, stocks too",
        "at t and AT. T",
        "3M was raised, $3M more",
        "#TargetPrice #GapUp #BlockChain",
        "",
        "   ",
        "$",
        "#",
        "(",
    ],
)
def test_a_look_alike_is_not_found(text):
    assert found(text) == []


def test_two_symbols_in_a_row_are_two_mentions():
    assert found("$MU/$NVDA") == [("MU", "cashtag", "$MU"), ("NVDA", "cashtag", "$NVDA")]
    assert tickers("$BA,$MU; $T ($F)") == {"BA", "MU", "T", "F"}
    assert tickers("MU up, INTC down") == {"MU", "INTC"}
    assert tickers("long $NVDA, short $INTC") == {"NVDA", "INTC"}


def test_target_is_named_once_beside_its_price_target():
    assert found("Target raised its price target") == [("TGT", "company_name", "Target")]


@pytest.mark.parametrize(
    ("text", "is_meant"),
    [
        ("Apple reported", True),
        ("I sold Apple", True),
        ("Gap shares fell", True),
        ("I bought it at Target yesterday", True),
        ("Block Inc. opened", True),
        ("My Block Party", False),
        ("The Target Was Missed By All Of Them", False),
        ("Why Target Stock Was Down On Monday", True),
        ("GM everyone", False),
        ("GM stock fell", True),
        ("BP Singh spoke about stocks", False),
        ("BP fell with oil prices", True),
    ],
)
def test_a_name_that_is_a_word_needs_a_reason(text, is_meant):
    assert bool(found(text)) is is_meant


def test_a_word_is_never_banned_for_good():
    assert tickers("$A and $IT and $ALL and $NOW") == {"A", "IT", "ALL", "NOW"}
    assert found("ServiceNow reported.", "NOW is cheap.", text_id="test:1")[-1] == ("NOW", "symbol", "NOW")
    assert tickers("ServiceNow reported.", "NOW is cheap.") == {"NOW"}
    assert found("NOW is cheap.") == []


def test_another_sentence_of_the_text_makes_a_doubtful_name_clear():
    assert found("Target it is.") == []
    assert found("Target it is.", "Long $TGT.", text_id="test:1")[0] == ("TGT", "company_name", "Target")
    assert found("Target it is.", "Long $TGT.") == [("TGT", "cashtag", "$TGT")]


def test_a_name_means_the_symbol_that_the_text_gives():
    assert tickers("$FB: Facebook beats") == {"FB"}
    assert tickers("$GOOGL: Google beats") == {"GOOGL"}
    assert tickers("Google beats") == {"GOOG"}


def test_a_former_symbol_is_reported_under_the_stable_id():
    rows = find_mentions(sentences("$FB", "$META", "$PCLN"), LISTED)
    assert rows["ticker"].to_pylist() == ["FB", "META", "PCLN"]
    assert rows["instrument_id"].to_pylist() == ["meta", "meta", "bkng"]


def test_a_longer_name_hides_the_shorter_one_inside():
    assert tickers("Bitcoin Cash forked") == {"BCH.X"}
    assert tickers("GE HealthCare and GE Vernova left") == {"GEHC", "GEV"}


def test_a_block_of_code_names_nobody():
    assert found("```", "$MU = 1", "```", "$NVDA", text_id="test:1") == [("NVDA", "cashtag", "$NVDA")]
    assert tickers("``` $MU", "$NVDA") == {"NVDA"}


def test_the_same_words_in_one_sentence_are_one_row():
    rows = find_mentions(sentences("$MU $MU $mu Micron and Micron"), LISTED).to_pylist()
    assert [(row["matched"], row["start"]) for row in rows] == [("$MU", 0), ("$mu", 8), ("Micron", 12)]


def test_rows_say_where_and_how_surely():
    table = find_mentions(sentences("Bénéfice 🚀: Micron (MU)"), LISTED)
    assert table.schema == MENTIONS
    assert table.to_pylist() == [
        {
            "text_id": "test:0",
            "position": 0,
            "ticker": "MU",
            "instrument_id": "mu",
            "rule": "name_and_ticker",
            "matched": "Micron (MU)",
            "start": 12,
            "confidence": CONFIDENCE["name_and_ticker"],
        }
    ]


def test_an_instrument_with_nothing_but_a_ticker_is_found_by_it():
    row = dict.fromkeys(INSTRUMENTS.names) | {"ticker": "QZX", "calendar": "XNYS"}
    listed = pa.Table.from_pylist([row], schema=INSTRUMENTS)
    rows = find_mentions(sentences("$QZX", "NASDAQ: QZX)", "Quizix Corp (QZX)", "QZX stock", "Apple"), listed)
    assert rows["rule"].to_pylist() == ["cashtag", "exchange_and_ticker", "name_and_ticker"]
    assert set(rows["instrument_id"].to_pylist()) == {"qzx"}


def test_no_sentences_and_no_instruments_give_no_mentions():
    assert find_mentions(sentences(), LISTED).equals(MENTIONS.empty_table())
    assert find_mentions(sentences(None, None), LISTED).num_rows == 0
    assert find_mentions(sentences("$MU Micron #MU"), INSTRUMENTS.empty_table()).num_rows == 0


def test_a_missing_column_is_an_error():
    with pytest.raises(KeyError, match="sentence"):
        find_mentions(sentences("$MU").drop_columns(["sentence"]), LISTED)


def test_sentences_may_come_in_any_order():
    table = sentences("Long $TGT.", "Target it is.", "$MU", text_id="a")
    mixed = pa.concat_tables([table.slice(0, 1), sentences("$NVDA"), table.slice(1)])
    rows = find_mentions(mixed, LISTED)
    assert rows["ticker"].to_pylist() == ["TGT", "TGT", "MU", "NVDA"]


def test_many_batches_give_what_each_text_gives_alone():
    texts = [
        "Target it is, long $TGT and micron 🚀",
        "Nothing here é",
        "(NASDAQ: MU) #Micron `$F`",
        "GME calls",
    ]
    count = 2 * BATCH_BYTES // sum(map(len, texts))
    rows = find_mentions(sentences(*texts * count), LISTED)
    alone = find_mentions(sentences(*texts), LISTED)
    assert rows.num_rows == count * alone.num_rows
    assert rows.slice(0, alone.num_rows).equals(alone)
    last = rows.slice(rows.num_rows - alone.num_rows).drop_columns(["text_id", "position"])
    assert last.equals(alone.drop_columns(["text_id", "position"]))


def test_what_the_source_declares_is_a_mention_of_the_whole_text():
    texts = pa.table(
        {
            "text_id": ["a", "b", "c"],
            "symbols": [["MU", "$NVDA", "MU", "NOSUCH", None], None, ["BTC.X", "BRK-B"]],
        }
    )
    rows = declared_mentions(texts, LISTED)
    assert rows.schema == MENTIONS
    assert rows["text_id"].to_pylist() == ["a", "a", "c", "c"]
    assert rows["ticker"].to_pylist() == ["MU", "NVDA", "BTC", "BRK.B"]
    assert set(rows["rule"].to_pylist()) == {"source_symbol"}
    assert rows["position"].null_count == rows["start"].null_count == 4
    assert declared_mentions(texts.slice(1, 1), LISTED).num_rows == 0


def test_the_functions_can_be_sent_to_another_process():
    assert pickle.loads(pickle.dumps(find_mentions)) is find_mentions


SPICE = """
$MU $mu ($T) Micron micron-sized MU NVDA Apple TARGET Target (TGT) AT&T J.P. #MicronUp #mu # $ ( ) ` ```
@a.b a@b.c http:// https://x.y/$MU www. / . ’s é É ｍｕ ＄ 𝐌𝐔 🚀 股 β … NASDAQ: MU BTC/USD BTCUSD AMC CEO
stock % $5 ' - & _ , : ; > price target
"""
UNSEEN = [" ", "\u200b", "\u202e", "\u00ad", "\ufeff", "\u00a0", "\n", "\x00"]


@given(st.lists(st.sampled_from([*SPICE.split(), *UNSEEN]) | st.text(max_size=3), max_size=40).map("".join))
def test_any_text_is_read_and_every_mention_is_where_it_says(text):
    for row in find_mentions(sentences("x", text, "x"), LISTED).to_pylist():
        assert text[row["start"] :].startswith(row["matched"])


HOSTILE = """
$MU $A$A Apple Target #Micron #MicronMicron (MU) Micron(MU) a. a.b/ a@ a@b. / :// ` ``` MU NYSE: BTC/ é 𝐌
A AT&T The_Gap
"""


@pytest.mark.parametrize("part", [*HOSTILE.split(), "\u200b", "a" * 50])
@pytest.mark.parametrize("joint", ["", " "])
def test_time_grows_with_the_length_of_a_text_not_faster(part, joint):
    began = time.process_time()
    find_mentions(sentences((part + joint) * (200_000 // len(part + joint))), LISTED)
    assert time.process_time() - began < 5


def test_a_text_of_a_million_characters_is_read():
    text = "Micron (MU) and $NVDA, Apple or https://example.com/$T: `$F` a@b.co #MU Target stock 🚀 "
    began = time.process_time()
    names = find_mentions(sentences(text * (1_000_000 // len(text))), LISTED)["ticker"].to_pylist()
    assert set(names) == {"MU", "NVDA", "AAPL", "TGT"}
    assert time.process_time() - began < 20


def test_ten_thousand_cashtags_in_one_text_are_no_trouble():
    listed = LISTED["ticker"].to_pylist()
    text = " ".join(f"${listed[i % len(listed)]}" for i in range(10_000))
    began = time.process_time()
    names = set(find_mentions(sentences(text), LISTED)["ticker"].to_pylist())
    assert time.process_time() - began < 2
    assert len(names) > 0.99 * len(listed)


def test_cashtags_agree_with_twitters_own_list(shared):
    agreement = against_twitter(list(read_tweets(shared, range(4, 5))), LISTED, find_mentions)
    assert agreement.agreed > 9_000
    assert agreement.precision >= 0.999, agreement
    assert agreement.recall >= 0.999, agreement


@pytest.mark.slow
def test_cashtags_agree_with_twitters_own_list_over_the_year(shared):
    agreement = against_twitter(list(read_tweets(shared, range(1, 13))), LISTED, find_mentions)
    assert agreement.agreed > 70_000
    assert agreement.precision >= 0.999, agreement
    assert agreement.recall >= 0.999, agreement


def test_names_agree_with_the_companies_that_people_marked_in_headlines(shared):
    agreement = against_sentfin(shared, LISTED)
    assert agreement.agreed > 600
    assert agreement.precision >= 0.95, agreement
    assert agreement.recall >= 0.95, agreement
