"""An author's record: what the prices bore out, each claim once, and how little a few claims say."""

from datetime import date

import pytest

from tests.claim_tape import WEEK, Tape, move, target
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


RECORD = "claim_count, decided_count, confirmed_count, contradicted_count, not_yet_due_count, cannot_be_checked_count"


def record(tape, columns):
    return tape.con.execute(f"select author_id, {columns} from mart.author_records order by author_id").fetchall()


def test_an_authors_record_counts_what_was_said_without_a_hedge(week):
    week.say("a", "2026-05-29T21:00:00", move(4.1), move(5.58), move(9, is_hedged=True, hedge="could"))
    week.say("b", "2026-05-29T22:00:00", move(4.1), target(150), move(1, ticker=None))  # the first one again
    week.say("c", "2026-05-29T22:00:00", target(150, due_on=date(2026, 11, 30)))
    week.say("d", "2026-05-29T21:00:00", move(4.1), author_id="test:bob", is_repost=True, is_counted=False)
    week.say("e", "2026-05-29T21:00:00", move(4.1), author_id=None)
    week.say("f", "2026-05-29T21:00:00", target(150), author_id="test:cat")
    week.build()
    assert record(week, f"{RECORD}, confirmed_share, first_known_at, last_known_at") == [
        ("test:ann", 4, 2, 1, 1, 1, 1, 0.5, at("2026-05-29T21:00:00"), at("2026-05-29T22:00:00")),
        ("test:cat", 1, 0, 0, 0, 1, 0, None, at("2026-05-29T21:00:00"), at("2026-05-29T21:00:00")),
    ]


def test_a_target_said_again_is_the_same_claim_within_its_year(week):
    week.say("a", "2026-05-28T21:00:00", target(104))  # reached from below
    week.say("b", "2026-05-29T21:00:00", target(104))  # and from above
    week.say("c", "2026-05-29T21:00:00", target(104), target(104, due_on=date(2027, 6, 1)), author_id="test:bob")
    week.build()
    assert record(week, "claim_count, confirmed_count") == [("test:ann", 1, 1), ("test:bob", 2, 2)]


def test_one_lucky_claim_does_not_shine(week):
    """Bounds as in Wilson's formula: 1 of 1 is at least 20.65 %, 8 of 10 lie between 49.02 % and 94.33 %."""
    week.say("a", "2026-05-29T21:00:00", move(4.1))
    right = [move(round(4.06 + n / 100, 2)) for n in range(8)]
    week.say("b", "2026-05-29T21:00:00", *right, move(7), move(8), author_id="test:bob")
    week.build()
    bounds = "confirmed_count, decided_count, round(confirmed_share_low, 4), round(confirmed_share_high, 4)"
    assert record(week, bounds) == [("test:ann", 1, 1, 0.2065, 1.0), ("test:bob", 8, 10, 0.4902, 0.9433)]


@pytest.mark.parametrize("count", range(8))
def test_a_share_lies_within_its_interval_whatever_the_rounding(week, count):
    right = [move(round(4.06 + n / 100, 2)) for n in range(count)]
    week.say("a", "2026-05-29T21:00:00", *right, move(1, ticker=None))
    wrong = [move(10 + n) for n in range(count)]
    week.say("b", "2026-05-29T21:00:00", *wrong, move(1, ticker=None), author_id="test:bob")
    week.build()
    high, low = (1.0, 0.0) if count else (None, None)
    (_, ann_high, _), (_, _, bob_low) = record(week, "confirmed_share_high, confirmed_share_low")
    assert (ann_high, bob_low) == (high, low)
    assert week.broken("an_authors_record_adds_up") == []
