"""Which sessions have closed: half days, holidays, weekends, and clocks that change on other days in other places."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from pipelines.market.closes import closes_due, last_close, next_close
from pipelines.prices.finished import last_bar_at


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def closes(calendar: str, first: str, last: str) -> list[str]:
    return [f"{one.close_at:%m-%d %H:%M}" for one in closes_due([calendar], at(first), at(last))]


@pytest.mark.parametrize(
    ("calendar", "first", "last", "expected"),
    [
        # New York's clock changes on March 8 and November 1, 2026, London's on March 29 and October 25
        ("XNYS", "2026-03-06", "2026-03-10", ["03-06 21:00", "03-09 20:00"]),
        ("XNYS", "2026-10-30", "2026-11-03", ["10-30 20:00", "11-02 21:00"]),
        ("XLON", "2026-03-27", "2026-03-31", ["03-27 16:30", "03-30 15:30"]),
        ("XLON", "2026-10-23", "2026-10-27", ["10-23 15:30", "10-26 16:30"]),
        ("XTKS", "2026-03-06", "2026-03-10", ["03-06 06:30", "03-09 06:30"]),
        ("XTKS", "2026-10-30", "2026-11-03", ["10-30 06:30", "11-02 06:30"]),
        # Thanksgiving, the half day after it, and a weekend
        ("XNYS", "2026-11-25", "2026-12-01", ["11-25 21:00", "11-27 18:00", "11-30 21:00"]),
        ("XLON", "2026-12-24", "2026-12-30", ["12-24 12:30", "12-29 16:30"]),
        ("24/7", "2026-11-27T12:00", "2026-11-29T12:00", ["11-28 00:00", "11-29 00:00"]),
    ],
)
def test_closes_follow_the_calendar_and_the_clock_of_their_exchange(calendar, first, last, expected):
    assert closes(calendar, first, last) == expected


def test_between_the_changes_of_two_clocks_two_exchanges_are_an_hour_closer():
    """From March 8 to 29 New York is on summer time and London is not."""
    apart = {}
    for day in ("2026-03-05", "2026-03-12", "2026-04-02"):
        found = {
            one.calendar: one.close_at for one in closes_due(["XLON", "XNYS"], at(day), at(day) + timedelta(days=1))
        }
        apart[day] = found["XNYS"] - found["XLON"]
    assert [span / timedelta(minutes=30) for span in apart.values()] == [9, 7, 9]


def test_a_close_is_due_once_whatever_the_ticks():
    moments = [at("2026-11-27") + timedelta(minutes=7 * number) for number in range(1_000)]
    found = [one for after, until in pairwise(moments) for one in closes_due(["XNYS", "XTKS", "24/7"], after, until)]
    assert found == closes_due(["XNYS", "XTKS", "24/7"], moments[0], moments[-1])
    assert len(set(found)) == len(found) == 9  # two of New York, three of Tokyo, four midnights


def test_the_moment_of_a_close_belongs_to_the_tick_that_ends_with_it():
    close = at("2026-11-27T18:00")
    assert closes_due(["XNYS"], close - timedelta(seconds=1), close)
    assert closes_due(["XNYS"], close, close + timedelta(hours=1)) == []
    assert closes_due(["XNYS"], close, close - timedelta(days=9)) == []


def test_closes_of_several_exchanges_come_oldest_first_with_their_dates_and_opens():
    found = closes_due(["XNYS", "XASX"], at("2026-11-26"), at("2026-11-28"))
    assert [str(one) for one in found] == ["XASX 2026-11-26 05:00", "XASX 2026-11-27 05:00", "XNYS 2026-11-27 18:00"]
    assert found[0].trading_day == date(2026, 11, 26)
    assert found[0].open_at == at("2026-11-25T23:00")  # Sydney opens on the UTC day before


def test_the_next_and_the_last_close_cross_weekends_and_years():
    assert str(next_close(["XNYS", "XLON"], at("2026-11-27T18:00"))) == "XLON 2026-11-30 16:30"
    assert str(next_close(["XNYS"], at("2026-12-31T21:00"))) == "XNYS 2027-01-04 21:00"
    assert str(last_close("XNYS", at("2027-01-04T20:59"))) == "XNYS 2026-12-31 21:00"
    assert next_close([], at("2026-11-27")) is None


def test_a_bar_is_over_a_quarter_of_an_hour_after_the_close_and_a_coins_at_midnight():
    assert last_bar_at("XNYS", at("2026-11-27T18:14")) == at("2026-11-25T21:15")
    assert last_bar_at("XNYS", at("2026-11-27T18:15")) == at("2026-11-27T18:15")
    assert last_bar_at("24/7", at("2026-11-27T00:00")) == at("2026-11-27T00:00")
