"""A server on this machine that plays a service, and misbehaves on request.

A play is a function ``Asked -> Reply``. A fault is a function ``(handler, asked, reply) -> bool``: it answers in the
play's stead and returns True, or returns False and leaves the answer to the play.
"""

import http.server
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit


class Asked(NamedTuple):
    """One request as it came; ``number`` counts from 1 over the server's life."""

    number: int
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    """What is sent back."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})


Play = Callable[[Asked], Reply]
Fault = Callable[[http.server.BaseHTTPRequestHandler, Asked, Reply], bool]


class LocalService:
    """The server, as a context manager; ``url`` is its address, ``asked`` what was asked so far, ``fault`` may be set.

    With ``tls`` it speaks https.
    """

    def __init__(self, play: Play, fault: Fault | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.play = play
        self.fault = fault
        self.asked: list[Asked] = []
        self._lock = threading.Lock()
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._scheme = "https" if tls else "http"
        if tls:  # the handshake is left to the request's own thread
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._server.handle_error = lambda request, address: None  # clients that hang up are part of the play

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        return self._server.server_port

    def __enter__(self) -> "LocalService":
        threading.Thread(target=self._server.serve_forever, args=[0.01], daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type:
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *words: object) -> None:
                pass

            def answer(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                with service._lock:
                    number = len(service.asked) + 1
                    asked = Asked(number, self.command, parts.path, dict(parse_qsl(parts.query)), headers, body)
                    service.asked.append(asked)
                reply = service.play(asked)
                if service.fault is None or not service.fault(self, asked, reply):
                    send(self, reply)

            do_GET = do_POST = answer

        return Handler


def send(handler: http.server.BaseHTTPRequestHandler, reply: Reply) -> None:
    """Send a reply as it should be."""
    handler.send_response(reply.status)
    for name, value in reply.headers.items():
        handler.send_header(name, value)
    if "Content-Length" not in reply.headers and reply.status not in (204, 304):
        handler.send_header("Content-Length", str(len(reply.body)))
    handler.end_headers()
    handler.wfile.write(reply.body)
