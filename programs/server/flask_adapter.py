"""A Flask application as an ASGI application, at a bounded cost for each connection.

The adapter that MLflow uses keeps all that a client has not read yet in memory: of a client that reads nothing, a whole
file. Here a response goes on when the client has read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from server.asgi import Receive, Scope, Send
from server.wsgi import blocks_of

Header = tuple[bytes, bytes]


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


class Flask:
    """A WSGI application as an ASGI application."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, and refuse a WebSocket, which Flask does not know."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1000})
            return
        from anyio import to_thread
        from starlette.middleware.wsgi import build_environ

        parts, more = [], True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            parts.append(message.get("body", b""))
            more = message.get("more_body", False)
        environ = build_environ(scope, b"".join(parts))
        parts.clear()  # the body is in memory once, as the guard counts it
        response = await to_thread.run_sync(self.respond, environ)
        await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
        if response.second is None:
            await send({"type": "http.response.body", "body": response.first})
        else:
            await stream(response, receive, send, to_thread.run_sync)

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
