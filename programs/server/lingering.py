"""The end of uvicorn's connections on which a client still sends a body that nobody reads.

A connection that is closed while there is something to read is reset, and the client may then find no response. nginx
calls what helps a lingering close: https://nginx.org/en/docs/http/ngx_http_core_module.html#lingering_close
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class LingeringTransport:
    """asyncio's transport, or that for TLS. `close` waits for the rest of a body.

    `is_sending`: whether the client still sends a body after its response. `wait` is called when the wait begins, and
    calls `end` after it.
    """

    def __init__(self, transport: Any, is_sending: Callable[[], bool], wait: Callable[[], None]) -> None:
        self._transport, self._is_sending, self._wait = transport, is_sending, wait
        self.is_lingering = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def is_closing(self) -> bool:
        """Whether nothing more is to be sent."""
        return self.is_lingering or bool(self._transport.is_closing())

    def end(self) -> None:
        """Send what is left, and the end."""
        self._transport.close()

    def close(self) -> None:
        """End it, when the client has sent its body."""
        if self.is_closing():
            return
        if not self._is_sending():
            self.end()
            return
        self.is_lingering = True
        if self._transport.can_write_eof():
            self._transport.write_eof()
        # uvicorn pauses while nobody reads the body.
        self._transport.resume_reading()
        self._wait()
