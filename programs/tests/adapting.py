"""Flask as an ASGI application, asked without a server. What it uses of anyio and Starlette is replaced."""

import asyncio
import io
import sys
from types import SimpleNamespace

from server.flask_adapter import Flask

PART = 1 << 16
MIB = 1 << 20


def replace_libraries(monkeypatch):
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
