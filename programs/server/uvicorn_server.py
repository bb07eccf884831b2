"""uvicorn with workers that are forked: the server program from MLflow 3.3 on."""

from __future__ import annotations

import contextlib
import logging
import mmap
import os
import signal
import socket
import sys
import time
import types
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from server import asgi
from server.application import create_guard, prepare_fork
from server.memory import Share
from server.patience import patient
from server.worker_metrics import WorkerMetrics

# A worker whose event loop stands still for so long is replaced, as gunicorn's --timeout does.
HANG_SECONDS = 300.0
# What a worker gets to end after its requests ended or were cut.
EXIT_SECONDS = 5.0
POLL_SECONDS = 0.5
# uvicorn's exit code for a server that could not start. To try again is up to the kubelet.
STARTUP_FAILURE = 3

logger = logging.getLogger("uvicorn.error")


def serve(arguments: list[str], max_request_body: int, cache_logins: float | None) -> NoReturn:
    """Be uvicorn, by its own arguments and variables."""
    config = configure(arguments)
    application = load(str(config.app))
    guard = create_guard(max_request_body, cache_logins)
    config.app, config.factory = asgi.GuardedApplication(application, guard), False
    config.load()
    config.http_protocol_class = patient(config.http_protocol_class)
    listener = config.bind_socket()
    prepare_fork()
    Supervisor(config, listener).run()


def configure(arguments: list[str]) -> Any:
    """What uvicorn makes of its arguments and of the variables UVICORN_…."""
    import uvicorn.main

    given: dict[str, Any] = {}
    program: Any = sys.modules["uvicorn.main"]  # as an attribute of uvicorn it is the function
    program.run = lambda app, **options: given.update(options, app=app)
    program.main.main(args=arguments, prog_name="uvicorn", standalone_mode=False)
    given.pop("app_dir", None)  # the working directory, which has no module of ours
    return uvicorn.Config(**given)


def load(path: str) -> asgi.Application:
    """The application at `module:name`, which may be a factory. MLflow 3.3 does not wrap its Flask one."""
    from flask import Flask
    from uvicorn.importer import import_from_string

    found = import_from_string(path)
    application: Any = found() if isinstance(found, types.FunctionType) else found
    if isinstance(application, Flask):
        from starlette.middleware.wsgi import WSGIMiddleware

        application = WSGIMiddleware(application)
    loaded: asgi.Application = application
    return loaded


class Supervisor:
    """Keeps the workers running until SIGTERM, then lets them finish their requests."""

    signals = frozenset({signal.SIGTERM, signal.SIGINT})

    def __init__(self, config: Any, listener: socket.socket) -> None:
        self.config = config
        self.listener = listener
        # Shared memory: when the loop of each worker last turned.
        self.beats = memoryview(mmap.mmap(-1, 8 * config.workers)).cast("d")
        self.slots: dict[int, int] = {}  # by process id
        self.metrics = WorkerMetrics()

    def run(self) -> NoReturn:
        """Until SIGTERM."""
        signal.pthread_sigmask(signal.SIG_BLOCK, self.signals)
        for slot in range(self.config.workers):
            self.start(slot)
        while not signal.sigtimedwait(self.signals, POLL_SECONDS):
            for pid, code in ended_children():
                self.replace(pid, code)
            self.kill_hanging()
        self.listener.close()
        grace = self.config.timeout_graceful_shutdown
        self.stop(EXIT_SECONDS + (float("inf") if grace is None else grace))
        sys.exit(0)

    def start(self, slot: int) -> None:
        """Fork a worker."""
        self.beats[slot] = time.monotonic()
        pid = os.fork()
        if pid == 0:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, self.signals)
            work(self.config, self.listener, lambda: self.beats.__setitem__(slot, time.monotonic()))
        self.slots[pid] = slot
        self.metrics.note_start()

    def kill_hanging(self) -> None:
        """End workers that do not move any more."""
        for pid, slot in self.slots.items():
            if time.monotonic() - self.beats[slot] > HANG_SECONDS:
                logger.error("Worker %d hangs and is killed", pid)
                os.kill(pid, signal.SIGKILL)

    def replace(self, pid: int, code: int) -> None:
        """Start a worker in place of one that ended."""
        slot = self.slots.pop(pid, None)
        if slot is None:
            return  # an orphan, or MLflow's job runner
        logger.error("Worker %d ended (%d) and is replaced", pid, code)
        self.metrics.note_end(pid)
        if code == STARTUP_FAILURE:
            self.stop(EXIT_SECONDS)
            sys.exit(code)
        self.start(slot)

    def stop(self, seconds: float) -> None:
        """Ask the workers to end, and kill those that are left after so many seconds."""
        deadline = time.monotonic() + seconds
        signal_all(self.slots, signal.SIGTERM)
        while self.slots:
            for pid, _ in ended_children():
                self.slots.pop(pid, None)
            if time.monotonic() > deadline:
                signal_all(self.slots, signal.SIGKILL)
            time.sleep(0.05)


def work(config: Any, listener: socket.socket, beat: Callable[[], None]) -> NoReturn:
    """Be a worker. It ends by SystemExit, so that what MLflow registered for the end of a process runs."""
    import uvicorn

    master = os.getppid()
    share = Share(config.workers)

    async def notify() -> None:
        beat()
        if os.getppid() != master or share.is_exceeded():
            server.should_exit = True

    # uvicorn raises the signal that it shut down for once more.
    for number in Supervisor.signals:
        signal.signal(number, lambda *_: sys.exit(0))
    config.callback_notify, config.timeout_notify = notify, 1
    server = uvicorn.Server(config)
    server.run(sockets=[listener])
    sys.exit(0 if server.started else STARTUP_FAILURE)


def signal_all(pids: Mapping[int, int], number: signal.Signals) -> None:
    """Send a signal to processes, of which some may have ended."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def ended_children() -> list[tuple[int, int]]:
    """Process id and exit code (negative: the signal) of every child that ended."""
    ended: list[tuple[int, int]] = []
    with contextlib.suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            ended.append((found[0], os.waitstatus_to_exitcode(found[1])))
    return ended
