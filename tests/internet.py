"""An internet of a few names and addresses, all of them on this machine; nothing else can be reached.

Not here: what is asked there. Resolver and connections are those of the standard library and of urllib3, not ours.
"""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from urllib3.util import connection

PUBLIC, OTHER_PUBLIC = "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"


class Internet:
    """``names`` has what each name resolves to, one list of addresses per look-up, the last one for ever.

    ``ports`` has the local port behind each public address; ``connected`` the addresses that were connected to.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: dict[str, list[list[str]]] = {}
        self.ports: dict[str, int] = {}
        self.connected: list[str] = []
        self._resolve, self._connect = socket.getaddrinfo, connection.create_connection
        monkeypatch.setattr(socket, "getaddrinfo", self.resolve)
        monkeypatch.setattr(connection, "create_connection", self.connect)

    def resolve(self, host: Any, port: Any, *args: Any, **options: Any) -> list[Any]:
        """As the resolver does; addresses in any of their forms resolve to themselves."""
        try:
            return self._resolve(host, port, flags=socket.AI_NUMERICHOST, type=socket.SOCK_STREAM)
        except socket.gaierror:
            answers = self.names.get(host.decode() if isinstance(host, bytes) else host)
            if not answers:
                raise
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [entry for address in addresses for entry in self._resolve(address, port, type=socket.SOCK_STREAM)]

    def connect(self, address: tuple[str, int], *args: Any, **options: Any) -> socket.socket:
        """A connection to the port behind the address."""
        host = self.resolve(*address)[0][4][0]
        self.connected.append(host)
        if host != "127.0.0.1" and host not in self.ports:
            raise OSError(f"{host} is not of this internet")
        return self._connect(("127.0.0.1", self.ports.get(host, address[1])), *args, **options)


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch) -> Iterator[Internet]:
    """Import it where it is used."""
    yield Internet(monkeypatch)
