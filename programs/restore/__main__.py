"""Restore both databases from a backup, and the artifacts when they are part of it: `python -m restore`.

Takes the newest complete backup or the one that BACKUP names; with BACKUP=list it only says which ones exist.
Everything is checked before anything is changed: sizes and SHA-256 of the dumps, the release, that no server is
connected, and that the databases are empty (or OVERWRITE=true). Each database is replaced in one transaction: it is the
backup's afterwards, or as it was.
"""

from __future__ import annotations

import sys

from backup import artifacts, job
from backup.bucket import Bucket
from backup.manifest import complete_backups
from backup.postgresql_client import PostgresqlClient
from backup.settings import Settings
from backup.store import open_store
from common import postgresql
from common.process import log
from restore import checks
from restore.databases import replace


def restore(settings: Settings) -> None:
    """All of it."""
    store = open_store(settings)
    backups = complete_backups(store)
    if settings.request.backup == "list":
        log(f"{len(backups)} complete backups in {store.where}")
        for name, manifest in backups.items():
            log(f"  {name}: {checks.summary(manifest)}")
        return
    name = checks.choose(settings.request.backup, store, backups)
    manifest = backups[name]
    log(f"restoring {name} from {store.where}: {checks.summary(manifest)}")
    checks.check_databases(settings, manifest)
    checks.check_release(manifest)
    dumps, entries = checks.check_files(settings, store, name, manifest)
    with job.connections(settings) as opened:
        client = PostgresqlClient(settings.work, settings.connect.timeout)
        client.check_version(opened["tracking"])
        # A pod that starts now would create a schema in the databases that are about to be replaced.
        postgresql.PREPARATION.acquire(opened["tracking"], settings.connect.timeout)
        checks.check_servers(opened, settings.connect.timeout)
        checks.check_target(opened, settings)
        if entries is not None and settings.artifacts:
            # Before the databases: it may refuse, and what it adds is in nobody's way.
            bucket = Bucket(settings.artifacts)
            if settings.create_bucket:
                bucket.create_if_missing()
            put, others = artifacts.copy_back(store, bucket, entries, overwrite=settings.request.overwrite)
            log(f"artifacts: {put} of {len(entries)} objects put into {bucket.where}, the others existed")
            if others:
                log(f"artifacts: {others} objects of the bucket are not in the backup and stay")
        replace(settings, client, opened, manifest, dumps)
    log(f"done: {name} is restored; start the servers")


if __name__ == "__main__":
    sys.exit(job.run("restore", restore))
