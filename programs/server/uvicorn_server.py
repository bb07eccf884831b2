"""uvicorn as the server program of workers that are forked: from MLflow 3.3 on."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import types
from collections.abc import Callable, Sequence
from typing import Any

from common.certificate import Certificate
from permissions import checks
from server import asgi, flask_adapter, native_permissions
from server.direct import shorten
from server.draining import draining
from server.guard import Guard
from server.memory import FreedMemory, Share
from server.patience import HEADER_SECONDS, patient
from server.slots import Slot
from server.supervisor import STARTUP_FAILURE
from server.uvicorn_tls import shaking_hands_soon

# A worker whose event loop stands still for so long is replaced, as gunicorn's --timeout does.
HANG_SECONDS = 300.0


class UvicornServer:
    """uvicorn, by its own arguments and variables."""

    hang = HANG_SECONDS

    def __init__(
        self,
        arguments: list[str],
        create_guard: Callable[[], Guard],
        listeners: Sequence[socket.socket],
        certificate: Certificate | None,
        *,
        unknown_app: bool = False,
    ) -> None:
        self.config = configure(arguments)
        load = load_unknown_application if unknown_app else load_application
        application = load(str(self.config.app))
        guard = create_guard()
        self.config.app, self.config.factory = asgi.GuardedApplication(application, guard), False
        self.config.load()
        self.certificate = certificate
        if certificate:
            # The first is what uvicorn serves with, the second what it says that it does.
            self.config.ssl, self.config.ssl_certfile = certificate.context, certificate.certificate
        self.config.http_protocol_class = patient(self.config.http_protocol_class, guard.discarded)
        self.listeners = list(listeners) or [self.config.bind_socket()]
        for listener in self.listeners:
            answer_at_once(listener)

    @property
    def workers(self) -> int:
        """As many as uvicorn was told."""
        return int(self.config.workers)

    @property
    def grace(self) -> float:
        """As long as uvicorn was told, or as requests take."""
        grace = self.config.timeout_graceful_shutdown
        return float("inf") if grace is None else float(grace)

    def work(self, slot: Slot, supervisor: int) -> None:
        """Serve until the supervisor asks for the end, or has ended."""
        import uvicorn

        freed, share = FreedMemory(), Share(self.workers)
        most = self.config.limit_max_requests or float("inf")
        # The worker serves until it is replaced.
        self.config.limit_max_requests = None

        async def notify() -> None:
            slot.heartbeat()
            if self.certificate:
                self.certificate.refresh()
            freed.give_back()
            if share.is_exceeded() or server.server_state.total_requests >= most:
                slot.mark_full()
            if os.getppid() != supervisor:
                server.should_exit = True

        # uvicorn raises the signal that it shut down for once more.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: sys.exit(0))
        # Each second, whatever happens to the clock.
        self.config.callback_notify, self.config.timeout_notify = notify, float("-inf")
        server = shaking_hands_soon(draining(uvicorn.Server), HEADER_SECONDS)(self.config)
        server.run(sockets=self.listeners)
        sys.exit(0 if server.started else STARTUP_FAILURE)


def answer_at_once(listener: socket.socket) -> None:
    """Send the body of a response without waiting until the client confirmed its header, which takes it 40 ms.

    asyncio would ask for that, but not on connections of a listener that uvicorn opened: it names no protocol.
    """
    if listener.family in (socket.AF_INET, socket.AF_INET6):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def configure(arguments: list[str]) -> Any:
    """What uvicorn makes of its arguments and of the variables UVICORN_…."""
    import uvicorn.main

    given: dict[str, Any] = {}
    program: Any = sys.modules["uvicorn.main"]  # as an attribute of uvicorn it is the function
    program.run = lambda app, **options: given.update(options, app=app)
    program.main.main(args=arguments, prog_name="uvicorn", standalone_mode=False)
    given.pop("app_dir", None)  # the working directory, which has no module of ours
    return uvicorn.Config(**given)


def import_application(path: str) -> Any:
    """What is at `module:name`, or what the factory there returns, as MLflow tells them apart."""
    from uvicorn.importer import import_from_string

    found = import_from_string(path)
    return found() if isinstance(found, types.FunctionType) else found


def load_unknown_application(path: str) -> asgi.Application:
    """An authentication app that is not MLflow's, as it is: a way around a part of it could lead around its checks.

    Only a Flask application gets our adapter, as every one does.
    """
    from flask import Flask

    threads = set(threading.enumerate())
    application: asgi.Application = import_application(path)
    started = [thread.name for thread in threading.enumerate() if thread not in threads]
    if started:
        sys.exit(f"server: {path} starts threads when it is imported ({', '.join(started)}), which no fork keeps")
    return flask_adapter.Flask(application) if isinstance(application, Flask) else application


def load_application(path: str) -> asgi.Application:
    """The application at `module:name`, which may be a factory. MLflow 3.3 does not wrap its Flask one."""
    from flask import Flask

    application = import_application(path)
    granted = checks.install()
    if isinstance(application, Flask):
        return flask_adapter.Flask(application)
    return shorten(application) if granted is None else native_permissions.install(shorten(application), granted)
