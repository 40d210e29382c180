"""Asking Hacker News: pages by time, threads, what is said when something is missing; and reading what came."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pipelines.sources import hackernews_asking
from pipelines.sources.answers import Answer, Incomplete, Refused, TooLarge, WrongShape
from pipelines.sources.windows import Subject
from tests import asking
from tests.local_service import Asked, Play, Reply
from tests.plays import hackernews as played

SEARCH = "/api/v1/search_by_date"


ask = partial(asking.ask, hackernews_asking, played)
read = partial(asking.read, hackernews_asking)


def altered(change: Callable[[Asked, Any], None]) -> Play:
    """The service with something changed in every good answer."""

    def play(asked: Asked) -> Reply:
        reply = played.play(asked)
        if reply.status == 200:
            content = json.loads(reply.body)
            change(asked, content)
            reply.body = json.dumps(content).encode()
        return reply

    return play


def few(*moments: int) -> Play:
    """The service with a hit at each of the moments, seconds into the window, and pages of a hundred."""

    def play(asked: Asked) -> Reply:
        if asked.path != SEARCH:
            return Reply(b"{}", 404)
        limits = [
            (played.COMPARED[sign], int(value)) for sign, value in played.FILTER.findall(asked.query["numericFilters"])
        ]
        times = sorted(((played.FIRST + one, place) for place, one in enumerate(moments)), reverse=True)
        there = [(at, place) for at, place in times if all(compare(at, value) for compare, value in limits)]
        hits = [{"objectID": str(place + 1), "created_at_i": at, "num_comments": 0} for at, place in there]
        return Reply(json.dumps({"hits": hits[:100], "hitsPerPage": 100}).encode())

    return play


def ids(answers: list[Answer]) -> set[str]:
    """Of every hit."""
    return {hit["objectID"] for answer in answers for hit in json.loads(answer.body).get("hits", [])}


def in_window() -> set[str]:
    start, end = (int(moment.timestamp()) for moment in played.WINDOW)
    query = {"query": "micron", "numericFilters": f"created_at_i>={start},created_at_i<{end}"}
    return {str(item["id"]) for item in played.matching(query)}


def test_every_item_of_the_window_is_found_over_all_pages() -> None:
    came = ask()
    assert came.error is None
    assert ids(came) == in_window()
    assert len(in_window()) > 700
    pages = [answer for answer in came if SEARCH in answer.url]
    assert len(pages) >= 8
    assert 0 < len(json.loads(pages[-1].body)["hits"]) < hackernews_asking.PAGE


def test_items_of_one_second_on_both_sides_of_a_page_are_found() -> None:
    first, second = (json.loads(answer.body)["hits"] for answer in ask()[:2])
    last = first[-1]
    others = {hit["objectID"] for hit in second if hit["created_at_i"] == last["created_at_i"]}
    assert others - {hit["objectID"] for hit in first}, "the border of the page no longer falls into one second"


def test_no_page_is_asked_for_by_its_number() -> None:
    searches = [asked.query for asked in ask().asked if asked.path == SEARCH]
    assert all("page" not in query for query in searches)
    assert {query["tags"] for query in searches} == {"(story,comment)"}
    assert len({query["numericFilters"] for query in searches}) == len(searches)


def test_a_service_with_smaller_pages_than_asked_for_is_followed_to_the_end() -> None:
    def play(asked: Asked) -> Reply:
        if asked.path != SEARCH:
            return played.play(asked)
        return played.play(asked._replace(query={**asked.query, "hitsPerPage": "20"}))

    came = ask(play)
    assert (came.error, ids(came)) == (None, in_window())


def test_whole_threads_come_after_the_search_the_busiest_first() -> None:
    came = ask()
    threads = [json.loads(answer.body)["id"] for answer in came if "/items/" in answer.url]
    assert sorted(threads) == list(played.STORIES)
    sizes = [played.TOTAL[number] for number in threads]
    assert sizes == sorted(sizes, reverse=True)
    found = set(read(came).texts["text_id"].to_pylist())
    unsaid = [item for item in played.ITEMS.values() if "They" in (item["text"] or "")]
    assert {f"hackernews:{item['id']}" for item in unsaid} <= found


def test_a_thread_that_is_gone_stops_nothing() -> None:
    came = ask()
    assert f"/api/v1/items/{played.GONE}" in {asked.path for asked in came.asked}
    assert came.error is None
    assert not any(str(played.GONE) in answer.url for answer in came)


def test_a_thread_that_is_refused_otherwise_stops_the_window() -> None:
    def play(asked: Asked) -> Reply:
        if "/items/" in asked.path:
            return Reply(b"refused with status 404", 403)
        return played.play(asked)

    came = ask(play)
    assert isinstance(came.error, Refused)
    assert "status 403" in str(came.error)


def test_a_thread_that_is_too_large_is_left_out_and_told() -> None:
    large = f"/items/{played.STORIES[0]}"

    def play(asked: Asked) -> Reply:
        reply = played.play(asked)
        return Reply(reply.body + b" " * 2**20) if large in asked.path else reply

    came = ask(play, answer_bytes=2**20)
    assert isinstance(came.error, Incomplete)
    assert "1 of 5 threads" in str(came.error)
    assert sum("/items/" in answer.url for answer in came) == 3


def test_a_page_that_is_too_large_is_told() -> None:
    assert isinstance(ask(answer_bytes=1_000).error, TooLarge)


def test_threads_beyond_the_most_are_told_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hackernews_asking, "MOST_THREADS", 2)
    came = ask()
    assert isinstance(came.error, Incomplete)
    assert "3 of 5 threads" in str(came.error)
    assert "search:micron" in str(came.error)
    assert sum("/items/" in answer.url for answer in came) == 2
    assert ids(came) == in_window()


def test_a_story_without_comments_costs_no_question() -> None:
    came = ask(few(10, 20))
    assert [asked.path for asked in came.asked] == [SEARCH]


def test_more_hits_in_one_second_than_on_a_page_are_told_and_the_rest_is_still_asked_for() -> None:
    came = ask(few(*[500] * 130, 100, 900))
    assert isinstance(came.error, Incomplete)
    assert "2026-05-28 00:08:20" in str(came.error)
    assert {"131", "132"} <= ids(came)


def test_a_page_that_is_full_to_the_last_item_is_followed_by_one_more_question() -> None:
    came = ask(few(*range(1, 101)))
    assert (came.error, len(ids(came)), len(came)) == (None, 100, 2)


def test_a_search_that_finds_nothing_is_one_empty_answer() -> None:
    came = ask(subject=Subject("search", "nobody says this"))
    assert (came.error, len(came)) == (None, 1)
    assert read(came).texts.num_rows == read(came).rejects.num_rows == 0


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("hits", lambda answer: answer.pop("hits")),
        ("hitsPerPage", lambda answer: answer.pop("hitsPerPage")),
        ("created_at_i", lambda answer: answer["hits"][3].update(created_at_i="yesterday")),
        ("objectID", lambda answer: answer["hits"][3].pop("objectID")),
        ("objectID", lambda answer: answer["hits"][3].update(objectID="x")),
    ],
)
def test_another_shape_names_source_and_field(field: str, change: Callable[[Any], Any]) -> None:
    came = ask(altered(lambda asked, answer: change(answer)))
    assert isinstance(came.error, WrongShape)
    assert str(came.error).startswith("hackernews: ")
    assert field in str(came.error)


def test_a_service_that_ignores_the_times_is_told_instead_of_asked_for_ever() -> None:
    def play(asked: Asked) -> Reply:
        return played.play(asked._replace(query={"hitsPerPage": "100"}))

    came = ask(play)
    assert isinstance(came.error, WrongShape)
    assert "created_at_i" in str(came.error)
    assert len(came.asked) == 1


def test_answers_read_back_are_texts_with_their_threads_and_one_version_each() -> None:
    rows = read(ask())
    assert rows.rejects.num_rows == 0
    texts = rows.texts.to_pylist()
    spoken = {(row["text_id"], row["title"] or "", row["body"] or "") for row in texts}
    assert len(spoken) == len({row["text_id"] for row in texts}), "a found comment looks edited in its thread"
    deleted = [row for row in texts if row["text_id"] == f"hackernews:{played.DELETED}"]
    assert [(row["is_deleted"], row["body"], row["author"]) for row in deleted] == [(True, None, None)]
    assert not any("<em>" in (row["body"] or row["title"] or "") for row in texts)
    assert set(rows.texts["fetched_at"].to_pylist()) == {played.NOW}


def test_recorded_answers_are_read(shared: Path) -> None:
    recorded = json.loads((shared / "api" / "hackernews" / "algolia_v1_responses.json").read_bytes())
    asked_at = datetime(2026, 1, 2, tzinfo=UTC)
    answers = [
        Answer(one["url"], asked_at, json.dumps(one["reply"]).encode())
        for one in recorded
        if "/users/" not in one["url"]
    ]
    rows = read(answers)
    items = [item for one in answers for item in json.loads(one.body).get("hits", [])]
    trees = [json.loads(one.body) for one in answers if "/items/" in one.url]
    numbers = {int(item["objectID"]) for item in items} | {
        item["id"] for tree in trees for item in (tree, *tree["children"])
    }
    assert {int(row.removeprefix("hackernews:")) for row in rows.texts["text_id"].to_pylist()} == numbers
    assert rows.rejects.num_rows == 0


def test_the_play_has_the_fields_that_were_recorded(shared: Path) -> None:
    recorded = json.loads((shared / "api" / "hackernews" / "algolia_v1_responses.json").read_bytes())
    came = ask()
    ours = {name for answer in came for hit in json.loads(answer.body).get("hits", []) for name in hit}
    theirs = {name for one in recorded for hit in one["reply"].get("hits", []) for name in hit}
    assert ours <= theirs
    item = next(one["reply"] for one in recorded if "/items/" in one["url"])
    assert set(item) <= set(next(json.loads(answer.body) for answer in came if "/items/" in answer.url))
