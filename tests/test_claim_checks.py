"""What a text states is held against the prices, and the verdict never moves once it is known."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.claim_tape import FRIDAY, WEEK, Tape, level, move, target
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


def test_a_move_is_checked_against_the_session_it_speaks_of(week):
    week.say("a", "2026-05-29T21:00:00", move(4.1))
    columns = "claimed, actual, tolerance, price_used, first_bar, last_bar, status, reason, decided_at"
    claimed, actual, tolerance, *rest = week.checks(columns)[0]
    assert (claimed, actual) == (pytest.approx(0.041), pytest.approx(0.041))
    assert tolerance == pytest.approx(0.0005 + 0.0005 * 1.041)
    assert rest == [
        "close",
        date(2026, 5, 28),
        FRIDAY,
        "confirmed",
        "close of 2026-05-29 on the close of 2026-05-28: +4.10 %; said +4.10 % ± 0.10",
        at("2026-05-29T21:00:00"),
    ]


def test_a_wrong_move_is_contradicted(week):
    week.say("a", "2026-05-29T21:00:00", move(5.58), move(4.1, direction="down"))
    assert week.checks() == ["contradicted", "contradicted"]


def test_jumps_over_is_confirmed_by_the_high_though_the_close_was_lower(week):
    over = {"bound": "at_least", "matched": "jumps over 5%"}
    week.say("a", "2026-05-29T21:00:00", move(5, basis="intraday", **over), move(5, **over), move(5.58))
    assert week.checks("status, price_used, round(actual, 4)") == [
        ("confirmed", "high", 0.059),
        ("contradicted", "close", 0.041),
        ("contradicted", "close", 0.041),
    ]


def test_a_figure_said_while_the_session_is_open_lies_within_its_range(week):
    week.say("a", "2026-05-29T19:59:59", move(5.58), move(1), move(6.1), move(0.1))
    assert week.checks("status, last_bar, decided_at") == [
        ("confirmed", FRIDAY, at("2026-05-29T20:00:00")),
        ("confirmed", FRIDAY, at("2026-05-29T20:00:00")),
        ("contradicted", FRIDAY, at("2026-05-29T20:00:00")),
        ("contradicted", FRIDAY, at("2026-05-29T20:00:00")),
    ]
    assert week.reasons()[0] == (
        "said while the session was open; low to high of 2026-05-29 on the close of 2026-05-28: "
        "+1.00 % to +5.90 %; said +5.58 % ± 0.06"
    )


def test_dividends_are_left_out_of_a_move_and_splits_are_not(tape):
    tape.bars(WEEK[:2], factor=0.98)  # 2 % paid out on the Friday
    tape.bars(WEEK[2:])
    tape.bars([(day, 4 * low, 4 * high, 4 * close) for day, low, high, close in WEEK[:2]], ticker="NVDA", factor=0.25)
    tape.bars(WEEK[2:], ticker="NVDA")  # four for one on the Friday
    tape.say("a", "2026-05-29T21:00:00", move(4.1), move(4.1, ticker="NVDA"))
    assert tape.checks("status, round(actual, 6)") == [("confirmed", 0.041), ("confirmed", 0.041)]


@pytest.mark.parametrize(
    ("words", "value", "half"),
    [
        ("up 5.58%", 5.58, 0.005),
        ("up 5.0%", 5.0, 0.05),
        ("up 5%", 5, 0.5),
        ("from $3.25 up 1,150.5%", 1150.5, 0.05),
        ("up a percent", 0.25, 0.005),
    ],
)
def test_as_many_digits_as_said_must_be_right(week, words, value, half):
    week.say("a", "2026-05-29T21:00:00", move(value, words))
    assert week.checks("tolerance")[0] == pytest.approx(half / 100 + 0.0005 * (1 + value / 100))


def test_a_figure_is_rounded_and_a_bound_is_not(week):
    week.say(
        "a",
        "2026-05-29T21:00:00",
        move(4),
        move(3.9),
        move(4.4, bound="about"),
        move(4.7, bound="about"),
        move(4, bound="at_least"),
        move(4.3, bound="at_least"),
        move(5, bound="at_most"),
        move(4, bound="at_most"),
        move(2, bound="at_most", direction="down"),
    )
    yes, no = "confirmed", "contradicted"
    assert week.checks() == [yes, no, yes, no, yes, no, yes, no, no]


def test_falls_dollars_and_multiples_are_moves_too(tape):
    tape.bars([(date(2026, 5, 28), 99.0, 101.0, 100.0), (FRIDAY, 88.0, 99.0, 90.0)])
    tape.bars([(date(2026, 5, 28), 9.0, 11.0, 10.0), (FRIDAY, 28.0, 31.0, 30.0)], ticker="GME")
    tape.say(
        "a",
        "2026-05-29T21:00:00",
        move(10, direction="down"),
        move(9, direction="down", bound="at_least"),
        move(11, direction="down", bound="at_least"),
        move(12, direction="down", bound="at_least", basis="intraday"),
        move(10, "down $10", direction="down", unit="usd"),
        move(3, "3x", unit="times", ticker="GME"),
    )
    assert tape.checks() == ["confirmed", "confirmed", "contradicted", "confirmed", "confirmed", "confirmed"]


def test_a_level_lies_within_the_days_prices(week):
    week.say("a", "2026-05-29T21:00:00", level(103.5), level(107.25), level(104, bound="at_least"))
    assert week.checks("status, price_used, actual") == [
        ("confirmed", "range", 103.5),
        ("contradicted", "range", 105.9),
        ("confirmed", "range", 104),
    ]


def test_a_price_on_another_basis_is_not_called_wrong(week):
    week.say("a", "2026-05-29T21:00:00", level(416), target(416, due_on=date(2026, 6, 1)), target(416))
    assert week.checks() == ["cannot_be_checked", "cannot_be_checked", "not_yet_due"]
    too_far = "too far from the close of 2026-05-{}, {}: on another basis (a split since?), or no price of MU"
    assert week.reasons()[:2] == [too_far.format(28, 100), too_far.format(29, 104.1)]


def test_a_target_is_decided_by_the_first_session_after_it_that_gets_there(week):
    week.say("a", "2026-05-28T15:00:00", target(105))  # 98 the day before; that day itself does not count
    week.say("b", "2026-05-28T21:00:00", target(100.5))
    week.say("c", "2026-05-29T21:00:00", target(103.2))
    assert week.checks("status, price_used, actual, first_bar, last_bar, decided_at") == [
        ("confirmed", "high", 105.9, FRIDAY, FRIDAY, at("2026-05-29T20:00:00")),
        ("confirmed", "high", 105.9, FRIDAY, FRIDAY, at("2026-05-29T20:00:00")),
        ("confirmed", "low", 103.0, date(2026, 6, 1), date(2026, 6, 1), at("2026-06-01T20:00:00")),
    ]
    assert week.reasons()[0] == (
        "the price got there on 2026-05-29: high 105.9, target 105 ± 0.052; that it was set is not checked"
    )


def test_a_price_reached_before_the_target_was_known_does_not_count(week):
    week.say("a", "2026-05-29T19:59:59", target(108.5, due_on=date(2026, 6, 1)))
    week.say("b", "2026-05-29T19:59:59", target(101, due_on=date(2026, 6, 1)))
    week.say("c", "2026-05-29T19:59:59", target(99, due_on=FRIDAY))
    assert week.checks() == ["contradicted", "confirmed", "cannot_be_checked"]


def test_a_target_counts_from_when_it_was_known_not_from_when_it_was_written(week):
    week.say("a", "2026-05-29T21:00:00", target(109), target(103.2), published_at=at("2026-05-27T21:00:00"))
    assert week.checks("status, first_bar") == [("not_yet_due", date(2026, 6, 1)), ("confirmed", date(2026, 6, 1))]


def test_a_target_waits_until_its_horizon_is_over_in_our_bars(week):
    week.say("a", "2026-05-28T21:00:00", target(150, due_on=date(2026, 6, 1)))
    week.say("b", "2026-05-28T21:00:00", target(150, due_on=date(2026, 6, 2)))
    week.say("c", "2026-05-28T21:00:00", target(150, due_on=None))
    week.say("d", "2026-05-28T21:00:00", target(150, due_on=date(2031, 1, 1)))  # beyond our calendar
    week.say("e", "2026-06-01T21:00:00", target(150))
    assert week.checks("status, actual, last_bar, decided_at") == [
        ("contradicted", 108, date(2026, 6, 1), at("2026-06-01T20:00:00")),
        ("not_yet_due", 108, date(2026, 6, 1), None),
        ("not_yet_due", 108, date(2026, 6, 1), None),
        ("not_yet_due", 108, date(2026, 6, 1), None),
        ("not_yet_due", None, None, None),
    ]
    assert week.reasons()[1] == (
        "no prices of MU after 2026-06-01 yet; it speaks of days up to 2026-06-02; high so far 108"
    )


def test_a_split_between_the_target_and_the_price_changes_nothing(tape):
    before = [(day, 4 * low, 4 * high, 4 * close) for day, low, high, close in WEEK[:2]]
    tape.bars(before, factor=0.25)
    tape.bars(WEEK[2:])  # four for one on the Friday
    tape.say("a", "2026-05-28T21:00:00", target(420), target(440, due_on=date(2026, 6, 1)), target(105))
    assert tape.checks("status, actual") == [
        ("confirmed", 4 * 105.9),
        ("contradicted", 4 * 108.0),
        ("not_yet_due", 4 * 101.0),
    ]


def test_dividends_do_not_carry_a_price_to_its_target(tape):
    tape.bars(WEEK[:2], factor=0.95)
    tape.bars(WEEK[2:])
    tape.say("a", "2026-05-28T21:00:00", target(110, due_on=date(2026, 6, 1)))
    assert tape.checks("status, actual") == [("contradicted", 108.0)]


def test_a_missing_bar_is_named_and_never_filled(tape):
    tape.bars([WEEK[0], (date(2026, 5, 28), None, None, None), *WEEK[2:]])
    tape.say("a", "2026-05-28T21:00:00", move(4.1), target(101))
    tape.say("b", "2026-05-29T21:00:00", move(4.1))
    tape.say("c", "2026-05-27T21:00:00", target(105), target(120, due_on=FRIDAY))
    assert tape.checks() == [*["cannot_be_checked"] * 3, "confirmed", "cannot_be_checked"]
    assert [*tape.reasons()[:3], tape.reasons()[4]] == [
        *["no prices of MU on 2026-05-28"] * 3,
        "not met on the bars we have, and some are missing up to 2026-05-29",
    ]


def test_prices_that_we_do_not_have_yet_are_waited_for(week):
    week.say("a", "2026-06-02T21:00:00", move(1))
    week.say("b", "2026-06-05T21:00:00", move(1))
    week.say("c", "2025-01-03T21:00:00", move(1))
    week.say("d", "2026-05-29T21:00:00", move(1, ticker="GME"), move(1, ticker=None))
    assert week.checks() == ["not_yet_due", "not_yet_due", *["cannot_be_checked"] * 3]
    assert week.reasons() == [
        "no prices of MU after 2026-06-01 yet; it speaks of days up to 2026-06-02",
        "no prices of MU after 2026-06-01 yet; it speaks of days up to 2026-06-05",
        "no prices of MU on 2025-01-02",
        "no prices of GME",
        "it does not say whom it is about",
    ]


def test_what_prices_cannot_decide_says_so(week):
    week.say(
        "a",
        "2026-05-29T21:00:00",
        {"kind": "event", "matched": "reports on June 24", "due_on": date(2026, 6, 24)},
        {"kind": "ratio", "matched": "margin of 80%", "value": 80.0, "unit": "percent"},
        move(4.1, basis=None),  # after hours
        move(4.1, unit="points"),
        move(4.1, direction=None),
        level(25_000, unit="points"),
    )
    assert week.checks() == ["cannot_be_checked"] * 6
    assert week.reasons() == [
        "a date of the calendar: prices do not decide it",
        "a business figure: prices do not decide it",
        "it speaks of trading outside the session, which daily bars do not hold",
        "not a move in percent, times or dollars",
        "it does not say up or down",
        "not a price in dollars",
    ]


def test_two_claims_of_one_sentence_are_two_rows(week):
    week.say("a", "2026-05-29T21:00:00", move(4.1), move(6.22, period="since", period_from=date(2026, 5, 28)))
    assert week.checks("claim_number, status") == [(1, "confirmed"), (2, "confirmed")]


def test_cutting_the_bars_at_any_day_changes_nothing_decided_by_then(tape):
    tape.bars(WEEK)
    tape.bars([(day, 4 * low, 4 * high, 4 * close) for day, low, high, close in WEEK[:2]], ticker="NVDA", factor=0.25)
    tape.bars(WEEK[2:], ticker="NVDA")  # four for one on the Friday
    for day in range(25, 32):
        for hour in (8, 15, 21):
            moment = f"2026-05-{day}T{hour:02}:00:00"
            tape.say(
                moment,
                moment,
                move(4.1),
                move(5, bound="at_least", basis="intraday"),
                move(6.2, period="since", period_from=date(2026, 5, 28)),
                target(105, due_on=date(2026, 6, 1)),
                target(98.6, due_on=FRIDAY),
                target(200),
                level(101),
                move(4.1, ticker="NVDA"),
                target(420, ticker="NVDA", due_on=date(2026, 6, 1)),
            )
    columns = "text_id, claim_number, claimed, actual, tolerance, first_bar, last_bar, status, reason, decided_at"
    whole = tape.checks(columns)
    assert len({row[7] for row in whole}) == 4
    for day, *_ in reversed(WEEK):
        cut = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=20)
        tape.con.execute("delete from core.returns where trading_day > ?", [day])
        # an older file knows nothing of a later split: its last bar has factor 1
        tape.con.execute(
            """update core.returns set adjustment_factor = adjustment_factor / newest.factor, low = low / newest.factor,
                high = high / newest.factor, close = close / newest.factor
            from (select ticker, arg_max(adjustment_factor, trading_day) as factor from core.returns group by ticker) as newest
            where newest.ticker = core.returns.ticker"""
        )
        kept = [row for row in tape.checks(columns) if row[9]]
        assert [row for row in kept if row[9] <= cut] == [row for row in whole if row[9] and row[9] <= cut]
        assert set(kept) <= set(whole)


HOSTILE = [float("nan"), float("inf"), float("-inf"), None, 0.0, -5.0, 1e308, 1e-308]


def test_bad_figures_and_days_never_raise(week):
    edges = [date.min, date.max, None]
    claims = [make(value) for make in (move, target, level) for value in HOSTILE]
    claims += [move(1, "9" * 1000 + "%", period="since", period_from=a, period_to=b) for a in edges for b in edges]
    claims += [target(100, due_on=day) for day in edges]
    claims += [
        move(1, period=None, direction=None, unit=None, basis=None, bound="nonsense"),
        {**level(1), "unit": None},
    ]
    week.bars([(FRIDAY, float("nan"), float("inf"), 5.0), (date(2026, 6, 1), -1.0, 0.0, float("inf"))], ticker="GME")
    week.say("a", "2026-05-29T21:00:00", *claims, move(1, ticker="GME"), target(1, ticker="GME"))
    week.say("b", "1800-01-01T00:00:00", *claims)
    week.say("c", "2500-01-01T00:00:00", *claims)
    assert len(week.checks()) == 3 * len(claims) + 2
    assert [row for row in week.checks("status, reason") if not all(row)] == []
