"""server.flask_adapter: Flask as an ASGI application. What it uses of anyio and Starlette is replaced."""

import asyncio
import io
import sys
import tracemalloc
from types import SimpleNamespace

import pytest

from server.flask_adapter import Flask

PART = 1 << 16
MIB = 1 << 20


@pytest.fixture(autouse=True)
def _libraries(monkeypatch):
    async def run_sync(function, *arguments):
        return function(*arguments)

    def build_environ(scope, body):
        return {"PATH_INFO": scope["path"], "wsgi.input": io.BytesIO(body)}

    monkeypatch.setitem(sys.modules, "anyio", SimpleNamespace(to_thread=SimpleNamespace(run_sync=run_sync)))
    monkeypatch.setitem(sys.modules, "starlette.middleware.wsgi", SimpleNamespace(build_environ=build_environ))


def send_body(application, messages, on_send=lambda _: None, scope_type="http", headers=()):
    """What an application sends for a request whose body comes in these messages, after which the client waits."""
    sent = []

    async def run():
        async def receive():
            return next(messages, None) or await asyncio.Event().wait()

        async def send(message):
            on_send(message)
            sent.append(message)
            await asyncio.sleep(0)

        await Flask(application)({"type": scope_type, "path": "/", "headers": headers}, receive, send)

    asyncio.run(run())
    return sent


def in_parts(*parts):
    for number, part in enumerate(parts, 1):
        yield {"type": "http.request", "body": part, "more_body": number < len(parts)}


class Response:
    """Of a WSGI application: parts, and whether it was closed."""

    def __init__(self, *parts):
        self.parts, self.is_closed = parts, False

    def __iter__(self):
        for part in self.parts:
            if isinstance(part, Exception):
                raise part
            yield part

    def close(self):
        self.is_closed = True


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


def test_a_response_that_fails_is_closed():
    response = Response(b"a", RuntimeError("in the response"))

    def application(_, start_response):
        start_response("200 OK", [])
        return response

    with pytest.raises(RuntimeError, match="in the response"):
        send_body(application, in_parts(b""))
    assert response.is_closed


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
    assert MIB <= used[0] < 1.5 * MIB


def blocks_before_each_part(count, *messages):
    """For each part of a response of so many blocks that was sent: how many the application had made by then."""
    made, made_before = [], []

    def application(_, start_response):
        start_response("200 OK", [])
        return response

    class CountedResponse(Response):
        def __iter__(self):
            for part in self.parts:
                made.append(part)
                yield part

    response = CountedResponse(*[bytes(PART)] * count)
    sent = send_body(application, iter([*in_parts(b""), *messages]), lambda _: made_before.append(len(made)))
    assert response.is_closed
    return [message.get("more_body") for message in sent[1:]], made_before[1:]


def test_a_large_response_goes_on_when_the_client_has_read():
    assert blocks_before_each_part(5) == ([True, True, True, True, False], [2, 3, 4, 5, 5])


def test_a_large_response_ends_when_the_client_disconnects():
    more_body, made = blocks_before_each_part(1000, {"type": "http.disconnect"})
    assert len(made) < 5
    assert all(more_body)


def test_a_websocket_is_refused():
    assert send_body(None, iter([]), scope_type="websocket") == [{"type": "websocket.close", "code": 1000}]
