"""How a worker drains its connections: the next response on each has `Connection: close`.

uvicorn and gunicorn close idle connections at once, and lose a request that a client is just sending. A worker that is
replaced needs more than that: the Service still sends requests to its pod.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

# For clients to send the next request.
DRAIN_SECONDS = 2.0


def draining(server: type[Any], seconds: float = DRAIN_SECONDS) -> type[Any]:
    """A class of uvicorn's servers that shuts down when its clients have disconnected, or after so many seconds."""

    class Draining(server):  # type: ignore[misc]
        async def shutdown(self, sockets: Any = None) -> None:
            for listener in [*self.servers, *(sockets or [])]:
                listener.close()
            # Requests from now on are answered with it.
            state = self.server_state
            state.default_headers = [*state.default_headers, (b"connection", b"close")]
            deadline = time.monotonic() + seconds
            await asyncio.sleep(0.05)  # what was accepted last becomes a connection
            while state.connections and time.monotonic() < deadline:
                await asyncio.sleep(0.05)
            await super().shutdown(sockets)

    return Draining
