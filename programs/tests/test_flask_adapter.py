"""server.flask_adapter: requests on their way to Flask."""

import asyncio
import sys
import tracemalloc
from types import SimpleNamespace

import pytest

from tests.adapting import MIB, PART, Response, in_parts, replace_libraries, send_body


@pytest.fixture(autouse=True)
def _libraries(monkeypatch):
    replace_libraries(monkeypatch)


def test_the_body_and_the_response_are_whole():
    response = Response(b"a", b"b")

    def application(environ, start_response):
        assert environ["wsgi.input"].read() == b"onetwo"
        start_response("201 CREATED", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        return response

    assert send_body(application, in_parts(b"one", b"two")) == [
        {"type": "http.response.start", "status": 201, "headers": [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]},
        {"type": "http.response.body", "body": b"ab"},
    ]
    assert response.is_closed


@pytest.fixture
def _threads(monkeypatch):
    async def run_sync(function, *arguments, **_):
        return await asyncio.to_thread(function, *arguments)

    loop: list[asyncio.AbstractEventLoop] = []

    def run(function):
        return asyncio.run_coroutine_threadsafe(function(), loop[-1]).result()

    class Limiter:
        def __init__(self, _):
            loop.append(asyncio.get_running_loop())

    libraries = SimpleNamespace(
        to_thread=SimpleNamespace(run_sync=run_sync), from_thread=SimpleNamespace(run=run), CapacityLimiter=Limiter
    )
    monkeypatch.setitem(sys.modules, "anyio", libraries)


LARGE = [(b"content-length", str(200 * MIB).encode())]
CHUNKED = [(b"transfer-encoding", b"chunked")]


def test_the_input_of_a_small_body_in_chunks_ends_where_it_does():
    def application(environ, start_response):
        # Without this, Flask reads nothing of a body that has no length.
        assert environ["wsgi.input_terminated"]
        assert environ["wsgi.input"].read() == b"onetwo"
        start_response("200 OK", [])
        return [b"stored"]

    assert send_body(application, in_parts(b"one", b"two"), headers=CHUNKED)[-1]["body"] == b"stored"


@pytest.mark.usefixtures("_threads")
@pytest.mark.parametrize("headers", [LARGE, CHUNKED])
def test_a_large_body_is_read_while_it_arrives(headers):
    sizes = []

    def application(environ, start_response):
        assert environ["wsgi.input_terminated"]
        while block := environ["wsgi.input"].read(MIB):
            sizes.append(len(block))
        start_response("200 OK", [])
        return [b"stored"]

    part = b"x" * PART
    messages = ({"type": "http.request", "body": part, "more_body": number < 3199} for number in range(3200))
    tracemalloc.start()
    sent = send_body(application, messages, headers=headers)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sent[-1]["body"] == b"stored"
    assert sizes == [MIB] * 200
    assert most < 10 * MIB


@pytest.mark.usefixtures("_threads")
def test_a_large_body_that_is_not_read_is_received_before_the_response():
    left = iter(in_parts(*[b"x" * PART] * 40))

    def application(_, start_response):
        start_response("403 FORBIDDEN", [])
        return [b"no"]

    def on_send(_):
        assert next(left, None) is None

    assert send_body(application, left, on_send, headers=LARGE)[0]["status"] == 403


@pytest.mark.usefixtures("_threads")
def test_a_large_body_that_the_guard_refuses_is_not_received_again():
    def messages():
        yield {"type": "http.request", "body": b"half", "more_body": True}
        raise ConnectionError

    def application(environ, start_response):
        with pytest.raises(ConnectionError):
            environ["wsgi.input"].read()
        start_response("500 INTERNAL SERVER ERROR", [])
        return [b""]

    assert send_body(application, messages(), headers=LARGE)[0]["status"] == 500


@pytest.mark.usefixtures("_threads")
@pytest.mark.parametrize("headers", [LARGE, CHUNKED])
def test_a_client_that_disconnects_in_a_large_body_gets_no_response(monkeypatch, headers):
    class ClientDisconnected(Exception):  # noqa: N818
        pass

    monkeypatch.setitem(sys.modules, "werkzeug.exceptions", SimpleNamespace(ClientDisconnected=ClientDisconnected))
    half = {"type": "http.request", "body": b"x" * 2 * MIB, "more_body": True}

    def application(environ, start_response):
        # What is stored until it ends would be taken for the whole.
        with pytest.raises(ClientDisconnected):
            environ["wsgi.input"].read(3 * MIB)
        start_response("400 BAD REQUEST", [])
        return [b""]

    assert send_body(application, iter([half, {"type": "http.disconnect"}]), headers=headers) == []


def test_a_client_that_disconnects_in_the_body_reaches_no_application():
    def application(environ, start_response):
        raise AssertionError((environ, start_response))

    begun = iter([{"type": "http.request", "body": b"half", "more_body": True}, {"type": "http.disconnect"}])
    assert send_body(application, begun) == []


def test_the_body_is_in_memory_once_while_the_application_runs():
    used = []

    def application(_, start_response):
        used.append(tracemalloc.get_traced_memory()[0])
        start_response("200 OK", [])
        return []

    count = MIB // PART
    tracemalloc.start()
    try:
        send_body(
            application,
            ({"type": "http.request", "body": bytes(PART), "more_body": left > 0} for left in reversed(range(count))),
        )
    finally:
        tracemalloc.stop()
    assert MIB <= used[0] < 1.25 * MIB


def test_a_websocket_is_refused():
    assert send_body(None, iter([]), scope_type="websocket") == [{"type": "websocket.close", "code": 1000}]
