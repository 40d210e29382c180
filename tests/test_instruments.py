"""The list of instruments: what it must hold, how a broken one is refused, that it can be built again."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from pipelines.text.instruments import INSTRUMENTS, BadInstruments, read_instruments

ROOT = Path(__file__).parents[1]
LISTED = ROOT / "warehouse" / "reference" / "instruments.csv"
HEADER = ",".join(INSTRUMENTS.names)
GOOD = "TGT,tgt,Target,Target Corp,stock,XNYS,SPY,true,Target=context,price target,,"
SPY = "SPY,spy,SPDR S&P 500,,etf,XNYS,,false,,,,"


@pytest.fixture(scope="module")
def listed() -> dict[str, dict]:
    """Rows of the committed list by ticker."""
    return {row["ticker"]: row for row in read_instruments(LISTED).to_pylist()}


def test_the_list_holds_the_index_foreign_companies_funds_and_coins(listed):
    kinds = [row["kind"] for row in listed.values() if row["valid_to"] is None]
    assert kinds.count("stock") > 503
    assert kinds.count("adr") >= 80
    assert kinds.count("etf") >= 60
    assert kinds.count("crypto") >= 30
    named = "AAPL BRK.B MU GOOG TSM ASML BABA NVO SAP SONY TM HSBC BP SHEL SPY QQQ SOXX VXX GME AMC PLTR BTC GT"
    assert set(named.split()) <= listed.keys()


def test_every_member_of_the_index_is_listed(shared, listed):
    lines = (shared / "names" / "sp500_constituents.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert {line.split(",")[0] for line in lines} <= listed.keys()


def test_returns_are_compared_with_the_market_semiconductors_with_their_own(listed):
    benchmarks = {ticker: listed[ticker]["benchmark"] for ticker in ("KO", "FSLR", "MU", "TSM", "ETH", "SPY", "BTC")}
    assert benchmarks == {
        "KO": "SPY",
        "FSLR": "SPY",
        "MU": "SOXX",
        "TSM": "SOXX",
        "ETH": "BTC",
        "SPY": None,
        "BTC": None,
    }


def test_coins_trade_around_the_clock_and_nothing_else_does(listed):
    assert {row["calendar"] for row in listed.values() if row["kind"] == "crypto"} == {"24/7"}
    assert {row["calendar"] for row in listed.values() if row["kind"] != "crypto"} == {"XNYS"}


def test_a_changed_symbol_stays_the_same_instrument(listed):
    former, current = listed["FB"], listed["META"]
    assert former["instrument_id"] == current["instrument_id"] == "meta"
    assert (former["valid_to"], current["valid_from"]) == (date(2022, 6, 8), date(2022, 6, 9))
    assert [listed[ticker]["instrument_id"] for ticker in ("PCLN", "UTX", "SYMC")] == ["bkng", "rtx", "gen"]
    assert listed["NLOK"]["valid_from"] == date(2019, 11, 5)


def test_symbols_that_are_words_are_marked(listed):
    words = "A ALL ARE CAN GO IT KEY LOW NOW ON OPEN REAL T C D DD AI ATH CEO IMO USD YOLO"
    assert all(listed[ticker]["is_word"] for ticker in words.split())
    assert not any(listed[ticker]["is_word"] for ticker in ("NVDA", "AAPL", "GME", "PLTR", "SPY", "MU"))


def test_the_list_is_what_the_script_builds(shared, tmp_path):
    folder = ROOT / "warehouse" / "reference"
    for name in ("build_instruments.py", "names.csv", "former_symbols.csv", "symbol_words.txt"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    subprocess.run([sys.executable, tmp_path / "build_instruments.py", shared / "names"], check=True)
    assert (tmp_path / "instruments.csv").read_bytes() == LISTED.read_bytes()


def read(folder: Path, *lines: str, header: str = HEADER) -> pa.Table:
    path = folder / "list.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return read_instruments(path)


def test_empty_cells_are_null(tmp_path):
    row = read(tmp_path, SPY, GOOD).to_pylist()[0]
    assert row["other_names"] is row["benchmark"] is row["valid_to"] is None
    assert row["is_word"] is False


def test_a_name_may_need_two_things(tmp_path):
    marked = GOOD.replace("Target=context", "Target=context|Target=place|Target Corp=house")
    assert read(tmp_path, SPY, marked).to_pylist()[1]["name_is_word"] == "Target=context|Target=place|Target Corp=house"


def test_banks_that_rate_others_are_houses_and_platforms_are_places(listed):
    houses = "UBS GS JPM MS C BAC WFC BCS HSBC DB NMR MFG RY TD BMO KEY TFC MCO SPGI IT FDS"
    assert all("=house" in listed[ticker]["name_is_word"] for ticker in houses.split())
    assert all(
        "=place" in listed[ticker]["name_is_word"] for ticker in ("META", "GOOG", "TWTR", "AMZN", "HOOD", "RDDT")
    )
    assert not any("=house" in (listed[ticker]["name_is_word"] or "") for ticker in ("MU", "NVDA", "AAPL", "V"))


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(f"{HEADER}\n{SPY}\n", encoding="utf-8-sig")
    assert read_instruments(path)["ticker"].to_pylist() == ["SPY"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (GOOD.replace("TGT,", "tgt,", 1), "line 3, column ticker: 'tgt'"),
        (GOOD.replace(",tgt,", ",,"), "line 3, column instrument_id"),
        (GOOD.replace("Target,Target", ",Target"), "line 3, column name"),
        (GOOD.replace("stock", "share"), "line 3, column kind: 'share'"),
        (GOOD.replace("XNYS", "24/7"), "line 3, column calendar"),
        (GOOD.replace("SPY", "SOXX"), "line 3, column benchmark: SOXX is not a listed ticker"),
        (GOOD.replace("true", "yes"), "line 3, column is_word: 'yes'"),
        (GOOD.replace("=context", "=maybe"), "line 3, column name_is_word"),
        (GOOD.replace("Target=context", "Gap=context"), "line 3, column name_is_word"),
        (GOOD.replace("Target=context", "Target=maybe|Target=place"), "line 3, column name_is_word"),
        (GOOD + ",", "line 3: 13 values for 12 columns"),
        (GOOD[:-1], "line 3: 11 values for 12 columns"),
        (GOOD + "June", "line 3, column valid_to: 'June' is not a date like 2022-06-09"),
        (GOOD[:-1] + "2022-01-02,2022-01-01", "line 3, column valid_to: 2022-01-01 is before valid_from"),
        (SPY, "line 3, column ticker: SPY is already listed"),
    ],
)
def test_a_broken_line_is_named(tmp_path, line, said):
    with pytest.raises(BadInstruments, match=r"list\.csv, line") as error:
        read(tmp_path, SPY, line)
    assert said in str(error.value)


def test_a_missing_column_is_named(tmp_path):
    with pytest.raises(BadInstruments, match=r"line 1: the columns are .*expected ticker, instrument_id"):
        read(tmp_path, SPY, header=HEADER.replace("kind", "sort"))
