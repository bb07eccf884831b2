"""Servers that drain, in the place of uvicorn's."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from server.draining import draining


class Server:
    """What is used of uvicorn's."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.servers = [SimpleNamespace(close=lambda: self.events.append("close"))]
        self.server_state = SimpleNamespace(connections={"busy"}, default_headers=[(b"date", b"now")])

    async def shutdown(self, _: Any = None) -> None:
        self.events.append(f"shut down with {len(self.server_state.connections)}")


def shut_down(seconds: float, leaves_after: float) -> Any:
    async def run() -> Any:
        server = draining(Server, seconds)()
        asyncio.get_running_loop().call_later(leaves_after, server.server_state.connections.clear)
        await server.shutdown()
        return server

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("seconds", "leaves_after", "left"),
    [pytest.param(60, 0.1, 0, id="leaves"), pytest.param(0.1, 60, 1, id="stays")],
)
def test_the_connections_have_their_time(seconds: float, leaves_after: float, left: int) -> None:
    assert shut_down(seconds, leaves_after).events == ["close", f"shut down with {left}"]


def test_responses_close_the_connection() -> None:
    assert shut_down(0, 60).server_state.default_headers == [(b"date", b"now"), (b"connection", b"close")]
