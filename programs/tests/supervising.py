"""Supervisors that run as processes, with loaders whose workers sleep."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

from server.orders import Order, Served, Start
from server.slots import Slot

WORKERS = 2
SECONDS = 10.0
SERVED = Served(Start("uvicorn", ["--workers=2"], {"NAME": "Grüße"}), WORKERS, hang=60, grace=1)


def until(is_met: Callable[[], bool]) -> None:
    """Wait for a condition, or fail."""
    deadline = time.monotonic() + SECONDS
    while not is_met():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def work(slot: Slot) -> NoReturn:
    """A worker that moves, and ends when it is asked to."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    while True:
        slot.heartbeat()
        time.sleep(0.05)


@dataclass
class Loading:
    """A loader for tests, which fails with the code in the file, or sleeps if it has a word."""

    failure: str
    work: Callable[[Slot], NoReturn] = work
    served: Served = SERVED

    def __call__(self, order: Order) -> NoReturn:
        with open(self.failure, encoding="ascii") as file:
            code = file.read()
        if code.isdigit():
            os._exit(int(code))
        elif code:
            time.sleep(SECONDS)
        if order.served:
            assert order.served == self.served
        else:
            with socket.socket() as listener:
                order.report(self.served, [listener])
        for slot in order.slots[:WORKERS]:
            pid = os.fork()
            if pid == 0:
                slot.assign(os.getpid())
                self.work(slot)
            slot.assign(pid)
        os._exit(0)


@dataclass
class Running:
    """A supervisor that runs as a process of its own."""

    slots: list[Slot]
    pid: int
    failure: str
    code: int | None = field(default=None)

    @property
    def pids(self) -> set[int]:
        """Its workers."""
        return {slot.pid for slot in self.slots if slot.pid}

    def fail(self, code: str) -> None:
        """Make loaders to come fail with this code, or, if it is empty, not."""
        with open(self.failure, "w", encoding="ascii") as file:
            file.write(code)

    def ready(self) -> set[int]:
        """The workers, as soon as all serve: one that ends before has not started, and ends the server."""
        until(lambda: sum(slot.is_ready for slot in self.slots) == WORKERS and children_of(self.pid) == self.pids)
        return self.pids

    def end(self) -> int:
        """The exit code."""
        until(self.has_ended)
        assert self.code is not None
        return self.code

    def has_ended(self) -> bool:
        """Whether the supervisor has."""
        pid, status = os.waitpid(self.pid, os.WNOHANG) if self.code is None else (self.pid, 0)
        if pid and self.code is None:
            self.code = os.waitstatus_to_exitcode(status)
        return self.code is not None

    def terminate(self) -> int:
        """Ask it to end: the exit code."""
        os.kill(self.pid, signal.SIGTERM)
        return self.end()


def children_of(pid: int) -> set[int]:
    """The process ids of its children, those included that ended and are not noted yet."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return set(map(int, file.read().split()))


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
