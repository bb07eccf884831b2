"""gunicorn's worker with threads, which get requests whose header is complete.

The stock worker hands a connection to a thread with its first byte, where it waits for the rest of the header without
limit: as many half-sent headers as there are threads, and the server answers nobody.

Files of the web page get only some of the threads, and wait for them without holding one: behind a proxy that speaks
HTTP/2, a browser asks for thirty at once.
"""

from __future__ import annotations

import contextlib
import functools
import selectors
import socket
import time
from typing import Any, NoReturn

from gunicorn.http.errors import LimitRequestHeaders
from gunicorn.workers.gthread import TConn, ThreadWorker

from common.certificate import Certificate
from server.draining import DRAIN_SECONDS
from server.gunicorn_tls import Encrypted
from server.memory import FreedMemory, Share
from server.patience import HEADER_SECONDS
from server.slots import Slot
from server.turns import Turns

# As much as uvicorn takes.
MAX_HEADER = 1 << 16
# As large as a body may become by encryption, unless a client sends it by the byte.
ENCRYPTED = 2


def path_of(header: bytes) -> str:
    """The path that a request asks for, or nothing if it has none."""
    words = header.split(b"\r\n", 1)[0].split(b" ")
    return words[1].decode("latin-1") if len(words) > 1 else ""


class TooLong:
    """A parser in place of gunicorn's, which would wait in a thread for the rest of a long header."""

    def __next__(self) -> NoReturn:
        """What gunicorn asks for, and answers with 431."""
        raise LimitRequestHeaders(f"more than {MAX_HEADER} bytes")


class Worker(ThreadWorker):  # type: ignore[misc]
    """The worker class."""

    slot: Slot
    freed: FreedMemory
    share: Share
    certificate: Certificate | None

    def notify(self) -> None:
        """Once in a turn of the loop."""
        self.slot.heartbeat()
        if self.certificate:
            self.certificate.refresh()
        self.freed.give_back()
        if self.share.is_exceeded() or 0 < self.cfg.max_requests <= self.nr:
            self.slot.mark_full()

    def init_process(self) -> None:
        """Until the worker ends."""
        # Connections whose header or end is awaited, with the time at which they are ended.
        self.awaited: dict[Any, float] = {}
        # When the worker ends, if it is to.
        self.drained: float | None = None
        super().init_process()

    def load_wsgi(self) -> None:
        """Before requests are served."""
        super().load_wsgi()
        # The turns of files of the web page.
        self.turns: Turns[Any] = Turns(self.wsgi.most_page_threads)

    def handle_exit(self, *_: Any) -> None:
        """At SIGTERM."""
        self.max_keepalived = 0  # requests from now on are answered with `Connection: close`
        self.drained = self.drained or time.monotonic() + DRAIN_SECONDS

    def drain(self, deadline: float) -> None:
        """Take no new connection, and end when the others did or are late."""
        for listener in self.sockets:
            with contextlib.suppress(KeyError, ValueError):
                self.poller.unregister(listener)
        if self.nr_conns > 0 and time.monotonic() < deadline:
            return
        self.alive = False
        with self._lock:
            for conn in [*self._keep, *self.awaited]:
                conn.close()

    def accept(self, server: Any, listener: socket.socket) -> None:
        """Take a connection, and wait for its header."""
        try:
            connection, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        try:
            conn = self.connect(connection, client, server)
        except OSError:  # it has ended
            connection.close()
            return
        self.nr_conns += 1
        with self._lock:
            self.awaited[conn] = time.monotonic() + HEADER_SECONDS
            self.poller.register(
                conn.sock, selectors.EVENT_READ, functools.partial(self.on_client_socket_readable, conn)
            )

    def connect(self, connection: socket.socket, client: Any, server: Any) -> Any:
        """What gunicorn knows of a connection."""
        if self.certificate:
            return Encrypted(self.cfg, connection, client, server, self.certificate)
        return TConn(self.cfg, connection, client, server)

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """Hand a request to a thread as soon as its header is complete."""
        if self._is_decrypted(conn) if isinstance(conn, Encrypted) else self.cfg.is_ssl or self._is_complete(conn):
            with self._lock:
                self.awaited.pop(conn, None)
            super().on_client_socket_readable(conn, client)

    def _is_decrypted(self, conn: Encrypted) -> bool:
        """Whether a thread would find a whole header."""
        try:
            is_complete = conn.receive(MAX_HEADER)
        except OSError:  # among them a handshake that failed
            self.end(conn)
            return False
        with self._lock:
            key = self.poller.get_key(conn.sock)
            if key.events != conn.event:
                self.poller.modify(conn.sock, conn.event, key.data)
            if not is_complete:
                self.awaited.setdefault(conn, time.monotonic() + HEADER_SECONDS)
        if is_complete:
            self._note_header(conn, conn.header)
        return is_complete

    def _is_complete(self, conn: Any) -> bool:
        """Whether a thread would find a whole header, or the end of the connection."""
        try:
            seen = conn.sock.recv(MAX_HEADER, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True
        before = getattr(conn, "seen", 0)
        if b"\r\n\r\n" in seen or len(seen) in (0, before, MAX_HEADER):
            conn.seen = 0
            self._note_header(conn, seen)
            with contextlib.suppress(OSError):
                conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
            return True
        conn.seen = len(seen)
        # The poller is silent until there is more, or the client has closed.
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, len(seen) + 1)
        with self._lock:
            self.awaited.setdefault(conn, time.monotonic() + HEADER_SECONDS)
        return False

    def _note_header(self, conn: Any, header: bytes) -> None:
        """What the rest of a connection's way depends on."""
        conn.is_page_file = self.wsgi.guard.is_page_file(path_of(header))
        if len(header) >= MAX_HEADER and b"\r\n\r\n" not in header:
            conn.parser = TooLong()

    def enqueue_req(self, conn: Any) -> None:
        """Hand a request to a thread, or let it wait for its turn."""
        conn.has_turn = getattr(conn, "is_page_file", False)
        if not conn.has_turn or self.turns.begin(conn, time.monotonic() + HEADER_SECONDS):
            super().enqueue_req(conn)

    def handle_request(self, req: Any, conn: Any) -> bool:
        """Serve a request: whether the connection is kept."""
        is_kept: bool = super().handle_request(req, conn)
        conn.body_left = getattr(req, "body_left", 0)
        return is_kept

    def finish_request(self, fs: Any) -> None:
        """After a request."""
        following = self.turns.end() if fs.conn.has_turn else None
        if following is not None:
            super().enqueue_req(following)
        if not getattr(fs.conn, "body_left", 0) or not self.linger(fs.conn):
            super().finish_request(fs)

    def linger(self, conn: Any) -> bool:
        """Wait for the end of a refused body: a client that still sends would be reset, and find no response."""
        try:
            conn.sock.setblocking(False)
            if isinstance(conn, Encrypted):
                conn.say_end()
                conn.body_left *= ENCRYPTED
            conn.sock.shutdown(socket.SHUT_WR)
            with self._lock:
                self.poller.register(conn.sock, selectors.EVENT_READ, functools.partial(self.discard, conn))
                self.awaited[conn] = time.monotonic() + HEADER_SECONDS
        except (OSError, KeyError, ValueError):
            return False
        return True

    def discard(self, conn: Any, client: socket.socket) -> None:
        """Read and forget what a client sends, until it closes its side or has sent enough."""
        try:
            received = len(client.recv(MAX_HEADER))
            conn.body_left -= received
            if received and conn.body_left > 0:
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        with self._lock:
            self.awaited.pop(conn, None)
            self.poller.unregister(client)
        self.nr_conns -= 1
        conn.close()

    def murder_keepalived(self) -> None:
        """Last in a turn of the loop: end connections that are late, too."""
        super().murder_keepalived()
        now = time.monotonic()
        for conn in self.turns.late(now):
            # The application refuses it if there is still no thread for it.
            conn.has_turn = False
            super().enqueue_req(conn)
        with self._lock:
            for conn in [conn for conn, deadline in self.awaited.items() if deadline < now]:
                if conn.sock.fileno() < 0:  # it was kept, and has ended above
                    del self.awaited[conn]
                else:
                    self.end(conn)
        if self.drained is not None:
            self.drain(self.drained)

    def end(self, conn: Any) -> None:
        """End a connection that no thread has."""
        with self._lock:
            self.awaited.pop(conn, None)
            with contextlib.suppress(KeyError, ValueError, OSError):
                self.poller.unregister(conn.sock)
            with contextlib.suppress(ValueError):
                self._keep.remove(conn)
        self.nr_conns -= 1
        conn.close()
