"""Threads: the author against the crowd, one vote each; and who spoke after the price had moved."""

from datetime import date, timedelta

import pytest

from tests.conftest import at, post

THREAD = """select author_sentiment, commenter_sentiment, bullish_commenter_count, bearish_commenter_count, agreement,
    commenter_count, comment_count, low_information_count, low_information_share, automatic_count
    from mart.threads where scorer = 'vader'"""

JOB = "hourly"  # no evidence is looked at here


def answer(id: str, hour: str, body: str, **fields: object) -> dict:
    return post(id, f"2024-07-02T{hour}:00Z", body, kind="comment", parent_id="1", language="en", **fields)


def test_a_commenter_has_one_vote_and_those_who_say_nothing_have_none(home):
    home.drop(
        "texts/t.ndjson",
        [
            post("1", "2024-07-02T14:00:00Z", "I love $MU", language="en"),
            answer("2", "15:00", "I hate $MU", author="loud"),
            answer("3", "15:01", "I really hate $MU", author="loud"),
            answer("4", "15:02", "I love $MU", author="calm"),
            answer("5", "15:03", "thnx for sharing", author="polite"),
            answer("6", "15:04", "I love $MU, beep", author="AutoModerator"),
        ],
    )
    home.run("2024-07-02")
    ((author, crowd, *counts),) = home.ask(THREAD)
    loud = home.ask(
        "select avg(sentiment) from core.opinions where scorer = 'vader' and text_id in ('test:2', 'test:3')"
    )
    assert author == 0.6369
    assert crowd == pytest.approx((loud[0][0] + 0.6369) / 2, abs=1e-12)
    assert counts == [1, 1, 0.0, 2, 5, 1, 0.2, 1]


def prices(jump: float) -> str:
    """40 quiet weekdays of MU until 2024-07-01, then one close ``jump`` away."""
    days = [date(2024, 5, 1) + timedelta(days=n) for n in range(62)]
    lines = [f"MU,{day},100,101,99,{100 + day.day % 2},{100 + day.day % 2},1" for day in days if day.weekday() < 5]
    close = 101 * (1 + jump)
    return "\n".join(
        ["ticker,day,open,high,low,close,adjusted_close,volume", *lines, f"MU,2024-07-02,100,130,80,{close},{close},1"]
    )


def moved(home, jump: float) -> list[tuple]:
    home.drop("prices/p.csv", prices(jump))
    home.drop(
        "texts/t.ndjson",
        [
            post("1", "2024-07-02T14:00:00Z", "I love $MU", language="en"),
            answer("2", "19:59", "I hate $MU"),
            answer("3", "20:00", "I hate $MU"),
        ],
    )
    home.run("2024-07-02")
    return home.ask("select moved_at, after_move_count from mart.threads where scorer = 'vader'")


def test_comments_after_the_close_that_moved_saw_the_price_first(home):
    assert moved(home, 0.2) == [(at("2024-07-02T20:00:00"), 1)]


def test_a_thread_whose_price_stayed_has_none(home):
    assert moved(home, 0.005) == [(None, 0)]


def test_without_prices_nobody_knows(home):
    home.drop("texts/t.ndjson", [post("1", "2024-07-02T14:00:00Z", "I love $MU", language="en")])
    home.run("2024-07-02")
    assert home.ask("select distinct moved_at, after_move_count from mart.threads") == [(None, None)]
