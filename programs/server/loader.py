"""A loader: it imports MLflow's application once, with the guard in front, forks workers, and ends."""

from __future__ import annotations

import functools
import os
import socket
import sys
import time
from collections.abc import Sequence
from typing import NoReturn, Protocol

from common.certificate import Certificate, CertificateError
from common.imports import few_collections, unavailable
from server import launch
from server.application import create_guard, prepare_fork
from server.memory import use_one_arena
from server.orders import Options, Order, Served, Start
from server.slots import Slot

# For the loader to end, which it does after its last fork.
ADOPTION_SECONDS = 60.0


class Server(Protocol):
    """A server program, ready for the fork."""

    @property
    def listeners(self) -> list[socket.socket]:
        """What clients connect to."""

    @property
    def workers(self) -> int:
        """How many there should be."""

    @property
    def hang(self) -> float:
        """Seconds that a worker may stand still."""

    @property
    def grace(self) -> float:
        """Seconds that a worker has for its requests when it is to end."""

    def work(self, slot: Slot, supervisor: int) -> None:
        """Be a worker, to its end."""


def run_loader(order: Order, options: Options, arguments: list[str]) -> NoReturn:
    """Do what the supervisor ordered, for `mlflow` with these arguments."""
    use_one_arena()
    with few_collections():
        # MLflow and pandas import pyarrow for HDFS and for formats that no server reads.
        with unavailable("pyarrow"):
            if order.served:
                start = order.served.start
                launch.import_for_requests()
            else:
                start = launch.find_start(arguments, order.supervisor)
            os.environ.clear()
            os.environ.update(start.environment)
            server = create_server(start, options, order.listeners)
        # Before collections are as frequent again, which begins with one of everything.
        prepare_fork()
    served = order.served or Served(start, server.workers, server.hang, server.grace)
    if not order.served:
        order.report(served, server.listeners)
    sys.stdout.flush()
    sys.stderr.flush()
    for slot in order.slots[: served.workers]:
        pid = os.fork()
        if pid == 0:
            be_worker(server, slot, order)
        slot.assign(pid)
    # Without the end of MLflow, which removes folders that the workers use.
    os._exit(0)


def create_server(start: Start, options: Options, listeners: Sequence[socket.socket]) -> Server:
    """The server program that MLflow would start. Each imports MLflow's server, which then reads its variables."""
    guard = functools.partial(create_guard, options)
    certificate = load_certificate(options)
    if start.program == "uvicorn":
        from server.uvicorn_server import UvicornServer

        return UvicornServer(start.arguments, guard, listeners, certificate, unknown_app=options.unknown_app)
    if options.unknown_app:
        sys.exit("server: this release of MLflow runs no authentication app but its own here")
    from server.gunicorn_server import GunicornServer

    return GunicornServer(start.arguments, guard, listeners, certificate)


def load_certificate(options: Options) -> Certificate | None:
    """What the server serves TLS with, if it does."""
    if options.tls is None:
        return None
    try:
        return Certificate(options.tls)
    except CertificateError as error:
        sys.exit(f"server: {error}")


def be_worker(server: Server, slot: Slot, order: Order) -> NoReturn:
    """Work as a child of the supervisor. Ends by SystemExit, so that what MLflow registered for the end runs."""
    slot.assign(os.getpid())
    order.pipe.close()
    deadline = time.monotonic() + ADOPTION_SECONDS
    while os.getppid() != order.supervisor:
        if time.monotonic() > deadline:
            sys.exit(1)
        time.sleep(0.001)
    server.work(slot, order.supervisor)
    sys.exit(0)
