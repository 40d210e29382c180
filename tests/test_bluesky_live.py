"""Bluesky asked as it is asked in earnest, against a play of it on this machine."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from pipelines.sources import bluesky_asking
from pipelines.sources.answers import Answer, Incomplete, Refused, WrongShape
from pipelines.sources.bluesky_asking import ask, read, windows
from pipelines.sources.rows import Limits
from pipelines.sources.web import Manners, Web
from tests.local_service import Asked, LocalService, Play, Reply
from tests.plays import bluesky as service

MANNERS = Manners(pause_seconds=0, first_wait_seconds=0.01, longest_wait_seconds=1)
SECRETS = (service.KEYS["bluesky_app_password"], "invented-access-token", "invented-refresh-token")


def web_at(url: str, **changed: Any) -> Web:
    sleep: Callable[[float], object] = lambda seconds: None  # noqa: E731
    web = Web("bluesky", url, service.KEYS, MANNERS, lambda: service.NOW, sleep)
    return replace(web, **changed)


def asked_of(play: Play, into: list[Answer] | None = None, **changed: Any) -> tuple[list[Answer], list[Asked]]:
    answers = [] if into is None else into
    with LocalService(play) as local:
        answers.extend(ask(web_at(local.url, **changed), service.SUBJECT, service.WINDOW))
        return answers, local.asked


def paths(asked: list[Asked]) -> list[str]:
    return [one.path.rpartition(".")[2] for one in asked]


def rows_of(answers: list[Answer]) -> list[dict[str, Any]]:
    batches = list(read(answers, Limits()))
    assert [row for batch in batches for row in batch.rejects.to_pylist()] == []
    return [row for batch in batches for row in batch.texts.to_pylist()]


def changed_search(change: Callable[[dict[str, Any], Asked], None]) -> Play:
    """The play with every page of the search changed."""

    def play(asked: Asked) -> Reply:
        reply = service.play(asked)
        if not asked.path.endswith(".searchPosts") or reply.status != 200:
            return reply
        page = json.loads(reply.body)
        change(page, asked)
        return Reply(json.dumps(page).encode())

    return play


def test_the_whole_day_arrives_with_its_last_partial_page_and_no_other_day() -> None:
    answers, asked = asked_of(service.play)
    ids = {row["text_id"] for row in rows_of(answers)}
    assert {f"bluesky:{service.uri(f'p{number}')}" for number in range(service.IN_DAY)} <= ids
    assert not {f"bluesky:{service.uri(name)}" for name in ("before1", "next1")} & ids
    searches = [one.query for one in asked if one.path.endswith(".searchPosts")]
    assert [query.get("cursor") for query in searches] == [None, *(str(100 * page) for page in range(1, 9))]
    assert {query["limit"] for query in searches} == {"100"}
    pages = [json.loads(answer.body)["posts"] for answer in answers if "searchPosts" in answer.url]
    assert [len(page) for page in pages] == [*[100] * 8, service.IN_DAY - 800]
    assert {(query["since"], query["until"]) for query in searches} == {
        ("2025-03-04T00:00:00.000Z", "2025-03-05T00:00:00.000Z")
    }


def test_answers_that_the_search_does_not_find_come_with_their_threads_each_thread_once() -> None:
    answers, asked = asked_of(service.play)
    rows = {row["text_id"]: row for row in rows_of(answers)}
    for number in range(service.THREADS):
        for name, parent in (("a", ""), ("b", ""), ("c", "a")):
            row = rows[f"bluesky:{service.uri(f'{name}p{number}')}"]
            assert row["thread_id"] == f"bluesky:{service.uri(f'p{number}')}"
            assert row["parent_id"] == f"bluesky:{service.uri(f'{parent}p{number}')}"
    assert f"bluesky:{service.uri('root')}" in rows
    threads = [one.query["uri"] for one in asked if one.path.endswith(".getPostThread")]
    assert sorted(threads) == sorted(service.uri(name) for name in [*(f"p{n}" for n in range(12)), "gone", "root"])


def test_a_thread_whose_first_post_is_gone_stops_nothing() -> None:
    answers, _ = asked_of(service.play)
    assert not any("gone" in answer.url for answer in answers)
    assert f"bluesky:{service.uri(f'p{service.LOST}')}" in {row["text_id"] for row in rows_of(answers)}


def test_a_service_without_threads_is_told_and_not_taken_for_threads_that_are_gone() -> None:
    def play(asked: Asked) -> Reply:
        is_thread = asked.path.endswith("getPostThread")
        return Reply(b'{"error":"NotFound","message":"no such path"}', 404) if is_thread else service.play(asked)

    with pytest.raises(Refused, match="status 404"):
        asked_of(play)


def test_a_post_is_published_when_the_network_took_it_in_whatever_its_author_claims() -> None:
    answers, _ = asked_of(service.play)
    published = {row["text_id"]: row["published_at"] for row in rows_of(answers)}
    for number in (service.LATE, service.EARLY, 0, 1):
        taken_in = service.WINDOW.start + timedelta(seconds=10 + 100 * number, milliseconds=number)
        assert published[f"bluesky:{service.uri(f'p{number}')}"] == taken_in


def test_a_cursor_that_comes_twice_is_told() -> None:
    play = changed_search(lambda page, asked: page.update(cursor="100"))
    with pytest.raises(WrongShape, match="the cursor '100' came twice"):
        asked_of(play)


def test_an_empty_page_with_a_cursor_is_not_the_end() -> None:
    def hide(page: dict[str, Any], asked: Asked) -> None:
        if asked.query.get("cursor") == "100":
            page["posts"] = []

    assert paths(asked_of(changed_search(hide))[1]).count("searchPosts") == 9


def test_a_post_that_is_no_post_is_a_reject_and_stops_no_other() -> None:
    def spoil(page: dict[str, Any], asked: Asked) -> None:
        if "cursor" not in asked.query:
            page["posts"][:2] = [{"uri": 1, "author": {}, "record": {}, "indexedAt": "x"}, "nonsense"]

    answers, _ = asked_of(changed_search(spoil))
    batches = list(read(answers, Limits()))
    assert sum(batch.rejects.num_rows for batch in batches) == 2
    ids = {text_id for batch in batches for text_id in batch.texts["text_id"].to_pylist()}
    assert sum(text_id.rpartition("/")[2][0] == "p" for text_id in ids) == service.IN_DAY - 2


def test_a_search_goes_on_from_the_oldest_where_the_service_leads_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bluesky_asking, "SEARCH_DEPTH", 300)

    def shorten(page: dict[str, Any], asked: Asked) -> None:
        assert int(asked.query.get("cursor", 0)) < 300
        if page.get("cursor") == "300":
            del page["cursor"]

    answers, asked = asked_of(changed_search(shorten))
    ids = {row["text_id"] for row in rows_of(answers)}
    assert {f"bluesky:{service.uri(f'p{number}')}" for number in range(service.IN_DAY)} <= ids
    untils = [one.query["until"] for one in asked if one.path.endswith(".searchPosts")]
    assert len(set(untils)) > 2
    assert untils == sorted(untils, reverse=True)


def test_more_posts_at_one_moment_than_a_search_leads_to_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bluesky_asking, "SEARCH_DEPTH", 300)

    def crowd(page: dict[str, Any], asked: Asked) -> None:
        for post in page["posts"]:
            post["indexedAt"] = post["record"]["createdAt"] = "2025-03-04T12:00:00.000Z"

    answers: list[Answer] = []
    with pytest.raises(
        Incomplete, match=r"the posts before 2025-03-04T12:00:00.001Z beyond the first 300; follow less"
    ):
        asked_of(changed_search(crowd), answers)
    assert len(answers) == 6


def test_threads_beyond_the_bound_are_counted_after_all_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bluesky_asking, "MOST_THREADS", 5)
    answers: list[Answer] = []
    with pytest.raises(Incomplete, match="without the answers in 9 of 14 threads"):
        asked_of(service.play, answers)
    assert sum("searchPosts" in answer.url for answer in answers) == 9


@pytest.mark.parametrize(("status", "error"), [(400, "ExpiredToken"), (401, "AuthMissing")])
def test_a_token_that_runs_out_is_renewed_once_and_nothing_is_lost(status: int, error: str) -> None:
    def play(asked: Asked) -> Reply:
        if asked.number == 5:
            return Reply(json.dumps({"error": error, "message": "Token has expired"}).encode(), status)
        return service.play(asked)

    answers, asked = asked_of(play)
    assert [number for number, path in enumerate(paths(asked), 1) if path == "createSession"] == [1, 6]
    assert [answer.body for answer in answers] == [answer.body for answer in asked_of(service.play)[0]]


def test_a_token_that_is_never_taken_is_no_endless_round() -> None:
    def play(asked: Asked) -> Reply:
        is_login = asked.path.endswith("createSession")
        return service.play(asked) if is_login else Reply(b'{"error":"ExpiredToken"}', 400)

    with LocalService(play) as local:
        with pytest.raises(Refused, match="status 400"):
            list(ask(web_at(local.url), service.SUBJECT, service.WINDOW))
        assert paths(local.asked) == ["createSession", "searchPosts"] * 2


def test_all_windows_of_a_run_share_one_session_and_another_run_begins_its_own() -> None:
    with LocalService(service.play) as local:
        web = web_at(local.url)
        list(ask(web, service.SUBJECT, service.WINDOW))
        list(ask(web, service.SUBJECT, service.WINDOW))
        assert paths(local.asked).count("createSession") == 1
        list(ask(web_at(local.url), service.SUBJECT, service.WINDOW))
        assert paths(local.asked).count("createSession") == 2


@pytest.mark.parametrize("name", sorted(service.KEYS))
def test_a_wrong_password_or_handle_is_refused_naming_both_variables(name: str) -> None:
    wrong = {**service.KEYS, name: "wrong-and-secret"}
    with pytest.raises(Refused, match="CROWDTAPE_BLUESKY_HANDLE and CROWDTAPE_BLUESKY_APP_PASSWORD") as refused:
        asked_of(service.play, keys=wrong)
    assert not any(secret in str(refused.value) for secret in wrong.values())


@pytest.mark.parametrize("name", sorted(service.KEYS))
def test_a_missing_key_is_refused_before_anything_is_asked(name: str) -> None:
    left = {key: value for key, value in service.KEYS.items() if key != name}
    with LocalService(service.play) as local:
        with pytest.raises(Refused, match=f"CROWDTAPE_{name.upper()}"):
            list(ask(web_at(local.url, keys=left), service.SUBJECT, service.WINDOW))
        assert local.asked == []


def test_neither_token_nor_password_is_in_an_answer_or_a_message() -> None:
    def play(asked: Asked) -> Reply:
        reply = service.play(asked)
        if asked.path.endswith("getPostThread"):  # a service that repeats what it was sent
            return Reply(json.dumps({"error": "NotAllowed", "message": asked.headers["authorization"]}).encode(), 400)
        if "searchPosts" in asked.path:
            reply.headers["ETag"] = "1"
            reply.body = reply.body.replace(b"Somebody", asked.headers["authorization"].encode())
        return reply

    answers: list[Answer] = []
    said: list[str] = []
    with pytest.raises(Refused) as refused:
        asked_of(play, answers, say=said.append)
    assert len(answers) == 9
    assert not any("createSession" in answer.url for answer in answers)
    shown = [str(refused.value), *said, *(repr(answer) for answer in answers)]
    assert not any(secret in text for text in shown for secret in SECRETS)
    assert "***" in str(refused.value)


@pytest.mark.parametrize(
    "body",
    [
        b'{"refreshJwt":"invented-refresh-token-0001"}',
        b'{"accessJwt":7,"refreshJwt":"invented-refresh-token-0001"}',
        b'{"accessJwt":"invented-access-token-0001","refre',
        b"<html>down for a moment</html>",
    ],
)
def test_a_session_that_is_none_is_asked_again_then_told_without_its_words(body: bytes) -> None:
    said: list[str] = []
    with LocalService(lambda asked: Reply(body)) as local:
        with pytest.raises(WrongShape, match="no JSON with accessJwt") as failed:
            list(ask(web_at(local.url, say=said.append), service.SUBJECT, service.WINDOW))
        assert paths(local.asked) == ["createSession"] * MANNERS.tries
    assert not any(secret in text for text in (str(failed.value), *said) for secret in SECRETS)


def test_a_window_is_a_day() -> None:
    days = windows(service.SUBJECT, service.WINDOW.first, service.NOW.date(), service.NOW)
    assert days[0] == service.WINDOW
    assert [window.start for window in days] == [datetime.fromisoformat(f"2025-03-0{day}T00:00Z") for day in (4, 5, 6)]
