"""The words of a linked page, what is no article, the process that is killed, and robots.txt."""

import operator
import os
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from pipelines.sources.answers import Answer
from pipelines.sources.articles import ARTICLE_BYTES, is_cut, page_text, read_article
from pipelines.sources.robots import AGENT, parse
from pipelines.sources.worker import Unreadable, Worker, within
from tests.conftest import SAVED

URL = "https://news.example.com/a"
SENTENCES = [f"Maker {n} said that it plans {n} more lines for memory, and that prices rose again." for n in range(8)]
PARAGRAPHS = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
REFUSAL = [
    "Access to this page has been denied because we think that a program is asking for it on your behalf.",
    "Please verify you are a human, for which your browser has to run the script that this page brings along.",
    "Where you think that this is wrong, write to our desk and name the number that is shown below the button.",
]
PAGE = (
    "<!doctype html><html><head><title>Memory prices rise</title>{head}</head><body><nav><a href='/'>Home</a>"
    "<a href='/markets'>Markets</a></nav><article><h1>Memory prices rise</h1>{body}</article>"
    "<footer>All rights reserved. Subscribe to our newsletter.</footer></body></html>"
)


def answered(body: str | bytes, content_type: str = "text/html; charset=utf-8") -> Answer:
    return Answer(URL, SAVED, body.encode() if isinstance(body, str) else body, headers={"content-type": content_type})


def test_an_article_is_its_paragraphs_without_the_furniture():
    article = read_article(answered(PAGE.format(head="", body=PARAGRAPHS)))
    assert article.text.splitlines() == SENTENCES
    assert article.title == "Memory prices rise"


def test_scripts_and_comments_are_no_words():
    body = f"<script>track('words')</script><!-- hidden -->{PARAGRAPHS}<style>p {{ color: red }}</style>"
    assert read_article(answered(PAGE.format(head="", body=body))).text.splitlines() == SENTENCES


def test_the_day_that_the_page_declares_is_given_and_none_that_lies_ahead():
    meta = '<meta property="article:published_time" content="{}T08:00:00Z">'
    past = read_article(answered(PAGE.format(head=meta.format("2026-05-28"), body=PARAGRAPHS)))
    assert past.day == datetime(2026, 5, 28, tzinfo=UTC)
    assert read_article(answered(PAGE.format(head=meta.format("2026-07-01"), body=PARAGRAPHS))).day is None


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{}",
        "<html><body></body></html>",
        "<html><body><h1>404 Not Found</h1><p>nginx</p></body></html>",
        PAGE.format(head="", body="<p>Only a line is here.</p>"),
        b"\x00" * 1000,
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    ],
    ids=["empty", "json", "no words", "not found", "one line", "nul", "image"],
)
def test_what_is_no_article_is_told(body: str | bytes):
    with pytest.raises(Unreadable):
        read_article(answered(body))


def test_a_page_that_refuses_is_no_article():
    refusal = "".join(f"<p>{line}</p>" for line in REFUSAL)
    with pytest.raises(Unreadable, match="speaks of access"):
        read_article(answered(PAGE.format(head="", body=refusal)))


def test_a_page_longer_than_allowed_is_not_read():
    with pytest.raises(Unreadable, match="4,194,304"):
        read_article(answered(b"<" * (ARTICLE_BYTES + 1)))


@pytest.mark.parametrize(
    ("page", "is_broken_off"),
    [
        (b"<html><body><p>words", True),
        (b"<!DOCTYPE HTML><HTML><BODY><P>words", True),
        (b"<!DOCTYPE html>\n<HTML lang='en'><body><p>words</p></body></html", False),
        (b"<!DOCTYPE html>\n<HTML lang='en'><body><p>words</p></body></HTML>\n<!-- made in 0.1 s -->", False),
        (b"<html><body><p>words about </html> and more" + 5_000 * b" words", True),
        (b"<p>words that are no whole page", False),
        (b"", False),
    ],
    ids=["cut", "cut, in capitals", "closed but for a bracket", "closed", "closed in its middle", "fragment", "empty"],
)
def test_a_page_that_opens_and_never_closes_may_have_broken_off(page: bytes, is_broken_off: bool):
    assert is_cut(page) == is_broken_off


def test_a_page_is_decoded_as_it_declares():
    assert page_text(answered("Öl".encode("cp1250"), "text/html; charset=windows-1250")) == "Öl"
    assert page_text(answered('<meta charset="koi8-r">нефть'.encode("koi8-r"), "text/html")).endswith("нефть")
    assert page_text(answered("Öl €".encode("cp1252"), "text/html; charset=iso-8859-1")) == "Öl €"
    assert page_text(answered("Öl".encode(), "")) == "Öl"
    # Names of codecs that are no character sets, and slow ones.
    for name in ("zip", "punycode", "unicode_escape", "x" * 500):
        assert page_text(answered("Öl".encode(), f"text/html; charset={name}")) == "Öl"


@pytest.mark.parametrize(
    "page",
    [
        "<html><body>" + "<div>" * 100_000 + "x",
        "<html><body>" + "<ul><li>" * 50_000,
        "<html><body>" + "<b><i><font>" * 20_000 + "<p>x" * 2_000,
        "<" * 2_000_000,
        f'<html><body><p title="{"a" * 3_000_000}">hello</p>',
        "<html><body>" + "<table><tr><td>" * 1_000 + "words",
        "<html><body><p>" + "&amp;" * 200_000,
    ],
    ids=["divs", "lists", "fonts", "brackets", "long attribute", "tables", "entities"],
)
def test_hostile_pages_end_in_time(page: str):
    started = time.monotonic()
    with pytest.raises(Unreadable):
        read_article(answered(page))
    assert time.monotonic() - started < 25


def test_a_call_that_takes_too_long_is_killed_and_the_next_one_answered():
    worker = Worker()
    started = time.monotonic()
    assert worker.call(10, operator.add, 1, 2) == 3
    with pytest.raises(Unreadable, match=r"more than 0\.2 seconds"):
        worker.call(0.2, time.sleep, 600)
    assert worker.call(10, operator.add, 2, 2) == 4
    assert time.monotonic() - started < 60
    worker.stop()


def test_a_process_that_ends_is_told_and_replaced():
    worker = Worker()
    with pytest.raises(Unreadable, match="ended the process"):
        worker.call(10, os._exit, 1)
    assert worker.call(10, operator.add, 2, 2) == 4
    worker.stop()


def test_a_script_without_a_file_can_read_pages():
    code = "import operator; from pipelines.sources.worker import within; print(within(10, operator.add, 1, 2))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run([sys.executable], input=code, capture_output=True, text=True, timeout=60, env=environment)
    assert (told.stdout, told.stderr) == ("3\n", "")


def test_the_process_that_reads_strangers_markup_holds_no_secret(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CROWDTAPE_INVENTED_KEY", "invented-0001")
    worker = Worker()
    assert worker.call(10, os.getenv, "PATH") == os.environ["PATH"]
    assert worker.call(10, os.getenv, "CROWDTAPE_INVENTED_KEY") is None
    worker.stop()


def test_what_a_parser_raises_is_told():
    with pytest.raises(Unreadable, match="ZeroDivisionError"):
        within(10, operator.truediv, 1, 0)


def test_rules_are_for_our_name_or_for_all():
    rules = parse(b"User-agent: crowdtape\nDisallow: /mine\nCrawl-delay: 3\n\nUser-agent: *\nDisallow: /\n")
    assert not rules.can_fetch("https://news.example.com/mine/1", AGENT)
    assert rules.can_fetch("https://news.example.com/a", AGENT)
    assert rules.crawl_delay(AGENT) == 3


@pytest.mark.parametrize("body", [b"", b"<!doctype html><html><body>Not found</body></html>", b"\xff\xfe\x00rubbish"])
def test_a_file_without_rules_allows_all(body: bytes):
    assert parse(body).can_fetch(URL, AGENT)


@pytest.mark.parametrize(
    "body",
    [
        b"User-agent: *\nDisallow: /x\n" * 20_000,
        b"".join(b"User-agent: a%d\n" % n for n in range(3_000)) + b"Disallow: /x\n" * 3_000,
    ],
)
def test_more_rules_than_can_be_followed_allow_nothing(body: bytes):
    started = time.monotonic()
    assert not parse(body).can_fetch(URL, AGENT)
    assert time.monotonic() - started < 5
