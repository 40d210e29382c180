"""What a session's row says of the talk, worked by hand: decay, engagement, change, buzz, shares, sources."""

import math
from datetime import date

import pytest

from tests.conftest import post
from tests.test_daily_job import HATE, HATED, LOVE, LOVED, PRICES

JOB = "hourly"  # no evidence is looked at here

approx = pytest.approx


def days(home, *columns: str, ticker: str = "MU") -> dict:
    """Columns of the link table by trading day, as VADER reads it."""
    rows = home.ask(
        f"select trading_day, {', '.join(columns)} from mart.ticker_days where ticker = '{ticker}' and scorer = 'vader'"
    )
    return {day: values if len(columns) > 1 else values[0] for day, *values in rows}


def test_an_opinion_loses_half_its_weight_in_sixteen_hours_and_all_after_a_day(home):
    home.drop("prices/prices.csv", PRICES)
    home.drop(
        "texts/a.ndjson",
        [
            post("0", "2024-07-01T20:30:00Z", LOVE),  # 23.5 h before the close of July 2
            post("1", "2024-07-02T04:00:00Z", LOVE),  # 16 h before it
            post("2", "2024-07-02T19:00:00Z", HATE),  # 1 h before it, and 22 h before the half day's close of July 3
            post("3", "2024-07-02T16:59:59Z", HATE),  # 3 h before it, a second too old for July 3
        ],
    )
    home.run("2024-07-01", "2024-07-08")
    found = days(home, "decayed_sentiment", "text_count")
    weight = lambda hours: 2 ** (-hours / 16)  # noqa: E731
    assert found[date(2024, 7, 2)] == [
        approx(LOVED * (weight(23.5) + 0.5) + HATED * (weight(1) + weight(3 + 1 / 3600))),
        4,
    ]
    assert found[date(2024, 7, 3)] == [approx(HATED * weight(22)), 0]
    assert found[date(2024, 7, 5)] == [None, 0]


def test_likes_weigh_only_once_they_were_seen(home):
    """Two sightings before the cut-off (the later counts), one after it, and one text that nobody counted."""
    seen = {"likes": 9, "replies": 0, "reposts": 10}
    home.drop("prices/prices.csv", PRICES)
    home.drop(
        "texts/a.ndjson",
        [
            post("1", "2024-07-02T14:00:00Z", LOVE, likes=1, fetched_at="2024-07-02T14:01:00Z"),
            post("1", "2024-07-02T14:00:00Z", LOVE, **seen, fetched_at="2024-07-02T19:59:59Z"),
            post("1", "2024-07-02T14:00:00Z", LOVE, likes=100_000, fetched_at="2024-07-02T20:00:00Z"),
            post("2", "2024-07-02T14:00:00Z", HATE, likes=100_000, fetched_at="2024-07-03T09:00:00Z"),
        ],
    )
    home.run("2024-07-02")
    heavy = 1 + math.log(1 + 19)
    found = days(home, "engagement_weighted_sentiment", "mean_sentiment")[date(2024, 7, 2)]
    assert found == [approx((LOVED * heavy + HATED) / (heavy + 1)), approx((LOVED + HATED) / 2)]


def test_a_score_below_zero_weighs_like_no_likes(home):
    home.drop(
        "texts/a.ndjson",
        [
            post("1", "2024-07-02T14:00:00Z", LOVE, likes=-50, fetched_at="2024-07-02T15:00:00Z"),
            post("2", "2024-07-02T14:00:00Z", HATE),
        ],
    )
    home.run("2024-07-02")
    assert days(home, "engagement_weighted_sentiment")[date(2024, 7, 2)] == approx((LOVED + HATED) / 2)


def test_the_change_is_against_the_session_before_and_null_beside_silence(home):
    home.drop("prices/prices.csv", PRICES)
    said = {"2024-07-01": LOVE, "2024-07-02": HATE, "2024-07-05": HATE, "2024-07-08": LOVE}
    home.drop("texts/a.ndjson", [post(day, f"{day}T15:00:00Z", words) for day, words in said.items()])
    home.run("2024-07-01", "2024-07-08")
    assert days(home, "sentiment_change") == {
        date(2024, 7, 1): None,
        date(2024, 7, 2): approx(HATED - LOVED),
        date(2024, 7, 3): None,  # silence is not neutral
        date(2024, 7, 5): None,
        date(2024, 7, 8): approx(LOVED - HATED),
    }


def test_posts_and_comments_are_set_against_each_other(home):
    home.drop(
        "texts/a.ndjson",
        [
            post("1", "2024-07-02T14:00:00Z", LOVE),
            post("2", "2024-07-02T15:00:00Z", "I hate $MU and its silly price", kind="comment", parent_id="1"),
            post("3", "2024-07-03T14:00:00Z", LOVE),
        ],
    )
    home.run("2024-07-02", "2024-07-03")
    found = days(home, "post_sentiment", "comment_sentiment", "post_comment_gap")
    posts, comments, gap = found[date(2024, 7, 2)]
    assert posts == LOVED
    assert comments < 0
    assert gap == approx(posts - comments)
    assert found[date(2024, 7, 3)] == [LOVED, None, None]


def test_buzz_is_the_log_count_against_twenty_sessions_with_silence_as_zero(home):
    """Silence about this ticker: somebody spoke of something else. After the last text of all nobody knows."""
    bars = ["ticker,day,open,high,low,close"]
    sessions = [f"2024-07-{n:02d}" for n in (1, 2, 3, 5, 8, 9, 10, 11, 12, 15, 16, 17)]
    bars += [f"MU,{day},10,10,10,10" for day in sessions]
    home.drop("prices/MU.csv", "\n".join(bars))
    counts = dict(zip(sessions, (1, 0, 2, 0, 1, 0, 0, 3, 0, 1, 4, 0), strict=True))
    home.drop(
        "texts/a.ndjson",
        [
            post(f"{day}-{n}", f"{day}T15:00:00Z", f"{LOVE} {n} {day}")
            for day, count in counts.items()
            for n in range(count)
        ],
    )
    home.drop("texts/other.ndjson", [post(f"o{day}", f"{day}T14:00:00Z", "what a day") for day in sessions[:-1]])
    home.run("2024-07-01", "2024-07-31")
    found = days(home, "volume_z", "text_count")
    before = [math.log(1 + counts[day]) for day in sessions[:10]]
    mean = sum(before) / 10
    deviation = math.sqrt(sum((x - mean) ** 2 for x in before) / 9)
    assert found[date(2024, 7, 16)] == [approx((math.log(5) - mean) / deviation), 4]
    assert found[date(2024, 7, 15)][0] is None  # nine sessions before it
    assert found[date(2024, 7, 17)] == [None, 0]
    assert days(home, "is_covered")[date(2024, 7, 16)]
    assert not days(home, "is_covered")[date(2024, 7, 17)]


def test_shares_are_of_the_session_and_the_texts(home):
    home.drop(
        "texts/a.ndjson",
        [
            *(post(str(n), "2024-07-02T14:00:00Z", f"{LOVE} {n}") for n in range(3)),
            post("4", "2024-07-02T14:00:00Z", "I love $NVDA"),
            post("5", "2024-07-02T14:30:00Z", "thanks for sharing", kind="comment", parent_id="4", language="en"),
        ],
    )
    home.run("2024-07-02")
    assert days(home, "volume_share", "low_information_share")[date(2024, 7, 2)] == [3 / 5, 0]
    assert days(home, "volume_share", "low_information_share", ticker="NVDA")[date(2024, 7, 2)] == [2 / 5, 1 / 2]


def test_each_service_has_its_own_row(home):
    home.drop(
        "texts/a.ndjson",
        [
            post("1", "2024-07-02T14:00:00Z", LOVE),
            {**post("2", "2024-07-02T14:00:00Z", HATE), "source": "other"},
            {
                **post("3", "2024-07-02T15:00:00Z", "$MU es muy mala, no me gusta nada", language="es"),
                "source": "third",
            },
        ],
    )
    home.run("2024-07-02")
    assert home.ask(
        """select source, text_count, scored_count, author_count, mean_sentiment from mart.source_days
        where scorer = 'vader' order by source"""
    ) == [("other", 1, 1, 1, HATED), ("test", 1, 1, 1, LOVED), ("third", 1, 0, 1, None)]
