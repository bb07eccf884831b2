"""gunicorn's connections under TLS, which the loop decrypts up to the end of a header.

gunicorn would leave the handshake to a thread, which then waits for it without limit.
"""

from __future__ import annotations

import contextlib
import selectors
import ssl
from typing import Any

from gunicorn.http import RequestParser
from gunicorn.workers.gthread import TConn

from common.certificate import Certificate

# A record at most.
RECORD = 1 << 14


class Encrypted(TConn):  # type: ignore[misc]
    """A connection that was just accepted."""

    def __init__(self, cfg: Any, connection: Any, client: Any, server: Any, certificate: Certificate) -> None:
        wrapped = certificate.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        super().__init__(cfg, wrapped, client, server)
        # With it, gunicorn takes the connection as it is.
        self.parser = RequestParser(cfg, wrapped, client)
        self.received = bytearray()
        # What the parser finds.
        self.header = b""
        # What the next step waits for.
        self.event = selectors.EVENT_READ

    def receive(self, most: int) -> bool:
        """Whether the parser finds a whole header, or so many bytes. Fails with an OSError at the end.

        The first steps are those of the handshake.
        """
        self.event = selectors.EVENT_READ
        try:
            while b"\r\n\r\n" not in self.received and len(self.received) < most:
                data = self.sock.recv(RECORD)
                if not data:
                    raise ConnectionResetError
                self.received += data
        except ssl.SSLWantReadError:
            return False
        except ssl.SSLWantWriteError:
            self.event = selectors.EVENT_WRITE
            return False
        self.header = bytes(self.received)
        self.received.clear()
        self.parser.unreader.unread(self.header)
        return True

    def say_end(self) -> None:
        """Tell the client that nothing follows, without waiting for its part."""
        with contextlib.suppress(OSError, ValueError):
            self.sock.setblocking(False)
            self.sock.unwrap()

    def close(self) -> None:
        """End the connection."""
        self.say_end()
        super().close()
