"""Addresses that came from data: only http(s) to a public host, whatever a name resolves to.

Here: which addresses are public, and the checked address to connect to. Not here: asking (``web.py``), which connects
to exactly the address that was checked, so that a name cannot be resolved to another one in between.
"""

import re
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urljoin, urlsplit

from pipelines.sources.answers import NotPublic

SCHEMES = {"http": 80, "https": 443}
LONGEST_URL = 2_000
NAT64 = bytes.fromhex("0064ff9b0000000000000000")  # the well-known prefix before an IPv4 address
# Not public either, though `ipaddress` (of some versions) says so: services of clouds, old and local ranges.
NOT_PUBLIC = tuple(
    map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "64:ff9b:1::/48", "fec0::/10", "3fff::/20"))
)
NO_CHARACTER = re.compile("[\x00-\x20\x7f-\x9f\ud800-\udfff]")
HOST = re.compile(r"[a-z0-9_.-]{1,253}|[0-9a-f]*:[0-9a-f:.]+")


def split_url(url: str, base: str = "") -> SplitResult:
    """The parts of an http(s) address, which may be relative to ``base``; ``NotPublic`` says what else it is.

    A host beyond ASCII comes in its ASCII form, so that all who read the parts see the same host.
    """
    shown = repr(url[:200])
    if len(url) > LONGEST_URL or NO_CHARACTER.search(url):
        raise NotPublic(f"{shown} is no address: longer than {LONGEST_URL:,} characters, or with spaces in it")
    try:
        parts = urlsplit(urljoin(base, url))
        host, port = parts.hostname or "", parts.port
        if not host.isascii():
            host = host.encode("idna").decode().lower()
            parts = parts._replace(netloc=parts.netloc.rpartition("@")[1] + host + (f":{port}" if port else ""))
    except ValueError as error:
        raise NotPublic(f"{shown} is no address: {error}") from None
    if "@" in parts.netloc:
        raise NotPublic("an address with a user or password in it is not followed")
    if parts.scheme not in SCHEMES or port == 0 or not HOST.fullmatch(host):
        raise NotPublic(f"{shown} is not http:// or https:// with a host")
    return parts


def port_of(parts: SplitResult) -> int:
    """Its port, or that of its scheme."""
    return parts.port or SCHEMES[parts.scheme]


def public_address(parts: SplitResult) -> str:
    """The IP address to connect to; ``NotPublic`` where the host has any that is not public.

    ``OSError`` where the name cannot be resolved.
    """
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, port_of(parts), type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    except UnicodeError:
        raise NotPublic(f"{host[:100]!r} is no host name") from None
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not is_public(address):
            raise NotPublic(f"{host[:100]!r} is at {address}, which is not a public address")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet; one that wraps an IPv4 address is as public as that."""
    ip = ip_address(address.partition("%")[0])
    inner = _wrapped(ip)
    if inner is not None:
        return is_public(str(inner))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or any(ip in network for network in NOT_PUBLIC))


def _wrapped(ip: IPv4Address | IPv6Address) -> IPv4Address | None:
    if isinstance(ip, IPv4Address):
        return None
    if ip.packed.startswith(NAT64):
        return IPv4Address(ip.packed[12:])
    teredo = ip.teredo[1] if ip.teredo else None
    return ip.ipv4_mapped or ip.sixtofour or teredo
