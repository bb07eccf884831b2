"""How a worker that is to end leaves the clients that are connected: each is told with the next answer to connect anew.

uvicorn and gunicorn close idle connections at once, with the request that a client may just be sending. Here a client
that is busy is lost no request, also where other workers go on and no Service knows of the end.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

# For clients to send the next request.
DRAIN_SECONDS = 2.0


def draining(server: type[Any], seconds: float = DRAIN_SECONDS) -> type[Any]:
    """A class of uvicorn's servers that shuts down after its clients have left, or after so many seconds."""

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
