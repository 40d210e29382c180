"""Dates of claims: what "Tuesday", "since March" and "June 24" mean to somebody who speaks on a given day."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.claims.days import DAY, day_meant, later
from pipelines.claims.find import find_claims
from pipelines.claims.horizons import horizon
from pipelines.claims.periods import find_periods
from tests.test_claims import no_mentions, spoken

WEDNESDAY = date(2026, 6, 10)


def meant_by(words: str, said_on: date = WEDNESDAY, looks_back: bool = False) -> date | None:
    match = DAY.match(words)
    assert match, words
    return day_meant(match, said_on, looks_back)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("june 24", "2026-06-24"),
        ("june 10", "2026-06-10"),
        ("june 9", "2027-06-09"),
        ("24th of june", "2026-06-24"),
        ("jun. 24, 2027", "2027-06-24"),
        ("9/24", "2026-09-24"),
        ("1/5/27", "2027-01-05"),
        ("2026-07-01", "2026-07-01"),
        ("friday", "2026-06-12"),
        ("wednesday", "2026-06-10"),
        ("next friday", "2026-06-19"),
        ("this friday", "2026-06-12"),
        ("last friday", "2026-06-05"),
        ("last wednesday", "2026-06-03"),
        ("tomorrow", "2026-06-11"),
        ("today", "2026-06-10"),
        ("yesterday", "2026-06-09"),
        ("in two weeks", "2026-06-24"),
        ("in 3 months", "2026-09-10"),
        ("february 29", "2028-02-29"),
        ("13/45", None),
        ("june 31", None),
    ],
)
def test_a_day_to_come_is_the_next_of_its_name(words, expected):
    assert meant_by(words) == (expected and date.fromisoformat(expected))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("june 24", "2025-06-24"),
        ("june 10", "2026-06-10"),
        ("friday", "2026-06-05"),
        ("wednesday", "2026-06-10"),
        ("february 29", "2024-02-29"),
    ],
)
def test_a_day_gone_by_is_the_last_of_its_name(words, expected):
    assert meant_by(words, looks_back=True) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("words", "name", "first", "last"),
    [
        ("in 2025", "year", "2025-01-01", "2025-12-31"),
        ("in 2026", "year", "2026-01-01", "2026-06-10"),
        ("year to date", "year_to_date", "2026-01-01", "2026-06-10"),
        ("this year", "year_to_date", "2026-01-01", "2026-06-10"),
        ("last year", "year", "2025-01-01", "2025-12-31"),
        ("over the past year", "year", "2025-06-10", "2026-06-10"),
        ("in a year", "year", "2025-06-10", "2026-06-10"),
        ("since march", "since", "2026-03-01", "2026-06-10"),
        ("since march 5", "since", "2026-03-05", "2026-06-10"),
        ("since november", "since", "2025-11-01", "2026-06-10"),
        ("since the start of april", "since", "2026-04-01", "2026-06-10"),
        ("since 2020", "since", "2020-01-01", "2026-06-10"),
        ("since monday", "since", "2026-06-08", "2026-06-10"),
        ("since the ipo", "since", None, "2026-06-10"),
        ("from its 52-week high", "since", None, "2026-06-10"),
        ("from its march low", "since", None, "2026-06-10"),
        ("this week", "week", "2026-06-08", "2026-06-10"),
        ("last week", "week", "2026-06-01", "2026-06-07"),
        ("this month", "month", "2026-06-01", "2026-06-10"),
        ("last month", "month", "2026-05-01", "2026-05-31"),
        ("last quarter", "quarter", "2026-01-01", "2026-03-31"),
        ("in may", "month", "2026-05-01", "2026-05-31"),
        ("in december", "month", "2025-12-01", "2025-12-31"),
        ("in february 2024", "month", "2024-02-01", "2024-02-29"),
        ("q2 2025", "quarter", "2025-04-01", "2025-06-30"),
        ("in the fourth quarter", "quarter", "2025-10-01", "2025-12-31"),
        ("h1 2025", "half", "2025-01-01", "2025-06-30"),
        ("past five days", "several_days", "2026-06-05", "2026-06-10"),
        ("over the last three months", "quarter", "2026-03-10", "2026-06-10"),
        ("past 6 months", "half", "2025-12-10", "2026-06-10"),
        ("past three years", "since", "2023-06-10", "2026-06-10"),
        ("on tuesday", "session", "2026-06-09", "2026-06-09"),
        ("today", "session", "2026-06-10", "2026-06-10"),
        ("yesterday", "session", "2026-06-09", "2026-06-09"),
    ],
)
def test_a_span_that_looks_back_ends_when_it_is_spoken_of(words, name, first, last):
    (period,) = find_periods(words, WEDNESDAY, looks_back=True)
    assert (period.name, period.first, period.last) == (
        name,
        first and date.fromisoformat(first),
        last and date.fromisoformat(last),
    )


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("this year", "2026-06-10", "2026-12-31"),
        ("next week", "2026-06-15", "2026-06-21"),
        ("next quarter", "2026-07-01", "2026-09-30"),
        ("in december", "2026-12-01", "2026-12-31"),
        ("in march", "2027-03-01", "2027-03-31"),
        ("over the next", None, None),
    ],
)
def test_a_span_to_come_lies_ahead(words, first, last):
    spans = [(str(span.first), str(span.last)) for span in find_periods(words, WEDNESDAY, looks_back=False)]
    assert spans == ([(first, last)] if first else [])


@pytest.mark.parametrize(
    "words",
    [
        "premarket",
        "pre-market",
        "pre market",
        "up ah",
        "after hours",
        "after-hours",
        "in extended trading",
        "overnight",
    ],
)
def test_hours_outside_the_session_are_said_to_be_so(words):
    (period,) = find_periods(words, WEDNESDAY, looks_back=True)
    assert period.name == "session"
    assert period.is_outside_session


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("our target is", "2027-06-10"),
        ("12-month target", "2027-06-10"),
        ("by year-end", "2026-12-31"),
        ("eoy", "2026-12-31"),
        ("by the end of the year", "2026-12-31"),
        ("by 2027", "2027-12-31"),
        ("end of 2028", "2028-12-31"),
        ("by december", "2026-12-31"),
        ("by march", "2027-03-31"),
        ("by friday", "2026-06-12"),
        ("by june 24", "2026-06-24"),
        ("in six months", "2026-12-10"),
        ("eod", "2026-06-10"),
        ("eom", "2026-06-30"),
        ("eow", "2026-06-14"),
    ],
)
def test_a_target_is_due_at_its_horizon_or_in_twelve_months(words, expected):
    assert horizon(words, WEDNESDAY) == date.fromisoformat(expected)


def one(sentence: str, at: datetime) -> dict:
    (found,) = find_claims(spoken(sentence, at=at), no_mentions()).to_pylist()
    return found


def test_today_is_the_date_of_the_exchange():
    before_midnight_in_new_york = datetime(2026, 6, 11, 2, 30, tzinfo=UTC)
    assert one("Micron rose 5% today", before_midnight_in_new_york)["period_from"] == date(2026, 6, 10)
    assert one("Micron rose 5% today", datetime(2026, 6, 11, 4, 30, tzinfo=UTC))["period_from"] == date(2026, 6, 11)


def test_a_text_without_a_time_is_dated_by_when_it_was_known():
    (found,) = find_claims(spoken("Micron rose 5% today", at=None), no_mentions()).to_pylist()
    assert found["period_from"] == WEDNESDAY


def test_each_of_two_moves_has_its_own_span():
    table = spoken("Micron fell 3% today and is up 40% this year")
    spans = [claim["period"] for claim in find_claims(table, no_mentions()).to_pylist()]
    assert spans == ["session", "year_to_date"]


def test_a_span_at_the_head_of_a_list_holds_for_all_of_it():
    table = spoken("Banks YTD: $JPM +3.8%, $WFC -5.4%")
    assert [claim["period"] for claim in find_claims(table, no_mentions()).to_pylist()] == ["year_to_date"] * 2


def test_a_quarter_that_names_results_is_not_what_the_price_moved_over():
    assert one("Shares slid 6% despite strong Q3 sales", datetime(2026, 6, 10, 18, tzinfo=UTC))["period"] is None


def test_a_forecast_without_an_end_begins_on_its_day():
    found = one("Micron will drop 20%", datetime(2026, 6, 10, 18, tzinfo=UTC))
    assert (found["period"], found["period_from"], found["period_to"]) == (None, WEDNESDAY, None)


def test_a_past_event_keeps_its_past_date():
    when = datetime(2026, 6, 10, 18, tzinfo=UTC)
    assert one("Micron reported earnings on March 20", when)["due_on"] == date(2026, 3, 20)
    assert one("Micron reports earnings on March 20", when)["due_on"] == date(2027, 3, 20)


@given(
    st.dates(date(1990, 1, 1), date(2100, 12, 31)),
    st.integers(-40, 40),
    st.sampled_from(["day", "week", "month", "year"]),
)
def test_months_later_never_leaves_the_calendar(day, count, span):
    there = later(day, count, span)
    assert (there >= day) == (count >= 0)


@given(st.text(alphabet="0123456789 /-.,$%abejmnorstuyw", max_size=60))
def test_no_words_break_the_reading_of_dates(words):
    for looks_back in (True, False):
        for period in find_periods(words, WEDNESDAY, looks_back):
            assert period.first is None or period.last is None or period.first <= period.last
    assert horizon(words, WEDNESDAY)


@given(
    st.lists(
        st.sampled_from(
            [
                "up",
                "$5",
                "5%",
                "by",
                "(",
                ")",
                "from",
                "to",
                "June 24",
                "earnings",
                "PT",
                "x",
                "9x",
                "$MU",
                "2025",
                "since",
                "over the past",
                "0",
                "99999999999 years",
                ",",
                "?",
            ]
        ),
        max_size=20,
    )
)
def test_no_words_break_the_reading_of_claims(words):
    found = find_claims(spoken(" ".join(words)), no_mentions())
    assert pa.types.is_date32(found.schema.field("due_on").type)
