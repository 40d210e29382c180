"""Bars that were not over when they were asked for."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from pipelines.prices.finished import calendar_of, coins, finished
from pipelines.prices.rows import PRICE_ROWS


def bar(day: str, start_at: datetime | None = None) -> dict[str, Any]:
    return {
        "ticker": "MU",
        "bar": "1min" if start_at else "1d",
        "trading_day": date.fromisoformat(day),
        "start_at": start_at,
        "close": 1.0,
    }


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def kept(rows: list[dict[str, Any]], asked_at: str, calendar: str = "XNYS") -> list[dict[str, Any]]:
    return finished(pa.Table.from_pylist(rows, schema=PRICE_ROWS), at(asked_at), calendar).to_pylist()


@pytest.mark.parametrize(
    ("day", "asked_at", "is_over"),
    [
        ("2024-01-10", "2024-01-10 18:00", False),  # during the session
        ("2024-01-10", "2024-01-10 21:10", False),  # ten minutes after the close, the auction still settles
        ("2024-01-10", "2024-01-10 21:15", True),
        ("2019-12-24", "2019-12-24 18:14", False),  # a half day closes at 13:00 in New York
        ("2019-12-24", "2019-12-24 18:15", True),
        ("2024-03-08", "2024-03-08 20:30", False),  # the last Friday of winter time
        ("2024-03-08", "2024-03-08 21:15", True),
        ("2024-03-11", "2024-03-11 20:14", False),  # the first Monday of summer time
        ("2024-03-11", "2024-03-11 20:15", True),
        ("2024-01-09", "2024-01-10 03:00", True),
        ("2010-05-05", "2024-01-10 03:00", True),
        ("2024-01-11", "2024-01-10 21:15", False),  # a day to come
        ("2024-01-13", "2024-01-13 23:59", False),  # a Saturday is no session: the UTC day must be over
        ("2024-01-13", "2024-01-14 00:00", True),
        ("2090-01-13", "2024-01-14 00:00", False),
    ],
)
def test_a_day_is_over_fifteen_minutes_after_its_close(day: str, asked_at: str, is_over: bool) -> None:
    assert bool(kept([bar(day)], asked_at)) is is_over


def test_a_day_in_tokyo_is_over_while_new_york_sleeps() -> None:
    assert kept([bar("2023-01-10")], "2023-01-10 06:14", "XTKS") == []
    assert len(kept([bar("2023-01-10")], "2023-01-10 06:15", "XTKS")) == 1


def test_a_day_of_a_coin_is_over_at_midnight() -> None:
    assert kept([bar("2024-01-13")], "2024-01-13 23:59", "24/7") == []
    assert len(kept([bar("2024-01-13")], "2024-01-14 00:00", "24/7")) == 1


def test_a_minute_is_over_at_its_end() -> None:
    start = at("2024-01-10 15:00")
    rows = [bar("2024-01-10", start + timedelta(minutes=number)) for number in range(3)]
    assert [row["start_at"] for row in kept(rows, "2024-01-10 15:02:00")] == [row["start_at"] for row in rows[:2]]
    assert kept(rows, "2024-01-10 15:00:59.999") == []


def test_days_and_minutes_may_come_together_and_rows_keep_their_order_and_values() -> None:
    rows = [bar("2024-01-10"), bar("2024-01-10", at("2024-01-10 15:00")), bar("2024-01-09")]
    found = kept(rows, "2024-01-10 18:00")
    assert [(row["bar"], row["trading_day"].day, row["close"]) for row in found] == [("1min", 10, 1.0), ("1d", 9, 1.0)]
    assert finished(PRICE_ROWS.empty_table(), at("2024-01-10 18:00"), "XNYS").schema == PRICE_ROWS


@pytest.mark.parametrize(
    ("ticker", "calendar"),
    [
        ("MU", "XNYS"),
        ("BRK.B", "XNYS"),
        ("7203.T", "XTKS"),
        ("SAP.DE", "XETR"),
        ("BTC", "24/7"),
        ("BCH.X", "24/7"),
        ("T", "XNYS"),
    ],
)
def test_the_calendar_is_that_of_the_suffix(ticker: str, calendar: str) -> None:
    assert calendar_of(ticker) == calendar


def test_coins_are_those_of_the_reference_list() -> None:
    assert {"BTC", "ETH"} <= coins()
    assert not {"MU", "COIN", "BITO"} & coins()
