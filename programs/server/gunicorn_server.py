"""gunicorn as the server program of workers that are forked: below MLflow 3.3."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Sequence
from typing import Any

from common.certificate import Certificate
from permissions import checks
from server import wsgi
from server.guard import Guard
from server.memory import FreedMemory, Share
from server.slots import Slot


class GunicornServer:
    """gunicorn, by its own arguments and the variable GUNICORN_CMD_ARGS."""

    def __init__(
        self,
        arguments: list[str],
        create_guard: Callable[[], Guard],
        listeners: Sequence[socket.socket],
        certificate: Certificate | None,
    ) -> None:
        from gunicorn import sock
        from gunicorn.app.wsgiapp import WSGIApplication

        class Application(WSGIApplication):  # type: ignore[misc]
            def load(self) -> Any:
                application = super().load()
                checks.install()
                return wsgi.GuardedApplication(application, create_guard(), self.cfg.threads)

        sys.argv = ["gunicorn", *arguments]
        self.application = Application("%(prog)s [OPTIONS] [APP_MODULE]", prog="gunicorn")
        self.config = self.application.cfg
        self.certificate = certificate
        if certificate:
            # So that it says https, to the application too. The worker begins the connections.
            self.config.set("certfile", certificate.certificate)
        self.log = self.config.logger_class(self.config)
        self.application.wsgi()
        # gunicorn closes what it is given. The supervisor, another process, keeps its own.
        given = [listener.detach() for listener in listeners]
        self.listeners: list[Any] = sock.create_sockets(self.config, self.log, given)
        self.log.info("Listening at: %s", ", ".join(map(str, self.listeners)))

    @property
    def workers(self) -> int:
        """As many as gunicorn was told."""
        return int(self.config.workers)

    @property
    def hang(self) -> float:
        """The option --timeout of gunicorn."""
        return float(self.config.timeout or "inf")

    @property
    def grace(self) -> float:
        """The option --graceful-timeout of gunicorn."""
        return float(self.config.graceful_timeout)

    def work(self, slot: Slot, supervisor: int) -> None:
        """Serve until the supervisor asks for the end, or has ended."""
        from server.gunicorn_worker import Worker

        worker = Worker(0, supervisor, self.listeners, self.application, self.config.timeout / 2, self.config, self.log)
        worker.slot, worker.pid = slot, os.getpid()
        worker.freed, worker.share = FreedMemory(), Share(self.workers)
        worker.certificate = self.certificate
        # The worker serves until it is replaced.
        worker.max_requests = sys.maxsize
        worker.init_process()
