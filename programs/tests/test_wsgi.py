"""server.wsgi: the guard in front of a WSGI application, but for what needs Flask, which runs with real servers."""

import io

import pytest

from server import wsgi
from server.guard import Memory
from server.request import Request
from tests.guarding import RIGHT, guard


def test_wsgi_reads_a_request():
    environ = {
        "REQUEST_METHOD": "PUT",
        "SCRIPT_NAME": "/prefix",
        "PATH_INFO": "/path",
        "REMOTE_ADDR": "10.0.0.1",
        "HTTP_AUTHORIZATION": RIGHT,
        "CONTENT_LENGTH": "",
        "HTTP_TRANSFER_ENCODING": "chunked",
    }
    expected = Request("PUT", "/prefix/path", "10.0.0.1", (RIGHT,), None, True)
    assert wsgi.request_of(environ) == expected
    assert wsgi.request_of({"REQUEST_METHOD": "GET"}) == Request("GET", "", "", (), None, False)


@pytest.mark.parametrize(
    "read",
    [
        lambda body: body.read(),
        lambda body: b"".join(iter(lambda: body.read(3), b"")),
        lambda body: b"".join(iter(body.readline, b"")),
        lambda body: b"".join(body.readlines()),
        b"".join,
    ],
)
def test_wsgi_counts_a_body_however_it_is_read(read, monkeypatch):
    class RefusedError(Exception):
        pass

    def refuse(refusal):
        raise RefusedError(refusal)

    monkeypatch.setattr(wsgi.Body, "refuse", staticmethod(refuse))
    text = b"line\nline\nx"
    memory = Memory(len(text))
    assert read(wsgi.Body(guard(limit=len(text)), memory, io.BytesIO(text))) == text
    with pytest.raises(RefusedError):
        read(wsgi.Body(guard(limit=len(text) - 1), memory, io.BytesIO(text)))


@pytest.mark.parametrize(
    ("parts", "blocks"),
    [
        ([], []),
        ([b""], []),
        ([b"a", b"b"], [b"ab"]),
        ([b"a\n", b"bc\n", b"", b"d"], [b"a\nbc\n", b"d"]),
        ([b"a long one", b"b"], [b"a long one", b"b"]),
    ],
)
def test_wsgi_sends_an_artifact_in_blocks(parts, blocks):
    assert list(wsgi.blocks_of(parts, 4)) == blocks
