"""The first process of the server, which keeps the workers running. It imports nothing that this does not need.

A loader imports MLflow, forks the workers and ends: its memory is not kept for the sake of workers that may have to be
replaced. The workers then are the supervisor's children. For a replacement a loader imports once more.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NoReturn

from common.process import log
from server.orders import METRICS_FOLDER, LoaderHandle, Order, Served
from server.slots import Slot, create_slots
from server.worker_metrics import WorkerMetrics

# What a worker gets to end after its requests ended or were cut.
EXIT_SECONDS = 5.0
POLL_SECONDS = 0.5
# While a loader may have something to say.
LOADING_POLL_SECONDS = 0.05
# Between a loader that failed and the next one, while other workers serve.
RETRY_SECONDS = 10.0
# For a loader that replaces a worker. The database may be away.
LOADER_SECONDS = 300.0
# If the supervisor itself stood still for so long, so did all workers: the container was frozen.
FROZEN_SECONDS = 10.0
# uvicorn's exit code for a server that could not start. To try again is up to the kubelet.
STARTUP_FAILURE = 3
SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT})
# See prctl(2).
PR_SET_CHILD_SUBREAPER = 36


class Supervisor:
    """Keeps the workers running until SIGTERM, then lets them finish their requests."""

    def __init__(self, run_loader: Callable[[Order], NoReturn]) -> None:
        self.run_loader = run_loader
        self.slots = create_slots()
        self.metrics = WorkerMetrics()
        self.served: Served | None = None
        self.listeners: list[socket.socket] = []
        self.loader: LoaderHandle | None = None
        self.next_load = 0.0
        self.last_turn = time.monotonic()
        # When those that were asked to end are killed, by process id.
        self.asked: dict[int, float] = {}

    def run(self) -> NoReturn:
        """Until SIGTERM."""
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        # The workers of a loader that ended come here, also if another process is the container's first.
        if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
            sys.exit("server: the system does not let a process adopt others (prctl, PR_SET_CHILD_SUBREAPER)")
        self.start_loader(self.slots)
        if not self.loader:
            sys.exit("server: no process could be started")
        while not signal.sigtimedwait(SIGNALS, LOADING_POLL_SECONDS if self.loader else POLL_SECONDS):
            if self.loader:
                self.loader.receive()
            for pid, code in ended_children():
                self.note_end(pid, code)
            if self.served:
                self.watch(self.served)
                if not self.loader:
                    self.keep(self.served)
        for listener in self.listeners:
            listener.close()
        self.stop(EXIT_SECONDS + (self.served.grace if self.served else 0))
        sys.exit(0 if self.served else 128 + signal.SIGTERM)

    @property
    def workers(self) -> list[Slot]:
        """The slots that have a worker."""
        return [slot for slot in self.slots if slot.pid]

    def start_loader(self, slots: Sequence[Slot]) -> None:
        """Fork a process that loads MLflow for workers in these slots."""
        supervisor = os.getpid()
        mine, its = socket.socketpair()
        try:
            pid = os.fork()
        except OSError as error:
            mine.close()
            its.close()
            self.retry_later(str(error))
            return
        if pid == 0:
            mine.close()
            for number in SIGNALS:
                signal.signal(number, lambda number, _: sys.exit(128 + number))
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            self.run_loader(Order(slots, self.served, self.listeners, supervisor, its))
        its.close()
        mine.setblocking(False)
        self.loader = LoaderHandle(pid, mine)

    def note_end(self, pid: int, code: int) -> None:
        """A child ended: the loader, a worker, or an orphan such as MLflow's job runner."""
        if self.loader and pid == self.loader.pid:
            self.note_loaded(self.loader, code)
        for slot in self.workers:
            if slot.pid == pid:
                has_served = slot.is_ready
                slot.release()
                log(f"worker {pid} ended ({code})" + ("" if self.asked.pop(pid, None) else " and is replaced"))
                self.metrics.note_end(pid)
                if not has_served:
                    self.note_failure(code or STARTUP_FAILURE, "a worker did not start")

    def note_loaded(self, loader: LoaderHandle, code: int) -> None:
        """The loader has ended: its workers serve, or it failed."""
        loader.receive()
        loader.pipe.close()
        self.loader = None
        self.metrics.note_end(loader.pid)
        if code != 0:
            self.note_failure(code, "no worker could be loaded")
            return
        if not self.served:
            self.served, self.listeners = loader.served, loader.listeners
            if not self.served:
                sys.exit(0)  # a command that starts no server, such as --help
            self.metrics.folder = self.served.start.environment.get(METRICS_FOLDER)
        self.metrics.note_workers({slot.pid for slot in self.workers})

    def note_failure(self, code: int, what: str) -> None:
        """No worker came of a start: the end, unless others serve."""
        if not any(slot.is_ready for slot in self.workers):
            self.fail(code if code > 0 else 128 - code)
        self.retry_later(f"{what} ({code})")

    def retry_later(self, why: str) -> None:
        """Load no worker for a while."""
        log(f"{why}; the next try follows in {RETRY_SECONDS:.0f} s")
        self.next_load = time.monotonic() + RETRY_SECONDS

    def watch(self, served: Served) -> None:
        """End what stands still: workers, and a loader that replaces one."""
        now = time.monotonic()
        if now - self.last_turn > FROZEN_SECONDS:
            for slot in self.workers:
                slot.renew()
        self.last_turn = now
        for slot in self.workers:
            if now > self.asked.get(slot.pid, slot.last_heartbeat + served.hang):
                log(f"worker {slot.pid} hangs and is killed")
                send(slot.pid, signal.SIGKILL)
                slot.renew()
        if self.loader and now > self.loader.started + LOADER_SECONDS:
            send(self.loader.pid, signal.SIGKILL)

    def keep(self, served: Served) -> None:
        """Have as many workers as there should be. One that is full serves until its replacement does.

        One at a time, so that the container's memory and the database's connections hold one worker more at most.
        """
        if time.monotonic() < self.next_load:
            return
        active = [slot for slot in self.workers if slot.pid not in self.asked]
        full = [slot for slot in active if slot.is_full]
        if len(active) < served.workers:
            self.load_workers(served.workers - len(active))
        elif full and len(active) > served.workers:
            if all(slot.is_ready for slot in active):
                self.asked[full[0].pid] = time.monotonic() + served.grace + EXIT_SECONDS
                send(full[0].pid, signal.SIGTERM)
        elif full and not self.asked:
            self.load_workers(1)

    def load_workers(self, number: int) -> None:
        """Start a loader for so many."""
        self.start_loader([slot for slot in self.slots if not slot.pid][:number])

    def fail(self, code: int) -> NoReturn:
        """End the server."""
        self.stop(EXIT_SECONDS)
        sys.exit(code)

    def stop(self, seconds: float) -> None:
        """Ask all to end, and kill those that are left after so many seconds."""
        deadline = time.monotonic() + seconds
        loader, asked = self.loader.pid if self.loader else None, set[int]()
        while left := {slot.pid for slot in self.workers} | ({loader} if loader else set()):
            # The loader may have forked another worker meanwhile.
            number = signal.SIGKILL if time.monotonic() > deadline else signal.SIGTERM
            for pid in left if number == signal.SIGKILL else left - asked:
                send(pid, number)
            asked |= left
            for pid, _ in ended_children():
                loader = None if pid == loader else loader
                for slot in self.workers:
                    if slot.pid == pid:
                        slot.release()
            time.sleep(0.02)


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process that may have ended."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def ended_children() -> Iterator[tuple[int, int]]:
    """Process id and exit code (negative: the signal) of every child that ended.

    One at a time: the end of one may make the caller end the server, which waits for the others.
    """
    with contextlib.suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            yield found[0], os.waitstatus_to_exitcode(found[1])
