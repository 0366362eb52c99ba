"""Only public addresses are connected to, whatever the spelling, the name or the redirect."""

from __future__ import annotations

import datetime
import ipaddress
import os
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawler.guard import refuse_reason
from tests.misbehaving import Misbehaving, answering, plain
from tests.small_crawl import crawl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254",
        "0.0.0.0", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1",
        "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1",
        "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1",
        "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::",
        "[::1]",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert refuse_reason(address)


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808",
     "news.example.org"],
)  # fmt: skip
def test_a_public_address_may_be_asked(address: str) -> None:
    assert refuse_reason(address) is None


@pytest.mark.parametrize("allowed", ["127.0.0.1", "127.0.0.0/8", "::ffff:127.0.0.1"])
def test_an_exception_is_an_address_or_a_network(allowed: str) -> None:
    host = "::ffff:127.0.0.1" if ":" in allowed else "127.0.0.1"
    assert refuse_reason(host, [allowed]) is None
    assert refuse_reason("10.0.0.1", [allowed])


OPEN, FORBIDDEN, HTTPS = "127.0.3.1", "127.0.3.2", "127.0.3.101"
NAMES = {
    "inside.example.org": [[FORBIDDEN]],
    "both-inside.example.org": [[FORBIDDEN, "::1", "10.0.0.1"]],
    "localhost": [["127.0.0.1"]],
    "allowed-name.example.org": [[FORBIDDEN]],
    "half.example.org": [[FORBIDDEN, OPEN]],
    "turncoat.example.org": [[OPEN], [FORBIDDEN]],
    "right.example.org": [[HTTPS]],
    "wrong.example.org": [[HTTPS]],
}


@dataclass(frozen=True)
class Guarded:
    """What became of one crawl's requests, by address, and the server that they went to."""

    server: Misbehaving
    results: dict[str, dict[str, Any]]

    def of(self, *urls: str) -> list[object]:
        return [self.results[url].get("status", self.results[url].get("error")) for url in urls]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    behaviours = {
        "open": plain,
        "forbidden": plain,
        "leads-astray": answering(302, Location="http://localhost:1/feed"),
    }
    folder = tmp_path_factory.mktemp("certificates")
    trusted, unknown = (https_server(folder / name) for name in ("trusted", "unknown"))
    with Misbehaving(behaviours, "127.0.3") as server, trusted as good, unknown as bad:
        urls = [
            *refused(server), *passed(server), *turncoat(server),
            f"https://right.example.org:{good}/", f"https://wrong.example.org:{good}/",
            f"https://right.example.org:{bad}/?unknown",
        ]  # fmt: skip
        results = crawl(
            [{"url": url, "meta": {"delay_s": 0.3 * ("turncoat" in url)}} for url in urls],
            settings={
                "BROADTAPE_ALLOW_HOSTS": [
                    OPEN, server.addresses["leads-astray"], HTTPS, "allowed-name.example.org",
                ],
            },
            names=NAMES,
            environment={**os.environ, "SSL_CERT_FILE": str(folder / "trusted" / "cert.pem")},
        )  # fmt: skip
        yield Guarded(server, dict(zip(urls, results, strict=True)))


def refused(server: Misbehaving) -> list[str]:
    port, number = server.port, int(ipaddress.IPv4Address(FORBIDDEN))
    return [
        server.url("forbidden"),
        f"http://{number}:{port}/",
        f"http://{number:#x}:{port}/",
        f"http://127.0.{3 * 256 + 2}:{port}/",
        f"http://[::ffff:{FORBIDDEN}]:{port}/",
        f"http://[::1]:{port}/",
        f"http://inside.example.org:{port}/",
        f"http://both-inside.example.org:{port}/",
        server.url("leads-astray"),
        "ftp://files.example.org/feed",
    ]


def passed(server: Misbehaving) -> list[str]:
    return [
        server.url("open"),
        f"http://allowed-name.example.org:{server.port}/feed",
        f"http://half.example.org:{server.port}/feed",
    ]


def turncoat(server: Misbehaving) -> list[str]:
    return [f"http://turncoat.example.org:{server.port}/{n}" for n in range(2)]


def test_what_counts_is_the_address_that_is_connected_to(guarded: Guarded) -> None:
    server = guarded.server
    assert (server.addresses["open"], server.addresses["forbidden"]) == (OPEN, FORBIDDEN)
    assert guarded.of(*refused(server)) == ["AddressRefused"] * 10
    assert guarded.of(*passed(server)) == [200] * 3
    names = [
        asked.headers["host"].partition(":")[0] for asked in server.asked if asked.host == FORBIDDEN
    ]
    assert names == ["allowed-name.example.org"]


def test_a_name_that_changes_its_address_is_refused_then(guarded: Guarded) -> None:
    assert set(guarded.of(*turncoat(guarded.server))) == {200, "AddressRefused"}
    asked = [one.host for one in guarded.server.asked if "turncoat" in one.headers["host"]]
    assert asked == [OPEN]


def test_a_certificate_must_be_trusted_and_of_that_name(guarded: Guarded) -> None:
    right, wrong, unknown = (
        result for url, result in guarded.results.items() if url.startswith("https:")
    )
    assert right["status"] == 200
    assert "certificate" in wrong["explained"]
    assert "certificate" in unknown["explained"]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: Any) -> None: ...


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for right.example.org."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "right.example.org")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("right.example.org")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"


@contextmanager
def https_server(folder: Path) -> Iterator[int]:
    """Serve https with a certificate of its own, kept in `folder`; gives the port."""
    folder.mkdir()
    certificate, key = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = ThreadingHTTPServer((HTTPS, 0), _Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()
