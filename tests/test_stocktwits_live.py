"""Asking StockTwits: back through a stream, refusals that HTTP calls a success; and reading what came."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pipelines.sources import stocktwits_asking
from pipelines.sources.answers import Answer, Incomplete, Refused, SourceDown, Throttled, WrongShape
from pipelines.sources.windows import DAY, Subject, Window
from tests import asking
from tests.local_service import Asked, Play, Reply
from tests.plays import stocktwits as played

BEFORE_ALL = Window(played.WINDOW.start - 9 * DAY, played.WINDOW.end - 9 * DAY)


ask = partial(asking.ask, stocktwits_asking, played)
read = partial(asking.read, stocktwits_asking)


def altered(change: Callable[[Any], Any]) -> Play:
    """The service with something changed in every answer."""

    def play(asked: Asked) -> Reply:
        content = json.loads(played.play(asked).body)
        change(content)
        return Reply(json.dumps(content).encode())

    return play


def page(messages: list[Any], *, more: bool = False) -> bytes:
    """An answer with these messages."""
    cursor = {"more": more, "max": messages[-1]["id"] if messages else None}
    return json.dumps({"response": {"status": 200}, "cursor": cursor, "messages": messages}).encode()


def ids(answers: list[Answer]) -> list[int]:
    return [message["id"] for answer in answers for message in json.loads(answer.body)["messages"]]


def in_window(window: Window = played.WINDOW) -> set[int]:
    moments = {one["id"]: datetime.fromisoformat(one["created_at"]) for one in played.STREAMS["MU"]}
    return {number for number, moment in moments.items() if window.start <= moment < window.end}


def test_every_message_of_the_window_comes_over_all_pages() -> None:
    came = ask()
    assert came.error is None
    assert in_window() <= set(ids(came))
    assert len(in_window()) > 200
    assert len(came) >= 8
    assert len(ids(came)) == len(set(ids(came)))


def test_asking_stops_at_the_first_page_that_ends_before_the_window() -> None:
    window = Window(datetime(2026, 5, 29, tzinfo=UTC), datetime(2026, 5, 30, tzinfo=UTC))
    came = ask(window=window)
    last = [datetime.fromisoformat(json.loads(answer.body)["messages"][-1]["created_at"]) for answer in came]
    assert [moment < window.start for moment in last] == [False] * (len(came) - 1) + [True]
    assert in_window(window) <= set(ids(came))


def test_a_stream_that_ends_is_whole_with_its_last_partial_page() -> None:
    came = ask(window=BEFORE_ALL)
    assert came.error is None
    assert len(ids(came)) == len(played.STREAMS["MU"])
    assert 0 < len(json.loads(came[-1].body)["messages"]) < played.PAGE


def test_a_service_whose_max_includes_the_message_itself_is_followed_too() -> None:
    def play(asked: Asked) -> Reply:
        newest = asked.query.get("max")
        return played.play(asked._replace(query={"max": str(int(newest) + 1)} if newest else {}))

    came = ask(play, window=BEFORE_ALL)
    assert came.error is None
    assert set(ids(came)) == {one["id"] for one in played.STREAMS["MU"]}


def test_an_old_message_above_the_others_does_not_end_the_stream() -> None:
    def pin(answer: Any) -> None:
        pinned = {**played.STREAMS["MU"][-1], "id": 1, "created_at": "2020-01-01T00:00:00Z"}
        answer["messages"].insert(0, pinned)

    came = ask(altered(pin))
    assert (came.error, in_window() - set(ids(came))) == (None, set())


def test_a_stream_without_messages_is_one_empty_answer() -> None:
    came = ask(lambda asked: Reply(page([])))
    assert (came.error, len(came)) == (None, 1)
    assert read(came).texts.num_rows == read(came).rejects.num_rows == 0


def test_an_empty_page_where_more_was_promised_is_told() -> None:
    shown = played.STREAMS["MU"][89]["id"]

    def play(asked: Asked) -> Reply:
        return played.play(asked) if int(asked.query.get("max", shown + 1)) > shown else Reply(page([]))

    came = ask(play)
    assert isinstance(came.error, Incomplete)
    oldest = datetime.fromisoformat(played.STREAMS["MU"][89]["created_at"])
    assert f"{oldest:%Y-%m-%d %H:%M} UTC" in str(came.error)
    assert "90 messages" in str(came.error)
    assert len(ids(came)) == 90


def test_a_stream_that_ends_where_the_service_shows_no_more_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stocktwits_asking, "SHOWN", len(played.STREAMS["MU"]) + 10)
    assert isinstance(ask(window=BEFORE_ALL).error, Incomplete)


def test_pages_beyond_the_most_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stocktwits_asking, "MOST_PAGES", 3)
    came = ask()
    assert isinstance(came.error, Incomplete)
    assert "ticker:MU" in str(came.error)
    assert (len(came), len(came.asked)) == (3, 3)


def test_a_cursor_that_comes_twice_is_told() -> None:
    came = ask(altered(lambda answer: answer["cursor"].update(max=599_999_999 + 3 * 200)))
    assert isinstance(came.error, WrongShape)
    assert "twice" in str(came.error)
    assert len(came) == 2


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("messages", lambda answer: answer.pop("messages")),
        ("cursor", lambda answer: answer.pop("cursor")),
        ("cursor.max", lambda answer: answer["cursor"].update(max=None)),
        ("cursor.more", lambda answer: answer["cursor"].update(more="yes")),
        ("response", lambda answer: answer.pop("response")),
        ("created_at", lambda answer: answer["messages"][2].update(created_at="2026-05-28T12:00:00")),
        ("`id`", lambda answer: answer["messages"][2].pop("id")),
    ],
)
def test_another_shape_names_source_and_field(field: str, change: Callable[[Any], Any]) -> None:
    came = ask(altered(change))
    assert isinstance(came.error, WrongShape)
    assert str(came.error).startswith("stocktwits: ")
    assert field in str(came.error)


@pytest.mark.parametrize(("status", "kind"), [(429, Throttled), (401, Refused), (404, Refused), (503, SourceDown)])
def test_a_refusal_that_http_calls_a_success_is_told(status: int, kind: type) -> None:
    refusal = {"response": {"status": status}, "errors": [{"message": "what the service says"}]}
    came = ask(lambda asked: Reply(json.dumps(refusal).encode()))
    assert type(came.error) is kind
    assert f"response.status {status}" in str(came.error)
    assert "what the service says" in str(came.error)
    assert came.error.next_allowed_at == (played.NOW + timedelta(minutes=15) if status == 429 else None)
    assert came == []


def test_an_unknown_ticker_is_refused() -> None:
    came = ask(subject=Subject("ticker", "ZZZZ"))
    assert isinstance(came.error, Refused)
    assert "Symbol not found" in str(came.error)


def test_the_token_is_sent_where_it_is_set_and_said_nowhere() -> None:
    came = ask(keys=played.KEYS)
    token = played.KEYS["stocktwits_token"]
    assert {asked.query.get("access_token") for asked in came.asked} == {token}
    assert not any(token in answer.url for answer in came)
    assert not any("access_token" in asked.query for asked in ask().asked)


@pytest.mark.parametrize(
    ("ticker", "symbol"),
    [
        ("MU", "MU"),
        ("mu", "MU"),
        ("BRK.B", "BRK.B"),
        ("BTC", "BTC.X"),
        ("BTC.X", "BTC.X"),
        ("BCH.X", "BCH.X"),
        ("BCH", "BCH"),
    ],
)
def test_a_coin_is_asked_for_by_its_symbol_there(ticker: str, symbol: str) -> None:
    assert stocktwits_asking.symbol_of(ticker) == symbol


def test_a_coin_is_asked_for_and_read_under_our_ticker() -> None:
    came = ask(subject=Subject("ticker", "BTC"))
    assert [asked.path for asked in came.asked] == ["/api/2/streams/symbol/BTC.X.json"]
    assert read(came).texts["symbols"].to_pylist() == [["BTC"]] * 5


def test_a_ticker_cannot_lead_to_another_address() -> None:
    came = ask(subject=Subject("ticker", "../MU?x=#"))
    assert [(asked.path, asked.query) for asked in came.asked] == [("/api/2/streams/symbol/..%2FMU%3FX%3D%23.json", {})]


def test_answers_read_back_are_messages_with_stance_and_conversation() -> None:
    rows = read(ask())
    assert rows.rejects.num_rows == 0
    texts = {row["text_id"]: row for row in rows.texts.to_pylist()}
    assert {row["declared_stance"] for row in texts.values()} == {"bullish", "bearish", None}
    for number in played.ANSWERS:
        answer = texts[f"stocktwits:{number}"]
        assert answer["parent_id"] == answer["thread_id"] == f"stocktwits:{played.TOP}"
    assert any("it&#39;s" in row["body"] for row in texts.values())
    assert set(rows.texts["fetched_at"].to_pylist()) == {played.NOW}


def test_one_bad_message_is_a_reject_and_stops_no_other() -> None:
    def spoil(answer: Any) -> None:
        answer["messages"][4]["body"] = None

    came = ask(altered(spoil))
    rows = read(came)
    assert came.error is None
    assert rows.rejects.num_rows == len(came)
    assert rows.texts.num_rows == len(ids(came)) - len(came)


def test_recorded_messages_are_read_as_pages(shared: Path) -> None:
    asked_at = datetime(2026, 1, 2, tzinfo=UTC)
    for path in sorted((shared / "api" / "stocktwits").glob("*.json")):
        messages = json.loads(path.read_bytes())
        rows = read([Answer("https://api.stocktwits.com/", asked_at, page(messages))])
        assert rows.texts["text_id"].to_pylist() == [f"stocktwits:{message['id']}" for message in messages]
        assert rows.rejects.num_rows == 0


def test_a_recorded_stream_is_paged_through(shared: Path) -> None:
    recorded = json.loads((shared / "api" / "stocktwits" / "symbol-msgs-all.json").read_bytes())

    def play(asked: Asked) -> Reply:
        older = [one for one in recorded if one["id"] < int(asked.query.get("max", 10**18))]
        return Reply(page(older[:2], more=len(older) > 2))

    day = datetime(2022, 4, 3, tzinfo=UTC)
    came = ask(play, subject=Subject("ticker", "TSLA"), window=Window(day, day + DAY))
    assert came.error is None
    assert ids(came) == [message["id"] for message in recorded]


def test_the_play_has_the_fields_that_were_recorded(shared: Path) -> None:
    paths = sorted((shared / "api" / "stocktwits").glob("*.json"))
    theirs = [message for path in paths for message in json.loads(path.read_bytes())]
    ours = [message for stream in played.STREAMS.values() for message in stream]
    assert {name for one in ours for name in one} <= {name for one in theirs for name in one}
    assert {name for one in ours for name in one["user"]} <= {name for one in theirs for name in one["user"]}
    assert {type(one["created_at"]) for one in ours} == {str}
