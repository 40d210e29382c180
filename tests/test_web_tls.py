"""https: the certificate is that of the host's name, though the connection goes to the address that was checked."""

import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipelines.sources.answers import SourceDown
from pipelines.sources.web import Manners, Web
from tests.faults import FAULTS, always
from tests.internet import PUBLIC, Internet, internet  # noqa: F401
from tests.local_service import Asked, LocalService, Reply

QUICK = Manners(pause_seconds=0, tries=1, whole_seconds=1)


def play(asked: Asked) -> Reply:
    """A page, and at ``/away`` a redirect to http."""
    if asked.path == "/away":
        return Reply(b"", 301, {"Location": "http://plain.test/there"})
    return Reply(b"a page", 200, {"Content-Type": "text/plain"})


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a server of news.test has, signed by itself and trusted."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(datetime.now(UTC) - timedelta(1)).not_valid_after(
        datetime.now(UTC) + timedelta(1)
    )
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("news.test")]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    monkeypatch.setattr(certifi, "where", lambda: str(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def test_https_goes_to_the_checked_address_under_the_name_of_the_host(
    certificate: ssl.SSLContext,
    internet: Internet,  # noqa: F811
) -> None:
    names: list[str | None] = []
    certificate.sni_callback = lambda connection, name, context: names.append(name)
    internet.names = {"news.test": [[PUBLIC]], "else.test": [[PUBLIC]]}
    with LocalService(play, tls=certificate) as service:
        internet.ports[PUBLIC] = service.port
        web = Web("example", manners=QUICK)
        assert web.get("https://NEWS.test/a").body == b"a page"
        with pytest.raises(SourceDown, match=r"CertificateError|SSLError"):
            web.get("https://else.test/a")  # another host at the same address
        with pytest.raises(SourceDown, match=r"CertificateError|SSLError"):
            web.get(f"https://{PUBLIC}/a")
    assert [one.headers["host"] for one in service.asked] == ["news.test"]
    assert names[:2] == ["news.test", "else.test"]
    assert set(internet.connected) == {PUBLIC}


def test_a_certificate_that_nobody_signed_is_refused(
    certificate: ssl.SSLContext,
    internet: Internet,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    other = Internet(monkeypatch)
    other.names = {"news.test": [[PUBLIC]]}
    with LocalService(play, tls=certificate) as service:
        other.ports[PUBLIC] = service.port
        with pytest.raises(SourceDown, match="SSLError"):
            Web("example", manners=QUICK).get("https://news.test/")
    assert service.asked == []


def test_slow_https_is_cut_as_well(certificate: ssl.SSLContext, internet: Internet) -> None:  # noqa: F811
    internet.names = {"news.test": [[PUBLIC]]}
    for name in ("dripping head", "dripping body", "dripping body without a length"):
        with LocalService(play, FAULTS[name](always), tls=certificate) as service:
            internet.ports[PUBLIC] = service.port
            began = time.monotonic()
            with pytest.raises(SourceDown, match="takes more than 1 seconds"):
                Web("example", manners=QUICK).get("https://news.test/")
            assert time.monotonic() - began < 3


def test_a_redirect_from_https_to_http_is_followed(certificate: ssl.SSLContext, internet: Internet) -> None:  # noqa: F811
    other = "93.184.216.35"
    internet.names = {"news.test": [[PUBLIC]], "plain.test": [[other]]}
    with LocalService(play, tls=certificate) as first, LocalService(play) as second:
        internet.ports = {PUBLIC: first.port, other: second.port}
        assert Web("example", manners=QUICK).get("https://news.test/away").url == "http://plain.test/there"
