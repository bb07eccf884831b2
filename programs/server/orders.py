"""What the supervisor and a loader tell each other."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from server.single_sign_on import Admission
from server.slots import Slot

# The variable in which MLflow hands on the folder of --expose-prometheus.
METRICS_FOLDER = "prometheus_multiproc_dir"


@dataclass(frozen=True)
class Options:
    """How the application is guarded."""

    max_request_body: int
    # Seconds that a right login is not checked again; None: no login is asked for.
    cache_logins: float | None
    # The folder of the certificate and its key; None: no TLS.
    tls: str | None = None
    # People whom a proxy in front of the server logged in; None: there is no such proxy.
    admission: Admission | None = None
    # An authentication app that is not MLflow's: nothing is known of its routes, hooks and logins.
    unknown_app: bool = False


@dataclass(frozen=True)
class Start:
    """How MLflow starts its server program."""

    program: str
    arguments: list[str]
    environment: dict[str, str]


@dataclass(frozen=True)
class Served:
    """What the first loader found out."""

    start: Start
    workers: int
    # Seconds that a worker may stand still.
    hang: float
    # Seconds that a worker has for its requests when it is to end.
    grace: float


@dataclass(frozen=True)
class Order:
    """What a loader is to do."""

    # As many as there are for the first loader, which finds out how many workers there should be.
    slots: Sequence[Slot]
    served: Served | None
    listeners: Sequence[socket.socket]
    supervisor: int
    pipe: socket.socket

    def report(self, served: Served, listeners: Sequence[socket.socket]) -> None:
        """Tell the supervisor what is served, and give it the sockets for the loaders to come."""
        text = json.dumps(asdict(served)).encode()
        sent = socket.send_fds(self.pipe, [text], [listener.fileno() for listener in listeners])
        self.pipe.sendall(text[sent:])


@dataclass
class LoaderHandle:
    """A process that imports MLflow and forks workers, as the supervisor sees it."""

    pid: int
    pipe: socket.socket
    text: bytes = b""
    listeners: list[socket.socket] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    def receive(self) -> None:
        """Take what was sent until now."""
        with contextlib.suppress(BlockingIOError):
            while True:
                text, descriptors, _, _ = socket.recv_fds(self.pipe, 1 << 16, 16)
                if not text:
                    return
                self.text += text
                for descriptor in descriptors:
                    os.set_inheritable(descriptor, False)
                    self.listeners.append(socket.socket(fileno=descriptor))

    @property
    def served(self) -> Served | None:
        """What was reported, if anything."""
        if not self.text:
            return None
        content: dict[str, Any] = json.loads(self.text)
        return Served(**{**content, "start": Start(**content["start"])})
