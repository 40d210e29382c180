"""What an X/Twitter v1.1 object becomes: identity, parents, times, counts."""

from pathlib import Path

import pytest

from tests.text_files import SAVED_AT, at, given, read_records

TWEET = {
    "id_str": "101",
    "created_at": "Wed Jan 01 03:59:03 +0000 2014",
    "text": "$AAPL &amp; $MU up",
    "lang": "en",
    "user": {"screen_name": "ann"},
    "entities": {"symbols": [{"text": "aapl"}, {"text": "MU"}, {"text": "AAPL"}]},
    "favorite_count": 0,
    "retweet_count": 0,
}


def test_a_tweet_is_a_post(tmp_path: Path) -> None:
    read = read_records(tmp_path, TWEET)
    assert [given(row) for row in read.texts] == [
        {
            "text_id": "twitter:101",
            "source": "twitter",
            "kind": "post",
            "author": "ann",
            "body": "$AAPL &amp; $MU up",
            "body_format": "html",
            "url": "https://twitter.com/i/web/status/101",
            "language": "en",
            "published_at": at(2014, 1, 1, 3, 59, 3),
            "fetched_at": SAVED_AT,
            "time_precision": "exact",
            "is_deleted": False,
            "symbols": ["AAPL", "MU"],
        }
    ]
    assert read.counts == []  # the stream's zeros are no observation


def test_a_retweet_is_a_text_of_its_own_and_counts_for_the_original_as_the_stream_saw_it(
    tmp_path: Path,
) -> None:
    original = {**TWEET, "id_str": "99", "favorite_count": 59, "retweet_count": 1998, "reply_count": None}
    read = read_records(tmp_path, {**TWEET, "retweeted_status": original})
    assert [(row["text_id"], row["repost_of"]) for row in read.texts] == [("twitter:101", "twitter:99")]
    assert [given(row) for row in read.counts] == [
        {"text_id": "twitter:99", "observed_at": at(2014, 1, 1, 3, 59, 3), "likes": 59, "reposts": 1998}
    ]


def test_counts_of_a_tweet_that_was_asked_for_later_were_seen_when_the_file_was_saved(tmp_path: Path) -> None:
    quoted = {**TWEET, "id_str": "98", "favorite_count": 7}
    read = read_records(tmp_path, {**TWEET, "favorite_count": 3, "quoted_status": quoted})
    assert [(row["text_id"], row["observed_at"], row["likes"], row["reposts"]) for row in read.counts] == [
        ("twitter:101", SAVED_AT, 3, None),
        ("twitter:98", SAVED_AT, 7, 0),
    ]
    assert read.texts[0]["repost_of"] is None


def test_the_originals_counts_that_a_retweet_repeats_are_not_its_own(tmp_path: Path) -> None:
    original = {**TWEET, "id_str": "99", "retweet_count": 12}
    read = read_records(tmp_path, {**TWEET, "retweet_count": 12, "retweeted_status": original})
    assert [(row["text_id"], row["observed_at"]) for row in read.counts] == [("twitter:99", SAVED_AT)]


def test_a_reply_on_twitter_is_a_comment(tmp_path: Path) -> None:
    row = read_records(tmp_path, {**TWEET, "in_reply_to_status_id_str": "77"}).texts[0]
    assert (row["kind"], row["parent_id"], row["thread_id"]) == ("comment", "twitter:77", None)


def test_the_long_form_of_a_tweet_is_preferred(tmp_path: Path) -> None:
    extended = {"full_text": "all of it $SPY", "entities": {"symbols": [{"text": "SPY"}]}}
    rest = {name: value for name, value in TWEET.items() if name != "text"}
    read = read_records(tmp_path, {**TWEET, "extended_tweet": extended}, {**rest, "full_text": "long"})
    assert [row["body"] for row in read.texts] == ["all of it $SPY", "long"]
    assert read.texts[0]["symbols"] == ["SPY"]


@pytest.mark.parametrize(
    ("code", "language"),
    [("und", None), ("in", "id"), ("iw", "he"), ("zh-cn", "zh"), ("", None), (None, None), ("qme", None)],
)
def test_languages_are_iso_codes_or_unknown(tmp_path: Path, code: str | None, language: str | None) -> None:
    assert read_records(tmp_path, {**TWEET, "lang": code}).texts[0]["language"] == language


def test_the_zone_of_a_tweets_time_counts(tmp_path: Path) -> None:
    row = read_records(tmp_path, {**TWEET, "created_at": "Wed Jan 01 00:59:03 -0330 2014"}).texts[0]
    assert row["published_at"] == at(2014, 1, 1, 4, 29, 3)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("created_at", "yesterday", "created_at 'yesterday' is not like"),
        ("created_at", "Wed Foo 01 03:59:03 +0000 2014", "is not like"),
        ("created_at", "Wed Jan 01 03:59:61 +0000 2014", "is not like"),
        ("created_at", "Wed Jan 01 03:59:03:04:05:06 +0000 2014", "is not like"),
        ("created_at", 5, "Expected `str`, got `int` - at `$.created_at`"),
        ("id_str", "12a", "tweet id '12a' is not a number"),
        ("favorite_count", "many", "Expected `int | null`, got `str` - at `$.favorite_count`"),
        ("entities", {"symbols": [{"text": "A"}] * 1001}, "1,001 tickers are more than one text declares"),
    ],
)
def test_a_tweet_with_a_wrong_value_is_a_reject_that_says_why(tmp_path: Path, field, value, reason: str) -> None:
    read = read_records(tmp_path, TWEET, {**TWEET, field: value}, {**TWEET, "id_str": "102"})
    assert [row["text_id"] for row in read.texts] == ["twitter:101", "twitter:102"]
    assert [row["line"] for row in read.rejects] == [2]
    assert reason in read.rejects[0]["reason"]


def test_a_count_that_no_counter_can_hold_is_unknown(tmp_path: Path) -> None:
    read = read_records(
        tmp_path, {**TWEET, "retweeted_status": {"id_str": "9", "favorite_count": 10**30, "retweet_count": 4}}
    )
    assert [given(row) for row in read.counts] == [
        {"text_id": "twitter:9", "observed_at": at(2014, 1, 1, 3, 59, 3), "reposts": 4}
    ]


def test_nul_is_removed_and_a_lone_surrogate_is_replaced(tmp_path: Path) -> None:
    read = read_records(tmp_path, {**TWEET, "text": "a\x00b\ud83d c🚀"})
    assert [row["body"] for row in read.texts] == ["ab\ufffd c🚀"]
