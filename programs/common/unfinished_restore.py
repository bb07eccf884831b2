"""The note of a restore that has replaced one of two databases and not yet the other.

PostgreSQL has no transaction over two databases. The one that replaces the users' database writes this note into it, so
both appear at once; the note names the transaction that replaces the tracking database, whose fate PostgreSQL knows. As
long as that one is not committed, the two databases do not belong together: no server may use them, and no backup may
contain them. The restore removes the note when both are replaced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.exit_codes import ExitCode
from common.postgresql import BACKED_UP_SCHEMA, query
from common.process import Failure, log

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812

TABLE = f"{BACKED_UP_SCHEMA}.mlflow_unfinished_restore"


@dataclass(frozen=True)
class Transaction:
    """A transaction of a restore, by its number in PostgreSQL's cluster, and the process that runs it."""

    number: int
    process: int


def creation(backup: str, tracking: Transaction) -> str:
    """The statement that writes the note. The name of a backup has no character that SQL reads otherwise."""
    return f"CREATE TABLE {TABLE} AS SELECT '{backup}'::text AS backup, {tracking.number} AS transaction;\n"


def note_transaction(auth: Connection, tracking: Transaction) -> None:
    """Change the note before another attempt to replace the tracking database is committed."""
    auth.cursor().execute(f"UPDATE {TABLE} SET transaction = %s", (tracking.number,))


def remove_note(auth: Connection) -> None:
    """Both databases are replaced."""
    auth.cursor().execute(f"DROP TABLE IF EXISTS {TABLE}")


def is_committed(connection: Connection, number: int) -> bool | None:
    """Whether a transaction was committed; None while it is open."""
    from psycopg2 import errors

    try:
        [(status,)] = query(connection, "SELECT txid_status(%s)", (number,))
    except errors.InvalidParameterValue:  # none has this number yet: the note is of another cluster
        return False
    return None if status == "in progress" else status == "committed"


def unfinished_restore(auth: Connection) -> str | None:
    """The backup whose restore has replaced the users' database alone. A note that is no longer true is removed."""
    if query(auth, "SELECT to_regclass(%s)", (TABLE,)) == [(None,)]:
        return None
    [(backup, number)] = query(auth, f"SELECT backup, transaction FROM {TABLE}")
    if not is_committed(auth, number):
        return str(backup)
    log(f"the restore of {backup} had replaced both databases")
    remove_note(auth)
    return None


def require_finished_restore(auth: Connection, database: str) -> None:
    """Refuse two databases that do not belong together."""
    if backup := unfinished_restore(auth):
        message = (
            f"auth database {database!r} is that of backup {backup}, and the tracking database is not: a restore was "
            f"interrupted between the two; run it again with BACKUP={backup}"
        )
        raise Failure(ExitCode.RESTORE_UNFINISHED, message)
