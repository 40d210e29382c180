"""What a message of StockTwits becomes: tickers, stance, conversation."""

from pathlib import Path

from tests.text_files import SAVED_AT, at, given, read_records

MESSAGE = {
    "id": 449,
    "body": "$MU it&#39;s on",
    "created_at": "2022-04-03T17:05:36Z",
    "user": {"id": 5, "username": "ann"},
    "symbols": [{"id": 1, "symbol": "MU"}, {"id": 2, "symbol": "BTC.X"}, {"id": 3, "symbol": "BRK.B"}],
    "entities": {"sentiment": {"basic": "Bullish"}},
    "likes": {"total": 8, "user_ids": [1]},
}


def test_a_message_of_stocktwits_carries_tickers_and_stance(tmp_path: Path) -> None:
    read = read_records(tmp_path, MESSAGE)
    assert [given(row) for row in read.texts] == [
        {
            "text_id": "stocktwits:449",
            "source": "stocktwits",
            "kind": "post",
            "author": "ann",
            "body": "$MU it&#39;s on",
            "body_format": "html",
            "url": "https://stocktwits.com/message/449",
            "published_at": at(2022, 4, 3, 17, 5, 36),
            "fetched_at": SAVED_AT,
            "time_precision": "exact",
            "is_deleted": False,
            "symbols": ["MU", "BTC", "BRK.B"],
            "declared_stance": "bullish",
        }
    ]
    assert [given(row) for row in read.counts] == [{"text_id": "stocktwits:449", "observed_at": SAVED_AT, "likes": 8}]


def test_conversations_and_reshares_of_stocktwits_name_their_originals(tmp_path: Path) -> None:
    first = {"parent_message_id": 449, "in_reply_to_message_id": None, "parent": True, "replies": 2}
    answer = {"parent_message_id": 449, "in_reply_to_message_id": 450, "parent": False}
    reshare = {"reshared_count": 1, "message": {"id": 400, "body": MESSAGE["body"]}}
    read = read_records(
        tmp_path,
        {**MESSAGE, "conversation": first, "likes": None},
        {**MESSAGE, "id": 451, "conversation": answer},
        {**MESSAGE, "id": 452, "reshare_message": reshare, "entities": {"sentiment": None}},
    )
    assert [(row["kind"], row["parent_id"], row["thread_id"]) for row in read.texts] == [
        ("post", None, None),
        ("comment", "stocktwits:450", "stocktwits:449"),
        ("post", None, None),
    ]
    assert [(row["repost_of"], row["declared_stance"]) for row in read.texts] == [
        (None, "bullish"),
        (None, "bullish"),
        ("stocktwits:400", None),
    ]
    assert (read.counts[0]["replies"], read.counts[0]["likes"]) == (2, None)


def test_a_reshare_with_words_of_its_own_is_no_repost(tmp_path: Path) -> None:
    reshare = {"message": {"id": 400, "body": "$MU never goes up"}}
    assert read_records(tmp_path, {**MESSAGE, "reshare_message": reshare}).texts[0]["repost_of"] is None


def test_a_recorded_answer_of_stocktwits_holds_its_messages(tmp_path: Path) -> None:
    read = read_records(
        tmp_path, {"response": {"status": 200}, "cursor": {"more": True}, "messages": [MESSAGE, MESSAGE]}
    )
    assert len(read.texts) == 2
