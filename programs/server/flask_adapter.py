"""A Flask application as an ASGI application, at a bounded cost for each connection.

The adapter that MLflow uses keeps all that a client has not read yet in memory: of a client that reads nothing, a whole
file. Here a response goes on when the client has read. It also keeps every body in memory as a whole: here Flask reads
a large one while it arrives.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from server.asgi import Receive, Scope, Send
from server.wsgi import blocks_of

Header = tuple[bytes, bytes]

# Smaller bodies are complete before a thread is taken, so that slow clients hold none.
STREAMED = 1 << 20
# Large bodies that are read at once: each holds a thread, which others do not need.
UPLOADS = 30


@dataclass(frozen=True)
class Response:
    """A response of a WSGI application that was begun."""

    status: int
    headers: list[Header]
    # The body, in order. All but the last are in blocks of some size.
    first: bytes
    second: bytes | None
    rest: Iterator[bytes]
    close: Callable[[], None]


class StreamedBody:
    """The body of a request, which a thread reads while it arrives."""

    def __init__(self, receive: Receive, run: Callable[[Receive], Any], received: bytes) -> None:
        self.receive, self.run = receive, run
        self.received = bytearray(received)
        self.more, self.is_disconnected = True, False

    def read(self, size: int = -1) -> bytes:
        """So many bytes, or all; fewer at the end.

        Raises:
            ClientDisconnected: it was not the end.

        """
        while self.more and (size < 0 or len(self.received) < size):
            try:
                message = self.run(self.receive)
            except BaseException:
                self.more = False  # the guard has refused the rest
                raise
            self.received += self._part(message)
        if self.is_disconnected:
            from werkzeug.exceptions import ClientDisconnected

            raise ClientDisconnected
        taken = bytes(self.received if size < 0 else self.received[:size])
        del self.received[: len(taken)]
        return taken

    async def drain(self) -> None:
        """Receive what Flask has not read: a client reads a response when it has sent its request."""
        self.received.clear()
        while self.more:
            self._part(await self.receive())

    def _part(self, message: Any) -> bytes:
        self.is_disconnected = message["type"] == "http.disconnect"
        self.more = not self.is_disconnected and message.get("more_body", False)
        part: bytes = message.get("body", b"")
        return part


class Flask:
    """A WSGI application as an ASGI application."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application
        self.uploads: Any = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, and refuse a WebSocket, which Flask does not know."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1000})
            return
        from anyio import to_thread

        received, more = bytearray(), True
        # A body in chunks has no length.
        while more and max(length_of(scope), len(received)) <= STREAMED:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            received += message.get("body", b"")
            more = message.get("more_body", False)
        body = bytes(received)
        received.clear()  # the body is in memory once, as the guard counts it
        if more:
            await self.receive_upload(body, scope, receive, send)
        else:
            await answer(await to_thread.run_sync(self.respond, environ_of(scope, body)), receive, send)

    async def receive_upload(self, received: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request with a large body, of which the beginning was received."""
        from anyio import CapacityLimiter, from_thread, to_thread

        self.uploads = self.uploads or CapacityLimiter(UPLOADS)
        body = StreamedBody(receive, from_thread.run, received)
        environ = {**environ_of(scope), "wsgi.input": body}
        response = await to_thread.run_sync(self.respond, environ, limiter=self.uploads)
        await body.drain()
        if body.is_disconnected:
            await to_thread.run_sync(response.close)
        else:
            await answer(response, receive, send)

    def respond(self, environ: dict[str, Any]) -> Response:
        """Begin the response. Closed already is one that has a single block, as most have."""
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
            started[:] = int(status.split(" ", 1)[0]), [(k.lower().encode(), v.encode()) for k, v in headers]

        body = self.application(environ, start_response)
        close: Callable[[], None] = getattr(body, "close", lambda: None)
        second = None
        try:
            blocks = blocks_of(body)
            first, second = next(blocks, b""), next(blocks, None)
        finally:
            if second is None:
                close()
        status, headers = started
        return Response(status, headers, first, second, blocks, close)


def environ_of(scope: Scope, body: bytes = b"") -> dict[str, Any]:
    """A request as WSGI has it. Its input ends where the body does, also of a body in chunks."""
    from starlette.middleware.wsgi import build_environ

    return {**build_environ(scope, body), "wsgi.input_terminated": True}


def length_of(scope: Scope) -> int:
    """The length of the body that a request names, which the guard has checked; 0 if it names none."""
    return next((int(value) for name, value in scope["headers"] if name == b"content-length"), 0)


async def answer(response: Response, receive: Receive, send: Send) -> None:
    """Send a response."""
    from anyio import to_thread

    await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
    if response.second is None:
        await send({"type": "http.response.body", "body": response.first})
    else:
        await stream(response, receive, send, to_thread.run_sync)


async def stream(response: Response, receive: Receive, send: Send, in_thread: Callable[..., Awaitable[Any]]) -> None:
    """Send the blocks of a response one by one, each when the client has read those before, until it disconnects."""
    disconnected = asyncio.ensure_future(receive())
    block: bytes | None = response.first
    following: bytes | None = response.second
    try:
        while block is not None and not disconnected.done():
            await send({"type": "http.response.body", "body": block, "more_body": following is not None})
            block = following
            following = None if block is None else await in_thread(next, response.rest, None)
    finally:
        disconnected.cancel()
        await in_thread(response.close)
