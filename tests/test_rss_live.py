"""Feeds asked over HTTP with their articles: what is asked, what is left, what a text becomes."""

import http.server
import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pipelines.sources import rss
from pipelines.sources.answers import Answer, FetchFailed, Incomplete, SourceDown, Throttled, WrongShape
from pipelines.sources.asking import ask_one
from pipelines.sources.feeds import LONGEST_ID
from pipelines.sources.landing import answers_of
from pipelines.sources.rows import Limits
from pipelines.sources.web import Manners, Web
from pipelines.sources.windows import Subject
from tests.local_service import Asked, LocalService, Play, Reply
from tests.plays import rss as service
from tests.plays.rss import DOWNLOAD, GONE, ITEMS, KEPT, NOW, UNDATED, UNLINKED, WINDOW, play, subject

LATE = NOW + timedelta(hours=7)  # when a page that does not come is given up


def web(**settings: Any) -> Web:
    manners = Manners(pause_seconds=0, tries=2, first_wait_seconds=0.01)
    return Web(**{"source": "rss", "manners": manners, "now": lambda: NOW, "sleep": lambda s: None, **settings})


def rows(answers: list[Answer]) -> dict[str, dict[str, Any]]:
    """Texts by the end of their identity, which holds no port."""
    found = [row for part in rss.read(answers, Limits()) for row in part.texts.to_pylist()]
    assert len({row["text_id"] for row in found}) == len(found)
    return {row["text_id"].rpartition("/")[2]: row for row in found}


def rejects(answers: list[Answer]) -> list[str]:
    return [row["reason"] for part in rss.read(answers, Limits()) for row in part.rejects.to_pylist()]


def look(served: LocalService, kind: str = "feed", missing: list[str] | None = None, **settings: Any) -> list[Answer]:
    """The answers of a look, which is whole; where it may not be, ``missing`` is given what ``Incomplete`` says."""
    answers: list[Answer] = []
    try:
        answers.extend(rss.ask(web(**settings), subject(served.url, kind), WINDOW))
    except Incomplete as error:
        if missing is None:
            raise
        missing.append(str(error))
    return answers


def to_come(served: LocalService, count: int) -> list[str]:
    """What ``missing`` holds after a look at the play's feed that leaves so many articles to the next."""
    return [f"rss: {served.url}/feed.xml: {count} of {ITEMS - 1} new articles are to come at the next look"]


def landed(answers: list[Answer]) -> frozenset[str]:
    return frozenset(answer.url for answer in answers)


def instead(path: str, reply: Reply, after: Play = play) -> Play:
    """The play with another answer at one path."""
    return lambda asked: reply if asked.path == path else after(asked)


def paths(served: LocalService) -> list[str]:
    return [asked.path for asked in served.asked]


def test_a_feed_comes_with_its_articles():
    with LocalService(play) as served:
        answers = look(served)
    texts = rows(answers)
    assert len(texts) == ITEMS
    whole = texts["0"]
    assert (whole["body_format"], whole["title"], whole["kind"]) == ("plain", "Report 0 on memory & more", "article")
    assert whole["body"].splitlines() == [service.SENTENCE.format(number=n) for n in range(8)]
    assert (whole["published_at"], whole["time_precision"]) == (service.NEWEST, "exact")
    assert (whole["community"], whole["author"], whole["language"]) == ("Invented Memory News", "Desk 0", "en")
    for number in (GONE, KEPT, DOWNLOAD):
        assert texts[str(number)]["body"] == f"<p>Summary {number}.</p>"
    assert texts[f"feed.xml#invented-{UNLINKED}"]["body"] == f"<p>Summary {UNLINKED}.</p>"
    assert texts[str(UNDATED)]["time_precision"] == "absent"
    assert rejects(answers) == []


@pytest.mark.parametrize("kind", ["feed", "headlines"])
def test_words_first_seen_long_after_their_publication_count_as_known_when_seen(kind: str):
    """Item 1 was published at 11:23: six hours later nobody knows whether these were its words from the beginning."""
    published = service.NEWEST - timedelta(minutes=7)
    with LocalService(play) as served:
        for seconds, precision in ((0, "exact"), (1, "relative")):
            now = published + timedelta(hours=6, seconds=seconds)
            text = rows(look(served, kind, now=lambda now=now: now))["1"]
            assert (text["published_at"], text["time_precision"]) == (published, precision)


def test_headlines_ask_for_the_feed_alone():
    with LocalService(play) as served:
        answers = look(served, "headlines")
        assert paths(served) == ["/feed.xml"]
    texts = rows(answers)
    assert len(texts) == ITEMS
    assert {row["body_format"] for row in texts.values()} == {"html"}


def test_the_feed_is_landed_as_it_came():
    with LocalService(play) as served:
        (answer,) = look(served, "headlines")
        assert answer.body == service.feed(served.url).encode()
        assert answer.headers["etag"] == service.ETAG


def test_a_feed_that_has_not_changed_yields_nothing():
    with LocalService(play) as served:
        remembered = {f"{served.url}/feed.xml": {"etag": service.ETAG}}
        assert look(served, remembered=remembered) == []
        assert paths(served) == ["/feed.xml"]


def test_the_etag_is_kept_once_no_article_is_to_come():
    with LocalService(play) as served:
        first = look(served)
        second = look(served, landed=landed(first))
    assert "etag" not in first[0].headers
    assert second[0].headers["etag"] == service.ETAG


def test_an_article_is_asked_for_once():
    with LocalService(play) as served:
        first = look(served)
        count = len(served.asked)
        second = look(served, landed=landed(first))
        third = look(served, landed=landed(second))
        assert paths(served)[count:] == ["/feed.xml", "/feed.xml"]
    for later in (second, third):
        assert {(answer.status, answer.body) for answer in later[1:]} == {(208, b"")}
        # What has no link is told again as it stands, which is the same version.
        assert list(rows(later)) == [f"feed.xml#invented-{UNLINKED}"]


def test_newest_articles_come_first_and_the_rest_waits_for_the_next_look(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rss, "MOST_ARTICLES", 10)
    with LocalService(play) as served:
        seen: list[str] = []
        known: frozenset[str] = frozenset()
        missing: list[str] = []
        for _ in range(3):
            answers = look(served, missing=missing, landed=known)
            texts = rows(answers)
            seen += [name for name in texts if "#" not in name]
            known = landed(answers)
    assert [line.partition("/feed.xml: ")[2].partition(" new")[0] for line in missing] == ["14 of 24", "4 of 14"]
    assert seen[:3] == [str(UNDATED), "0", "1"]
    assert len(seen) == len(set(seen)) == ITEMS - 1


def test_an_item_waiting_for_its_article_is_not_told_before():
    with LocalService(play) as served:
        answers = look(served)
    assert list(rows(answers[:1])) == [f"feed.xml#invented-{UNLINKED}"]
    assert len(rows(answers[:6])) == 6


def test_robots_txt_is_asked_once_and_obeyed():
    waits: list[float] = []
    with LocalService(play) as served:
        look(served, sleep=waits.append)
        asked = paths(served)
    assert asked.count("/robots.txt") == 1
    assert f"/kept/{KEPT}" not in asked
    assert waits == [2.0] * (ITEMS - 2)  # all but the one without a link and the one that is kept


def test_without_robots_txt_all_is_allowed():
    with LocalService(instead("/robots.txt", Reply(b"no", 404))) as served:
        assert rows(look(served))[str(KEPT)]["body_format"] == "plain"


def test_while_robots_txt_cannot_be_had_no_page_is_asked():
    with LocalService(instead("/robots.txt", Reply(b"", 500))) as served:
        missing: list[str] = []
        answers = look(served, missing=missing)
        assert missing == to_come(served, 23)
        assert set(paths(served)) == {"/feed.xml", "/robots.txt"}
        assert "etag" not in answers[0].headers
    texts = rows(answers)
    # The item without a date is given up at once, the others may still wait.
    assert set(texts) == {f"feed.xml#invented-{UNLINKED}", str(UNDATED)}


def test_a_long_crawl_delay_means_one_page_a_look():
    waits: list[float] = []
    robots = Reply(b"User-agent: *\nCrawl-delay: 3600\n", headers={"Content-Type": "text/plain"})
    with LocalService(instead("/robots.txt", robots)) as served:
        missing: list[str] = []
        answers = look(served, missing=missing, sleep=waits.append)
        assert missing == to_come(served, 23)
        assert sum(path.startswith("/news/") for path in paths(served)) == 1
        assert paths(served).count("/feed.xml") == 1  # to which the delay goes, too
    assert len([answer for answer in answers if answer.status == 200]) == 2
    assert max(waits) <= rss.LONGEST_DELAY_SECONDS


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"no", 400),
        Reply(b"no", 500),
        Reply(b"", 200, {"Content-Type": "text/html"}),
        Reply(b"<p>" * 2_000_000, 200, {"Content-Type": "text/html"}),
        Reply(b"", 302, {"Location": "http://127.0.0.1:9/elsewhere"}),
        Reply(b"", 302, {"Location": "file:///etc/hostname"}),
        Reply(b"", 302, {"Location": "/news/3"}),
    ],
    ids=["refused", "error", "empty", "too long", "local", "file", "circle"],
)
def test_a_page_that_is_not_to_be_had_is_asked_again_and_then_leaves_the_summary(reply: Reply):
    said: list[str] = []
    missing: list[str] = []
    with LocalService(instead("/news/3", reply)) as served:
        early = rows(look(served, missing=missing))
        assert missing == to_come(served, 1)
        answers = look(served, say=said.append, now=lambda: LATE)
    assert "3" not in early and len(early) == ITEMS - 1
    assert_summary_of_3(answers, said)


@pytest.mark.parametrize(
    "reply",
    [
        *(Reply(b"<h1>No</h1>", status, {"Content-Type": "text/html"}) for status in (401, 402, 403, 404, 410, 451)),
        Reply(b"\x89PNG", 200, {"Content-Type": "image/png"}),
    ],
    ids=["401", "402", "403", "404", "410", "451", "image"],
)
def test_a_page_that_will_not_come_leaves_the_summary_at_once_and_for_good(reply: Reply):
    said: list[str] = []
    with LocalService(instead("/news/3", reply)) as served:
        answers = look(served, say=said.append)
        count = len(served.asked)
        look(served, landed=landed(answers))
        assert paths(served)[count:] == ["/feed.xml"]
    assert_summary_of_3(answers, said)


def assert_summary_of_3(answers: list[Answer], said: list[str]) -> None:
    """All items are settled, the third with what its feed says, and that was told."""
    texts = rows(answers)
    assert (texts["3"]["body"], texts["2"]["body_format"]) == ("<p>Summary 3.</p>", "plain")
    assert len(texts) == ITEMS
    assert any("/news/3" in line and "keeps what its feed says" in line for line in said)
    assert ", 0 wait" in said[-1]


def test_a_look_that_leaves_articles_to_the_next_lands_as_partial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rss, "MOST_ARTICLES", 20)
    with LocalService(play) as served:
        followed = subject(served.url)
        fetch = ask_one(web(), tmp_path, followed, WINDOW, None, math.inf)
        assert (fetch.status, fetch.error) == ("partial", *to_come(served, 4))
        first = list(answers_of(tmp_path / fetch.path))
        fetch = ask_one(web(landed=landed(first)), tmp_path, followed, WINDOW, fetch, math.inf)
    assert (fetch.status, fetch.error) == ("ok", None)
    second = rows(list(answers_of(tmp_path / fetch.path)))
    assert len(rows(first)) == ITEMS - 4
    assert len({**rows(first), **second}) == ITEMS


def test_a_page_without_an_article_is_asked_again_and_then_given_up():
    page = Reply(b"<html><body><p>Please log in to continue.</p></body></html>", 200, {"Content-Type": "text/html"})
    with LocalService(instead("/news/3", page)) as served:
        missing: list[str] = []
        assert "3" not in rows(look(served, missing=missing))
        assert missing == to_come(served, 1)
        assert rows(look(served, now=lambda: LATE))["3"]["body"] == "<p>Summary 3.</p>"


def unclosed(number: int) -> Reply:
    """A page of the play of which the end is missing, though it came as long as it was announced."""
    whole = service.page(number)
    return Reply(whole[: whole.index("</article>")].encode(), headers={"Content-Type": "text/html"})


def test_a_page_that_is_never_closed_is_asked_again_at_the_next_look():
    missing: list[str] = []
    with LocalService(instead("/news/3", unclosed(3))) as served:
        first = look(served, missing=missing)
        assert missing == to_come(served, 1)
        served.play = play
        second = look(served, landed=landed(first))
    assert "3" not in rows(first) and len(rows(first)) == ITEMS - 1
    assert rows(second)["3"]["body_format"] == "plain"


def test_a_page_that_is_never_closed_is_taken_as_it_is_once_its_item_may_not_wait():
    with LocalService(instead("/news/3", unclosed(3))) as served:
        assert rows(look(served, now=lambda: LATE))["3"]["body_format"] == "plain"
    with LocalService(instead(f"/news/{UNDATED}", unclosed(UNDATED))) as served:
        assert rows(look(served))[str(UNDATED)]["body_format"] == "plain"


def test_a_landed_page_without_an_article_leaves_the_summary_and_a_reject():
    with LocalService(play) as served:
        answers = [replace(one, body=b"<p>x") if "/news/3" in one.url else one for one in look(served)]
    assert rows(answers)["3"]["body"] == "<p>Summary 3.</p>"
    (reason,) = rejects(answers)
    assert "/news/3" in reason and "keeps what its feed says" in reason


def cut(prefix: str) -> Callable[[http.server.BaseHTTPRequestHandler, Asked, Reply], bool]:
    """A fault: pages below ``prefix`` break off in the middle."""

    def fault(handler: http.server.BaseHTTPRequestHandler, asked: Asked, reply: Reply) -> bool:
        if not asked.path.startswith(prefix):
            return False
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"<html>")
        handler.close_connection = True
        return True

    return fault


def test_a_page_that_breaks_off_is_asked_again_at_the_next_look():
    with LocalService(play, cut("/news/3")) as served:
        missing: list[str] = []
        first = look(served, missing=missing)
        assert missing == to_come(served, 1)
        served.fault = None
        second = look(served, landed=landed(first))
    assert "3" not in rows(first)
    assert len(rows(first)) == ITEMS - 1
    assert rows(second)["3"]["body_format"] == "plain"


def test_a_page_that_does_not_come_for_hours_is_given_up():
    with LocalService(play, cut("/news/3")) as served:
        answers = look(served, now=lambda: LATE)
    assert rows(answers)["3"]["body"] == "<p>Summary 3.</p>"


def test_pages_that_do_not_come_end_a_look_early():
    with LocalService(play, cut("/news/")) as served:
        missing: list[str] = []
        answers = look(served, missing=missing)
        assert missing == to_come(served, 23)
        assert len({path for path in paths(served) if path.startswith("/news/")}) == rss.MOST_SILENT
    assert len(answers) == 2  # the feed, and the item without a date, which is given up


def test_a_server_that_goes_down_between_pages_fails_the_window():
    with LocalService(play) as served:
        asking = rss.ask(web(), subject(served.url), WINDOW)
        begun = [next(asking) for _ in range(4)]
        served.fault = cut("/")
        with pytest.raises(SourceDown):
            list(asking)
    assert len(begun) == 4


def test_a_server_that_asks_to_wait_fails_the_window():
    wait = Reply(b"", 429, {"Retry-After": "3600"})
    with LocalService(instead("/news/3", wait)) as served, pytest.raises(Throttled) as raised:
        look(served)
    assert raised.value.next_allowed_at > NOW


def other_feed(link: str) -> Play:
    item = f"<item><title>T</title><link>{link}</link><description>Said here</description></item>"
    body = f'<rss version="2.0"><channel><title>I</title>{item}</channel></rss>'.encode()
    return lambda asked: Reply(body, 200 if asked.path == "/feed.xml" else 404, {"Content-Type": "text/xml"})


@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.1:{port}/admin",
        "http://localhost:{own}/admin",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]:{port}/",
        "http://2130706433:{port}/",
    ],
)
def test_an_item_may_not_name_another_local_server(link: str):
    with LocalService(lambda asked: Reply(b"secret")) as hidden:
        port = hidden.url.rpartition(":")[2]
        with LocalService(play) as served:
            own = served.url.rpartition(":")[2]
            served.play = other_feed(link.format(port=port, own=own))
            answers = look(served)
            assert paths(served) == ["/feed.xml"]
        assert hidden.asked == []
    (row,) = rows(answers).values()
    assert row["body"] == "Said here"


def test_a_feed_that_links_to_itself_has_no_article():
    with LocalService(play) as served:
        served.play = other_feed(f"{served.url}/feed.xml")
        answers = look(served)
        assert paths(served) == ["/feed.xml"]
    assert [row["body"] for row in rows(answers).values()] == ["Said here"]


def changelog(count: int) -> Play:
    """A feed whose items all link to one page of the play."""

    def played(asked: Asked) -> Reply:
        if asked.path != "/feed.xml":
            return play(asked)
        link = f"<link>http://{asked.headers['host']}/news/3</link>"
        items = "".join(
            f"<item><title>T</title><guid>g{number}</guid>{link}<description>Said {number}</description></item>"
            for number in range(count)
        )
        body = f'<rss version="2.0"><channel><title>I</title>{items}</channel></rss>'.encode()
        return Reply(body, headers={"Content-Type": "text/xml"})

    return played


def test_items_that_share_an_address_have_no_article_and_a_later_one_is_not_taken_for_known():
    with LocalService(changelog(2)) as served:
        first = look(served)
        served.play = changelog(3)
        second = look(served, landed=landed(first))
        assert paths(served) == ["/feed.xml", "/feed.xml"]
    assert [row["body"] for row in rows(first).values()] == ["Said 0", "Said 1"]
    assert [row["body"] for row in rows(second).values()] == ["Said 0", "Said 1", "Said 2"]


def test_an_item_with_a_long_address_has_its_article():
    link = f"/news/3?{'a' * LONGEST_ID}"
    with LocalService(play) as served:
        pages = other_feed(f"{served.url}{link}")
        served.play = lambda asked: pages(asked) if asked.path == "/feed.xml" else play(asked)
        (row,) = rows(look(served)).values()
    assert row["body_format"] == "plain"


def test_an_error_page_is_never_a_text():
    page = Reply(b"<!doctype html><html><body><h1>Access denied</h1></body></html>", 200, {"Content-Type": "text/html"})
    with LocalService(instead("/feed.xml", page)) as served:
        for kind in ("feed", "headlines"):
            with pytest.raises(WrongShape, match=r"/feed\.xml answered a page of HTML.*Access denied"):
                look(served, kind)


@pytest.mark.parametrize("status", [404, 403, 500, 503])
def test_a_feed_that_is_not_there_fails_the_window(status: int):
    with (
        LocalService(instead("/feed.xml", Reply(b"no", status))) as served,
        pytest.raises(FetchFailed, match=r"/feed\.xml"),
    ):
        look(served)


def test_a_moved_feed_keeps_the_address_that_is_followed():
    moved = Reply(b"", 301, {"Location": "/feed.xml"})
    with LocalService(instead("/old.xml", moved)) as served:
        answers = list(rss.ask(web(), Subject("headlines", f"{served.url}/old.xml"), WINDOW))
        assert (answers[0].url, answers[0].about["at"]) == (f"{served.url}/old.xml", f"{served.url}/feed.xml")
    assert len(rows(answers)) == ITEMS


def test_a_bad_landed_answer_stops_no_other():
    with LocalService(play) as served:
        good = look(served, "headlines")
    bad = Answer("https://feeds.example.com/", NOW, b"<html>", about={})
    stray = Answer("https://feeds.example.com/a", NOW, b"<html>", about={"item": "rss:unknown"})
    assert len(rows([stray, bad, *good])) == ITEMS
    assert len(rejects([stray, bad, *good])) == 1
    assert list(rss.read([], Limits())) == []


def test_batches_are_as_small_as_asked():
    with LocalService(play) as served:
        answers = look(served, "headlines")
    assert [part.texts.num_rows for part in rss.read(answers, Limits(batch_rows=10))] == [10, 10, 5]


def test_only_the_running_day_is_asked():
    days = rss.windows(subject("https://feeds.example.com"), date(2026, 5, 1), date(2026, 6, 5), NOW)
    assert days == [WINDOW]
    assert rss.windows(subject("https://feeds.example.com"), date(2026, 5, 1), date(2026, 5, 29), NOW) == []


def test_an_article_seen_later_is_fetched_then_and_published_when_its_feed_says():
    moments = iter(datetime(2026, 5, 30, 12, tzinfo=UTC) + timedelta(seconds=n) for n in range(1000))
    with LocalService(play) as served:
        texts = rows(look(served, now=lambda: next(moments)))
    assert texts["0"]["fetched_at"] > NOW
    assert texts["0"]["published_at"] == service.NEWEST
