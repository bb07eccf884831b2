"""Restore the newest backup into an empty PostgreSQL of this pod, and compare: `python -m verification`.

Nothing outside of the pod is changed, and the databases of the instance are not used. What a restore checks is checked,
by the same code: sizes and SHA-256 of the dumps, releases, that each dump restores without an error, revisions, rows.
Beyond that: the rows of all tables, and every artifact of the backup.
"""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import replace

from backup import artifacts, chosen, job
from backup.inventory import Inventory, take_inventory
from backup.manifest import Manifest, read_manifest
from backup.postgresql_client import PostgresqlClient
from backup.settings import Settings
from backup.store import Store, open_store
from backup.streams import Unreadable
from common.exit_codes import ExitCode
from common.process import Failure, log
from verification.databases import Server
from verification.objects import check_objects
from verification.references import check_references

# A backup that is removed by retention while it is read is no failure: a newer one exists.
ATTEMPTS = 3


def verify(settings: Settings) -> None:
    """All of it."""
    # A volume is mounted without the right to create the folder.
    if isinstance(settings.destination, str) and not os.path.isdir(settings.destination):
        raise Failure(ExitCode.BACKUP_MISSING, f"no complete backup in {settings.destination}, which does not exist")
    store = open_store(settings)
    server: Server | None = None
    for left in reversed(range(ATTEMPTS)):
        inventory = take_inventory(store, settings.instance)
        inventory.warn()
        name = choose(settings, store, inventory)
        manifest = (inventory.own | inventory.others)[name]
        log(f"verifying {name} from {store.where}: {chosen.summary(manifest)}")
        try:
            chosen.check_databases(settings, manifest)
            chosen.check_release(manifest)
            chosen.check_manifest(f"{store.where}/{name}", manifest)
            chosen.check_sizes(store, name, manifest)
            server = server or start_server(settings)
            verify_backup(settings, store, server, name, manifest)
        except Failure as failure:
            if not left or settings.request.backup != "latest" or not was_removed(store, name):
                raise
            log(f"{failure}: the backup was removed meanwhile, because a newer one exists")
        else:
            return log(f"done: {name} can be restored")
    return None


def choose(settings: Settings, store: Store, inventory: Inventory) -> str:
    """The name of the backup that is verified. One of another instance, only by its name: it proves nothing of ours."""
    wanted = settings.request.backup
    if wanted == "latest" and inventory.others and not inventory.own:
        others = ", ".join(list(inventory.others)[-10:])
        message = (
            f"no complete backup of {settings.instance} in {store.where}: {others} are of other instances "
            "(set BACKUP to the name of one to verify that)"
        )
        raise Failure(ExitCode.BACKUP_MISSING, message)
    return chosen.choose(wanted, store, inventory)


def start_server(settings: Settings) -> Server:
    """The empty PostgreSQL, whose databases are named by their labels."""
    auth = "auth" if "auth" in settings.databases else None
    own = replace(settings, tracking_database="tracking", auth_database=auth)
    return Server(own, PostgresqlClient(settings.work, settings.connect.timeout))


def verify_backup(settings: Settings, store: Store, server: Server, name: str, manifest: Manifest) -> None:
    """Restore the databases, then look at the artifacts."""
    server.check_program(manifest)
    for label in sorted(manifest["databases"]):
        server.restore(store, name, manifest, label)
    copied = manifest["artifacts"]
    if copied is None:
        return log("artifacts: the backup contains none")
    server.get_file(store, name, manifest, artifacts.INDEX)
    entries = artifacts.read_index(store, name)
    check_objects(settings, store, copied, entries)
    return check_references(server, copied, [entry["key"] for entry in entries])


def was_removed(store: Store, name: str) -> bool:
    """Whether retention has removed the backup: the manifest goes first."""
    with contextlib.suppress(Unreadable):
        return read_manifest(store, name) is None
    return False


if __name__ == "__main__":
    sys.exit(job.run("verification", verify, logs_in=False))
