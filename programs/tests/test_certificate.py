"""common.certificate: what is served, and how a renewed certificate takes its place."""

import http.server
import socket
import ssl
import threading

import pytest

from common import certificate as module
from common.certificate import Certificate, CertificateError
from metrics.__main__ import connect, is_up
from tests.certificates import ECDSA, RSA, Volume, client_context, create, pem, served
from tests.test_metrics import serving


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(module, "CHECK_SECONDS", 0.0)


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pairs")
    return {"first": create(folder, "first", RSA), "second": create(folder, "second", ECDSA)}


@pytest.fixture
def volume(tmp_path, pairs):
    return Volume(tmp_path / "tls", pairs["first"])


def shown(certificate, *pairs):
    """The certificate that a client of each version gets."""
    found = set()
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        server = certificate.context.wrap_bio(incoming, outgoing, server_side=True)
        client = client_context(*pairs, version=version).wrap_bio(outgoing, incoming, server_hostname="localhost")
        for _ in range(3):
            for end in (client, server):
                try:
                    end.do_handshake()
                except ssl.SSLWantReadError:
                    continue
        found.add(ssl.DER_cert_to_PEM_cert(client.getpeercert(binary_form=True) or b""))
    return found


def broken(pair, folder, **files):
    """A copy of a pair with other files; None: without it."""
    folder.mkdir()
    for name in ("tls.crt", "tls.key"):
        content = files.get(name[-3:], (pair / name).read_bytes())
        if content is not None:
            (folder / name).write_bytes(content)
    return folder


def test_a_renewed_certificate_is_shown_to_new_connections_even_with_a_key_of_another_type(volume, pairs, capsys):
    certificate = Certificate(str(volume.folder))
    assert shown(certificate, *pairs.values()) == {pem(pairs["first"])}
    for name in ("second", "first"):
        volume.show(pairs[name])
        certificate.refresh()
        assert shown(certificate, *pairs.values()) == {pem(pairs[name])}
    certificate.refresh()
    assert capsys.readouterr().out.count("renewed") == 2


@pytest.mark.parametrize("what", ["other key", "no key", "half a certificate", "empty", "missing", "encrypted key"])
def test_what_is_no_pair_is_logged_once_and_the_certificate_in_use_stays(volume, pairs, tmp_path, capsys, what):
    certificate = Certificate(str(volume.folder))
    first, second = pairs["first"], pairs["second"]
    key = (first / "tls.key").read_bytes()
    encrypted = b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAo=\n-----END ENCRYPTED PRIVATE KEY-----\n"
    changes = {
        "other key": {"key": (second / "tls.key").read_bytes()},
        "no key": {"key": b"\n"},
        "half a certificate": {"crt": (second / "tls.crt").read_bytes()[:300]},
        "empty": {"crt": b"", "key": b""},
        "missing": {},
        "encrypted key": {"key": encrypted},
    }
    volume.show(broken(second if what == "half a certificate" else first, tmp_path / "broken", **changes[what]))
    if what == "missing":
        (volume.folder / "tls.key").unlink()
    for _ in range(3):
        certificate.refresh()
        assert shown(certificate, first) == {pem(first)}
    output = capsys.readouterr().out
    assert output.count("the certificate in use stays") == 1
    assert "PRIVATE KEY" not in output
    assert key.decode().splitlines()[1] not in output
    if what == "missing":
        (volume.folder / "tls.key").symlink_to("..data/tls.key")
    volume.show(second)
    certificate.refresh()
    assert shown(certificate, second) == {pem(second)}


def test_a_pair_that_is_replaced_while_it_is_read_is_read_whole(volume, pairs, monkeypatch):
    certificate, original, count = Certificate(str(volume.folder)), module.read, 0

    def read(path):
        nonlocal count
        content, count = original(path), count + 1
        if count == 1:
            volume.show(pairs["second"])
        return content

    monkeypatch.setattr(module, "read", read)
    certificate.refresh()
    assert shown(certificate, pairs["second"]) == {pem(pairs["second"])}


def test_a_program_does_not_start_without(tmp_path, pairs):
    with pytest.raises(CertificateError, match=r"tls\.crt"):
        Certificate(str(tmp_path))
    key = (pairs["second"] / "tls.key").read_bytes()
    with pytest.raises(CertificateError):
        Certificate(str(broken(pairs["first"], tmp_path / "broken", key=key)))


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_older_versions_are_refused(volume, pairs, version):
    server = Certificate(str(volume.folder)).context
    client = client_context(pairs["first"])
    client.minimum_version = client.maximum_version = version
    client.set_ciphers("ALL:@SECLEVEL=0")
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        client.wrap_bio(outgoing, incoming, server_hostname="localhost").do_handshake()
    with pytest.raises(ssl.SSLError, match=r"UNSUPPORTED_PROTOCOL|unsupported protocol"):
        server.wrap_bio(incoming, outgoing, server_side=True).do_handshake()


def test_metrics_are_served_with_it(volume, pairs, tmp_path):
    with serving(tmp_path, Certificate(str(volume.folder))) as server:
        port = server.server_address[1]
        assert served(port, pairs["first"]) == pem(pairs["first"])
        volume.show(pairs["second"])
        for _ in range(100):
            if served(port, *pairs.values()) == pem(pairs["second"]):
                break
        assert served(port, pairs["second"]) == pem(pairs["second"])
        answer = connect(port, 5, tls=True)
        answer.request("GET", "/")
        assert answer.getresponse().status == 401
        with socket.create_connection(("127.0.0.1", port), timeout=5) as plain:
            plain.sendall(b"GET / HTTP/1.0\r\n\r\n")
            assert not plain.recv(100).startswith(b"HTTP")


def test_handshakes_that_do_not_end_neither_add_up_nor_keep_the_scraper_out(volume, tmp_path):
    before = threading.active_count()
    with serving(tmp_path, Certificate(str(volume.folder)), max_connections=4) as server:
        port = server.server_address[1]
        idle = []
        for number in range(20):
            idle.append(socket.create_connection(("127.0.0.1", port), timeout=5))
            idle[-1].sendall(b"\x16\x03\x01\x00"[: number % 5])
            answer = connect(port, 5, tls=True)
            answer.request("GET", "/")
            assert answer.getresponse().status == 401
        assert threading.active_count() - before <= 6
        for each in idle:
            each.close()


@pytest.mark.parametrize(("path", "tls", "up"), [("/", True, True), ("/", False, False), (None, True, True)])
def test_the_server_of_the_pod_is_up_by_https(volume, path, tls, up):
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    from metrics.bounded_server import Server

    server = Server(0, Answer, Certificate(str(volume.folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        assert is_up(server.server_address[1], path, tls=tls) is up
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
