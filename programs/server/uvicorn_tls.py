"""uvicorn's connections under TLS, which asyncio bounds less than others."""

from __future__ import annotations

import asyncio
import functools
import time
from typing import Any

# From the end of a connection, which the client should confirm. asyncio waits for that, from Python 3.11 on for half a
# minute, and loses what the client has not read by then.
CLOSING_SECONDS = 5.0
# Of a response that a client does not read yet, as asyncio holds without TLS; with it, 512 KiB.
UNREAD_BYTES = 1 << 16
POLL_SECONDS = 0.5


class EncryptedTransport:
    """asyncio's transport for TLS. It ends when the client has read all, or reads nothing for so many seconds."""

    def __init__(self, transport: Any, reading_seconds: float, closing_seconds: float = CLOSING_SECONDS) -> None:
        self._transport, self._reading_seconds, self._closing_seconds = transport, reading_seconds, closing_seconds
        self._is_closing, self._is_lost = False, False
        transport.set_write_buffer_limits(high=UNREAD_BYTES)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def get_write_buffer_size(self) -> int:
        """How much the client has not read. From Python 3.11 on, asyncio leaves out what it has encrypted."""
        encrypted = getattr(getattr(self._transport, "_ssl_protocol", None), "_transport", None)
        sizes = [each.get_write_buffer_size() for each in (self._transport, encrypted) if each is not None]
        return int(sum(sizes))

    def is_closing(self) -> bool:
        """Whether nothing more is to be sent."""
        return self._is_closing or bool(self._transport.is_closing())

    def close(self) -> None:
        """Send what is left, and the end."""
        if not (self._is_closing or self._is_lost):
            self._is_closing = True
            self._transport.pause_reading()
            self._close_when_read(self.get_write_buffer_size(), time.monotonic())

    def note_lost(self) -> None:
        """The connection has ended."""
        self._is_lost = True

    def _close_when_read(self, before: int, since: float) -> None:
        if self._is_lost:
            return
        later = asyncio.get_running_loop().call_later
        unread, now = self.get_write_buffer_size(), time.monotonic()
        if unread == 0:
            self._transport.resume_reading()
            self._transport.close()
            later(self._closing_seconds, self._transport.abort)
        elif unread >= before and now > since + self._reading_seconds:
            self._transport.abort()
        else:
            later(POLL_SECONDS, self._close_when_read, unread, since if unread >= before else now)


def shaking_hands_soon(server: type[Any], seconds: float) -> type[Any]:
    """A class of uvicorn's servers that waits so many seconds for a handshake, for which uvicorn has no setting."""

    class ShakingHandsSoon(server):  # type: ignore[misc]
        async def startup(self, sockets: Any = None) -> None:
            loop: Any = asyncio.get_running_loop()
            if self.config.ssl:
                loop.create_server = functools.partial(loop.create_server, ssl_handshake_timeout=seconds)
            await super().startup(sockets)

    return ShakingHandsSoon
