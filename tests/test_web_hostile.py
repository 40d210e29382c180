"""Servers that break the rules of HTTP, and redirects: what is followed, to where the connection goes."""

import gzip
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.sources.answers import NotPublic, Refused, SourceDown
from pipelines.sources.headers import told_seconds
from pipelines.sources.web import Manners, Web
from tests.internet import Internet, internet  # noqa: F401
from tests.local_service import Asked, Fault, LocalService, Reply

QUICK = Manners(pause_seconds=0, tries=1, whole_seconds=1)
HEAD = b"HTTP/1.1 200 OK\r\n"


def play(asked: Asked) -> Reply:
    """A page."""
    return Reply(b"a page", 200, {"Content-Type": "text/plain"})


def raw(*pieces: bytes, again: int = 1) -> Fault:
    """Writes bytes as they are and hangs up; the last piece several times."""

    def fault(handler: Any, asked: Asked, reply: Reply) -> bool:
        handler.close_connection = True
        handler.wfile.write(b"".join(pieces[:-1]))
        for _ in range(again):
            handler.wfile.write(pieces[-1])
        return True

    return fault


def test_answers_that_are_no_http_are_no_answers() -> None:
    faults = {
        "http/0.9": raw(b"<html>just a page</html>"),
        "another protocol": raw(b"SSH-2.0-there\r\n"),
        "a version of another kind": raw(b"HTTP/7.0 200 OK\r\n\r\nx"),
        "a status that is none": raw(b"HTTP/1.1 2x0 OK\r\n\r\nx"),
        "a flood of headers": raw(HEAD, b"X-A: b\r\n", again=5_000),
        "a header of 100 KB": raw(HEAD + b"X-A: " + 100_000 * b"b" + b"\r\n\r\nx"),
        "a flood of 100 Continue": raw(b"HTTP/1.1 100 Continue\r\n\r\n", again=10**6),
        "two lengths": raw(HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
        "a chunk of no size": raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n"),
        "a chunk that breaks off": raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\nx"),
        "a chunk of negative size": raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n"),
        "no last chunk": raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"),
    }
    for name, fault in faults.items():
        began = time.monotonic()
        with LocalService(play, fault) as service, pytest.raises(SourceDown, match="no whole answer"):
            Web("example", manners=QUICK).get(service.url, is_set_by_user=True)
            pytest.fail(name)
        assert time.monotonic() - began < 3, name


SENSELESS = [
    b"Content-Length: -1",
    b"Content-Length: x",
    b"Content-Length: " + 5_000 * b"9",
    b"Date: " + 99 * b"9 ",
    b"Date: Mon, 01 Jan 99999 00:00:00 GMT",
    b"Date: \xff\xfe",
    b"ETag: " + 60_000 * b"e",
    b"\xff: \xff",
]


@pytest.mark.parametrize("lines", SENSELESS, ids=range(len(SENSELESS)))
def test_a_header_that_makes_no_sense_spoils_no_answer(lines: bytes) -> None:
    with LocalService(play, raw(HEAD + lines + b"\r\nConnection: close\r\n\r\na page")) as service:
        answer = Web("example", manners=QUICK).get(service.url, is_set_by_user=True)
    assert answer is not None and answer.body == b"a page"
    assert "etag" not in answer.headers


@pytest.mark.parametrize("packing", ["br", "zstd", "compress", "gzip, gzip", "gzip,br", "x" * 999])
@pytest.mark.parametrize("code", [200, 404])
def test_a_packing_that_was_not_asked_for_is_refused(packing: str, code: int) -> None:
    def packed(asked: Asked) -> Reply:
        assert asked.headers["accept-encoding"] == "gzip, deflate"
        return Reply(gzip.compress(gzip.compress(b"a page")), code, {"Content-Encoding": packing})

    with LocalService(packed) as service, pytest.raises(Refused, match=r"packed as .*not asked for") as told:
        Web("example", manners=QUICK).get(service.url, is_set_by_user=True)
    assert len(str(told.value)) < 300


def test_what_is_left_of_one_answer_is_not_read_as_the_next() -> None:
    two = HEAD + b"Content-Length: 3\r\n\r\none" + HEAD + b"Content-Length: 6\r\n\r\nforged"
    with LocalService(play, lambda *all: all[1].number == 1 and raw(two)(*all)) as service:
        web = Web("example", manners=QUICK)
        assert web.get(service.url, is_set_by_user=True).body == b"one"
        assert web.get(service.url, is_set_by_user=True).body == b"a page"


def test_a_port_where_nobody_listens_is_told_after_all_tries() -> None:
    with LocalService(play) as service:
        url = service.url
    web = Web("example", manners=Manners(pause_seconds=0), sleep=lambda seconds: None)
    with pytest.raises(SourceDown, match="NewConnectionError"):
        web.get(url, is_set_by_user=True)
    assert web.question_count == 4


def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with LocalService(play) as service:
        assert Web("example", manners=QUICK).get(service.url, is_set_by_user=True).body == b"a page"


@given(st.text(), st.text())
@example("Mon, 02 Mar 2026 12:00:00 -9999", "Mon, 01 Jan 0001 00:00:00 +2359")
def test_no_header_makes_the_wait_anything_but_seconds_within_a_day(told: str, date: str) -> None:
    seconds = told_seconds({"retry-after": told, "date": date}, datetime.now(UTC))
    assert seconds is None or 0 <= seconds <= 86_400


def redirecting(where: Callable[[Asked], str]) -> Callable[[Asked], Reply]:
    """A play that redirects until the path is ``/there``."""
    return lambda asked: play(asked) if asked.path == "/there" else Reply(b"", 301, {"Location": where(asked)})


@pytest.mark.parametrize(("steps", "is_followed"), [(5, True), (6, False)])
def test_five_redirects_are_followed_within_an_address_that_the_user_set(steps: int, is_followed: bool) -> None:
    def where(asked: Asked) -> str:
        return "/there" if asked.number == steps else f"?{asked.number}"

    with LocalService(redirecting(where)) as service:
        web = Web("example", manners=QUICK)
        if is_followed:
            answer = web.get(service.url, is_set_by_user=True)
            assert answer.url == f"{service.url}/there" and answer.about == {}
        else:
            with pytest.raises(Refused, match="redirects more than 5 times"):
                web.get(service.url, is_set_by_user=True)
        assert len(service.asked) == 6


ELSEWHERE = (
    *("http://127.0.0.1:9/", "http://localhost/", "http://2130706433/", "http://[::ffff:7f00:1]/", "http://[::1"),
    *("//169.254.169.254/latest", "http://user@127.0.0.1/", "http://:80/", "/ /"),
    *("file:///etc/hostname", "ftp:/a", "javascript:alert(1)"),
)


@pytest.mark.parametrize("where", ELSEWHERE)
def test_a_redirect_to_what_is_not_public_is_refused(where: str, internet: Internet) -> None:  # noqa: F811
    internet.names = {"localhost": [["127.0.0.1"]]}
    with LocalService(redirecting(lambda asked: where)) as service, pytest.raises(NotPublic):
        Web("example", manners=QUICK).get(service.url, is_set_by_user=True)
    assert internet.connected == ["127.0.0.1"]


def test_a_local_address_is_asked_only_where_the_user_set_it() -> None:
    with LocalService(play) as service, pytest.raises(NotPublic, match="is not a public address"):
        Web("example", manners=QUICK).get(service.url)
    assert service.asked == []


def test_a_redirect_in_utf_8_leads_where_it_says() -> None:
    away = redirecting(lambda asked: "/é".encode().decode("latin-1"))
    with LocalService(away) as service, pytest.raises(Refused, match="more than 5"):
        Web("example", manners=QUICK).get(service.url, is_set_by_user=True)
    assert service.asked[1].path == "/%C3%A9"
