"""Restore both databases from a backup, and the artifacts when they are part of it: `python -m restore`.

Takes the newest complete backup or the one that BACKUP names; with BACKUP=list it only says which ones exist.
Everything is checked before anything is changed: sizes and SHA-256 of the dumps, the release, that no server is
connected, and that the databases are empty (or OVERWRITE=true). Both databases are the backup's afterwards, or as they
were; restore.databases says how.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from backup import artifacts, chosen, job
from backup.inventory import take_inventory
from backup.postgresql_client import PostgresqlClient
from backup.settings import Settings
from backup.source import Source, open_source
from backup.store import Store, open_store
from common.locks import PREPARATION, check_locks
from common.process import log
from restore import checks
from restore.databases import Replacing


def restore(settings: Settings) -> None:
    """All of it."""
    store = open_store(settings)
    inventory = take_inventory(store, settings.instance)
    backups = inventory.restorable
    if settings.request.backup == "list":
        log(f"{len(backups)} complete backups in {store.where}")
        for name, manifest in backups.items():
            log(f"  {name}: {chosen.summary(manifest)}")
        inventory.warn()
        return
    inventory.warn()
    name = chosen.choose(settings.request.backup, store, inventory)
    manifest = (inventory.own | inventory.others)[name]
    log(f"restoring {name} from {store.where}: {chosen.summary(manifest)}")
    chosen.check_databases(settings, manifest)
    chosen.check_release(manifest)
    dumps, entries = checks.check_files(settings, store, name, manifest)
    client = PostgresqlClient(settings.work, settings.connect.timeout)
    replacing = Replacing(settings, client, name, manifest, dumps)
    try:
        with job.maintenance_lock(settings) as locks:
            client.check_version(locks)
            # A pod that starts now would create a schema in the databases that are about to be replaced.
            PREPARATION.acquire(locks, settings.connect.timeout)
            checks.check_servers(locks, settings)
            with job.connections(settings) as opened:
                checks.check_target(opened, settings, name)
            if entries is not None and settings.artifacts:
                restore_artifacts(settings, open_source(settings.artifacts), store, entries)
                check_locks(locks)
            replacing.run(locks)
    except Exception as error:
        raise replacing.failure(error) from error
    log(f"done: {name} is restored; start the servers")


def restore_artifacts(settings: Settings, target: Source, store: Store, entries: Sequence[artifacts.Entry]) -> None:
    """Before the databases: it may refuse, and what it adds changes nothing."""
    if settings.create_bucket:
        target.create_if_missing()
    put, others = artifacts.copy_back(store, target, entries, overwrite=settings.request.overwrite)
    log(f"artifacts: {put} of {len(entries)} objects put into {target.where}, the others existed")
    if others:
        log(f"artifacts: {others} objects in {target.where} are not in the backup and stay")


if __name__ == "__main__":
    sys.exit(job.run("restore", restore))
