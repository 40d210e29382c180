"""One-minute bars start when they started, whichever end a vendor stamps, however its clocks are written."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipelines.market.sessions import sessions
from pipelines.prices.inbox_prices import read_prices
from pipelines.sources.rows import Limits, UnknownShape

SHARED = Path(__file__).parents[2] / "shared" / "data"
real = pytest.mark.skipif(not SHARED.is_dir(), reason="needs the shared real data")
NEW_YORK = ZoneInfo("America/New_York")
MINUTE = timedelta(minutes=1)


def read(path: Path, **sidecar: str) -> tuple[list[dict], list[dict]]:
    if sidecar:
        path.with_name(f"{path.name}.json").write_text(json.dumps(sidecar))
    batches = list(read_prices(path, Limits()))
    prices = [row for batch in batches for row in batch.prices.to_pylist()]
    return prices, [row for batch in batches for row in batch.rejects.to_pylist()]


def starts(path: Path, **sidecar: str) -> list[datetime]:
    return [row["start_at"] for row in read(path, **sidecar)[0]]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def bars_csv(path: Path, stamps: list[datetime], volumes: dict[datetime, int] | None = None, form="%Y-%m-%d %H:%M:%S"):
    lines = [f"{stamp.strftime(form)},1,2,1,2,{(volumes or {}).get(stamp, 100)}" for stamp in stamps]
    path.write_text("\n".join(["datetime,open,high,low,close,volume", *lines]))
    return path


def minutes(first: str, last: str) -> list[datetime]:
    """Every minute from first to last, both included, newest first."""
    start, end = datetime.fromisoformat(first), datetime.fromisoformat(last)
    return [end - count * MINUTE for count in range(int((end - start) / MINUTE) + 1)]


@real
@pytest.mark.parametrize("ticker", ["AAPL", "MU", "QQQ", "SPY", "TSLA"])
def test_minutes_stamped_with_their_end_are_moved_to_their_start(ticker):
    prices, rejects = read(SHARED / "prices/eqker-minutes" / f"{ticker}_1min.csv")
    daily, _ = read(SHARED / "prices/eqker-minutes" / f"{ticker}_daily.csv")
    assert rejects == []
    for day in [date(2019, 2, 11), date(2019, 2, 15)]:
        bars = sorted((row for row in prices if row["trading_day"] == day), key=lambda row: row["start_at"])
        assert bars[0]["start_at"] == utc(f"{day} 14:30")
        assert bars[-1]["start_at"] == utc(f"{day} 20:59")
        [of_day] = [row for row in daily if row["trading_day"] == day]
        assert bars[0]["open"] == pytest.approx(of_day["open"], rel=3e-3)
        assert bars[-1]["close"] == pytest.approx(of_day["close"], rel=3e-3)


@real
def test_minutes_stamped_with_their_start_stay_and_their_copies_are_one():
    path = SHARED / "prices/yfinance-minutes/SPY.csv"
    prices, rejects = read(path)
    assert len(prices) == len({row["start_at"] for row in prices}) == 8360
    # Of 8,364 different rows four contradict another: one has no prices, three no volume.
    assert len(rejects) == 4
    assert {row["start_at"]: row["volume"] for row in prices}[utc("2019-12-20 14:30")] == 3704293
    regular = [row for row in prices if row["trading_day"] == date(2020, 1, 15)]
    assert min(row["start_at"] for row in regular) == utc("2020-01-15 14:30")
    assert max(row["start_at"] for row in regular) == utc("2020-01-15 20:59")


@real
def test_the_same_minutes_stamped_at_either_end_are_the_same_rows(tmp_path):
    prices, _ = read(SHARED / "prices/yfinance-minutes/SPY.csv")
    kept = [row for row in prices if row["start_at"] != utc("2019-12-24 18:00")]
    lines = [f"{(row['start_at'] + MINUTE).astimezone(NEW_YORK):%Y-%m-%d %H:%M:%S},{row['close']!r}" for row in kept]
    path = tmp_path / "SPY.csv"
    path.write_text("\n".join(["datetime,close", *lines]))
    twin, _ = read(path)
    assert [(row["start_at"], row["trading_day"], row["close"]) for row in twin] == [
        (row["start_at"], row["trading_day"], row["close"]) for row in kept
    ]


@real
def test_a_half_day_closes_at_one(tmp_path):
    thin, _ = read(SHARED / "prices/yfinance-minutes/SOXX.csv")
    assert min(row["start_at"] for row in thin if row["trading_day"] == date(2019, 12, 24)) == utc("2019-12-24 14:30")
    [half_day] = sessions("XNYS", date(2020, 11, 27), date(2020, 11, 27)).to_pylist()
    prices, _ = read(extended(tmp_path))
    by_start = {row["start_at"]: row for row in prices if row["trading_day"] == date(2020, 11, 27)}
    last, auction = half_day["close_at"] - MINUTE, half_day["close_at"]
    assert half_day["is_half_day"]
    assert by_start[half_day["open_at"]]["volume"] == 610382
    assert (by_start[last]["volume"], by_start[auction]["volume"]) == (181027, 1480168)


def extended(folder: Path) -> Path:
    path = folder / "MSFT_extended.csv"
    path.write_bytes((SHARED / "prices/alphavantage/mock_time_series_extended").read_bytes())
    return path


@real
def test_extended_hours_are_placed_by_the_opening_auction(tmp_path):
    prices, rejects = read(extended(tmp_path))
    assert (len(prices), rejects) == (11190, [])
    assert {row["vendor"] for row in prices} == {"alphavantage"}
    opens = sessions("XNYS", date(2020, 11, 23), date(2020, 12, 18)).column("open_at").to_pylist()
    volume = {row["start_at"]: row["volume"] for row in prices}
    assert all(volume[at] > 3 * volume.get(at - MINUTE, 0) for at in opens)
    # The last bar, stamped 20:00 in New York, is of that day although it is past midnight in UTC.
    assert prices[0]["start_at"] == utc("2020-12-19 00:59")
    assert prices[0]["trading_day"] == date(2020, 12, 18)


@real
def test_a_file_without_a_ticker_asks_for_one(tmp_path):
    path = tmp_path / "mock_time_series_extended"
    path.write_bytes(extended(tmp_path).read_bytes())
    with pytest.raises(UnknownShape, match=r'write \{"ticker": "AAPL"\} into mock_time_series_extended\.json'):
        read(path)
    assert {row["ticker"] for row in read(path, ticker="MSFT", vendor="av")[0]} == {"MSFT"}


@pytest.mark.parametrize(
    ("day", "open_at"),
    [
        ("2020-03-06", "14:30"),
        ("2020-03-09", "13:30"),
        ("2020-10-30", "13:30"),
        ("2020-11-02", "14:30"),
    ],
)
@pytest.mark.parametrize(("first", "last"), [("09:30", "15:59"), ("09:31", "16:00")])
def test_naive_stamps_are_new_yorks_before_and_after_clocks_change(tmp_path, day, open_at, first, last):
    path = bars_csv(tmp_path / "MU.csv", minutes(f"{day} {first}", f"{day} {last}"))
    found = starts(path)
    assert (min(found), max(found) - min(found)) == (utc(f"{day} {open_at}"), 389 * MINUTE)


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m-%dT%H:%M",
        "%m/%d/%Y %H:%M:%S",
        "%-m/%-d/%Y %-H:%M",
        "%Y-%m-%d %H:%M:%S.000",
        "%Y-%m-%d %H:%M:%S-05:00",
    ],
)
def test_spellings_of_one_time_are_one_instant(tmp_path, form):
    path = bars_csv(tmp_path / "MU.csv", minutes("2020-01-02 09:30", "2020-01-02 15:59"), form=form)
    assert min(starts(path)) == utc("2020-01-02 14:30")


@pytest.mark.parametrize("unit", [1, 1_000, 1_000_000, 1_000_000_000])
def test_times_may_be_counted_from_1970(tmp_path, unit):
    first = int(utc("2024-07-03 13:30").timestamp())
    lines = [f"MU,{(first + 60 * count) * unit},1,{count + 1}" for count in range(210)]
    path = tmp_path / "minutes.csv"
    path.write_text("\n".join(["ticker,window_start,volume,close", *lines]))
    prices, _ = read(path)
    assert prices[0]["start_at"] == utc("2024-07-03 13:30")
    assert {(row["vendor"], row["trading_day"], row["bar"]) for row in prices} == {
        ("polygon", date(2024, 7, 3), "1min")
    }


def test_a_row_at_the_close_without_volume_does_not_vote(tmp_path):
    stamps = minutes("2020-01-02 09:30", "2020-01-02 16:00")
    path = bars_csv(tmp_path / "MU.csv", stamps, {stamps[0]: 0})
    assert min(starts(path)) == utc("2020-01-02 14:30")


def test_a_declared_stamp_is_believed(tmp_path):
    path = bars_csv(tmp_path / "MU.csv", minutes("2020-01-02 09:30", "2020-01-02 15:59"))
    assert min(starts(path, bar_stamp="end")) == utc("2020-01-02 14:29")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2020-01-02 11:00", "2020-01-02 12:00"),  # no edge of the session
        ("2020-01-02 09:31", "2020-01-02 15:59"),  # a minute without trade, but which?
        ("2020-01-02 09:30", "2020-01-02 16:00"),  # both edges traded
        ("2020-01-02 04:30", "2020-01-02 17:00"),  # extended hours without an auction to see
        ("2020-07-01 13:30", "2020-07-01 20:00"),  # UTC written as if it were local
        ("2020-01-02 08:30", "2020-01-02 15:00"),  # Chicago's clocks
    ],
)
def test_a_stamp_that_cannot_be_told_is_asked_for(tmp_path, first, last):
    path = bars_csv(tmp_path / "MU.csv", minutes(first, last))
    with pytest.raises(UnknownShape, match=r'write \{"bar_stamp": "start"\} into MU\.csv\.json beside it, or end'):
        read(path)
    assert len(read(path, bar_stamp="end")[0]) == len(minutes(first, last))


def test_times_that_cannot_be_new_yorks_need_their_zone(tmp_path):
    path = bars_csv(tmp_path / "MU.csv", minutes("2020-01-02 14:31", "2020-01-02 21:00"))
    with pytest.raises(UnknownShape, match=r'write \{"time_zone": "UTC"\} into MU\.csv\.json'):
        read(path)
    assert min(starts(path, time_zone="UTC")) == utc("2020-01-02 14:30")
    with pytest.raises(UnknownShape, match=r"there is no time zone 'Mars/Olympus'"):
        read(path, time_zone="Mars/Olympus")


def test_a_market_that_never_closes_has_utc_days(tmp_path):
    path = bars_csv(tmp_path / "BTC-USD.csv", minutes("2024-01-05 22:00", "2024-01-07 02:00"))
    prices, _ = read(path, time_zone="UTC", bar_stamp="start")
    assert {row["ticker"] for row in prices} == {"BTC"}
    assert all(row["trading_day"] == row["start_at"].date() for row in prices)


def test_hours_that_clocks_skip_or_repeat_are_refused(tmp_path):
    stamps = minutes("2020-03-08 01:30", "2020-03-08 03:30") + minutes("2020-11-01 00:30", "2020-11-01 02:30")
    path = bars_csv(tmp_path / "BTC.csv", stamps)
    prices, rejects = read(path, time_zone="America/New_York", bar_stamp="start")
    assert (len(prices), len(rejects)) == (2 * 121 - 120, 120)
    assert rejects[0]["reason"] == (
        "time: 2020-03-08 02:59:00 is skipped or comes twice as clocks change in America/New_York"
    )


def test_rows_that_are_no_minute_are_refused(tmp_path):
    path = bars_csv(tmp_path / "MU.csv", minutes("2020-01-02 09:30", "2020-01-02 15:59"))
    with path.open("a") as file:
        file.write("\n2020-01-03,1,2,1,2,100\n2020-01-03 09:30:37,1,2,1,2,100")
    assert [row["reason"] for row in read(path)[1]] == [
        "time: no time of day, in a file of one-minute bars",
        "time: not a whole minute, in a file of one-minute bars",
    ]


def test_a_stray_row_decides_nothing(tmp_path):
    path = bars_csv(tmp_path / "MU.csv", minutes("2020-01-02 09:31", "2020-01-02 16:00"))
    with path.open("a") as file:
        file.write("\n2020-01-04 12:00:00,1,2,1,2,100")
    assert min(starts(path)) == utc("2020-01-02 14:30")
    path.write_text("date,close\n1/13/2020,1\n14/1/2020,2\n")
    prices, rejects = read(path)
    assert ([row["trading_day"] for row in prices], len(rejects)) == ([date(2020, 1, 13)], 1)


def test_yahoos_minutes_need_no_edge_of_a_session_if_their_zone_is_known(tmp_path):
    header = "Datetime,Open,Close,Volume,Dividends,Stock Splits"
    path = tmp_path / "MU.csv"
    path.write_text(f"{header}\n2020-01-02 11:00:00-05:00,1,1,9,0,0\n2020-01-02 11:01:00-05:00,1,1,9,0,0\n")
    assert min(starts(path)) == utc("2020-01-02 16:00")
    path.write_text(path.read_text().replace("-05:00,", ","))
    with pytest.raises(UnknownShape, match="bar_stamp"):
        read(path)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([f"2020-01-02 {9 + count // 12}:{count % 12 * 5:02}:00,1" for count in range(84)], "5 minutes long"),
        ([f"2020-01-02 10:00:{count:02},1" for count in range(60)], "no whole minutes"),
        ([f"{date.fromordinal(737000 + 7 * count)},1" for count in range(12)], "7 days or more apart"),
        (["13/01/2020,1", "14/01/2020,1"], "day before the month"),
        (["13/01/2020,1", "1/2/2020,1", "14/01/2020,1"], "day before the month"),
        (["yesterday,1"], "line 2: time: 'yesterday' is no date or time"),
    ],
)
def test_bars_of_another_length_or_calendar_are_refused(tmp_path, lines, message):
    path = tmp_path / "MU.csv"
    path.write_text("\n".join(["datetime,close", *lines]))
    with pytest.raises(UnknownShape, match=message):
        read(path)


@pytest.mark.parametrize(
    "stamp", ["2020-01-02 16:00:00", "2020-01-02T05:00:00Z", "1578000600", "2020-01-02 00:00:00-05:00"]
)
def test_a_bar_a_day_is_daily_at_whatever_hour_it_is_stamped(tmp_path, stamp):
    path = tmp_path / "MU.csv"
    next_day = stamp.replace("-02", "-03") if "-" in stamp else str(int(stamp) + 86400)
    path.write_text(f"datetime,close\n{stamp},1\n{next_day},2\n")
    assert [(row["bar"], row["trading_day"]) for row in read(path)[0]] == [
        ("1d", date(2020, 1, 2)),
        ("1d", date(2020, 1, 3)),
    ]
