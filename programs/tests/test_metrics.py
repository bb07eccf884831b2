"""metrics: what a client may cost before it has a login."""

import base64
import contextlib
import http.client
import socket
import sys
import threading
import time

import pytest

from metrics import __main__ as exporter
from metrics import bounded_server

LOGIN = ("scraper", "secret")


@contextlib.contextmanager
def serving(folder, certificate=None, **limits):
    login = folder / "login"
    login.mkdir()
    for name, value in zip(("username", "password"), LOGIN, strict=True):
        (login / name).write_text(value)
    options = exporter.Options(str(folder), str(login), 0, 9, None)
    server_class = type("Limited", (bounded_server.Server,), limits)
    server = server_class(0, exporter.create_handler(options, exporter.Login(str(login)), certificate), certificate)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def connect(server):
    return socket.create_connection(("127.0.0.1", server.server_address[1]), timeout=5)


def status(server, page="/other"):
    """The status that a scraper gets; for this page no metrics are read."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=5)
    authorization = "Basic " + base64.b64encode(":".join(LOGIN).encode()).decode()
    connection.request("GET", page, headers={"Authorization": authorization})
    return connection.getresponse().status


def test_idle_connections_neither_add_up_nor_keep_the_scraper_out(tmp_path):
    before = threading.active_count()
    with serving(tmp_path, max_connections=4) as server:
        idle = []
        for _ in range(40):
            idle.append(connect(server))
            assert status(server) == 404
        assert threading.active_count() - before <= 6  # the server, its connections, and one that is just ending
        for each in idle:
            each.close()


def test_a_scrape_is_finished_however_many_connect_meanwhile(tmp_path, monkeypatch):
    with serving(tmp_path, max_connections=4) as server, contextlib.ExitStack() as idle:

        def render(_options, _certificate):
            for _ in range(20):
                idle.enter_context(connect(server))
            time.sleep(0.2)  # all are accepted
            return b""

        monkeypatch.setattr(exporter, "render_metrics", render)
        assert status(server, "/metrics") == 200


@pytest.mark.parametrize("sent", [b"", b"GET /met"])
def test_time_is_bounded_whatever_a_client_sends(tmp_path, sent):
    with serving(tmp_path, max_seconds=0.3) as server, connect(server) as client:
        begin = time.monotonic()
        client.sendall(sent)
        with contextlib.suppress(ConnectionResetError):
            assert client.recv(1) == b""
        assert 0.2 < time.monotonic() - begin < 3


def test_what_is_read_is_bounded(tmp_path):
    for name, size in (("large", 60), ("small", 10), ("middle", 30), ("other", 20)):
        (tmp_path / name).write_bytes(size.to_bytes(4, sys.byteorder) + b"x" * 100)
    paths = [str(tmp_path / name) for name in ("large", "small", "middle", "other", "missing")]
    found, dropped = exporter.readable(paths, 65)
    assert sorted(found) == [str(tmp_path / name) for name in ("middle", "other", "small")]
    assert dropped == 60
