"""What is checked before anything is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from backup import artifacts
from backup.chosen import check_manifest, check_sizes, get_file
from backup.manifest import Manifest
from backup.settings import Settings
from backup.store import Store
from common import postgresql
from common.exit_codes import ExitCode
from common.process import Failure, Wait, log
from common.unfinished_restore import unfinished_restore

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812


def check_files(
    settings: Settings, store: Store, name: str, manifest: Manifest
) -> tuple[dict[str, str], list[artifacts.Entry] | None]:
    """Paths of the dumps, and the index of the artifacts when they are to be restored."""
    check_manifest(f"{store.where}/{name}", manifest)
    dumps: dict[str, str] = {}
    check_sizes(store, name, manifest)
    with_artifacts = bool(manifest["artifacts"] and settings.artifacts and settings.request.with_artifacts)
    for file in manifest["files"]:
        if file != artifacts.INDEX or with_artifacts:
            dumps[file] = get_file(store, name, manifest, file)
    log(f"{len(dumps)} files have the sizes and checksums of the manifest")
    if not with_artifacts:
        reason = "ARTIFACTS=false" if settings.artifacts else "backup.artifacts is not set"
        log(f"artifacts stay as they are: {reason if manifest['artifacts'] else 'the backup contains none'}")
        return dumps, None
    entries = artifacts.read_index(store, name)
    artifacts.check_stored(store, entries)
    return dumps, entries


def check_servers(locks: Connection, settings: Settings) -> None:
    """No server is connected, nor a garbage collection that has lost its lock. A server may take some seconds to leave.

    Servers name themselves in application_name: mlflow-server/RELEASE.
    """
    wait = Wait("MLflow servers to leave", min(30, settings.connect.timeout))
    while found := postgresql.connected_applications(locks, settings.databases.values()):
        if wait.is_over():
            refuse_servers(found)
        wait.again("they are connected")


def refuse_servers(found: Sequence[str]) -> None:
    """Refuse to replace a database that one of these uses."""
    if found:
        message = f"servers are connected ({', '.join(found)}); stop them first: kubectl scale deployment --replicas=0"
        raise Failure(ExitCode.SERVERS_CONNECTED, message)


def check_target(opened: Mapping[str, Connection], settings: Settings, name: str) -> None:
    """The databases are empty, may be overwritten, or were being replaced by this backup already."""
    interrupted = unfinished_restore(opened["auth"]) if "auth" in opened else None
    if interrupted:
        log(f"a restore of {interrupted} was interrupted when one of two databases was replaced")
    full = []
    for label, connection in opened.items():
        if tables := postgresql.tables_of(connection):
            counts = postgresql.count_rows(connection, tables)
            rows = ", ".join(f"{count} {table.replace('_', ' ')}" for table, count in counts.items())
            database = settings.databases[label]
            full.append(
                f"{label} database {database!r} contains {len(tables)} tables ({rows or 'none that people fill'})"
            )
    if full and not settings.request.overwrite and interrupted != name:
        message = f"{'; '.join(full)}; set OVERWRITE=true to replace all of it"
        raise Failure(ExitCode.TARGET_NOT_EMPTY, message)
    for each in full:
        log(f"{each}, which are replaced")
