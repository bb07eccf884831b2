"""Replaces the databases by those of a backup: all of them or none.

Each is replaced in a transaction of its own, and all transactions are complete and checked before the first is
committed. What can come between two commits is a connection or a process that ends in those milliseconds: then the
other database is replaced by another attempt, and meanwhile the note of common.unfinished_restore keeps servers and
backups away.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Mapping
from typing import TYPE_CHECKING

from backup import job
from backup.manifest import DatabaseEntry, Manifest
from backup.postgresql_client import PostgresqlClient, ProgramError, write_whole
from backup.settings import Settings
from common import postgresql
from common.exit_codes import ExitCode
from common.locks import PREPARATION, check_locks
from common.process import Failure, Wait, explain, log
from common.unfinished_restore import Transaction, creation, is_committed, note_transaction, remove_note
from restore.checks import refuse_servers
from restore.statements import EMPTY, PROTECT, checking, ends_transaction

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812

ATTEMPTS = 3
# Seconds for PostgreSQL to notice that a connection was lost.
END_OF_TRANSACTION = 60
# Seconds to see whether the dump of one database does what that of the other has failed at.
END_OF_DUMP = 10

UNCHANGED = "is as it was"
REPLACED = "is replaced by that of the backup"
UNKNOWN = "may be replaced by that of the backup"


class Uncommitted(Exception):  # noqa: N818 - it is about the database, not about the program
    """A database is as it was: why."""


class Replacement:
    """A database that is the backup's in a transaction, once that is committed."""

    def __init__(
        self,
        settings: Settings,
        client: PostgresqlClient,
        label: str,
        entry: DatabaseEntry,
        dump: str,
        counted: Mapping[str, int],
    ) -> None:
        self.settings, self.label, self.entry, self.counted = settings, label, entry, counted
        self.database = settings.databases[label]
        self.where = f"{label} database {self.database!r}"
        prologue, epilogue = client.path(f"{label}.prologue"), client.path(f"{label}.epilogue")
        write_whole(prologue, PROTECT + EMPTY)
        write_whole(epilogue, checking(entry["schema"], counted))
        self.is_checked = False
        self.request = client.start("restore", database=self.database, file=dump, prologue=prologue, epilogue=epilogue)

    def check(self) -> None:
        """Wait until all of it is there, and compare it with what the manifest says."""
        self.compare()
        if self.ends_transaction():
            raise Failure(
                ExitCode.RESTORE_FAILED, f"{self.where}: the dump ends the transaction that it is restored in"
            )
        self.is_checked = True

    def ends_transaction(self) -> bool:
        """Whether the dump, which psql reads as it is, may have ended the transaction that was to replace all of it.

        Then a failure undoes only a part.
        """
        return any(map(ends_transaction, self.request.statements()))

    def has_changed(self) -> bool:
        """Whether a database that was not checked may be changed all the same."""
        if self.is_checked:
            return False
        self.request.wait_a_while(END_OF_DUMP)
        return self.ends_transaction()

    def compare(self) -> None:
        """Compare what is there, once it is, with what the manifest says."""
        try:
            found = self.request.wait_until_ready()
        except ProgramError as error:
            raise Failure(ExitCode.RESTORE_FAILED, f"{self.where}: {error}") from error
        try:
            [self.transaction] = [Transaction(int(row[1]), int(row[2])) for row in found if row[0] == "transaction"]
        except (ValueError, IndexError) as error:  # of a file that was cut off
            message = f"{self.where}: what psql found cannot be read ({self.settings.work} may be full)"
            raise Failure(ExitCode.RESTORE_FAILED, message) from error
        revisions = {row[1]: row[2] for row in found if row[0] == "schema"}
        if revisions != self.entry["schema"]:
            message = f"{self.where} would be at revisions {revisions}, and the backup has {self.entry['schema']}"
            raise Failure(ExitCode.RESTORE_FAILED, message)
        # The name of a table may contain what separates the fields.
        rows = {"|".join(row[1:-1]): int(row[-1]) for row in found if row[0] == "rows"}
        if rows != self.counted:
            differing = [table for table, count in self.counted.items() if rows.get(table) != count]
            ours = ", ".join(f"{rows.get(table, 'no')} {table}" for table in differing)
            theirs = ", ".join(f"{self.counted[table]} {table}" for table in differing)
            message = f"{self.where} would contain {ours}, and the backup has {theirs}"
            raise Failure(ExitCode.RESTORE_FAILED, message)

    def decide(self, note: str = "") -> None:
        """Prepare its commit, with a note for other programs."""
        try:
            self.request.decide(f"{note}COMMIT;\n")
        except ProgramError as error:  # of a full volume
            message = f"{self.where}: {error} (raise {self.settings.space})"
            raise Failure(ExitCode.RESTORE_FAILED, message) from error

    def commit(self) -> None:
        """Commit it as decided. Raises Uncommitted if it is as it was."""
        try:
            self.request.finish()
        except (ProgramError, Failure) as error:  # whether it was committed is not known from this
            if not self.has_committed():
                raise Uncommitted(f"{self.where}: {error}") from error
        counts = ", ".join(f"{count} {table}" for table, count in self.entry["rows"].items())
        log(f"{self.where}: {counts}; schema {' '.join(self.entry['schema'].values())}")

    def has_committed(self) -> bool:
        """Ask PostgreSQL how the transaction ended, on another connection."""
        with contextlib.closing(postgresql.connect(self.database, self.settings.connect)) as connection:
            wait = Wait(f"the end of the transaction in {self.where}", END_OF_TRANSACTION)
            while (committed := is_committed(connection, self.transaction.number)) is None:
                if wait.is_over():
                    message = f"{self.where}: PostgreSQL does not end the transaction of a lost connection"
                    raise Failure(ExitCode.DATABASE_UNREACHABLE, message)
                postgresql.query(connection, "SELECT pg_terminate_backend(%s)", (self.transaction.process,))
                wait.again("its connection was lost")
            return committed


class Replacing:
    """Replaces all databases of an environment, and knows which ones are replaced."""

    def __init__(
        self, settings: Settings, client: PostgresqlClient, name: str, manifest: Manifest, dumps: Mapping[str, str]
    ) -> None:
        self.settings, self.client, self.name, self.manifest, self.dumps = settings, client, name, manifest, dumps
        # The users' first: should the second fail, no user has a grant for what does not exist yet.
        self.states = dict.fromkeys(sorted(settings.databases), UNCHANGED)
        self.begun: list[Replacement] = []

    def run(self, locks: Connection) -> None:
        """Replace them, under the locks of maintenance and of preparations."""
        replacements = [self.load(label) for label in self.states]
        for each in replacements:
            each.check()
        first, *others = replacements
        # All before the first commit, after which a full volume must not keep the other from its own.
        first.decide("".join(creation(self.name, each.transaction) for each in others))
        for each in others:
            each.decide()
        self.check_again(locks, replacements)
        # From here on, to stop would be to replace one alone.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        self.commit(first)
        for each in others:
            try:
                self.commit(each)
            except Failure as failure:
                if self.states[each.label] != UNCHANGED:
                    raise
                log(f"{failure}; trying again")
                # They may have been lost with the other connection.
                locks.close()
                self.repeat(each.label)
            self.remove_note()

    def load(self, label: str) -> Replacement:
        """Begin to replace a database."""
        entry = self.manifest["databases"][label]
        dump = self.dumps[entry["file"]]
        self.begun.append(Replacement(self.settings, self.client, label, entry, dump, entry["rows"]))
        return self.begun[-1]

    def check_again(self, locks: Connection, replacements: list[Replacement]) -> None:
        """Right before the commits, everything that must be so still is."""
        check_locks(locks)
        refuse_servers(postgresql.connected_applications(locks, self.settings.databases.values()))
        for each in replacements:
            if is_committed(locks, each.transaction.number) is not None:
                message = f"{each.where}: the connection that was to replace it was terminated"
                raise Failure(ExitCode.RESTORE_FAILED, message)

    def commit(self, each: Replacement) -> None:
        """Commit one, and note its state."""
        self.states[each.label] = UNKNOWN
        try:
            each.commit()
        except Uncommitted as error:
            self.states[each.label] = UNCHANGED
            raise Failure(ExitCode.RESTORE_FAILED, str(error)) from error
        self.states[each.label] = REPLACED

    def repeat(self, label: str) -> None:
        """Replace the second database from the beginning, because the first is replaced already."""
        for left in reversed(range(ATTEMPTS)):
            try:
                with job.maintenance_lock(self.settings) as locks:
                    PREPARATION.acquire(locks, self.settings.connect.timeout)
                    each = self.load(label)
                    each.check()
                    each.decide()
                    with contextlib.closing(self.connect_auth()) as auth:
                        note_transaction(auth, each.transaction)
                    self.check_again(locks, [each])
                    return self.commit(each)
            except Exception as error:
                failure = explain(error, (postgresql.explain,))
                if not left or self.states[label] != UNCHANGED:
                    raise failure from error
                log(f"{failure}; trying again")
        return None

    def remove_note(self) -> None:
        """Remove what would keep servers away, now that both are replaced."""
        from psycopg2 import Error

        for _ in range(ATTEMPTS):
            with contextlib.suppress(Error, Failure), contextlib.closing(self.connect_auth()) as auth:
                return remove_note(auth)
        log("warning: a note of this restore stays in the auth database; the next start of a pod removes it")
        return None

    def connect_auth(self) -> Connection:
        """A connection to the database that has the note."""
        return postgresql.connect(self.settings.databases["auth"], self.settings.connect)

    def failure(self, error: Exception) -> Failure:
        """What a restore ends with: why, and which databases are replaced."""
        failure = explain(error, (postgresql.explain,))
        advice = f"run the restore again with BACKUP={self.name}; until then, no server starts and no backup is made"
        if set(self.states.values()) <= {UNCHANGED}:
            changed = [each.label for each in self.begun if each.has_changed()]
            self.states.update(dict.fromkeys(changed, UNKNOWN))
            advice = "the dump is not what pg_dump writes: start no server before another backup is restored"
        states = "; ".join(
            f"{label} database {self.settings.databases[label]!r} {state}" for label, state in self.states.items()
        )
        if set(self.states.values()) <= {UNCHANGED}:
            return Failure(failure.code, f"{failure}; {states}")
        return Failure(ExitCode.RESTORE_UNFINISHED, f"{failure}; {states} ({advice})")
