"""An https endpoint is spoken to only under a certificate that is trusted and its own."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from datastore.errors import Unavailable
from tests.datastore.wire.calls import get, opened
from tests.datastore.wire.scripted_server import EMPTY, Request, always, answer, serving

FINE = answer(EMPTY)


def certified(folder: Path, *, host: str = "127.0.0.1", lasts: timedelta = timedelta(hours=1)) -> ssl.SSLContext:
    """A server's context; its certificate, which nobody but itself vouches for, is in certificate.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "DynamoDB of a test")])
    begin = datetime.now(UTC) - timedelta(hours=2)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(datetime.now(UTC) + lasts)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


@pytest.fixture(autouse=True)
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "certificate.pem"))


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_calls_go_over_one_kept_connection(tmp_path: Path, version: ssl.TLSVersion) -> None:
    context = certified(tmp_path)
    context.minimum_version = context.maximum_version = version
    async with serving(always(FINE), tls=context) as server, opened(server.url) as client:
        for repeatable in (True, False, True, False):
            assert await get(client, repeatable=repeatable) == {}
    assert server.connections == 1


async def test_a_connection_that_the_server_ended_is_not_used_again(tmp_path: Path) -> None:
    async def script(request: Request) -> None:
        await request.say(FINE)
        await request.hang_up()

    async with serving(script, tls=certified(tmp_path)) as server, opened(server.url) as client:
        for _ in range(3):
            assert await get(client) == {}
            await server.ended.wait()
            server.ended.clear()
    assert server.connections == 3


async def test_a_long_answer_is_whole(tmp_path: Path) -> None:
    text = "x" * 3_000_000
    body = f'{{"Item":{{"a":{{"S":"{text}"}}}}}}'.encode()
    async with serving(always(answer(body)), tls=certified(tmp_path)) as server, opened(server.url) as client:
        assert (await get(client))["Item"]["a"]["S"] == text


@pytest.mark.parametrize(
    "fault", [{"host": "127.0.0.2"}, {"lasts": timedelta(hours=-1)}], ids=["another host", "expired"]
)
async def test_a_wrong_certificate_gets_nothing(tmp_path: Path, fault: dict[str, object]) -> None:
    context = certified(tmp_path, **fault)
    async with serving(always(FINE), tls=context) as server, opened(server.url) as client:
        with pytest.raises(Unavailable):
            await get(client, repeatable=False)
    assert server.requests == []


async def test_a_certificate_that_nobody_vouches_for_gets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = certified(tmp_path)
    monkeypatch.delenv("AWS_CA_BUNDLE")
    async with serving(always(FINE), tls=context) as server, opened(server.url) as client:
        with pytest.raises(Unavailable):
            await get(client)
    assert server.requests == []


async def test_a_server_that_speaks_no_tls_gets_nothing(tmp_path: Path) -> None:
    certified(tmp_path)
    async with serving(always(FINE)) as server, opened(server.url.replace("http:", "https:")) as client:
        with pytest.raises(Unavailable):
            await get(client, repeatable=False)
    assert server.requests == []
