"""The ways in which a service misbehaves, for ``LocalService.fault``; each goes with any play.

``FAULTS[name](at)`` is a fault that hits the requests whose number ``at`` accepts: ``only(7)``, ``always``,
``until(cured)``. What asking through ``Web`` must make of one hit is in ``ENDS`` (the failure that ends the window at
once), ``HARMLESS`` (nothing is noticed) and otherwise: it is asked again. ``LASTS`` has the failure when it lasts.
Both are for JSON; of a feed or a page ``Web`` cannot tell that it is truncated, empty or another.
Not here: the services (``tests/plays``), faults of the items that they send (``item_faults.py``).
"""

import gzip
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache, partial
from http.server import BaseHTTPRequestHandler

from pipelines.sources.answers import FetchFailed, Refused, SourceDown, Throttled, TooLarge, WrongShape
from tests.local_service import Asked, Fault, Reply, send

At = Callable[[int], bool]
Factory = Callable[[At], Fault]
Act = Callable[[BaseHTTPRequestHandler, Reply], object]

DRIP_SECONDS = 0.02  # between two bytes
LONGEST_SECONDS = 30.0  # of any fault, should the other side never hang up
BOMB_BYTES = 128 * 2**20


def only(*numbers: int) -> At:
    """The requests with these numbers, from 1."""
    return lambda number: number in numbers


def always(number: int) -> bool:
    """Every request."""
    return True


def until(cured: threading.Event) -> At:
    """Every request until the event is set."""
    return lambda number: not cured.is_set()


def acting(act: Act) -> Factory:
    """The factory of a fault that answers with ``act``."""

    def factory(at: At) -> Fault:
        def fault(handler: BaseHTTPRequestHandler, asked: Asked, reply: Reply) -> bool:
            if at(asked.number):
                act(handler, reply)
            return at(asked.number)

        return fault

    return factory


def instead(make: Callable[[Reply], Reply]) -> Factory:
    """The factory of a fault that sends another reply."""
    return acting(lambda handler, reply: send(handler, make(reply)))


def changed(change: Callable[[bytes], bytes]) -> Factory:
    """The factory of a fault that sends the reply with another body."""
    return instead(lambda reply: Reply(change(reply.body), reply.status, reply.headers))


def status(code: int, **headers: str) -> Factory:
    """The factory of a fault that sends a status; ``Retry_After`` becomes ``Retry-After``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return instead(lambda reply: Reply(b"" if code == 204 else b"no", code, {"Content-Type": "text/plain", **named}))


def redirect(where: str) -> Factory:
    """The factory of a fault that redirects."""
    return status(302, Location=where)


def _asked_to_wait_until(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    until = format_datetime(datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=9), usegmt=True)
    send(handler, Reply(b"", 429, {"Retry-After": until}))


def _with_length(more: int, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    length = max(len(reply.body) + more, 0)
    send(handler, Reply(reply.body, reply.status, {**reply.headers, "Content-Length": str(length)}))
    handler.close_connection = True


def _write_slowly(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    ends_at = time.monotonic() + LONGEST_SECONDS
    handler.close_connection = True
    for number in range(len(data)):
        if time.monotonic() > ends_at:
            return
        handler.wfile.write(data[number : number + 1])
        time.sleep(DRIP_SECONDS)


def _dripping_head(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    _write_slowly(handler, b"HTTP/1.1 200 OK\r\nX-Slow: " + 100_000 * b"a")


def _dripping_body(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    body = reply.body + 10_000 * b" "
    _head(handler, reply, f"Content-Length: {len(body)}")
    _write_slowly(handler, body)


def _dripping_without_length(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    _head(handler, reply, "Connection: close")
    handler.wfile.write(reply.body)
    _write_slowly(handler, 10_000 * b" ")


def _head(handler: BaseHTTPRequestHandler, reply: Reply, *lines: str) -> None:
    lines = (f"HTTP/1.1 {reply.status} OK", *(f"{name}: {value}" for name, value in reply.headers.items()), *lines)
    handler.wfile.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))


def _reset(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    _head(handler, reply, f"Content-Length: {len(reply.body) + 2}")
    handler.wfile.write(reply.body[: len(reply.body) // 2])
    handler.close_connection = True
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.close(handler.connection.detach())  # at once, with RST


def _closed(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    handler.close_connection = True


def _with_skewed_clock(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    yesterday = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)
    _head(handler, reply, f"Date: {yesterday}", f"Content-Length: {len(reply.body)}")
    handler.wfile.write(reply.body)


def _endless(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    handler.close_connection = True
    ends_at = time.monotonic() + LONGEST_SECONDS
    _head(handler, reply, "Transfer-Encoding: chunked")
    while time.monotonic() < ends_at:
        handler.wfile.write(b"10000\r\n" + 0x10000 * b" " + b"\r\n")


@cache
def bomb() -> bytes:
    """Blanks, small on the wire."""
    packer = zlib.compressobj(wbits=31)
    return b"".join(packer.compress(2**20 * b" ") for _ in range(BOMB_BYTES // 2**20)) + packer.flush()


def _packed(reply: Reply, body: bytes, packing: str = "gzip") -> Reply:
    return Reply(body, reply.status, {**reply.headers, "Content-Encoding": packing})


def gzip_bomb(at: At) -> Fault:
    """Far more than any limit, packed before the service is asked."""
    packed = bomb()
    return instead(lambda reply: _packed(reply, packed))(at)


def repeated_answer(at: At) -> Fault:
    """The previous answer once more, with its cursor."""
    replies: dict[int, Reply] = {}

    def fault(handler: BaseHTTPRequestHandler, asked: Asked, reply: Reply) -> bool:
        replies[asked.number] = reply
        if at(asked.number) and asked.number > 1:
            send(handler, replies[asked.number - 1])
            return True
        return False

    return fault


FAULTS: dict[str, Factory] = {
    "429, wait 7 seconds": status(429, Retry_After="7"),
    "429, wait until a moment": acting(_asked_to_wait_until),
    "429, wait an hour": status(429, Retry_After="3600"),
    "429, wait": status(429),
    "500": status(500),
    "502": status(502),
    "503, wait 7 seconds": status(503, Retry_After="7"),
    "truncated body": changed(lambda body: body[: 2 * len(body) // 3]),
    "a page with status 200": instead(lambda reply: Reply(b"<!doctype html><p>Be right back", 200, {})),
    "length too long": acting(partial(_with_length, 50)),
    "length too short": acting(partial(_with_length, -5)),
    "dripping head": acting(_dripping_head),
    "dripping body": acting(_dripping_body),
    "dripping body without a length": acting(_dripping_without_length),
    "reset": acting(_reset),
    "closed without an answer": acting(_closed),
    "repeated answer": repeated_answer,
    "clock a day late": acting(_with_skewed_clock),
    "gzip": instead(lambda reply: _packed(reply, gzip.compress(reply.body))),
    "broken gzip": instead(lambda reply: _packed(reply, b"\x1f\x8b\x08" + reply.body)),
    "gzip bomb": gzip_bomb,
    "gzip in gzip": instead(lambda reply: _packed(reply, gzip.compress(gzip.compress(reply.body)), "gzip, gzip")),
    "endless body": acting(_endless),
    "redirect to another port": redirect("http://127.0.0.1:9/"),
    "redirect to a file": redirect("file:///etc/hostname"),
    "redirect to itself": acting(lambda handler, reply: send(handler, Reply(b"", 302, {"Location": handler.path}))),
    "redirect to nowhere": status(302),
    "empty 200": instead(lambda reply: Reply(b"", 200, reply.headers)),
    "204": status(204),
}

ENDS: dict[str, type[FetchFailed]] = {
    "429, wait an hour": Throttled,
    "gzip bomb": TooLarge,
    "gzip in gzip": Refused,
    "endless body": TooLarge,
    "redirect to another port": Refused,
    "redirect to a file": Refused,
    "redirect to itself": Refused,
}

HARMLESS = {"repeated answer", "clock a day late", "gzip"}  # to Web; a repeated answer is for the service to notice

LASTS: dict[str, type[FetchFailed]] = {
    **dict.fromkeys(FAULTS.keys() - HARMLESS, SourceDown),
    **dict.fromkeys(["429, wait 7 seconds", "429, wait until a moment", "429, wait", "503, wait 7 seconds"], Throttled),
    **dict.fromkeys(["truncated body", "a page with status 200", "length too short", "empty 200", "204"], WrongShape),
    **ENDS,
}
