"""Up to when a session's talk counts: the close, the open, or minutes before the close; and what can be traded after it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.defs.resources import Study
from pipelines.market.cutoffs import checked_cutoff, with_cutoffs
from pipelines.market.sessions import sessions
from tests.conftest import at, post
from tests.test_daily_job import PRICES

JOB = "hourly"  # no evidence is looked at here

JULY = (date(2024, 7, 1), date(2024, 7, 8))  # 1, 2, 3 (half day), 5, 8


def rows(cutoff: str, calendar: str = "XNYS") -> list[tuple]:
    table = with_cutoffs(sessions(calendar, *JULY), cutoff)
    return list(
        zip(table["cutoff_at"].to_pylist(), table["entry_session_number"].to_pylist(), strict=True),
    )


def test_the_close_is_traded_at_the_next_open():
    assert [moment.hour for moment, _ in rows("close")] == [20, 20, 17, 20, 20]
    assert [entry for _, entry in rows("close")] == [2, 3, 4, 5, None]


def test_the_open_is_traded_at_once():
    assert {(moment.hour, moment.minute) for moment, _ in rows("open")} == {(13, 30)}
    assert [entry for _, entry in rows("open")] == [1, 2, 3, 4, 5]


def test_minutes_before_the_close_follow_a_half_day():
    assert [(moment.hour, moment.minute) for moment, _ in rows("close-30m")] == [(19, 30)] * 2 + [(16, 30)] + [
        (19, 30)
    ] * 2
    assert [entry for _, entry in rows("close-30m")] == [2, 3, 4, 5, None]


def test_a_cutoff_before_the_open_of_a_half_day_is_traded_at_that_open():
    assert rows("close-240m")[2] == (datetime(2024, 7, 3, 13, 0, tzinfo=UTC), 3)


def test_round_the_clock_the_close_is_the_next_open():
    assert [entry for _, entry in rows("close", "24/7")] == [2, 3, 4, 5, 6, 7, 8, None]


@pytest.mark.parametrize("wrong", ["", "noon", "close-0m", "close-361m", "close-9999m", "open-5m", "close-30", "CLOSE"])
def test_another_word_is_refused_with_what_it_may_be(wrong):
    with pytest.raises(ValueError, match="close, open, or minutes before the close"):
        checked_cutoff(wrong)


WORDS = "I love $MU"
CLOSE, OPEN, HALF_HOUR = "close", "open", "close-30m"
# moment of the text → session in which it counts, by cut-off
EDGES = {
    "2024-07-02T13:29:59Z": {CLOSE: "2024-07-02", OPEN: "2024-07-02", HALF_HOUR: "2024-07-02"},
    "2024-07-02T13:30:00Z": {CLOSE: "2024-07-02", OPEN: "2024-07-03", HALF_HOUR: "2024-07-02"},
    "2024-07-02T19:29:59Z": {CLOSE: "2024-07-02", OPEN: "2024-07-03", HALF_HOUR: "2024-07-02"},
    "2024-07-02T19:30:00Z": {CLOSE: "2024-07-02", OPEN: "2024-07-03", HALF_HOUR: "2024-07-03"},
    "2024-07-02T20:00:00Z": {CLOSE: "2024-07-03", OPEN: "2024-07-03", HALF_HOUR: "2024-07-03"},
}


@pytest.mark.parametrize("cutoff", [CLOSE, OPEN, HALF_HOUR])
def test_a_text_counts_in_the_first_session_cut_off_after_it(make_home, cutoff):
    home = make_home(cutoff, study=Study(cutoff=cutoff))
    home.drop("prices/prices.csv", PRICES)
    home.drop("texts/a.ndjson", [post(str(n), moment, WORDS) for n, moment in enumerate(EDGES)])
    home.run("2024-07-01", "2024-07-08")
    found = home.ask("select signal_session from mart.text_moves where scorer = 'vader' order by text_id")
    assert found == [(date.fromisoformat(expected[cutoff]),) for expected in EDGES.values()]
    counted = dict(
        home.ask("select trading_day, text_count from mart.ticker_days where scorer = 'vader' and text_count > 0")
    )
    expected = [date.fromisoformat(each[cutoff]) for each in EDGES.values()]
    assert counted == {day: expected.count(day) for day in set(expected)}


def test_with_the_cutoff_at_the_open_the_same_session_is_bought(make_home):
    home = make_home("open", study=Study(cutoff="open"))
    home.drop("prices/prices.csv", PRICES)
    home.drop("texts/a.ndjson", [post("1", "2024-07-02T13:29:59Z", WORDS)])
    home.run("2024-07-01", "2024-07-08")
    assert home.ask(
        """select trading_day, cutoff_at, entry_session, forward_return_1d, forward_return_2d from mart.ticker_days
        where scorer = 'vader' and text_count > 0"""
    ) == [
        (
            date(2024, 7, 2),
            at("2024-07-02T13:30:00"),
            date(2024, 7, 2),
            pytest.approx(110 / 102 - 1),  # close(s) / open(s)
            pytest.approx(111 / 102 - 1),
        )
    ]


def test_no_text_of_a_row_was_known_after_its_cutoff_nor_its_entry_before(make_home):
    for cutoff in (CLOSE, OPEN, HALF_HOUR):
        home = make_home(cutoff, study=Study(cutoff=cutoff))
        home.drop("prices/prices.csv", PRICES)
        moments = [at("2024-07-01T00:00:00") + timedelta(minutes=97 * n) for n in range(100)]
        home.drop(
            "texts/a.ndjson", [post(f"{n}", f"{moment:%Y-%m-%dT%H:%M:%SZ}", WORDS) for n, moment in enumerate(moments)]
        )
        home.run("2024-07-01", "2024-07-08")
        assert home.ask(
            """select count(*), count_if(moves.known_at >= days.cutoff_at), count_if(entries.open_at < days.cutoff_at)
            from mart.text_moves as moves
            join mart.ticker_days as days
                on days.ticker = moves.ticker and days.trading_day = moves.signal_session and days.scorer = moves.scorer
            join core.sessions as entries on entries.calendar = 'XNYS' and entries.trading_day = days.entry_session"""
        ) == [(200, 0, 0)]
