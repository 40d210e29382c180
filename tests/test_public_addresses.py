"""Addresses from data: only http(s) to a public host is asked, at exactly the address that was checked."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.sources.answers import NotPublic, SourceDown
from pipelines.sources.public import LONGEST_URL, is_public, public_address, split_url
from pipelines.sources.web import Manners, Web
from tests.internet import OTHER_PUBLIC, PUBLIC, Internet, internet  # noqa: F401
from tests.local_service import LocalService, Reply

ONCE = Manners(pause_seconds=0, tries=1)
PRIVATE_4 = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
    *("192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
    *("224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32", "168.63.129.16/32"),
)
PRIVATE_6 = (
    *("::/128", "::1/128", "::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "100::/64", "2001:db8::/32", "2001:2::/48"),
    *("3fff::/20", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
)


def within(networks: tuple[str, ...]) -> st.SearchStrategy[int]:
    """The addresses of networks, as numbers, their first and last ones often."""
    return st.sampled_from([ip_network(network) for network in networks]).flatmap(
        lambda network: st.integers(int(network.network_address), int(network.broadcast_address))
    )


def written_4(number: int) -> list[str]:
    """An IPv4 address in the forms that resolvers and browsers take."""
    a, b, c, d = number.to_bytes(4, "big")
    return [
        *(f"{a}.{b}.{c}.{d}", f"{number}", f"{number:#x}", f"0{number:o}", f"{a}.{number & 0xFFFFFF}"),
        *(f"{a:#x}.{b:#o}.{number & 0xFFFF}".replace("0o", "0"), f"{a:#X}.{b}.{c}.{d:#x}", f"{a}.{b}.{c}.{d}."),
        *(f"{a}。{b}．{c}｡{d}", "".join(chr(ord(x) + 0xFEE0) if x.isdigit() else x for x in f"{a}.{b}.{c}.{d}")),
    ]


def wrapped(number: int) -> list[IPv6Address]:
    """An IPv4 address in the IPv6 addresses that lead to it: mapped, 6to4, Teredo, NAT64."""
    return [
        IPv6Address(0xFFFF << 32 | number),
        IPv6Address(0x2002 << 112 | number << 80 | 1),
        IPv6Address(0x20010000 << 96 | 0x5DB8D822 << 64 | (number ^ 0xFFFFFFFF)),
        IPv6Address(0x64FF9B << 96 | number),
    ]


def written_6(ip: IPv6Address) -> list[str]:
    """An IPv6 address in its forms."""
    tail = f"{IPv4Address(int(ip) & 0xFFFFFFFF)}"
    return [f"[{ip}]", f"[{ip.exploded.upper()}]", f"[{ip.exploded.rpartition(':')[0].rpartition(':')[0]}:{tail}]"]


def is_refused(host: str) -> bool:
    """Whether a host is refused before or after it is resolved; one that cannot be resolved leads nowhere."""
    try:
        public_address(split_url(f"http://{host}/"))
    except (NotPublic, socket.gaierror):
        return True
    return False


@given(within(PRIVATE_4))
def test_a_private_address_is_refused_in_each_of_its_forms(internet_free: None, number: int) -> None:
    for host in written_4(number):
        assert is_refused(host), host
    for ip in wrapped(number):
        assert not is_public(str(ip)), ip
        for host in written_6(ip):
            assert is_refused(host), host


@given(within(PRIVATE_6))
def test_a_private_ipv6_address_is_refused_in_each_of_its_forms(internet_free: None, number: int) -> None:
    ip = IPv6Address(number)
    if ip.ipv4_mapped is None:
        assert not is_public(str(ip)) and not is_public(f"{ip}%eth0")
        assert all(map(is_refused, written_6(ip)))


@pytest.fixture(scope="module")
def internet_free() -> None:
    """Numbers resolve; names are not looked up anywhere."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        Internet(monkeypatch)
        yield


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "1.0.0.1", "100.63.255.255", "172.32.0.1", OTHER_PUBLIC])
def test_a_public_address_is_let_and_so_is_one_that_wraps_it(address: str) -> None:
    assert is_public(address)
    ip = ip_address(address)
    host = f"[{address}]" if ip.version == 6 else address
    assert public_address(split_url(f"http://{host}/")) == address
    if ip.version == 4:
        assert all(is_public(str(each)) for each in wrapped(int(ip)))


@pytest.mark.parametrize(
    ("url", "scheme", "host", "port"),
    [
        ("HTTP://Example.COM", "http", "example.com", None),
        ("https://example.com:8443/a?b#c", "https", "example.com", 8443),
        ("http://[2606:2800::1]:80/", "http", "2606:2800::1", 80),
        ("http://bücher.test/ä", "http", "xn--bcher-kva.test", None),
        ("http://BÜCHER。test:81/", "http", "xn--bcher-kva.test", 81),
        ("http://example.com./", "http", "example.com.", None),
    ],
)
def test_an_address_is_read_as_all_others_read_it(url: str, scheme: str, host: str, port: int | None) -> None:
    parts = split_url(url)
    assert (parts.scheme, parts.hostname, parts.port) == (scheme, host, port)
    assert parts.netloc.isascii()


REFUSED = (
    *("", "/", "http", "http:", "http:/", "http://", "http:///a", "http://:80/", "http://?a", "http://#a", "//a.test"),
    *(
        "file:///etc/passwd",
        "ftp://a.test/",
        "gopher://a.test",
        "javascript:alert(1)",
        "data:,a",
        "unix:///a",
        "mailto:a@a.test",
    ),
    *("http://a@b.test/", "http://a:b@b.test/", "http://@b.test/", "http://:@b.test/", "http://a.test\\@b.test/"),
    *("http://a.test\\b/", "http:\\\\a.test\\", "http://a.test:0/", "http://a.test:65536/", "http://a.test:-1/"),
    *(
        "http://a.test:8x/",
        "http://a.test:٣/",
        "http://a.test:80:80/",
        "http://[::1/",
        "http://::1/",
        "http://[127.0.0.1]/",
    ),
    *(
        "http://[::1%25lo]/",
        "http://a.test/\r\nX-Injected: 1",
        "http://a.test\t/",
        "http://a.test/a b",
        " http://a.test/",
    ),
    *("http://a.test/\x00", "http://a.test/\x85", "http://a.test/\ud800", "http://a\ud800.test/", "http://a%2eb/"),
    *("http://127.0.0.1%2f.test/", "http://a_\u2100.test/", "http://a\u3000.test/", "http://\u00ad/", "http://a,b/"),
    *(
        "http://" + "ä" * 64 + ".test/",
        "http://" + "a" * 254,
        "http://a.test/" + "a" * LONGEST_URL,
        "http://*/",
        "http://$(a)/",
    ),
)


@pytest.mark.parametrize("url", REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_address_of_the_web_is_refused_with_a_short_reason(url: str) -> None:
    with pytest.raises(NotPublic) as told:
        split_url(url)
    str(told.value).encode()
    assert len(str(told.value)) < 2_000


@given(st.one_of(st.text(), st.text().map("http://{}".format), st.from_regex(r"https?:/?/?[\[\]:@\\/?#%.\w-]{0,30}")))
@example("http://" + "." * 300)
@example("http://a..b/")
@example("http://.a/")
@example("http://[v1.a]/")
@example("http://" + "a" * 64 + ".test/")
@example("http://xn--a/")
@example("http://a\u2044b/")
def test_no_text_raises_anything_but_not_public_or_an_error_of_the_network(internet_free: None, url: str) -> None:
    for base in ("", "http://base.test/a?b"):
        try:
            parts = split_url(url, base)
            assert parts.scheme in ("http", "https") and parts.hostname
            public_address(parts)
        except (NotPublic, OSError) as error:
            str(error).encode()


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["10.0.0.1"], [PUBLIC, "10.0.0.1"], [OTHER_PUBLIC, PUBLIC, "::1"]]
)
def test_a_name_with_any_private_address_is_refused(internet: Internet, addresses: list[str]) -> None:  # noqa: F811
    internet.names = {"news.test": [addresses]}
    with pytest.raises(NotPublic, match=r"'news\.test' is at .*, which is not a public address"):
        Web("example", manners=ONCE).get("http://news.test/")
    assert internet.connected == []


def test_a_name_that_turns_private_after_it_was_checked_is_asked_where_it_was(internet: Internet) -> None:  # noqa: F811
    internet.names = {"news.test": [[PUBLIC], ["127.0.0.1"]]}
    with LocalService(lambda asked: Reply(b"a page")) as service:
        internet.ports[PUBLIC] = service.port
        web = Web("example", manners=ONCE)
        answer = web.get(f"http://news.test:{service.port}/a")
        assert answer is not None and answer.body == b"a page"
        assert internet.connected == [PUBLIC]
        with pytest.raises(NotPublic):  # each question checks again
            web.get(f"http://news.test:{service.port}/a")
    assert [one.headers["host"] for one in service.asked] == [f"news.test:{service.port}"]


def test_each_redirect_is_checked_again_though_it_stays_on_the_host(internet: Internet) -> None:  # noqa: F811
    internet.names = {"news.test": [[PUBLIC], ["169.254.169.254"]]}
    with LocalService(lambda asked: Reply(b"", 307, {"Location": "/latest"})) as service:
        internet.ports[PUBLIC] = service.port
        with pytest.raises(NotPublic, match=r"169\.254\.169\.254"):
            Web("example", manners=ONCE).get("http://news.test/")
    assert internet.connected == [PUBLIC]


def test_a_name_that_does_not_resolve_is_a_fault_of_the_network(internet: Internet) -> None:  # noqa: F811
    with pytest.raises(SourceDown, match="gaierror"):
        Web("example", manners=ONCE).get("http://nowhere.test/")
    assert internet.connected == []


def test_a_public_ipv6_address_is_asked_there(internet: Internet) -> None:  # noqa: F811
    with LocalService(lambda asked: Reply(b"a page")) as service:
        internet.ports[OTHER_PUBLIC] = service.port
        assert Web("example", manners=ONCE).get(f"http://[{OTHER_PUBLIC}]/").body == b"a page"
    assert service.asked[0].headers["host"] == f"[{OTHER_PUBLIC}]"
    assert internet.connected == [OTHER_PUBLIC]
