"""An HTTP server that no client can exhaust."""

from __future__ import annotations

import contextlib
import http.server
import socket
import sys
import threading
import time
from typing import Any

from common.certificate import Certificate


class Server(http.server.ThreadingHTTPServer):
    """Listens on both families if the machine has them, and serves a bounded number of clients for a bounded time.

    Anyone who reaches the port may connect before a login is asked for, and each connection has a thread.
    """

    daemon_threads = True
    max_connections = 16
    # From the connection on, whatever the client sends: a scrape takes a part of a second.
    max_seconds = 10.0

    def __init__(
        self, port: int, handler: type[http.server.BaseHTTPRequestHandler], certificate: Certificate | None = None
    ) -> None:
        super().__init__(("", port), handler, bind_and_activate=False)
        self.socket.close()
        try:
            self.socket = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True)
        except (OSError, ValueError):
            self.socket = socket.create_server(("", port))
        self.server_address = self.socket.getsockname()
        self.certificate = certificate
        self.deadlines: dict[socket.socket, float] = {}
        self.trusted: set[socket.socket] = set()
        self.lock = threading.Lock()

    def get_request(self) -> tuple[Any, Any]:
        """A connection. Its thread begins with the handshake, so that a client that does not finish it keeps none."""
        connection, client = super().get_request()
        if not self.certificate:
            return connection, client
        try:
            context = self.certificate.context
            return context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), client
        except (OSError, ValueError) as error:  # it has ended
            connection.close()
            raise OSError(str(error)) from error

    def verify_request(self, request: Any, _: Any) -> bool:
        """Every connection is served. The oldest makes room for one too many, so that idle ones keep no scraper out."""
        with self.lock:
            if len(self.deadlines) >= self.max_connections:
                oldest = next((each for each in self.deadlines if each not in self.trusted), next(iter(self.deadlines)))
                del self.deadlines[oldest]
                end(oldest)
            self.deadlines[request] = time.monotonic() + self.max_seconds
        return True

    def trust(self, request: Any) -> None:
        """A connection whose login is right makes room for no other: however many come, a scrape is finished."""
        with self.lock:
            self.trusted.add(request)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection that was served, or not."""
        with self.lock:
            self.deadlines.pop(request, None)
            self.trusted.discard(request)
        super().shutdown_request(request)

    def service_actions(self) -> None:
        """Several times a second: end connections whose time is over. Their threads end with an error of the socket."""
        if self.certificate:
            self.certificate.refresh()
        now = time.monotonic()
        with self.lock:
            late = [request for request, deadline in self.deadlines.items() if deadline < now]
        for request in late:
            end(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away, or was ended, is not worth a line of the log."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def end(connection: socket.socket) -> None:
    """End a connection: its thread finds it closed."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
