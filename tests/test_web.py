"""Asking through ``Web`` over a real connection: what is tried again, what is told, how long and how much it takes."""

import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from pipelines.sources.answers import Refused, SourceDown, Throttled, TooLarge, WrongShape
from pipelines.sources.web import Manners, Web
from tests.faults import ENDS, FAULTS, HARMLESS, LASTS, always, only, status, until
from tests.local_service import Asked, Fault, LocalService, Reply

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
QUICK = Manners(pause_seconds=0, first_wait_seconds=0.01, whole_seconds=0.5, answer_bytes=2**20)
WORDS = [f"the {number}. thing that was said" for number in range(40)]


class Page(msgspec.Struct):
    """What the tests rely on."""

    words: list[str]


def play(asked: Asked) -> Reply:
    """The same words, whatever is asked."""
    return Reply(msgspec.json.encode({"words": WORDS}))


@contextmanager
def served(fault: Fault | None = None, play: Callable[[Asked], Reply] = play, **web: Any) -> Iterator[Any]:
    """A service with a fault, and a way to it that waits for nothing but notes how long it was to wait."""
    waits: list[float] = []
    with LocalService(play, fault) as service:
        made = {"manners": QUICK, "sleep": waits.append, **web}
        yield service, Web("example", base_url=service.url, **made), waits


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_passes_leaves_the_right_answer_and_one_that_cannot_is_told_at_once(name: str) -> None:
    with served(FAULTS[name](only(1))) as (service, web, _):
        if name in ENDS:
            with pytest.raises(ENDS[name], match=r"^example: http://127\.0\.0\.1"):
                web.json(service.url, Page)
            assert len(service.asked) == 1
        else:
            answer, page = web.json(service.url, Page)
            assert page.words == WORDS
            assert answer.body.strip() == play(service.asked[0]).body
            assert len(service.asked) == (1 if name in HARMLESS else 2)


@pytest.mark.parametrize("name", LASTS)
def test_a_fault_that_lasts_is_told_after_four_tries(name: str) -> None:
    with served(FAULTS[name](always)) as (service, web, waits):
        with pytest.raises(LASTS[name]) as told:
            web.json(service.url, Page)
        assert type(told.value) is LASTS[name]
        assert "example" in str(told.value) and len(str(told.value)) < 1_000
        assert len(service.asked) == (1 if name in ENDS else 4)
        assert len(waits) == len(service.asked) - 1


def test_an_hour_of_502_ends_a_window_and_the_next_run_goes_on() -> None:
    cured = threading.Event()
    with served(FAULTS["502"](until(cured))) as (service, web, _):
        with pytest.raises(SourceDown, match="sent status 502"):
            web.json(service.url, Page)
        cured.set()
        assert web.json(service.url, Page)[1].words == WORDS


def test_waits_grow_from_try_to_try_and_stay_below_the_longest() -> None:
    manners = Manners(pause_seconds=0, tries=6, first_wait_seconds=1, longest_wait_seconds=6)
    with served(FAULTS["500"](always), manners=manners) as (service, web, waits), pytest.raises(SourceDown):
        web.json(service.url, Page)
    for wait, least in zip(waits, [1, 2, 4, 6, 6], strict=True):
        assert least <= wait <= min(least + 1, 6)


@pytest.mark.parametrize("name", ["429, wait 7 seconds", "503, wait 7 seconds"])
def test_the_wait_is_exactly_the_one_that_the_service_asks_for(name: str) -> None:
    with served(FAULTS[name](only(1, 2))) as (service, web, waits):
        web.json(service.url, Page)
    assert waits == [7.0, 7.0]


@pytest.mark.parametrize("theirs", [NOW, NOW - timedelta(days=1)])
def test_a_moment_to_wait_for_is_read_by_the_clock_of_the_service(theirs: datetime) -> None:
    def throttled(handler: Any, asked: Asked, reply: Reply) -> bool:
        if asked.number == 1:
            date, later = (f"{when:%a, %d %b %Y %H:%M:%S} GMT" for when in (theirs, theirs + timedelta(seconds=9)))
            lines = f"HTTP/1.1 429 No\r\nDate: {date}\r\nRetry-After: {later}\r\nContent-Length: 0\r\n\r\n"
            handler.wfile.write(lines.encode())
        return asked.number == 1

    with served(throttled, now=lambda: NOW) as (service, web, waits):
        web.json(service.url, Page)
    assert waits == [9.0]


def test_a_long_wait_is_not_slept_but_told_with_its_end() -> None:
    with served(FAULTS["429, wait an hour"](always), now=lambda: NOW) as (service, web, waits):
        with pytest.raises(Throttled, match="may be asked again at 2026-03-02 13:00:00 UTC") as told:
            web.json(service.url, Page)
        assert told.value.next_allowed_at == NOW + timedelta(hours=1)
        assert waits == []
        assert len(service.asked) == 1


@pytest.mark.parametrize(
    ("told", "hours"),
    [("9" * 5_000, 24), ("Mon, 01 Jan 9999 00:00:00 GMT", 24), ("Mon, 01 Jan 99999 00:00:00 GMT", 0.25)]
    + [(said, 0.25) for said in ("-5", "soon", "1.5", "", "١", "Mon, 99 Foo 2026 99:99:99 +9999", "0x10")],
)
def test_a_wait_that_cannot_be_is_a_day_at_most_or_a_quarter_of_an_hour(told: str, hours: float) -> None:
    manners = Manners(pause_seconds=0, tries=1)
    fault = status(429, Retry_After=told.encode().decode("latin-1"))(always)
    with served(fault, now=lambda: NOW, manners=manners) as (service, web, _), pytest.raises(Throttled) as failure:
        web.json(service.url, Page)
    assert failure.value.next_allowed_at == NOW + timedelta(hours=hours)


def test_a_moment_that_is_over_is_no_wait() -> None:
    fault = status(429, Retry_After="Mon, 02 Mar 2020 12:00:00 GMT")(only(1))
    with served(fault) as (service, web, waits):
        web.json(service.url, Page)
    assert waits == [0.0]


def test_between_two_questions_is_the_pause_and_tries_are_questions() -> None:
    manners = Manners(pause_seconds=5, first_wait_seconds=0.01)
    with served(FAULTS["500"](only(2)), manners=manners) as (service, web, waits):
        web.json(service.url, Page)
        web.json(service.url, Page)
    assert [round(wait) for wait in waits] == [5, 0, 5]
    assert web.question_count == 3


@pytest.mark.parametrize("name", [name for name in FAULTS if name.startswith("dripping")])
def test_a_question_is_over_in_time_however_slowly_it_is_answered(name: str) -> None:
    manners = Manners(pause_seconds=0, tries=1, whole_seconds=0.5)
    with served(FAULTS[name](always), manners=manners) as (service, web, _):
        began = time.monotonic()
        with pytest.raises(SourceDown, match=r"takes more than 0\.5 seconds"):
            web.get(service.url, is_set_by_user=True)
        assert 0.4 < time.monotonic() - began < 2


@pytest.mark.parametrize("name", ["gzip bomb", "endless body"])
def test_memory_stays_within_a_few_times_the_limit(name: str) -> None:
    manners = Manners(pause_seconds=0, tries=1, answer_bytes=4 * 2**20)
    with served(FAULTS[name](always), manners=manners) as (service, web, _):
        tracemalloc.start()
        try:
            with pytest.raises(TooLarge, match="more than the 4,194,304 bytes"):
                web.json(service.url, Page)
            assert tracemalloc.get_traced_memory()[1] < 16 * 2**20
        finally:
            tracemalloc.stop()


def test_an_answer_may_be_as_long_as_the_limit_and_no_longer() -> None:
    length = len(play(None).body)
    for limit, is_let in ((length, True), (length - 1, False)):
        with served(manners=Manners(pause_seconds=0, answer_bytes=limit)) as (service, web, _):
            if is_let:
                web.json(service.url, Page)
            else:
                with pytest.raises(TooLarge):
                    web.json(service.url, Page)


def test_no_watchdog_and_no_connection_stays_behind() -> None:
    before = set(threading.enumerate())
    with served(FAULTS["reset"](lambda number: number % 3 == 0)) as (service, web, _):
        for _ in range(20):
            web.json(service.url, Page)
    ends_at = time.monotonic() + 5
    while (left := set(threading.enumerate()) - before) and time.monotonic() < ends_at:
        time.sleep(0.01)
    assert left == set()


def test_a_clock_that_is_wrong_is_told_once() -> None:
    said: list[str] = []
    with served(FAULTS["clock a day late"](always), say=said.append) as (service, web, _):
        web.json(service.url, Page)
        web.json(service.url, Page)
    assert said == ["example: this machine's clock is +1440 minutes from the service's; set it right"]


def test_each_new_try_is_told_with_its_reason() -> None:
    said: list[str] = []
    with served(FAULTS["502"](only(1)), say=said.append) as (service, web, _):
        web.json(service.url, Page)
    assert said == [f"example: {service.url} sent status 502; trying again"]


def test_a_field_of_another_type_is_named_with_a_sample() -> None:
    told = r"example: http.*Expected `array`, got `int` - at `\$.words`.*begins"
    with served(play=lambda asked: Reply(b'{"words": 7}')) as (service, web, _), pytest.raises(WrongShape, match=told):
        web.json(service.url, Page)


def test_a_refusal_is_not_asked_again_and_says_what_the_service_said() -> None:
    for code in (400, 401, 403, 404, 410, 451):
        with served(play=lambda asked, code=code: Reply(b"no such thing", code), keys={"a_key": "k" * 9}) as served_:
            service, web, _ = served_
            with pytest.raises(Refused, match=f"status {code}.*it said 'no such thing'") as told:
                web.json(service.url, Page)
            assert ("is the key right?" in str(told.value)) == (code in (401, 403))
            assert len(service.asked) == 1


def test_only_a_change_since_is_asked_for_and_no_change_is_none() -> None:
    def feed(asked: Asked) -> Reply:
        is_known = asked.headers.get("if-none-match") == '"1"'
        return Reply(b"", 304) if is_known else Reply(b"<rss/>", 200, {"ETag": '"1"', "Set-Cookie": "a=b"})

    with served(play=feed) as (service, web, _):
        first = web.get(service.url, is_set_by_user=True, is_conditional=True)
        assert first is not None and first.headers["etag"] == '"1"' and "set-cookie" not in first.headers
        again = Web("example", manners=QUICK, remembered={service.url: first.headers})
        assert again.get(service.url, is_set_by_user=True, is_conditional=True) is None
        assert again.get(service.url, is_set_by_user=True).body == b"<rss/>"


@pytest.mark.parametrize("code", [304, 206, 300, 305, 103])
def test_a_status_that_nobody_asked_for_is_no_answer(code: int) -> None:
    told = f"sent status {code}"
    with served(play=lambda asked: Reply(b"", code)) as (service, web, _), pytest.raises(SourceDown, match=told):
        web.get(service.url, is_set_by_user=True)


def test_a_missing_key_names_its_variable() -> None:
    with pytest.raises(Refused, match=r"CROWDTAPE_A_KEY: set it in \.env \(docs/sources/example\.md"):
        Web("example", keys={"a_key": ""}).key("a_key")
