"""One question over one connection of its own, over within a time, to exactly the address that was checked.

Here: the pool of urllib3 for one question, the watchdog that cuts it. No proxy of the environment is used: the guard of
``public.py`` would be the proxy's to keep. Not here: what an answer means (``web.py``), which addresses may be asked.
"""

import logging
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import SplitResult

import certifi
import urllib3

from pipelines.sources.public import port_of

USER_AGENT = "crowdtape/0.1 (sentiment research; one reader, not a crawler)"
CONNECT_SECONDS = 10.0
SILENT_SECONDS = 20.0

for _logger in ("urllib3.connection", "urllib3.connectionpool"):  # their lines show whole addresses, with the key
    logging.getLogger(_logger).addFilter(lambda record: False)


@contextmanager
def answering(
    method: str,
    parts: SplitResult,
    address: str | None,
    query: str,
    headers: Mapping[str, str] | None,
    body: bytes | None,
    seconds: float,
) -> Iterator[urllib3.BaseHTTPResponse]:
    """The response to one question, whose connection is cut after ``seconds``, also while its head drips.

    ``address`` is the checked one to connect to, or None where the host is to be trusted. Its body is to be read in
    the context. Raises ``urllib3.exceptions.HTTPError`` or ``OSError``.
    """
    sockets: list[Any] = []
    ends_at = time.monotonic() + seconds
    pool = _pool(parts, address)
    pool.ConnectionCls = _remembering(pool.ConnectionCls, sockets, ends_at)
    target = (parts.path or "/") + (f"?{query}" if query else "")
    sent = urllib3.HTTPHeaderDict({"User-Agent": USER_AGENT})
    sent.update(headers or {})
    sent.update({"Host": _host(parts), "Accept-Encoding": "gzip, deflate"})
    watchdog = threading.Timer(seconds, _cut, [sockets])
    watchdog.daemon = True
    watchdog.start()
    try:
        response = pool.urlopen(
            method,
            target,
            body=body,
            headers=sent,
            redirect=False,
            retries=False,
            preload_content=False,
            assert_same_host=False,
            timeout=urllib3.Timeout(connect=min(CONNECT_SECONDS, seconds), read=SILENT_SECONDS),
        )
        with closing(response):
            yield response
    except (urllib3.exceptions.HTTPError, OSError):
        if time.monotonic() < ends_at:
            raise
    finally:
        watchdog.cancel()
        pool.close()
    if time.monotonic() >= ends_at:  # a body without a length looks whole when it is cut
        raise TimeoutError(f"it takes more than {seconds:g} seconds")


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{parts.port}" if parts.port else host


def _pool(parts: SplitResult, address: str | None) -> urllib3.HTTPConnectionPool:
    """Connections to the host, or to the address that was checked for it, still under the host's certificate."""
    host = parts.hostname or ""
    if parts.scheme == "http":
        return urllib3.HTTPConnectionPool(address or host, port_of(parts))
    return urllib3.HTTPSConnectionPool(
        address or host,
        port_of(parts),
        ca_certs=certifi.where(),
        server_hostname=host,
        assert_hostname=host,
    )


def _remembering(connection: type, sockets: list[Any], ends_at: float) -> type:
    """The class of connection, noting the sockets it opens; one that opens when the time is over is of no use."""

    class Remembering(connection):
        def connect(self) -> None:
            super().connect()
            sockets.append(self.sock)
            if time.monotonic() >= ends_at:
                raise TimeoutError

    Remembering.__name__ = connection.__name__  # it stands in messages
    return Remembering


def _cut(sockets: list[Any]) -> None:
    """End what is read from them; the plain shutdown, since that of TLS confuses whoever is reading just then."""
    for one in sockets:
        try:
            socket.socket.shutdown(one, socket.SHUT_RDWR)
        except OSError:
            continue
