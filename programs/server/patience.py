"""uvicorn's connections, with an end for clients that do not finish what they begin.

uvicorn ends a connection that is idle after a request, but waits without limit for the first one, and for the rest of a
header that was begun.
"""

from __future__ import annotations

import asyncio
from typing import Any

# From the connection, or the first byte after a request, to the end of the header.
HEADER_SECONDS = 20.0


def patient(protocol: type[Any], seconds: float = HEADER_SECONDS) -> type[Any]:
    """A protocol of uvicorn's (h11 or httptools) that waits for a header for so many seconds."""

    class Patient(protocol):  # type: ignore[misc]
        _timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._wait_for_header()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._wait_for_header()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_waiting()
            super().connection_lost(exc)

        def _wait_for_header(self) -> None:
            if self.cycle is not None and not self.cycle.response_complete:
                self._stop_waiting()  # the request is complete, but for its body
            elif self._timer is None:
                self._timer = asyncio.get_running_loop().call_later(seconds, self._end)

        def _stop_waiting(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

        def _end(self) -> None:
            self._timer = None
            if self.cycle is None or self.cycle.response_complete:
                self.transport.close()

    return Patient
