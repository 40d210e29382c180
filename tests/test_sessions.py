"""Sessions open and close when the exchange does, half days and changes of clocks included."""

import bisect
import csv
import warnings
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import exchange_calendars
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pandas.errors import Pandas4Warning

from pipelines.market.sessions import SESSIONS, sessions

XNYS = Path(__file__).parents[2] / "shared" / "data" / "calendars" / "xnys.csv"
FIRST, LAST = date(1990, 1, 1), date(2027, 12, 31)
WHOLE = sessions("XNYS", FIRST, LAST)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.skipif(not XNYS.is_file(), reason="needs the shared real data")
def test_every_session_of_the_nyse_opens_and_closes_as_recorded():
    with XNYS.open(encoding="utf-8") as file:
        recorded = [
            (
                date.fromisoformat(row[""][:10]),
                datetime.fromisoformat(row["open"]),
                datetime.fromisoformat(row["close"]),
            )
            for row in csv.DictReader(file)
        ]
    ours = sessions("XNYS", FIRST, recorded[-1][0]).to_pylist()
    assert [(row["trading_day"], row["open_at"], row["close_at"]) for row in ours] == recorded
    # All of them since 1990 close at 16:00 in New York, or earlier on a half day.
    hours = pd.DatetimeIndex([close for _, _, close in recorded]).tz_convert("America/New_York").hour
    assert [row["is_half_day"] for row in ours] == list(hours < 16)


@pytest.mark.parametrize(
    ("day", "open_at", "close_at", "is_half_day"),
    [
        ("2019-12-24", "14:30", "18:00", True),
        ("2020-11-27", "14:30", "18:00", True),
        ("2024-07-03", "13:30", "17:00", True),
        ("2024-07-05", "13:30", "20:00", False),
        ("2020-03-06", "14:30", "21:00", False),
        ("2020-03-09", "13:30", "20:00", False),
        ("2020-10-30", "13:30", "20:00", False),
        ("2020-11-02", "14:30", "21:00", False),
    ],
)
def test_half_days_close_at_one_and_hours_follow_new_yorks_clocks(day, open_at, close_at, is_half_day):
    assert sessions("XNYS", date.fromisoformat(day), date.fromisoformat(day)).to_pylist() == [
        {
            "calendar": "XNYS",
            "trading_day": date.fromisoformat(day),
            "open_at": utc(f"{day} {open_at}"),
            "close_at": utc(f"{day} {close_at}"),
            "is_half_day": is_half_day,
        }
    ]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2024-07-04", "2024-07-04"),
        ("2024-07-06", "2024-07-07"),
        ("2001-09-11", "2001-09-14"),
        ("2024-07-03", "2024-07-01"),
    ],
)
def test_days_without_trade_have_no_session(first, last):
    assert sessions("XNYS", date.fromisoformat(first), date.fromisoformat(last)) == SESSIONS.empty_table()


def test_a_market_that_never_closes_has_a_session_per_utc_day():
    rows = sessions("24/7", date(2024, 2, 28), date(2024, 3, 1)).to_pylist()
    assert [(row["trading_day"], row["open_at"], row["close_at"], row["is_half_day"]) for row in rows] == [
        (date(2024, 2, 28), utc("2024-02-28"), utc("2024-02-29"), False),
        (date(2024, 2, 29), utc("2024-02-29"), utc("2024-03-01"), False),
        (date(2024, 3, 1), utc("2024-03-01"), utc("2024-03-02"), False),
    ]


@settings(max_examples=15, deadline=None)
@given(st.dates(date(1990, 1, 1), LAST), st.integers(0, 40))
def test_a_part_of_the_calendar_is_that_part_of_the_whole(first, length):
    last = min(first + timedelta(days=length), LAST)
    days = WHOLE.column("trading_day").to_pylist()
    start, end = bisect.bisect_left(days, first), bisect.bisect_right(days, last)
    assert sessions("XNYS", first, last) == WHOLE.slice(start, end - start)


def test_an_unknown_calendar_is_an_error():
    with pytest.raises(exchange_calendars.errors.InvalidCalendarName, match="XMARS"):
        sessions("XMARS", FIRST, LAST)


def exchange(calendar: str, first: date) -> exchange_calendars.ExchangeCalendar:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Pandas4Warning)
        return exchange_calendars.get_calendar(calendar, start=first, end=LAST)


# The oracle holds every minute of its calendar in memory, so that of a market which never closes is shorter.
FIRST_DAYS = {"XNYS": FIRST, "24/7": date(2023, 1, 1)}
ORACLES = {name: exchange(name, first) for name, first in FIRST_DAYS.items()}
TABLES = {name: sessions(name, first, LAST).to_pydict() for name, first in FIRST_DAYS.items()}
EDGES = st.tuples(
    st.sampled_from(["open_at", "close_at"]),
    st.integers(0),
    st.sampled_from([-60, -1, 0, 1, 60]).map(lambda seconds: timedelta(seconds=seconds)),
)


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
@settings(deadline=None)
@given(
    calendar=st.sampled_from(["XNYS", "24/7"]),
    at=st.one_of(
        st.integers(0, 4 * 365 * 86_400).map(lambda second: utc("2023-06-01") + timedelta(seconds=second)),
        EDGES,
    ),
)
@example(calendar="XNYS", at=utc("2024-07-03 16:59:59"))
@example(calendar="XNYS", at=utc("2024-07-03 17:00:00"))
@example(calendar="24/7", at=utc("2024-07-06 00:00:00"))
def test_the_session_a_text_reacts_in_is_the_first_that_closes_after_it(calendar, at):
    table = TABLES[calendar]
    if isinstance(at, tuple):
        edge, number, shift = at
        at = table[edge][1 + number % (len(table[edge]) - 10)] + shift
    react = table["trading_day"][bisect.bisect_right(table["close_at"], at)]
    minute = pd.Timestamp(at).floor("min")
    assert react == ORACLES[calendar].minute_to_session(minute, direction="next").date()
    entry = table["open_at"][bisect.bisect_right(table["open_at"], at)]
    assert entry == ORACLES[calendar].next_open(at)
