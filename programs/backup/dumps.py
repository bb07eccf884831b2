"""Dumps of both databases, as they were at nearly one moment."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING

from backup.manifest import DatabaseEntry, FileEntry, format_bytes
from backup.new_backup import NewBackup
from backup.postgresql_client import FULL, ProgramError
from backup.settings import Settings
from backup.store import Store
from backup.streams import Checked
from common import postgresql
from common.exit_codes import ExitCode
from common.locks import PREPARATION
from common.postgresql import query, quote_identifier
from common.process import Failure, log
from common.schema_heads import VERSION_TABLES, noted_revisions, release_revisions
from common.unfinished_restore import require_finished_restore

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812


@dataclass(frozen=True)
class Snapshot:
    """What a dump reads from, with the revisions of its schemas by table, and what it contains."""

    name: str
    revisions: dict[str, str]
    # The rows that people look for, and those of all tables.
    rows: dict[str, int]
    tables: dict[str, int]
    # The size of the database.
    bytes: int


def dump(new: NewBackup) -> tuple[dict[str, DatabaseEntry], dict[str, FileEntry]]:
    """Write the dumps: what the manifest says of each database, and of each file."""
    settings, store = new.settings, new.store
    databases: dict[str, DatabaseEntry] = {}
    files: dict[str, FileEntry] = {}
    heads = {schema: release_revisions(schema).head for schema in ("tracking", "auth")}
    snapshots = take_snapshots(settings, new.locks, new.opened)
    found = {label: snapshot.revisions for label, snapshot in snapshots.items()}
    check_schema(heads, found, has_auth=bool(settings.auth_database))
    for label, snapshot in snapshots.items():
        database, file, started = settings.databases[label], f"{label}.dump", time.monotonic()
        path = store.local_path(f"{new.name}/{file}")
        try:
            new.client.run("dump", database=database, file=path, snapshot=snapshot.name)
        except ProgramError as error:
            raise dump_failure(store, database, str(error)) from error
        with open(path, "rb") as stream:
            checked = Checked(stream).drain()
        store.put(f"{new.name}/{file}", path)
        files[file] = {"size": checked.count, "sha256": checked.sha256}
        databases[label] = {
            "database": database,
            "file": file,
            "schema": snapshot.revisions,
            "rows": snapshot.rows,
            "tables": snapshot.tables,
            "bytes": snapshot.bytes,
        }
        new.opened[label].cursor().execute("COMMIT")
        log(f"{label} database {database!r}: {format_bytes(checked.count)} in {time.monotonic() - started:.1f} s")
    return databases, files


def take_snapshots(settings: Settings, locks: Connection, opened: dict[str, Connection]) -> dict[str, Snapshot]:
    """The snapshot of each database by its label, the users' first.

    A pod that prepares could change a schema between the snapshot and the dump. Its lock keeps it off until all tables
    are locked as any reader does: then a change waits for the dump, and servers notice nothing.
    """
    timeout = settings.connect.timeout
    with PREPARATION.held(locks, timeout):
        if "auth" in opened:
            require_finished_restore(opened["auth"], settings.databases["auth"])
        tables = {label: postgresql.tables_of(connection) for label, connection in opened.items()}
        for label, names in tables.items():
            if not set(VERSION_TABLES) & set(names):
                message = (
                    f"database {settings.databases[label]!r} contains no schema of MLflow; nothing is backed up, and "
                    "older backups stay"
                )
                raise Failure(ExitCode.DATABASE_MISSING, message)
            cursor = opened[label].cursor()
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            # A change of a table that waits, or takes long, must not block the requests behind this.
            cursor.execute(f"SET LOCAL lock_timeout = '{max(1, min(60, timeout))}s'")
            cursor.execute(f"LOCK TABLE {', '.join(quote_identifier(table) for table in names)} IN ACCESS SHARE MODE")
        snapshots = {label: query(opened[label], "SELECT pg_export_snapshot()")[0][0] for label in sorted(opened)}
    return {label: look_at(opened[label], name, tables[label]) for label, name in snapshots.items()}


def look_at(connection: Connection, name: str, tables: Sequence[str]) -> Snapshot:
    """What a database contains, in the transaction that exported the snapshot."""
    return Snapshot(
        name,
        noted_revisions(connection),
        postgresql.count_rows(connection, tables),
        postgresql.count_all_rows(connection, postgresql.own_tables(connection)),
        query(connection, "SELECT pg_database_size(current_database())")[0][0],
    )


def check_schema(heads: dict[str, str], found: dict[str, dict[str, str]], *, has_auth: bool) -> None:
    """Refuse a schema of another release than the image's.

    A backup is named by the image's release, and a restore offers it to that release, which must be able to read it.
    """
    revisions = {"tracking": found["tracking"].get("alembic_version")}
    if has_auth:
        noted = found.get("auth", found["tracking"])
        # Releases before 3.6 note it in a table of the other name, which stays when they are upgraded.
        legacy = noted.get("alembic_version") if "auth" in found else None
        revisions["auth"] = noted.get("alembic_version_auth") or legacy
    for schema, revision in revisions.items():
        if revision != heads[schema]:
            message = (
                f"the {schema} schema is at revision {revision or 'none'}, and MLflow {metadata.version('mlflow')} of "
                f"this image has {heads[schema]}: the backup would be of neither (finish the upgrade, or back up with "
                "the image of the servers)"
            )
            raise Failure(ExitCode.SCHEMA_DIFFERS, message)


def dump_failure(store: Store, database: str, text: str) -> Failure:
    """What an error of pg_dump amounts to."""
    if FULL.search(text):
        message = (
            f"no space for the dump of {database!r} in {store.where}: {text} (a larger volume, or fewer backups: "
            "backup.retention)"
        )
        return Failure(ExitCode.STORE_FULL, message)
    code = ExitCode.DATABASE_PERMISSION if "permission denied" in text else ExitCode.DUMP_FAILED
    return Failure(code, f"database {database!r}: {text}")
