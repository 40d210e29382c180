"""Traps: look-alikes, banks that only speak, places, quotes, threads, days and hostile text; each with its sentence."""

import time
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from pipelines.text.instruments import read_instruments
from pipelines.text.meant import QUOTED_WEIGHT, meant
from pipelines.text.mentions import CONFIDENCE, MENTIONS, find_mentions

LISTED = read_instruments(Path(__file__).parents[1] / "warehouse" / "reference" / "instruments.csv")


def table(*texts: str, text_id: str | None = None, **columns: list) -> pa.Table:
    """Each text a text of its own, or all the sentences of one text."""
    count = len(texts)
    return pa.table(
        {
            "text_id": [text_id or f"test:{i}" for i in range(count)],
            "position": pa.array(range(1, count + 1), pa.int32()),
            "sentence": pa.array(texts, pa.string()),
            **columns,
        }
    )


def tickers(*texts: str, text_id: str | None = None) -> set[str]:
    return set(find_mentions(table(*texts, text_id=text_id), LISTED)["ticker"].to_pylist())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("P$C", ""),
        ("U$C", ""),
        ("A$AP", ""),
        ("$5M", ""),
        ("$MU.", "MU"),
        ("$mu", "MU"),
        ("($MU)", "MU"),
        ("$BRK.B", "BRK.B"),
        ("$MU/$NVDA", "MU NVDA"),
        ("AT&T", "T"),
        ("share to Facebook", ""),
        ("MUSK", ""),
        ("a municipal bond", ""),
        ("micron-sized stocks", ""),
        ("apple pie for shareholders", ""),
        ("Target raised its price target", "TGT"),
        ("write to buy@micron.com", ""),
        ("https://example.com/$MU/stock?q=NVDA", ""),
        ("`$MU` is a variable", ""),
        ("too many $s, not enough sense", ""),
        ("$S reports", "S"),
        ("a test for ALK-positive tumours, stocks too", ""),
        ("Take two years to sell", ""),
        ("#PG&E stock fell", ""),
        ("#PG stock fell", "PG"),
        ("my U.K. Visa came", ""),
        ("a visa application and the US visa office", ""),
        ("Visa raised its dividend", "V"),
        ("Gap up on Monday, Gap down on Tuesday", ""),
        ("Gap shares rose", "GAP"),
        ("$ZZZZZ and $NOPE are not listed, $MU is", "MU"),
    ],
)
def test_look_alikes_of_the_issue(text, named):
    assert tickers(text) == set(named.split())


@pytest.mark.parametrize(
    "text",
    [
        "google it",
        "Google is your friend",
        "I just googled the stock",
        "a google search tells you the price",
        "do a quick Google search",
        "share to Facebook",
        "I saw the chart on Facebook",
        "Somebody on Twitter said stocks would crash",
        "as posted on Reddit",
        "bought the dip on Robinhood",
        'google "wash sale" first',
        "matched with a trader on Tinder",
        "I ordered a grill on Amazon",
        "follow our stock picks via Facebook",
    ],
)
def test_a_place_is_no_subject(text):
    assert tickers(text) == set()


@pytest.mark.parametrize(
    ("text", "ticker"),
    [
        ("bullish on Facebook", "META"),
        ("Puts on Google", "GOOG"),
        ("my thoughts on Amazon", "AMZN"),
        ("news on Netflix", "NFLX"),
        ("on Facebook's earnings", "META"),
        ("Google Search loses share", "GOOG"),
        ("Robinhood halted trading", "HOOD"),
        ("I sold Facebook", "META"),
    ],
)
def test_a_place_is_a_company_where_it_is_spoken_of(text, ticker):
    assert tickers(text) == {ticker}


@pytest.mark.parametrize(
    "text",
    [
        "it is the Tesla of tractors",
        "the Amazon of groceries",
        "this will be the next Tesla",
        "the next GME?",
        "next GME?",
        "next GME/boat stock",
        "IT IS THE NEXT TESLA!",
        "a GME of gold stocks",
    ],
)
def test_a_likeness_is_no_subject(text):
    assert tickers(text) == set()


def test_the_next_event_of_a_company_is_about_it():
    assert tickers("Next, Tesla fell") == {"TSLA"}
    assert tickers("waiting for the next Tesla earnings") == {"TSLA"}
    assert tickers("the Bank of America is up, and shares of Tesla of course") == {"BAC", "TSLA"}


@pytest.mark.parametrize(
    "text",
    [
        "UBS raised its target on Micron",
        "Goldman keeps a buy on Micron",
        "JPMorgan lifts Micron to overweight",
        "JPMorgan lifts price target on Micron to $150",
        "according to Morgan Stanley, Micron is cheap",
        "According to analysts at Morgan Stanley Micron is cheap",
        "Citi's analyst likes Micron",
        "Citi’s Ann Other raised her target on Micron",
        "Barclays analyst Ann Other sees Micron rising",
        "Micron was upgraded to buy by Goldman Sachs",
        "Micron price target raised to $155 from $140 at UBS",
        "Micron given a neutral rating at JPMorgan Chase & Co.",
        "Micron rated overweight by JPMorgan",
        "Micron jumps on Goldman Sachs upgrade",
        "Micron: margins are likely to rise - Deutsche Bank",
        "Micron may double, says Goldman Sachs",
        "Goldman Sachs says Micron will beat",
        "UBS expects Micron to raise prices",
        "UBS is bullish on Micron",
        "Goldman Sachs (NYSE: GS) upgrades Micron",
        "Goldman Sachs (GS) upgrades Micron",
        "Wells Fargo & Co. reiterates a buy on Micron",
        "HSBC cuts Micron to hold",
        "Citi, UBS and Barclays raised their targets on Micron",
        "Micron upgraded by Citi and UBS",
        "Micron speaks at the Goldman Sachs Communacopia Conference",
        "UBS: Micron a buy, target of $155",
        "Bank of America adds Micron to its conviction list",
        "JPM upgrades Micron",
        "Micron's share of memory rose, according to data from Gartner",
    ],
)
def test_a_bank_that_speaks_of_another_is_no_subject(text):
    assert tickers(text) == {"MU"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Goldman Sachs beat estimates", "GS"),
        ("$GS upgrades $MU", "GS MU"),
        ("Goldman Sachs raises its dividend", "GS"),
        ("Goldman Sachs raised to buy at Citi", "GS"),
        ("Citi upgrades Goldman Sachs", "GS"),
        ("Goldman Sachs was upgraded by Citi", "GS"),
        ("Goldman Sachs price target cut by UBS", "GS"),
        ("Goldman Sachs expects profit to fall", "GS"),
        ("JPMorgan says it will cut jobs", "JPM"),
        ("JPMorgan beats analyst estimates", "JPM"),
        ("JPMorgan and Citi rose with Micron", "JPM C MU"),
        ("Bank of America raises $2bn to buy a rival", "BAC"),
        ("Sold my UBS shares", "UBS"),
        ("Morgan Stanley (MS) fell 3%", "MS"),
        ("Stocks to watch: Citigroup", "C"),
        ("Micron or Citigroup", "MU C"),
    ],
)
def test_a_bank_that_is_spoken_of_stays(text, named):
    assert tickers(text) == set(named.split())


def test_a_bank_may_speak_in_one_sentence_and_be_the_subject_of_another():
    rows = find_mentions(table("UBS upgrades Micron.", "UBS shares fell.", text_id="a"), LISTED).to_pylist()
    assert [(row["position"], row["ticker"]) for row in rows] == [(1, "MU"), (2, "UBS")]


# Threads


def in_thread(text: str, *given: str) -> set[str]:
    threads = pa.table(
        {"text_id": pa.array(["test:0"] * len(given), pa.string()), "ticker": pa.array(given, pa.string())}
    )
    return set(find_mentions(table(text), LISTED, threads)["ticker"].to_pylist())


@pytest.mark.parametrize(
    ("text", "ticker"),
    [
        ("still holding ON here", "ON"),
        ("ALL is cheap", "ALL"),
        ("NOW will run", "NOW"),
        ("sold A yesterday", "A"),
        ("F calls print", "F"),
        ("T dividend is safe", "T"),
        ("MU looks tired", "MU"),
        ("apple looks tired", "AAPL"),
        ("Target looks tired", "TGT"),
    ],
)
def test_a_doubtful_symbol_is_believed_where_the_first_post_names_its_company(text, ticker):
    assert in_thread(text) == set()
    assert in_thread(text, "KO") == set()
    assert in_thread(text, ticker) == {ticker}


@pytest.mark.parametrize(
    ("text", "ticker"),
    [
        ("A good day for us", "A"),
        ("F in the chat", "F"),
        ("WE ARE ALL IN ON THIS ONE, HOLD", "ALL"),
        ("come on, all of you", "ON"),
        ("plan A failed", "A"),
    ],
)
def test_a_thread_makes_no_symbol_of_a_word(text, ticker):
    assert in_thread(text, ticker) == set()


def test_a_thread_counts_for_its_own_texts_only_and_by_company():
    threads = pa.table({"text_id": ["test:1", "test:2", "elsewhere"], "ticker": ["ON", "NOSUCH", "ON"]})
    rows = find_mentions(table("ON is cheap", "ON is cheap", "ON is cheap"), LISTED, threads)
    assert rows["text_id"].to_pylist() == ["test:1"]
    assert rows["rule"].to_pylist() == ["symbol"]
    assert in_thread("META looks tired", "FB") == {"META"}


# Quotes


def about(*lines: str, symbols: list[str] | None = None) -> list[dict]:
    """Mentions of one text whose quoted lines begin with ``>``."""
    sentences = table(
        *[line.removeprefix("> ") for line in lines],
        text_id="a",
        is_title=[False] * len(lines),
        is_quote=[line.startswith("> ") for line in lines],
    )
    texts = pa.table({"text_id": ["a"], "symbols": pa.array([symbols], pa.list_(pa.string()))})
    return meant(texts, sentences, LISTED).to_pylist()


def test_a_reply_that_names_nothing_itself_answers_what_it_quotes():
    (row,) = about("> Long $MU here.", "No way.")
    assert (row["ticker"], row["rule"], row["matched"], row["position"]) == ("MU", "quoted", "$MU", 1)
    assert row["confidence"] == CONFIDENCE["cashtag"] * QUOTED_WEIGHT
    assert 0 < row["relevance"] <= QUOTED_WEIGHT


def test_a_reply_that_names_its_own_is_not_about_what_it_quotes():
    assert [(row["ticker"], row["rule"]) for row in about("> Long $MU here.", "Rather $NVDA.")] == [("NVDA", "cashtag")]
    rows = about("> Long $MU here.", "I hold $MU too.")
    assert [(row["ticker"], row["rule"], row["position"]) for row in rows] == [("MU", "cashtag", 2)]
    assert rows[0]["relevance"] == 1.0  # the quoted line is no part of what the author says
    assert [(row["ticker"], row["rule"]) for row in about("> $MU", "Ok.", symbols=["KO"])] == [("KO", "source_symbol")]


def test_a_quotation_makes_a_doubtful_symbol_clear():
    rows = about("> $ON is a buy.", "I think ON is done.")
    assert [(row["ticker"], row["rule"], row["position"]) for row in rows] == [("ON", "symbol", 2)]


def test_meant_gives_the_columns_of_mentions_and_relevance_for_nothing_too():
    empty = table("x", text_id="a", is_title=[False], is_quote=[False]).slice(0, 0)
    texts = pa.table({"text_id": pa.array([], pa.string()), "symbols": pa.array([], pa.list_(pa.string()))})
    assert meant(texts, empty, LISTED).column_names == [*MENTIONS.names, "relevance"]


# Days


def on(day: date, text: str) -> list[tuple[str, str]]:
    rows = find_mentions(table(text, day=pa.array([day], pa.date32())), LISTED).to_pylist()
    return [(row["ticker"], row["instrument_id"]) for row in rows]


def test_a_company_goes_by_the_symbol_that_it_had_on_the_day():
    assert on(date(2014, 5, 1), "$FB") == [("FB", "meta")]
    assert on(date(2014, 5, 1), "Facebook reports") == [("FB", "meta")]
    assert on(date(2024, 5, 1), "Facebook reports") == [("META", "meta")]
    assert on(date(2024, 5, 1), "$FB") == [("META", "meta")]
    assert on(date(2022, 6, 8), "#Facebook") == [("FB", "meta")]
    assert on(date(2022, 6, 9), "#Facebook") == [("META", "meta")]


def test_a_symbol_before_its_first_day_was_somebody_elses():
    assert on(date(2014, 5, 1), "$META") == []
    assert on(date(2014, 5, 1), "$B and (NYSE: GOLD)") == []
    assert on(date(2025, 6, 1), "$B") == [("B", "b")]


def test_a_company_that_is_gone_keeps_its_last_symbol():
    assert on(date(2024, 5, 1), "$TWTR") == [("TWTR", "twtr")]


# Hostile text


@pytest.mark.parametrize(
    "text",
    [
        "$\u202eMU",
        "$M\u200fU",
        "$\u2066M\u2069U",
        "$M\u200b\u200c\u200d\u2060\ufeffU",
        "\uff04ＭＵ",
        "$\U0001d5e0\U0001d5e8",
        "$\U0001d40c\U0001d414",
        "$\U0001d67c\U0001d684",
    ],
)
def test_what_has_no_width_and_fancy_letters_hide_no_symbol(text):
    (row,) = find_mentions(table(text), LISTED).to_pylist()
    assert row["ticker"] == "MU"
    assert text[row["start"] :].startswith(row["matched"])


def test_bytes_cut_in_the_middle_of_a_letter_are_read():
    assert tickers("$MU \ud7ff \ufffd \U0010ffff $NVDA") == {"MU", "NVDA"}


@pytest.mark.parametrize(
    "part",
    [
        "UBS ",
        "Goldman raised ",
        "according to UBS ",
        "UBS, ",
        "upgraded by Citi ",
        "JPMorgan A B ",
        "the next Tesla ",
        "the Tesla of ",
        "on Facebook ",
        "UBS (",
        "UBS's chief analyst ",
    ],
)
def test_time_grows_with_the_length_of_a_text_about_banks_and_places(part):
    began = time.process_time()
    find_mentions(table(part * (100_000 // len(part))), LISTED)
    assert time.process_time() - began < 5


def test_ten_thousand_cashtags_in_one_text_of_a_thread():
    text = " ".join(["$MU", "$NVDA", "$NOSUCH", "$mu and holding ON"] * 2_500)
    began = time.process_time()
    assert in_thread(text, "ON") == {"MU", "NVDA", "ON"}
    assert time.process_time() - began < 2
