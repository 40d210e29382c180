"""Answers of price services are read like their CSV files; a file without prices is named with its line."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.prices.inbox_prices import read_prices, sidecar_of
from pipelines.sources.rows import BrokenFile, Limits, UnknownShape


def read(path: Path, limits: Limits | None = None) -> tuple[list[dict], list[dict]]:
    batches = list(read_prices(path, limits or Limits()))
    prices = [row for batch in batches for row in batch.prices.to_pylist()]
    return prices, [row for batch in batches for row in batch.rejects.to_pylist()]


def answer(folder: Path, document: object, name: str = "answer.json", **style) -> Path:
    path = folder / name
    path.write_text(json.dumps(document, **style))
    return path


def alpha_vantage(series: str, bars: dict, symbol: str = "MSFT") -> dict:
    return {
        "Meta Data": {
            "1. Information": "-",
            "2. Symbol": symbol,
            "4. Interval": "-",
            "6. Time Zone": "US/Eastern",
        },
        series: bars,
    }


@pytest.mark.parametrize("indent", [None, 2])
def test_alpha_vantages_daily_answer_is_read(tmp_path, indent):
    bars = {
        "2020-12-18": {
            "1. open": "218.5900",
            "2. high": "219.6900",
            "3. low": "216.0200",
            "4. close": "218.5900",
            "5. adjusted close": "217.10",
            "6. volume": "63354900",
            "7. dividend amount": "0.5600",
            "8. split coefficient": "1.0",
        },
        "2020-12-17": {"1. open": "0.0000", "4. close": "219.42"},
        "2020-12-16": {"1. open": "?", "4. close": "219.28"},
    }
    prices, rejects = read(answer(tmp_path, alpha_vantage("Time Series (Daily)", bars), indent=indent))
    assert prices[0] == {
        "ticker": "MSFT",
        "bar": "1d",
        "trading_day": date(2020, 12, 18),
        "start_at": None,
        "open": 218.59,
        "high": 219.69,
        "low": 216.02,
        "close": 218.59,
        "adjusted_close": 217.1,
        "volume": 63354900.0,
        "dividend": 0.56,
        "split_ratio": 1.0,
        "vendor": "alphavantage",
    }
    assert (len(prices), prices[1]["open"], prices[1]["close"]) == (2, None, 219.42)
    assert [(row["line"], row["reason"]) for row in rejects] == [(None, "open: '?' is no number")]


@pytest.mark.parametrize(("first", "last"), [("09:30", "15:59"), ("09:31", "16:00"), ("18:21", "20:00")])
def test_alpha_vantages_minutes_are_placed_by_what_the_answer_shows(tmp_path, first, last):
    stamp, end = (datetime.fromisoformat(f"2020-12-18T{time}") for time in (first, last))
    bars = {}
    while stamp <= end:
        bars[f"{stamp:%Y-%m-%d %H:%M:%S}"] = {"1. open": "1", "4. close": "2", "5. volume": "10"}
        stamp += timedelta(minutes=1)
    newest_first = dict(reversed(bars.items()))
    prices, _ = read(answer(tmp_path, alpha_vantage("Time Series (1min)", newest_first)))
    last_start = {"15:59": "20:59", "16:00": "20:59", "20:00": "00:59"}[last]
    assert f"{prices[0]['start_at']:%H:%M}" == last_start
    assert {(row["bar"], row["trading_day"]) for row in prices} == {("1min", date(2020, 12, 18))}


def test_polygons_answer_is_read_wherever_its_ticker_stands(tmp_path):
    day = {"v": 70790813, "vw": 131.6292, "o": 130.465, "c": 130.15, "h": 133.41, "l": 129.89, "n": 645365}
    days = {"results": [day | {"t": 1673240400000}], "resultsCount": 1, "status": "OK", "ticker": "AAPL"}
    [row], rejects = read(answer(tmp_path, days))
    assert (row["ticker"], row["bar"], row["trading_day"]) == ("AAPL", "1d", date(2023, 1, 9))
    assert (row["open"], row["close"], row["volume"], row["vendor"]) == (
        130.465,
        130.15,
        70790813.0,
        "polygon",
    )
    assert rejects == []
    minutes = {
        "ticker": "X:BTCUSD",
        "results": [day | {"t": 1673240400000 + 60000 * count} for count in range(3)],
    }
    [row, *_], _ = read(answer(tmp_path, minutes | {"results": [*minutes["results"], 7]}))
    assert (row["ticker"], row["bar"]) == ("BTC", "1min")
    assert row["start_at"] == datetime(2023, 1, 9, 5, tzinfo=UTC)


def test_an_answer_without_bars_is_no_error(tmp_path):
    assert read(answer(tmp_path, {"ticker": "AAPL", "resultsCount": 0, "status": "OK"})) == ([], [])
    assert read(answer(tmp_path, alpha_vantage("Time Series (Daily)", {}))) == ([], [])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the file is empty"),
        (" \n\n\t", "the file is empty"),
        (
            "name,age\nBob,7\n",
            r"line 1 is 'name,age': no column of dates or times; expected a comma-separated header",
        ),
        ("\n\nDate;Open;Close\n", r"line 3 is 'Date;Open;Close': no column"),
        ("2014-01-02,1,2,3,4\n2014-01-03,1,2,3,4\n", r"line 1 is '2014-01-02,1,2,3,4'"),
        ("Date,Close,close\n", r"column close is there twice"),
        ('{"Note": "thank you"}', r"line 1 begins '\{\"Note\": \"thank you\"\}': no bars in it; expected"),
        ('{"Weekly Time Series": {}}', "is not daily or 1min"),
        ('{"Time Series (5min)": {}}', "is not daily or 1min"),
        ('{"results": {}, "status": "OK", "resultsCount": 1}', "results is not a list"),
        ('{"results": [{"T": 1}]}', "its first row is"),
        ('{"a": ', "not JSON lines, nor one whole JSON document"),
        ("[" * 100_000, "not JSON lines, nor one whole JSON document"),
        ('[{"text": "a"}]', "its first row is"),
        ("<html><body>503</body></html>", "no column of dates or times"),
    ],
)
def test_a_file_of_unknown_shape_names_its_first_line_and_what_is_expected(tmp_path, content, message):
    path = tmp_path / "AAPL.dat"
    path.write_text(content)
    with pytest.raises(UnknownShape, match=message) as error:
        read(path)
    assert str(error.value).startswith("AAPL.dat: ")


def test_a_document_beyond_the_limit_and_a_damaged_parquet_file_are_broken(tmp_path):
    document = alpha_vantage("Time Series (Daily)", {"2020-12-18": {"4. close": "1"}})
    with pytest.raises(BrokenFile, match=r"answer\.json"):
        read(answer(tmp_path, document), Limits(page_bytes=64))
    damaged = tmp_path / "AAPL.parquet"
    damaged.write_bytes(b"PAR1 and nothing more")
    with pytest.raises(BrokenFile, match=r"AAPL\.parquet: not a whole parquet file"):
        read(damaged)
    pq.write_table(pa.table({"day": ["2020-12-18"] * 1_000_000, "close": [1.0] * 1_000_000}), damaged)
    with pytest.raises(BrokenFile, match="not believed"):
        read(damaged, Limits(expanded_bytes=10_000))


def test_a_data_frame_saved_as_parquet_is_read_by_its_columns(tmp_path):
    days = (
        pa.array(["2024-01-02T05:00", "2024-01-03T05:00"])
        .cast(pa.timestamp("ns"))
        .cast(pa.timestamp("ns", "America/New_York"))
    )
    table = pa.table({"Close": [1.5, None], "Volume": [10, 20], "Date": days, "Note": [["x"], None]})
    pq.write_table(table, tmp_path / "MU.parquet")
    prices, rejects = read(tmp_path / "MU.parquet")
    assert [(row["trading_day"], row["close"], row["volume"]) for row in prices] == [
        (date(2024, 1, 2), 1.5, 10.0),
        (date(2024, 1, 3), None, 20.0),
    ]
    assert rejects == []
    with pytest.raises(UnknownShape, match=r"column Close is of type list"):
        pq.write_table(table.rename_columns(["x", "y", "Date", "Close"]), tmp_path / "MU.parquet")
        read(tmp_path / "MU.parquet")


@pytest.mark.parametrize("said", ['{"bar_stamp": "middle"}', '{"ticker": "no, two"}', '{"time_zone": 5}'])
def test_a_sidecar_that_says_nothing_known_is_an_error(tmp_path, said):
    path = tmp_path / "AAPL.csv"
    path.write_text("Date,Close\n2014-01-02,1\n")
    (tmp_path / "AAPL.json").write_text(said)
    with pytest.raises(UnknownShape, match=r"^AAPL\.json: "):
        read(path)


@pytest.mark.parametrize("content", ["[]", "{}", '{"ticker": ', '{"ticker": "MU", "resultsCount": 0}', "x"])
def test_another_file_of_the_same_name_is_no_sidecar(tmp_path, content):
    path = tmp_path / "AAPL.csv"
    path.write_text("Date,Close\n2014-01-02,1\n")
    (tmp_path / "AAPL.json").write_text(content)
    assert sidecar_of(path) is None
    assert [row["ticker"] for row in read(path)[0]] == ["AAPL"]
    (tmp_path / "AAPL.csv.json").write_text('{"vendor": "mine"}')
    assert sidecar_of(path) == tmp_path / "AAPL.csv.json"
    assert [row["vendor"] for row in read(path)[0]] == ["mine"]
