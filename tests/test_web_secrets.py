"""No secret of a source is in anything that is said, logged, raised or kept, however the service repeats it."""

import base64
import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus

import msgspec
import pytest
import requests

from pipelines.sources.answers import Answer, FetchFailed
from pipelines.sources.sessions import session_through
from pipelines.sources.web import Manners, Web
from tests.faults import FAULTS, always
from tests.local_service import Asked, LocalService, Reply

SECRET = 'invented/key+"0001"='  # with all that is written otherwise in a query and in JSON
IDENTITY = "invented-id-0002"
TOKEN = "invented-token-0003"
BASIC = base64.b64encode(f"{IDENTITY}:{SECRET}".encode()).decode()
WRITTEN = (SECRET, IDENTITY, TOKEN, quote(SECRET, safe=""), quote_plus(SECRET), json.dumps(SECRET)[1:-1], BASIC)
ECHO = " ".join(WRITTEN)


class Page(msgspec.Struct):
    """What the tests rely on."""

    words: list[str]


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Every logger that there is, at its most talkative."""
    loggers = [one for one in logging.Logger.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    levels = [one.level for one in loggers]
    for one in loggers:
        one.setLevel(logging.DEBUG)
    with caplog.at_level(logging.DEBUG):
        yield caplog
    for one, level in zip(loggers, levels, strict=True):
        one.setLevel(level)


def everything_of(error: BaseException | None) -> Iterator[str]:
    """What an exception says, and those that it came from."""
    while error is not None:
        yield f"{error} {error!r} {error.args!r}"
        error = error.__cause__ or error.__context__


def asked_with_secrets(url: str, said: list[str], **way: Any) -> Any:
    """A question that holds every secret, in every place where one may be."""
    manners = Manners(pause_seconds=0, tries=2, whole_seconds=0.3, answer_bytes=2**20)
    web = Web("example", url, {"key": SECRET, "id": IDENTITY}, manners, sleep=lambda s: None, say=said.append)
    web.keep_secret(TOKEN)
    said.append(repr(web))
    return web.json(
        f"{url}/path/{quote(SECRET, safe='')}?k={quote_plus(SECRET)}",
        Page,
        {"again": SECRET, "t": TOKEN},
        headers={"Authorization": f"Basic {BASIC}", "X-Token": TOKEN},
        secret_params={"apikey": SECRET},
    )


def play(asked: Asked) -> Reply:
    """Repeats every secret in the body and in the headers that are kept."""
    assert asked.query["apikey"] == SECRET and asked.query["t"] == TOKEN
    echo = {"ETag": f'"{TOKEN}"', "Last-Modified": IDENTITY, "Content-Type": "application/json; " + BASIC}
    return Reply(json.dumps({"words": [ECHO, asked.headers["authorization"]]}).encode(), 200, echo)


@pytest.mark.parametrize("name", FAULTS)
def test_whatever_goes_wrong_no_secret_is_said(name: str, logged: pytest.LogCaptureFixture) -> None:
    said: list[str] = []
    with LocalService(play, FAULTS[name](always)) as service:
        try:
            answer, _ = asked_with_secrets(service.url, said)
            said += [repr(answer), msgspec.json.encode(answer).decode(), answer.text]
        except FetchFailed as error:
            said += everything_of(error)
    said += [record.getMessage() + str(record.exc_info) for record in logged.records]
    assert len("".join(said)) > 100
    for written in WRITTEN:
        assert not any(written in line for line in said)


@pytest.mark.parametrize("code", [400, 401, 403, 404, 418])
@pytest.mark.parametrize("before", [0, 60, 140, 155, 490])
def test_a_refusal_that_repeats_a_secret_shows_no_part_of_it_where_the_sample_ends(code: int, before: int) -> None:
    said: list[str] = []
    body = before * b"x" + SECRET.encode() + b"x"
    with LocalService(lambda asked: Reply(body, code)) as service, pytest.raises(FetchFailed) as told:
        asked_with_secrets(service.url, said)
    assert all(SECRET[:8] not in line for line in [*said, *everything_of(told.value)])


@pytest.mark.parametrize("where", [f"ftp://there/{TOKEN}", f"http://u:{TOKEN}@there/", f"http://{TOKEN}.test/", TOKEN])
def test_a_redirect_that_repeats_a_secret_does_not_show_it(where: str, logged: pytest.LogCaptureFixture) -> None:
    with LocalService(lambda asked: Reply(b"", 302, {"Location": where})) as service:
        web = Web("example", keys={"key": TOKEN}, manners=Manners(pause_seconds=0, tries=1))
        with pytest.raises(FetchFailed) as told:
            web.get(service.url, is_set_by_user=True)
    assert all(TOKEN not in line for line in everything_of(told.value))
    assert TOKEN not in logged.text


def test_a_header_that_cannot_be_read_puts_no_address_into_the_log(logged: pytest.LogCaptureFixture) -> None:
    def fault(handler: Any, asked: Asked, reply: Reply) -> bool:
        handler.wfile.write(b'HTTP/1.1 200 OK\r\nno header\r\n\r\n{"words": []}')
        handler.close_connection = True
        return True

    with LocalService(play, fault) as service:
        asked_with_secrets(service.url, [])
    assert quote_plus(SECRET) not in logged.text


def test_a_library_asks_through_web_and_its_answers_are_kept_without_secrets(logged: pytest.LogCaptureFixture) -> None:
    seen: list[Asked] = []

    def service_play(asked: Asked) -> Reply:
        seen.append(asked)
        echo = json.dumps({"token": TOKEN, "said": asked.headers.get("authorization")}).encode()
        return Reply(echo, 200, {"Content-Type": "application/json", "X-RateLimit-Remaining": "59"})

    with LocalService(service_play, FAULTS["502"](lambda number: number == 2)) as service:
        keys = {"id": IDENTITY, "key": SECRET}
        web = Web("example", service.url, keys, Manners(pause_seconds=0, first_wait_seconds=0), sleep=lambda s: None)
        session, adapter = session_through(web, is_kept=lambda url: "/token" not in url)
        web.keep_secret(TOKEN)
        token = session.post(f"{service.url}/token", data={"grant": "x"}, auth=(IDENTITY, SECRET))
        listing = session.get(f"{service.url}/listing", params={"key": SECRET}, headers={"accept-encoding": "br"})
        kept = list(adapter.kept())

    assert [one.method for one in seen] == ["POST", "GET", "GET"]
    assert (seen[0].body, seen[0].headers["authorization"]) == (b"grant=x", f"Basic {BASIC}")
    assert seen[1].query == {"key": SECRET}
    assert seen[1].headers["accept-encoding"] == "gzip, deflate"
    assert token.json() == {"token": TOKEN, "said": f"Basic {BASIC}"}  # a library may need what it is sent
    assert isinstance(listing, requests.Response) and listing.ok
    assert listing.headers["x-ratelimit-remaining"] == "59"
    assert b"".join(listing.iter_content(7)) == listing.content
    assert kept[0].body == b'{"token": "***", "said": null}'
    assert [type(one) for one in kept] == [Answer] and kept[0].url == f"{service.url}/listing?key=***"
    assert list(adapter.kept()) == []
    for written in (SECRET, quote_plus(SECRET), BASIC):
        assert written not in repr(kept) and written not in logged.text


def test_a_library_is_told_of_a_failure_as_of_ours() -> None:
    with LocalService(lambda asked: Reply(b"no", 403)) as service:
        session, _ = session_through(Web("example", service.url, {"key": SECRET}, Manners(pause_seconds=0)))
        with pytest.raises(FetchFailed, match="is the key right"):
            session.get(service.url)
        session.close()
