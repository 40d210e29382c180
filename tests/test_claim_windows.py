"""Which sessions a claim speaks of: by its words and the moment it was written, and what is not certain of them."""

from datetime import date, timedelta

import pytest

from tests.claim_tape import FRIDAY, WEEK, Tape, level, move
from tests.conftest import at


@pytest.fixture
def tape(home):
    with home.warehouse.connect() as con:
        yield Tape(home.warehouse, con)


@pytest.fixture
def week(tape):
    """MU's last days of May 2026."""
    tape.bars(WEEK)
    return tape


# moment in UTC, status of "up 5.58%", the session it speaks of
MOMENTS = [
    ("a second before the open", "2026-05-29T13:29:59", "cannot_be_checked", date(2026, 5, 28)),
    ("at the open", "2026-05-29T13:30:00", "confirmed", FRIDAY),
    ("a second before the close", "2026-05-29T19:59:59", "confirmed", FRIDAY),
    ("at the close", "2026-05-29T20:00:00", "contradicted", FRIDAY),
    ("a second after the close", "2026-05-29T20:00:01", "contradicted", FRIDAY),
    ("on the evening, a new UTC day", "2026-05-30T00:30:00", "contradicted", FRIDAY),
    ("on Sunday", "2026-05-31T12:00:00", "contradicted", FRIDAY),
    ("before the next open", "2026-06-01T13:00:00", "cannot_be_checked", FRIDAY),
]


@pytest.mark.parametrize(("when", "moment", "status", "session"), MOMENTS, ids=[row[0] for row in MOMENTS])
def test_the_moment_of_the_text_says_which_session_is_meant(week, when, moment, status, session):
    today = (at(moment) - timedelta(hours=4)).date()  # in New York
    week.say("a", moment, move(5.58), move(5.58, period_from=today, period_to=today))
    named, dated = week.checks("status, last_bar")
    assert named == (status, session)
    assert dated == (status, None if "before the" in when and "open" in when else session)


def test_today_before_the_open_is_no_session_yet(week):
    week.say("a", "2026-05-29T11:00:00", move(4.1, period_from=FRIDAY, period_to=FRIDAY))
    assert week.checks("status, last_bar") == [("cannot_be_checked", None)]
    assert week.reasons() == ["it speaks of trading outside the session, which daily bars do not hold"]


def test_the_authors_clock_counts_and_not_when_we_could_know(week):
    week.say("a", "2026-06-01T21:00:00", move(4.1), published_at=at("2026-05-29T21:00:00"))
    assert week.checks("status, last_bar, decided_at") == [("confirmed", FRIDAY, at("2026-06-01T21:00:00"))]


def test_a_miss_is_not_held_against_a_text_of_unknown_time(week):
    week.say("a", "2026-05-30T12:00:00", move(4.1), move(5.58), published=False)
    assert week.checks() == ["confirmed", "cannot_be_checked"]
    assert week.reasons()[1].startswith("when it was written is not known")


def test_a_miss_is_not_held_against_a_move_over_unsaid_days(week):
    week.say("a", "2026-05-30T12:00:00", move(4.1, period=None), move(40, period=None), move(40, period="month"))
    assert week.checks() == ["confirmed", "cannot_be_checked", "cannot_be_checked"]
    assert week.reasons()[2] == "it does not say from which day (month)"


def test_a_named_day_goes_before_the_moment_of_the_text(week):
    thursday, sunday = date(2026, 5, 28), date(2026, 5, 31)
    week.say("a", "2026-05-29T21:00:00", move(2.04, period_from=thursday, period_to=thursday))
    week.say("b", "2026-06-01T21:00:00", move(4.1, period_from=sunday, period_to=sunday))
    assert week.checks("status, last_bar") == [("confirmed", thursday), ("confirmed", FRIDAY)]


def test_a_week_counts_from_the_last_close_before_it(week):
    week.bars([(date(2026, 5, 22), 94.0, 97.0, 96.0)])  # the Monday is a holiday
    days = {"period": "week", "period_from": date(2026, 5, 25), "period_to": date(2026, 5, 30)}
    week.say("a", "2026-05-30T12:00:00", move(8.44, **days), move(6, **days))
    assert week.checks("status, first_bar, last_bar") == [
        ("confirmed", date(2026, 5, 22), FRIDAY),
        ("contradicted", date(2026, 5, 22), FRIDAY),
    ]


def test_a_miss_is_not_held_against_a_span_without_a_certain_start(week):
    days = {"period": "several_days", "period_from": date(2026, 5, 28), "period_to": date(2026, 5, 30)}
    week.say("a", "2026-05-30T12:00:00", move(6.22, **days), move(4.1, **days))
    assert week.checks() == ["confirmed", "cannot_be_checked"]
    assert week.reasons()[1].startswith("which close it counts from is not certain")


def test_a_forecast_of_a_move_waits_for_its_last_day(week):
    monday, tuesday = date(2026, 6, 1), date(2026, 6, 2)
    week.say(
        "a",
        "2026-05-29T21:00:00",
        move(2, period_from=monday, period_to=monday),
        move(2, period_from=tuesday, period_to=tuesday),
        move(2, period="several_days", period_from=FRIDAY, period_to=monday),
        move(2, period="several_days", period_from=FRIDAY, period_to=tuesday),
        move(2, period=None, period_from=FRIDAY),
    )
    week.say("b", "2026-05-29T15:00:00", move(6.18, period="several_days", period_from=FRIDAY, period_to=monday))
    assert week.checks("status, first_bar, last_bar") == [
        ("confirmed", FRIDAY, monday),
        ("not_yet_due", None, None),
        ("confirmed", FRIDAY, monday),
        ("not_yet_due", None, None),
        ("cannot_be_checked", None, None),
        ("confirmed", date(2026, 5, 28), monday),
    ]
    assert week.reasons()[4] == "it looks ahead and does not say how far"


YEAR = {"period": "year", "period_from": date(2025, 1, 1), "period_to": date(2025, 12, 31)}
YEARS = [
    (date(2024, 12, 31), 99.0, 101.0, 100.0),
    (date(2025, 6, 10), 148.0, 152.0, 150.0),
    (date(2025, 6, 11), 154.0, 160.0, 155.0),
    (date(2025, 12, 31), 330.0, 340.0, 339.0),
    (date(2026, 1, 5), 345.0, 352.0, 350.0),
]


def test_a_year_is_its_last_close_on_the_last_close_of_the_year_before(tape):
    tape.bars(YEARS)
    tape.say("a", "2026-01-05T21:30:00", move(239, **YEAR), move(250, **YEAR))
    assert tape.checks("status, first_bar, last_bar, round(actual, 4)") == [
        ("confirmed", date(2024, 12, 31), date(2025, 12, 31), 2.39),
        ("contradicted", date(2024, 12, 31), date(2025, 12, 31), 2.39),
    ]


@pytest.mark.parametrize("period", [YEAR, {"period": "year_to_date"}], ids=["year", "year to date"])
def test_a_year_that_is_not_over_ends_at_the_text(tape, period):
    tape.bars(YEARS)
    tape.say("a", "2025-06-10T20:30:00", move(50, **period), move(55, **period))
    # while a session is open: its prices so far, or the close before
    tape.say("b", "2025-06-11T15:00:00", move(50, **period), move(58, **period), move(62, **period))
    assert tape.checks() == ["confirmed", "contradicted", "confirmed", "confirmed", "contradicted"]


def test_a_price_that_it_closed_at_is_the_last_close(week):
    at_close = {"basis": "close"}
    week.say("a", "2026-05-29T21:00:00", level(104.10, **at_close), level(105.25, **at_close))
    week.say("b", "2026-05-29T15:00:00", level(100, **at_close), level(104.10, **at_close))
    assert week.checks("status, price_used, actual, last_bar") == [
        ("confirmed", "close", 104.1, FRIDAY),
        ("contradicted", "close", 104.1, FRIDAY),
        ("confirmed", "close", 100, date(2026, 5, 28)),
        ("contradicted", "close", 100, date(2026, 5, 28)),
    ]


def test_a_coin_never_closes_and_its_move_may_be_of_the_last_24_hours(tape):
    tape.bars(
        [
            (date(2026, 4, 30), 80.0, 120.0, 100.0),
            (date(2026, 5, 27), 90.0, 100.0, 99.0),
            (date(2026, 5, 28), 95.0, 102.0, 100.0),
            (FRIDAY, 101.0, 105.0, 104.0),
        ],
        ticker="BTC",
        calendar="24/7",
    )
    coin = {"ticker": "BTC"}
    tape.say("a", "2026-05-29T12:00:00", move(3, **coin), move(8.5, **coin), move(15, **coin))
    yesterday = {"period_from": date(2026, 5, 28), "period_to": date(2026, 5, 28)}
    month = {"period": "since", "period_from": date(2026, 5, 1), "period_to": FRIDAY}
    tape.say(
        "b", "2026-05-29T00:30:00", move(3, **coin, **yesterday), move(4, **coin, **month), move(20, **coin, **month)
    )
    assert tape.checks() == [
        *["confirmed", "cannot_be_checked", "contradicted"],
        *["cannot_be_checked", "confirmed", "contradicted"],
    ]
