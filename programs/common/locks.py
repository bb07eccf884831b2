"""Advisory locks, by which the programs of all releases agree on who may change what.

A lock belongs to an open transaction, in which everything else on that connection runs. So PostgreSQL gives it back
however the program ends, a statement that succeeds proves that it is still held, and it works through a PgBouncer that
pools transactions, too. To see who holds one: SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid)
WHERE locktype = 'advisory'
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.exit_codes import ExitCode
from common.postgresql import query, turn_off_timeouts
from common.process import Failure, Wait, describe

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812


@dataclass(frozen=True)
class AdvisoryLock:
    """A lock in a database. Its connection is an autocommitting one that has nothing else to commit."""

    name: str
    key: str  # in SQL; programs of other releases use the same one
    holder: str  # who holds it, as in "... is preparing"
    timed_out: ExitCode
    message: str  # with a place for the seconds

    def acquire(self, connection: Connection, timeout: int, *, shared: bool = False) -> None:
        """Wait so many seconds for the lock; begins a transaction unless one is open."""
        from psycopg2.extensions import TRANSACTION_STATUS_IDLE

        if connection.info.transaction_status == TRANSACTION_STATUS_IDLE:
            connection.cursor().execute("BEGIN ISOLATION LEVEL READ COMMITTED")
            turn_off_timeouts(connection, local=True)
        wait = Wait(self.name, timeout)
        statement = f"SELECT pg_try_advisory_xact_lock{'_shared' if shared else ''}({self.key})"
        while not query(connection, statement)[0][0]:
            if wait.is_over():
                raise Failure(self.timed_out, self.message.format(seconds=timeout))
            wait.again(self.holder)

    @contextlib.contextmanager
    def held(self, connection: Connection, timeout: int, *, shared: bool = False) -> Iterator[None]:
        """Hold it for a block in a transaction that holds another lock, and give it back if that one is still held."""
        connection.cursor().execute("SAVEPOINT held")
        self.acquire(connection, timeout, shared=shared)
        yield
        check_locks(connection)
        connection.cursor().execute("ROLLBACK TO SAVEPOINT held")


def release_locks(connection: Connection) -> None:
    """Give all locks of a connection back before it ends."""
    connection.cursor().execute("ROLLBACK")


def check_locks(connection: Connection) -> None:
    """Fail unless the transaction that holds the locks is still open: without them, another program may be at work."""
    from psycopg2 import Error

    try:
        query(connection, "SELECT 1")
    except Error as error:
        message = f"the connection that held the locks was terminated: {describe(error)}"
        raise Failure(ExitCode.DATABASE_UNREACHABLE, message) from error


# Held by a pod that prepares, and by what needs the schemas to stay as they are for a moment.
PREPARATION = AdvisoryLock(
    name="the preparation lock",
    key=str(0x6D6C666C6F77),  # "mlflow"
    holder="another pod is preparing",
    timed_out=ExitCode.LOCK_TIMEOUT,
    message="another pod held the preparation lock for more than {seconds} s",
)

# Garbage collection deletes what a backup is about to copy, and a restore replaces what both of them read: each holds
# it while it runs. It is not the lock of preparations, so that servers can start during a backup.
MAINTENANCE = AdvisoryLock(
    name="the maintenance lock",
    key="hashtextextended('mlflow-maintenance', 0)",
    holder="a backup, a restore or a garbage collection is running",
    timed_out=ExitCode.BUSY,
    message="another backup, restore or garbage collection ran for more than {seconds} s; try again later",
)
