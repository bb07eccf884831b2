"""uvicorn's connections, with an end for clients that do not finish what they begin.

uvicorn ends a connection that is idle after a request, but waits without limit for the first one, for the rest of a
header that was begun (of any size, with httptools), for a client that reads nothing of a response, and for the rest of
a body that was refused.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from server.lingering import LingeringTransport
from server.uvicorn_tls import EncryptedTransport

# From the connection, or the first byte after a request, to the end of the header.
HEADER_SECONDS = 20.0
# Of a header, as many as h11 takes. httptools has no limit.
HEADER_BYTES = 1 << 16
# In which a client reads nothing, as long as nginx waits by default (send_timeout).
READING_SECONDS = 60.0


def patient(
    protocol: type[Any],
    discarded: int,
    seconds: float = HEADER_SECONDS,
    reading_seconds: float = READING_SECONDS,
) -> type[Any]:
    """A protocol of uvicorn's (h11 or httptools) that waits so many seconds for a header, and for a client to read.

    `discarded`: so many bytes are read of the rest of a refused body.
    """

    class Patient(protocol):  # type: ignore[misc]
        _timer: asyncio.TimerHandle | None = None
        _reading_timer: asyncio.TimerHandle | None = None
        _encrypted: EncryptedTransport | None = None
        _header_size = 0
        # Of the body of which request how many bytes were discarded.
        _refused: tuple[Any, int] = (None, 0)

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._accepted = time.monotonic()

        def connection_made(self, transport: Any) -> None:
            if transport.get_extra_info("sslcontext"):
                transport = self._encrypted = EncryptedTransport(transport, reading_seconds)
            super().connection_made(LingeringTransport(transport, self._is_sending, self._wait_for_header))
            # The handshake, if there was one, is part of it.
            self._wait_for_header(self._accepted + seconds - time.monotonic())

        def data_received(self, data: bytes) -> None:
            if not self.transport.is_lingering:
                super().data_received(data)
                self._wait_for_header()
                self._bound_header(len(data))
            self._discard(len(data))

        def _is_sending(self) -> bool:
            return self.cycle is not None and self.cycle.response_complete and self.cycle.more_body

        def _bound_header(self, size: int) -> None:
            is_complete = self.cycle is not None and not self.cycle.response_complete
            self._header_size = 0 if is_complete or self._is_sending() else self._header_size + size
            if self._header_size > HEADER_BYTES:
                self.transport.end()

        def _discard(self, size: int) -> None:
            if not self._is_sending():
                return
            cycle = self.cycle
            before = self._refused[1] if self._refused[0] is cycle else 0
            self._refused = cycle, before + size
            if before + size > discarded:
                self.transport.end()

        def connection_lost(self, exc: Exception | None) -> None:
            if self._encrypted is not None:
                self._encrypted.note_lost()
            self._stop_waiting()
            self._stop_reading_timer()
            super().connection_lost(exc)

        def pause_writing(self) -> None:
            super().pause_writing()
            self._wait_for_reading()

        def resume_writing(self) -> None:
            self._stop_reading_timer()
            super().resume_writing()

        def _wait_for_reading(self) -> None:
            unread = self.transport.get_write_buffer_size()
            self._reading_timer = asyncio.get_running_loop().call_later(reading_seconds, self._end_if_unread, unread)

        def _end_if_unread(self, before: int) -> None:
            if self.transport.get_write_buffer_size() < before:
                self._wait_for_reading()
            else:
                self._reading_timer = None
                self.transport.abort()

        def _stop_reading_timer(self) -> None:
            if self._reading_timer is not None:
                self._reading_timer.cancel()
                self._reading_timer = None

        def _wait_for_header(self, seconds: float = seconds) -> None:
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
                self.transport.end()

    return Patient
