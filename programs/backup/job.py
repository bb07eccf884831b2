"""How a Job of backup or restore runs: beside the container with PostgreSQL's programs, and alone."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TextIO

from backup.settings import Settings, read_settings
from common import postgresql, process
from common.locks import MAINTENANCE

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812


def run(name: str, task: Callable[[Settings], None], *, logs_in: bool = True) -> int:
    """Run the task under a name, and say how it ended: the exit code."""
    lock = hold_liveness_lock()
    try:
        return process.run(name, lambda: task(read_settings(os.environ, logs_in=logs_in)), postgresql.explain)
    finally:
        if lock:
            lock.close()


def hold_liveness_lock() -> TextIO | None:
    """A lock for as long as this program lives: without it, the other container has nothing more to do, and ends."""
    work = os.environ.get("BACKUP_WORK", "")
    with contextlib.suppress(OSError):
        lock = open(os.path.join(work, "program.lock"), "w", encoding="ascii")  # noqa: SIM115 - open while we live
        fcntl.flock(lock, fcntl.LOCK_EX)
        with open(os.path.join(work, "program.started"), "w", encoding="ascii"):
            return lock
    return None


@contextlib.contextmanager
def maintenance_lock(settings: Settings) -> Iterator[Connection]:
    """A connection that holds the maintenance lock, and does nothing else with the tracking database."""
    create, database = settings.create_databases, settings.tracking_database
    with contextlib.closing(postgresql.connect(database, settings.connect, create=create)) as connection:
        MAINTENANCE.acquire(connection, settings.lock_timeout)
        yield connection


@contextlib.contextmanager
def connections(settings: Settings) -> Iterator[dict[str, Connection]]:
    """A connection to each database by its label."""
    with contextlib.ExitStack() as stack:
        opened: dict[str, Connection] = {}
        for label, name in settings.databases.items():
            connection = postgresql.connect(name, settings.connect, create=settings.create_databases)
            opened[label] = stack.enter_context(contextlib.closing(connection))
            postgresql.require_backed_up_schema(connection, name)
        yield opened
