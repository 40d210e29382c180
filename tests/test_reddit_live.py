"""Reddit, asked through PRAW: what arrives, what is said to be missing, and that no secret is left anywhere."""

import base64
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.json import decode

from pipelines.sources import reddit
from pipelines.sources.answers import Answer, FetchFailed, Incomplete, Refused, TooLarge, WrongShape
from pipelines.sources.reddit_answers import Added, CommentThing, Forest, Listing
from pipelines.sources.rows import Limits
from pipelines.sources.web import Manners, Web
from pipelines.sources.windows import DAY, Subject, Window
from tests.conftest import SAVED
from tests.local_service import Asked, LocalService, Play, Reply
from tests.plays import reddit as plays

NO_WAIT = Manners(pause_seconds=0, first_wait_seconds=0.01)
SECRETS = [*plays.KEYS.values(), plays.TOKEN, base64.b64encode(":".join(plays.KEYS.values()).encode()).decode()]


def web_to(service: LocalService, **changed: Any) -> Web:
    """A way to the played service, which does not wait."""
    given = {"keys": plays.KEYS, "manners": NO_WAIT, "now": lambda: plays.NOW, "sleep": lambda seconds: None}
    return Web("reddit", base_url=service.url, **{**given, **changed})


def asked_of(
    play: Play, subject: Subject = plays.SUBJECT, window: Window = plays.WINDOW, **changed: Any
) -> tuple[list[Answer], FetchFailed | None]:
    """The answers of a window, and with what it ended."""
    answers: list[Answer] = []
    with LocalService(play) as service:
        try:
            answers.extend(reddit.ask(web_to(service, **changed), subject, window))
        except FetchFailed as error:
            return answers, error
    return answers, None


def rows_of(answers: list[Answer]) -> dict[str, dict[str, Any]]:
    """The texts of the answers by their id."""
    batches = list(reddit.read(answers, Limits()))
    assert [row for one in batches for row in one.rejects.to_pylist()] == []
    return {row["text_id"]: row for one in batches for row in one.texts.to_pylist()}


def changing(change: Callable[[Asked, Any], Any]) -> Play:
    """The play with its JSON changed on the way."""

    def play(asked: Asked) -> Reply:
        reply = plays.play(asked)
        if reply.body and reply.status == 200:
            reply.body = json.dumps(change(asked, json.loads(reply.body))).encode()
        return reply

    return play


def test_a_whole_day_arrives_with_every_comment() -> None:
    answers, error = asked_of(plays.play)
    assert error is None
    rows = rows_of(answers)
    of_the_day = {f"reddit:{one['name']}" for one in plays.POSTS if plays.START <= one["created_utc"] < plays.END}
    assert len(of_the_day) == plays.OF_THE_DAY
    assert of_the_day <= rows.keys()
    comments = {f"reddit:t1_{number}" for thread in plays.THREADS.values() for number, *_ in thread}
    assert {text_id for text_id, row in rows.items() if row["kind"] == "comment"} == comments
    assert len(comments) == plays.COMMENT_COUNT


def test_a_thread_without_comments_or_of_another_day_is_not_asked() -> None:
    with LocalService(plays.play) as service:
        list(reddit.ask(web_to(service), plays.SUBJECT, plays.WINDOW))
        paths = [one.path for one in service.asked]
    assert paths.count("/r/chips/new") == 3
    assert {path.split("/")[2] for path in paths if path.startswith("/comments/")} == plays.THREADS.keys()
    assert len(paths) == 1 + 3 + len(plays.THREADS) + 2  # a login, pages, threads, a stub and a continued thread


def test_edits_and_deletions_arrive_as_rows() -> None:
    rows = rows_of(asked_of(plays.play)[0])
    assert rows["reddit:t1_c1001"]["edited_at"] > rows["reddit:t1_c1001"]["published_at"]
    assert rows["reddit:t3_s61"]["edited_at"] is not None
    for gone in ("reddit:t1_c1002", "reddit:t1_c1004", "reddit:t3_s60"):
        assert rows[gone]["is_deleted"]
        assert rows[gone]["body"] is None
    assert rows["reddit:t1_c1002"]["author"] is None
    assert rows["reddit:t1_c1003"]["parent_id"] == "reddit:t1_c1002"
    assert rows["reddit:t1_c1003"]["thread_id"] == "reddit:t3_s100"
    assert not rows["reddit:t1_c1003"]["is_deleted"]


def test_a_search_arrives_with_its_threads() -> None:
    with LocalService(plays.play) as service:
        answers = list(reddit.ask(web_to(service), Subject("search", "part 10"), plays.WINDOW))
        question = next(one for one in service.asked if one.path == "/r/all/search/")
    rows = rows_of(answers)
    posts = {text_id for text_id, row in rows.items() if row["kind"] == "post"}
    assert posts == {f"reddit:t3_s{number}" for number in (10, *range(100, 110))}
    assert "reddit:t1_c1003" in rows
    assert (question.query["q"], question.query["sort"], question.query["t"]) == ("part 10", "new", "week")


def test_a_search_for_the_word_access_token_is_landed_too() -> None:
    answers, error = asked_of(plays.play, Subject("search", "/api/v1/access_token"))
    assert error is None
    assert [one.url.split("?")[0].rsplit("/r/")[1] for one in answers] == ["all/search/"]


def test_a_second_window_of_the_same_run_can_be_asked() -> None:
    with LocalService(plays.play) as service:
        web = web_to(service)
        first = list(reddit.ask(web, plays.SUBJECT, plays.WINDOW))
        second = list(reddit.ask(web, plays.SUBJECT, plays.WINDOW))
    assert [one.body for one in first] == [one.body for one in second]


def test_no_secret_is_in_an_answer_a_message_or_a_log(caplog: pytest.LogCaptureFixture) -> None:
    """Even where the service repeats them all in what it says."""

    def echo(asked: Asked) -> Reply:
        reply = plays.play(asked)
        if asked.path.endswith("s100/"):
            return Reply(" ".join([*SECRETS, asked.headers["authorization"]]).encode(), 404)
        reply.body = reply.body.replace(b"Some thoughts", " ".join([*SECRETS]).encode())
        return reply

    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    with LocalService(echo) as service:
        web = web_to(service, say=said.append)
        answers: list[Answer] = []
        with pytest.raises(Incomplete) as caught:
            answers.extend(reddit.ask(web, plays.SUBJECT, plays.WINDOW))
        answers.extend(reddit.ask(web_to(service), plays.SUBJECT, first_hour(plays.WINDOW)))
    everything = [repr(web), str(caught.value), repr(caught.value), caplog.text, *said, *map(repr, answers)]
    assert answers
    assert not any("access_token" in one.url for one in answers)
    for secret in SECRETS:
        assert not any(secret in text for text in everything)


def first_hour(window: Window) -> Window:
    """The window's first hour, in which no thread has comments."""
    return window._replace(end=window.start + DAY / 24)


@pytest.mark.parametrize(
    "body",
    [
        {"access_token": plays.TOKEN, "expires_in": "soon", "scope": "*"},
        {"access_token": plays.TOKEN, "scope": "*"},
        {"access_token": plays.TOKEN, "error": f"unsupported {plays.TOKEN}"},
        {"access_token": f"{plays.TOKEN}\n", "expires_in": 3600, "scope": "*"},
        {"access_token": "a", "expires_in": 3600, "scope": "*"},
        [plays.TOKEN],
    ],
)
def test_a_token_of_another_shape_is_told_without_the_token(body: Any) -> None:
    answers, error = asked_of(changing(lambda asked, _: body))
    assert answers == []
    assert isinstance(error, WrongShape | Refused)
    assert plays.TOKEN not in str(error)


def test_wrong_keys_are_told_with_their_variables() -> None:
    answers, error = asked_of(plays.play, keys={**plays.KEYS, "reddit_client_secret": "another-secret-0004"})
    assert answers == []
    assert isinstance(error, Refused)
    assert "status 401" in str(error)
    assert "CROWDTAPE_REDDIT_CLIENT_ID and CROWDTAPE_REDDIT_CLIENT_SECRET" in str(error)
    assert "another-secret-0004" not in str(error)


def test_missing_keys_are_told_before_anything_is_asked() -> None:
    with LocalService(plays.play) as service:
        with pytest.raises(Refused, match="needs CROWDTAPE_REDDIT_CLIENT_SECRET"):
            list(reddit.ask(web_to(service, keys={"reddit_client_id": "x" * 14}), plays.SUBJECT, plays.WINDOW))
        assert service.asked == []


@pytest.mark.parametrize("name", ["closed", "banned", "nowhere"])
def test_a_subreddit_that_cannot_be_read_is_told_by_its_name(name: str) -> None:
    answers, error = asked_of(plays.play, Subject("subreddit", name))
    assert answers == []
    assert isinstance(error, Refused)
    assert f"r/{name} is private, banned or misspelt" in str(error)


@pytest.mark.parametrize("name", ["../api/v1/me", "r/stocks", "a", "stocks?limit=1", "x" * 31])
def test_a_name_that_is_none_is_refused_and_never_asked(name: str) -> None:
    with LocalService(plays.play) as service:
        with pytest.raises(Refused, match="no subreddit's name"):
            list(reddit.ask(web_to(service), Subject("subreddit", name), plays.WINDOW))
        assert {one.path for one in service.asked} <= {"/api/v1/access_token"}


def of_many(count: int) -> Play:
    """The play with a listing of ``count`` submissions of the day, one a minute back from its end."""
    posts = [
        {**plays.post(50), "id": f"m{n}", "name": f"t3_m{n}", "created_utc": plays.END - 60 * n} for n in range(count)
    ]

    def play(asked: Asked) -> Reply:
        is_page = "/r/" in asked.path
        return Reply(json.dumps(plays.page(posts, asked.query)).encode()) if is_page else plays.play(asked)

    return play


@pytest.mark.parametrize(("kind", "count"), [("subreddit", 980), ("subreddit", 1_200), ("search", 240)])
def test_a_window_older_than_the_listing_is_told(kind: str, count: int) -> None:
    answers, error = asked_of(of_many(count), Subject(kind, "chips"))
    assert isinstance(error, Incomplete)
    shown = min(count, 1_000)
    assert len(rows_of(answers)) == shown
    oldest = plays.WINDOW.end - (shown - 1) * DAY / 1440
    assert f"newest {shown:,} submissions, back to {oldest:%Y-%m-%d %H:%M:%S} UTC" in str(error)


@pytest.mark.parametrize(("kind", "count"), [("subreddit", 0), ("subreddit", 150), ("search", 150)])
def test_a_short_listing_that_ends_is_everything_there_is(kind: str, count: int) -> None:
    answers, error = asked_of(of_many(count), Subject(kind, "chips"))
    assert error is None
    assert len(rows_of(answers)) == count


def test_a_listing_that_stops_before_its_last_page_is_told() -> None:
    def change(asked: Asked, value: Any) -> Any:
        return plays.listing([], "t3_s1") if "after" in asked.query else value

    answers, error = asked_of(changing(change))
    assert isinstance(error, Incomplete)
    assert "newest 100 submissions" in str(error)
    assert answers


def test_a_cursor_that_comes_twice_is_told() -> None:
    def change(asked: Asked, value: Any) -> Any:
        if "/r/" in asked.path:
            value["data"]["after"] = "t3_s99" if asked.query.get("after") == "t3_s150" else "t3_s150"
        return value

    _, error = asked_of(changing(change))
    assert isinstance(error, WrongShape)
    assert "came twice" in str(error)


def test_cut_threads_are_told_with_the_number_of_missing_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reddit, "MOST_EXPANDED", 0)
    answers, error = asked_of(plays.play)
    assert isinstance(error, Incomplete)
    assert "some 6 comments" in str(error)  # five behind the stub, and a thread that goes on
    assert len([row for row in rows_of(answers).values() if row["kind"] == "comment"]) == plays.COMMENT_COUNT - 5 - 3


def test_so_many_questions_are_asked_for_threads_and_the_longest_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reddit, "MOST_QUESTIONS", 4)
    with LocalService(plays.play) as service:
        with pytest.raises(Incomplete, match="some 9 comments"):
            list(reddit.ask(web_to(service), plays.SUBJECT, plays.WINDOW))
        asked = [one.path for one in service.asked][4:]
    assert asked == ["/comments/s120/", "/api/morechildren/", "/comments/s140/", "/comments/s140/_/c1202"]


def test_a_thread_that_is_refused_stops_no_other() -> None:
    def play(asked: Asked) -> Reply:
        return Reply(b"{}", 403) if asked.path == "/comments/s120/" else plays.play(asked)

    answers, error = asked_of(play)
    assert isinstance(error, Incomplete)
    assert "some 9 comments" in str(error)
    assert "status 403" in str(error)
    assert "reddit:t1_c1500" in rows_of(answers)


def test_threads_that_are_all_refused_stop_the_window() -> None:
    def play(asked: Asked) -> Reply:
        return Reply(b"{}", 401) if asked.path.startswith("/comments/") else plays.play(asked)

    _, error = asked_of(play)
    assert isinstance(error, Refused)


def test_a_stub_that_brings_strangers_cuts_its_thread_only() -> None:
    def change(asked: Asked, value: Any) -> Any:
        if asked.path == "/api/morechildren/":
            value["json"]["data"]["things"][0]["data"]["parent_id"] = "t1_cunknown"
        return value

    answers, error = asked_of(changing(change))
    assert isinstance(error, Incomplete)
    assert "some 5 comments" in str(error)
    assert "reddit:t1_c1205" in rows_of(answers)


def deep(levels: int) -> dict[str, Any]:
    """A comment with so many below it."""
    tree: Any = ""
    for number in range(levels):
        below = {**plays.comment("s100", f"c{number}", "", "Deep."), "replies": tree}
        tree = plays.listing([plays.thing("t1", below)])
    return tree


WRONG: dict[str, Callable[[Asked, Any], Any]] = {
    "a post without an id": lambda asked, value: value["data"]["children"][0]["data"].pop("id") and value,
    "a post whose id is a path": lambda asked, value: value["data"]["children"][0]["data"].update(id="../x") or value,
    "a post of no time": lambda asked, value: value["data"]["children"][0]["data"].update(created_utc=1e300) or value,
    "another thing than posts": lambda asked, value: plays.listing([plays.thing("t5", {"id": "a"})]),
    "no listing": lambda asked, value: {"message": "all is well"},
    "a list": lambda asked, value: [],
    "null": lambda asked, value: None,
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_a_listing_of_another_shape_is_told(change: Callable[[Asked, Any], Any]) -> None:
    answers, error = asked_of(changing(lambda asked, value: change(asked, value) if "/r/" in asked.path else value))
    assert answers == []
    assert isinstance(error, WrongShape)
    assert "/r/chips/new" in str(error)


@pytest.mark.parametrize(
    ("thread", "comments"),
    [
        ([], plays.listing([])),
        (None, {"kind": "Listing"}),
        (None, plays.listing([plays.thing("t1", {"id": "c1"})])),
        (None, plays.listing([plays.thing("t1", plays.comment("s100", "c1", "c1", "Itself."))])),
        (None, plays.listing([plays.thing("more", {"count": -1, "name": "t1__", "parent_id": "x", "children": []})])),
        (None, deep(150)),
    ],
)
def test_a_thread_of_another_shape_is_told(thread: Any, comments: Any) -> None:
    def change(asked: Asked, value: Any) -> Any:
        if not asked.path.startswith("/comments/"):
            return value
        return [value[0] if thread is None else plays.listing(thread), comments]

    answers, error = asked_of(changing(change))
    assert len(answers) == 3
    assert isinstance(error, WrongShape)


def test_a_page_in_html_is_told() -> None:
    def play(asked: Asked) -> Reply:
        return Reply(b"<html>Whoa there</html>") if "/r/" in asked.path else plays.play(asked)

    _, error = asked_of(play)
    assert isinstance(error, WrongShape)
    assert "a page (HTML or XML) instead of JSON" in str(error)


def test_an_answer_of_another_shape_that_repeats_the_secrets_is_shown_without_them() -> None:
    said = " ".join(SECRETS)
    for wrong in ({"kind": said}, {"message": said}, plays.listing([plays.thing(said, {})])):
        _, error = asked_of(changing(lambda asked, value, wrong=wrong: wrong if "/r/" in asked.path else value))
        assert isinstance(error, WrongShape)
        assert not any(secret in str(error) for secret in SECRETS)


def test_an_answer_that_praw_could_not_hold_is_too_large() -> None:
    def play(asked: Asked) -> Reply:
        return Reply(b" " * 9 * 2**20 + b"{}") if "/r/" in asked.path else plays.play(asked)

    assert isinstance(asked_of(play)[1], TooLarge)


def test_an_error_that_passes_is_tried_again_by_us_alone() -> None:
    with LocalService(lambda asked: Reply(b"", 503) if "/r/" in asked.path else plays.play(asked)) as service:
        with pytest.raises(FetchFailed, match="status 503"):
            list(reddit.ask(web_to(service), plays.SUBJECT, plays.WINDOW))
        assert len([one for one in service.asked if "/r/" in one.path]) == NO_WAIT.tries


def test_praw_never_sleeps_and_our_wait_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("prawcore.rate_limit.time.sleep", lambda seconds: pytest.fail("PRAW sleeps"))

    def play(asked: Asked) -> Reply:
        reply = plays.play(asked)
        reply.headers = {**reply.headers, "X-Ratelimit-Remaining": "0.0", "X-Ratelimit-Reset": "999999999"}
        return reply

    assert asked_of(plays.play, sleep=slept.append)[1] is None
    assert slept == []
    assert asked_of(play, sleep=slept.append)[1] is None
    assert set(slept) == {NO_WAIT.longest_wait_seconds}


@pytest.mark.parametrize("count", ["", "many", "-1", "nan", "1e999"])
def test_counts_of_questions_that_are_none_do_no_harm(count: str) -> None:
    def play(asked: Asked) -> Reply:
        reply = plays.play(asked)
        reply.headers |= {"X-Ratelimit-Remaining": count, "X-Ratelimit-Used": count, "X-Ratelimit-Reset": count}
        return reply

    assert asked_of(play)[1] is None


def test_nothing_of_the_machine_changes_what_praw_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = "http://127.0.0.1:9"
    lines = [f"oauth_url={foreign}", f"reddit_url={foreign}", "username=someone", "password=theirs", "t1_kind=t9"]
    (tmp_path / "praw.ini").write_text("\n".join(["[DEFAULT]", "client_id=foreign", "comment_kind=t9", *lines]))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr("praw.config.Config.CONFIG", None)
    for name in ("client_id", "client_secret", "username", "password", "refresh_token", "site", "user_agent"):
        monkeypatch.setenv(f"praw_{name}", "foreign")
    monkeypatch.setenv("http_proxy", foreign)
    with LocalService(plays.play) as service:
        answers = list(reddit.ask(web_to(service), plays.SUBJECT, plays.WINDOW))
        assert not any("foreign" in value for one in service.asked for value in one.headers.values())
        assert all("crowdtape" in one.headers["user-agent"] for one in service.asked)
        assert b"grant_type=client_credentials" in service.asked[0].body
    assert "reddit:t1_c1500" in rows_of(answers)


def test_the_windows_are_days() -> None:
    first = plays.WINDOW.first
    assert reddit.windows(plays.SUBJECT, first, first + DAY, plays.NOW) == [
        plays.WINDOW,
        Window(plays.WINDOW.end, plays.WINDOW.end + DAY),
    ]


def test_recorded_answers_have_the_shapes_that_are_checked_and_are_read(shared: Path) -> None:
    counted = {"/api/morechildren/": 0, "/comments/": 0}
    for cassette in sorted((shared / "api" / "reddit").glob("*.json")):
        for recorded in json.loads(cassette.read_bytes())["interactions"]:
            address, body = recorded["request"]["uri"], recorded["response"]["body"]["string"].encode()
            if "access_token" in address:
                continue
            rows = rows_of([Answer(address, SAVED, body)])
            if "/api/morechildren/" in address:
                things = decode(body, type=Added).json.data.things
                assert len([one for one in things if isinstance(one, CommentThing)]) == len(rows)
                counted["/api/morechildren/"] += 1
            elif ".com/comments/" in address:
                decode(body, type=tuple[Listing, Forest])
                assert len(rows) > 1
                counted["/comments/"] += 1
    assert all(count > 3 for count in counted.values())
