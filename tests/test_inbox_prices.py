"""Price files of every vendor become the same rows; what cannot be read is refused by line and column."""

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.prices.inbox_prices import read_prices
from pipelines.prices.rows import PRICE_ROWS
from pipelines.sources.rows import REJECT_ROWS, BrokenFile, Limits, UnknownShape

SHARED = Path(__file__).parents[2] / "shared" / "data"
real = pytest.mark.skipif(not SHARED.is_dir(), reason="needs the shared real data")

DAY = "Date,Open,High,Low,Close,Adj Close,Volume\n2014-01-02,10,12,9,11,5.5,1000\n"


def read(path: Path, limits: Limits | None = None) -> tuple[list[dict], list[dict]]:
    batches = list(read_prices(path, limits or Limits()))
    for batch in batches:
        assert batch.prices.schema == PRICE_ROWS
        assert batch.rejects.schema == REJECT_ROWS
    prices = [row for batch in batches for row in batch.prices.to_pylist()]
    return prices, [row for batch in batches for row in batch.rejects.to_pylist()]


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def price_row(**fields) -> dict:
    return dict.fromkeys(PRICE_ROWS.names) | fields


@real
@pytest.mark.parametrize(
    ("name", "rows", "first"),
    [
        (
            "yahoo-daily/SPY-2008-2017.csv",
            2519,
            {
                "ticker": "SPY",
                "trading_day": date(2007, 12, 31),
                "close": 146.210007,
                "adjusted_close": 118.624741,
            },
        ),
        (
            "bluefin-daily/MU.csv",
            9210,
            {
                "ticker": "MU",
                "trading_day": date(1984, 6, 1),
                "open": None,
                "close": 1.4125,
                "volume": 7340000.0,
            },
        ),
        (
            "nasdaq-daily/MU.csv",
            2518,
            {
                "vendor": "nasdaq",
                "trading_day": date(2024, 3, 1),
                "open": 91.92,
                "close": 95.15,
                "volume": 23446170.0,
            },
        ),
        (
            "polygon-daily/NVDA.csv",
            250,
            {
                "vendor": "polygon",
                "ticker": "NVDA",
                "trading_day": date(2025, 1, 2),
                "close": 138.31,
                "low": 134.63,
            },
        ),
        ("polygon-daily/SOXX.csv", 250, {"ticker": "SOXX", "trading_day": date(2025, 1, 2), "high": 220.22}),
        (
            "eqker-minutes/MU_daily.csv",
            283,
            {"ticker": "MU", "trading_day": date(2019, 2, 15), "close": 41.99},
        ),
        (
            "yfinance-repairs/4063-T-1d-bad-stock-split.csv",
            22,
            {"ticker": "4063.T", "trading_day": date(2023, 4, 14), "close": 4129.0, "split_ratio": 1.0},
        ),
        (
            "yfinance-repairs/KAP-IL-1d-bad-div-fixed.csv",
            665,
            {"ticker": "KAP.IL", "trading_day": date(2022, 1, 4), "adjusted_close": 33.148476582668124},
        ),
    ],
)
def test_every_vendor_gives_the_same_daily_rows(name, rows, first):
    prices, rejects = read(SHARED / "prices" / name)
    assert (len(prices), rejects) == (rows, [])
    assert {field: prices[0][field] for field in first} == first
    assert {row["bar"] for row in prices} == {"1d"}
    assert len({row["trading_day"] for row in prices}) == rows


@real
def test_the_prices_of_2014_are_read_whole_and_a_split_is_already_in_yahoos_close():
    files = sorted((SHARED / "stocknet-2014" / "prices").glob("*.csv"))
    tickers = set()
    for file in files:
        prices, rejects = read(file)
        assert rejects == []
        tickers.add(prices[0]["ticker"])
    assert len(tickers) == 88
    assert {"AAPL", "BRK.A", "RDS.B"} <= tickers
    apple = {row["trading_day"]: row for row in read(SHARED / "stocknet-2014" / "prices" / "AAPL.csv")[0]}
    over_the_split = apple[date(2014, 6, 9)]["close"] / apple[date(2014, 6, 6)]["close"] - 1
    assert over_the_split == pytest.approx(0.016, abs=0.001)


@real
def test_vintages_of_one_day_differ_by_the_splits_between_them():
    yahoo = {row["trading_day"]: row["close"] for row in read(SHARED / "prices/yahoo-daily/NVDA.csv")[0]}
    bluefin = {row["trading_day"]: row["close"] for row in read(SHARED / "prices/bluefin-daily/NVDA.csv")[0]}
    assert bluefin[date(2015, 1, 2)] / yahoo[date(2015, 1, 2)] == pytest.approx(4, rel=1e-6)


def test_dollars_separators_and_american_dates_are_read(tmp_path):
    path = written(
        tmp_path,
        "MU.csv",
        'Date,Close/Last,Volume,Open,High,Low\n3/1/2024,$95.15,"23,446,170",$91.92,"$1,096.059",$91.92\n',
    )
    assert read(path) == (
        [
            price_row(
                ticker="MU",
                bar="1d",
                trading_day=date(2024, 3, 1),
                open=91.92,
                high=1096.059,
                low=91.92,
                close=95.15,
                volume=23446170.0,
                vendor="nasdaq",
            )
        ],
        [],
    )


@pytest.mark.parametrize("cell", ["0", "0.000000", "-4.5", "null", "N/A", "", "nan", "-inf", "1e999"])
def test_a_price_that_is_none_is_missing_and_its_row_is_kept(tmp_path, cell):
    path = written(tmp_path, "MU.csv", f"Date,Open,High,Low,Close,Volume\n1984-06-01,{cell},1.425,1.4,1.41,0\n")
    [row], rejects = read(path)
    assert (row["open"], row["close"], row["volume"], rejects) == (None, 1.41, 0.0, [])


@pytest.mark.parametrize("cell", [" 95.15 ", "+95.15", "$95.15", "95.150", ".9515e2", "9515E-2", '"95.15"'])
def test_spellings_of_one_number_are_one_number(tmp_path, cell):
    path = written(tmp_path, "MU.csv", f"Date,Open,Close\n1984-06-01,{cell},1.\n")
    assert [(row["open"], row["close"]) for row in read(path)[0]] == [(95.15, 1.0)]


def test_a_bar_that_contradicts_itself_is_kept_as_it_came(tmp_path):
    path = written(tmp_path, "MU.csv", "Date,Open,High,Low,Close\n2020-01-02,10,8,12,20\n")
    [row], rejects = read(path)
    assert (row["open"], row["high"], row["low"], row["close"], rejects) == (10.0, 8.0, 12.0, 20.0, [])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2014-01-03,1,1,1,abc,1,1", "close: 'abc' is no number"),
        ("2014-01-03,1,1,1,'95,15',1,1".replace("'", '"'), "close: '95,15' is no number"),
        ("2014-02-30,1,1,1,1,1,1", "time: '2014-02-30' is no date or time from 1900 to 2100"),
        ("0214-01-03,1,1,1,1,1,1", "time: '0214-01-03' is no date or time from 1900 to 2100"),
        ("Date,Open,High,Low,Close,Adj Close,Volume", "time: 'Date' is no date or time from 1900 to 2100"),
        ("2014-01-03,1,1,1", "4 columns where the header has 7"),
        ("2014-01-03,1,1,1,1,1,1,1", "8 columns where the header has 7"),
        ('2014-01-03,1,1,1,1,1,"1', "a quote is opened and not closed"),
        ("2014-01-02,1,1,1,1,1,1", "differs from the row kept for the same bar, line 2"),
    ],
)
def test_a_bad_line_is_refused_with_its_number_and_its_column(tmp_path, line, reason):
    path = written(tmp_path, "MU.csv", f"{DAY}\n{line}\n2014-01-06,10,12,9,11,5.5,1000\n")
    prices, rejects = read(path)
    assert [row["trading_day"] for row in prices] == [date(2014, 1, 2), date(2014, 1, 6)]
    assert rejects == [{"line": 4, "reason": reason, "excerpt": line}]


def test_a_line_beyond_the_limit_is_refused_and_the_file_goes_on(tmp_path):
    path = written(tmp_path, "MU.csv", f"{DAY}2014-01-03,{'1' * 9000},1,1,1,1,1\n2014-01-06,10,12,9,11,5.5,1\n")
    prices, rejects = read(path, Limits(line_bytes=4096))
    assert (len(prices), [row["line"] for row in rejects]) == (2, [3])
    assert len(rejects[0]["excerpt"]) == 500


def test_rows_that_agree_are_one_and_of_those_that_differ_the_fullest_is_kept(tmp_path):
    full, empty, early = "2014-01-02,1,2,1,2,2,500", "2014-01-02,,,,,,", "2014-01-02,1,2,1,2,2,0"
    for order in ([full, empty, early, full], [early, full, full, empty], [empty, full, early, full]):
        header = DAY.splitlines()[0]
        prices, rejects = read(written(tmp_path, "MU.csv", "\n".join([header, *order])))
        assert [row["volume"] for row in prices] == [500.0]
        assert sorted(row["excerpt"] for row in rejects) == sorted([empty, early])


def test_our_own_shape_has_days_and_minutes(tmp_path):
    path = written(
        tmp_path,
        "anything.csv",
        "ticker,day,start_at,open,high,low,close,adjusted_close,volume,dividend,split_ratio,vendor\n"
        "BRK-A,2024-01-02,,1,2,1,2,1.9,10,0.5,2,Mine\n"
        "BTC-USD,2024-01-02,,1,2,1,2,,,,,\n",
    )
    values = {
        "bar": "1d",
        "trading_day": date(2024, 1, 2),
        "open": 1.0,
        "high": 2.0,
        "low": 1.0,
        "close": 2.0,
    }
    extra = {"adjusted_close": 1.9, "volume": 10.0, "dividend": 0.5, "split_ratio": 2.0, "vendor": "mine"}
    assert read(path) == (
        [price_row(ticker="BRK.A", **values, **extra), price_row(ticker="BTC", vendor="inbox", **values)],
        [],
    )
    minutes = written(tmp_path, "x.csv", "ticker,start_at,open,close\nMU,2024-07-03T13:30:00Z,1,2\n")
    [row], _ = read(minutes)
    assert row == price_row(
        ticker="MU",
        bar="1min",
        trading_day=date(2024, 7, 3),
        start_at=datetime(2024, 7, 3, 13, 30, tzinfo=UTC),
        open=1.0,
        close=2.0,
        vendor="inbox",
    )


def test_our_own_rows_come_back_from_parquet_and_from_json_lines(tmp_path):
    rows, _ = read(written(tmp_path, "MU.csv", DAY))
    table = pa.Table.from_pylist(rows, schema=PRICE_ROWS)
    pq.write_table(table, tmp_path / "days.parquet")
    assert read(tmp_path / "days.parquet") == (rows, [])
    lines = "\n".join(json.dumps(row, default=str) for row in rows)
    assert read(written(tmp_path, "days.ndjson", f"{lines}\n[1]\n")) == (
        rows,
        [{"line": 2, "reason": "not a JSON object", "excerpt": "[1]"}],
    )
    assert read(written(tmp_path, "days.json", f"[\n{lines}\n]"))[0] == rows


@pytest.mark.parametrize("header", ["Date,Close", "DATE , close", "\ufeffdate,CLOSE", '"Date","Close"'])
def test_header_names_are_matched_without_case_space_and_byte_order_mark(tmp_path, header):
    path = written(tmp_path, "GME.csv", f"{header}\r\n2021-01-27,347.51\r\n")
    assert [(row["ticker"], row["close"]) for row in read(path)[0]] == [("GME", 347.51)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings_make_no_difference(tmp_path, encoding):
    assert read(written(tmp_path, "MU.csv", DAY.encode(encoding)))[0] == read(written(tmp_path, "MU.csv", DAY))[0]


def test_yfinance_with_a_header_of_three_lines_is_read(tmp_path):
    text = "Price,Close,High,Low,Open,Volume\nTicker,{0},{0},{0},{0},{0}\nDate,,,,,\n2024-01-02,4,5,2,3,10\n"
    [row], rejects = read(written(tmp_path, "data.csv", text.format("BRK-B")))
    assert (row["ticker"], row["close"], row["open"], row["volume"], rejects) == ("BRK.B", 4.0, 3.0, 10.0, [])
    with pytest.raises(UnknownShape, match=r"line 2 names 2 tickers side by side"):
        read(written(tmp_path, "data.csv", text.format("A").replace("A,A,A,A,A", "A,B,A,B,A")))


@real
def test_compression_makes_no_difference(tmp_path):
    plain = SHARED / "prices" / "nasdaq-daily" / "GME.csv"
    expected = read(plain)
    data = plain.read_bytes()
    assert read(written(tmp_path, "GME.csv.gz", gzip.compress(data))) == expected
    assert read(written(tmp_path, "GME.csv.zst", zstandard.compress(data))) == expected
    assert read(written(tmp_path, "GME", gzip.compress(data))) == expected


def test_a_truncated_file_gives_the_rows_before_the_cut_and_then_an_error(tmp_path):
    lines = "".join(f"{date.fromordinal(730000 + day)},{day + 1},{day + 2}\n" for day in range(30_000))
    path = written(tmp_path, "MU.csv.gz", gzip.compress(f"Date,Open,Close\n{lines}".encode())[:-2000])
    prices = []
    with pytest.raises(BrokenFile, match=r"MU\.csv\.gz"):
        for batch in read_prices(path, Limits()):
            prices += batch.prices.to_pylist()
    assert 10_000 < len(prices) < 30_000
    assert prices[0]["close"] == 2.0


def test_a_large_file_comes_in_batches(tmp_path):
    header = "ticker,day,close\n"
    lines = "".join(f"T{row % 9},{date.fromordinal(725000 + row // 9)},{row + 1}\n" for row in range(110_000))
    batches = list(read_prices(written(tmp_path, "all.csv", header + lines), Limits()))
    assert max(batch.prices.num_rows for batch in batches) == 10_000
    assert sum(batch.prices.num_rows for batch in batches) == 110_000


rows_of_a_file = st.lists(
    st.tuples(
        st.dates(date(2000, 1, 1), date(2000, 2, 15)),
        *[st.one_of(st.just(""), st.floats(0.01, 1e6, allow_subnormal=False).map(repr)) for _ in range(5)],
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(rows=rows_of_a_file, data=st.data())
def test_the_order_of_rows_and_columns_means_nothing(tmp_path_factory, rows, data):
    names = ["date", "open", "high", "low", "close", "volume"]
    columns = data.draw(st.permutations(range(len(names))))
    shuffled = data.draw(st.permutations(rows))
    tables = []
    for order, lines in ((range(len(names)), rows), (columns, shuffled)):
        text = "\n".join(",".join(str(row[column]) for column in order) for row in [tuple(names), *lines])
        prices, _ = read(written(tmp_path_factory.mktemp("permuted"), "MU.csv", text))
        tables.append(sorted(prices, key=lambda row: row["trading_day"]))
    assert tables[0] == tables[1]


@settings(max_examples=150, deadline=None)
@given(content=st.one_of(st.text(), st.text("0123456789,.\"'$-/:{}[]\n", max_size=200), st.binary(max_size=300)))
def test_whatever_a_file_holds_it_is_read_or_refused_by_name(tmp_path_factory, content):
    header = DAY.splitlines()[0].encode()
    content = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    for data in (content, header + b"\n" + content, DAY.encode() + content, b'{"results": [' + content):
        path = written(tmp_path_factory.mktemp("hostile"), "MU.csv", data)
        try:
            read(path)
        except (UnknownShape, BrokenFile) as error:
            assert "MU.csv" in str(error)
