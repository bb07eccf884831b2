"""Back up both databases, and the artifacts when they are part of it, then remove what is too old: `python -m backup`.

A backup is a folder, named by time and release, that is complete when its manifest exists, which is written last. Until
then a restore does not see it, and the next backup removes it.

The two databases are dumped as they were at nearly one moment: the snapshot of the users' is taken first, that of the
experiments' some milliseconds later, and the dumps read from these. What a server writes in between is in the second
alone: an experiment without the grant for its creator, never a grant for an experiment that does not exist, whose
number another would get. Artifacts follow the dumps: a row is written after its artifact, so what the dumps name
exists, unless someone deletes it.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Mapping
from datetime import timedelta
from importlib import metadata

from backup import artifacts, clocks, job, names, retention
from backup.clocks import Clock
from backup.dumps import dump
from backup.inventory import take_inventory
from backup.manifest import (
    MANIFEST,
    ArtifactsEntry,
    FileEntry,
    Manifest,
    format_bytes,
    read_manifest,
    shrank_suspiciously,
)
from backup.new_backup import NewBackup
from backup.postgresql_client import PostgresqlClient
from backup.settings import Settings
from backup.source import location_of, open_source
from backup.store import Store, open_store
from backup.streams import Unreadable
from common.exit_codes import ExitCode
from common.locks import check_locks
from common.postgresql import query
from common.process import Failure, log


def backup(settings: Settings) -> None:
    """All of it."""
    store = open_store(settings)
    with job.maintenance_lock(settings) as locks, job.connections(settings) as opened:
        client = PostgresqlClient(settings.work, settings.connect.timeout)
        server = client.check_version(opened["tracking"])
        inventory = take_inventory(store, settings.instance)
        existing = inventory.own
        retention.check_owner(settings, store, inventory)
        inventory.warn()
        left = retention.remove_incomplete(store, inventory)
        interval = timedelta(seconds=settings.retention.interval)
        times = [names.created(each) for each in existing]
        clock = clocks.trusted_clock(clocks.read_clocks(opened["tracking"], store), times, interval)
        name = names.new_name([*existing, *inventory.foreign, *left], clock)
        log(f"backup {name} of PostgreSQL {server} to {store.where}")
        try:
            manifest = create(NewBackup(settings, store, client, locks, opened, name), existing, clock)
        except BaseException:
            # As little as possible stays on a full volume. When this fails too, the next backup removes it.
            with contextlib.suppress(Exception):
                store.remove_folder(name)
            raise
        existing[name] = manifest
        log(f"backup {name} is complete: {describe_manifest(manifest)}")
        if shrank_suspiciously(existing):
            log(
                "warning: nothing is removed by backup.retention, because this backup contains less than half of the "
                "experiments and runs of an older one: if they were lost, the good backups would go next "
                "(docs/backups.md, Retention)"
            )
        else:
            check_locks(locks)
            retention.retain(settings.retention, store, existing, inventory)
    log("done")


def create(new: NewBackup, existing: dict[str, Manifest], clock: Clock) -> Manifest:
    """Write the files of one backup, and its manifest."""
    settings, store = new.settings, new.store
    started = clock.now()
    jump = retention.is_jump(next(reversed(existing), None), new.name, timedelta(seconds=settings.retention.interval))
    databases, files = dump(new)
    copied: ArtifactsEntry | None = None
    if settings.artifacts:
        earlier = next((each for each in reversed(existing) if existing[each]["artifacts"]), None)
        entries, counts = artifacts.copy_out(open_source(settings.artifacts), store, earlier)
        files[artifacts.INDEX] = artifacts.write_index(store, new.name, entries)
        copied = {
            **location_of(settings.artifacts),
            "objects": len(entries),
            "bytes": sum(entry["size"] for entry in entries),
        }
        log(
            f"artifacts: {counts.objects} of {len(entries)} objects copied ({format_bytes(counts.bytes)}), the others "
            "were stored already"
        )
        if counts.gone:
            log(f"warning: {counts.gone} artifacts were deleted while they were copied")
    manifest: Manifest = {
        "format": 1,
        "name": new.name,
        "instance": settings.instance,
        "started": started.isoformat(timespec="seconds"),
        "finished": clock.now().isoformat(timespec="seconds"),
        "mlflow": metadata.version("mlflow"),
        "postgresql": query(new.locks, "SHOW server_version")[0][0],
        "program": new.client.version,
        "databases": databases,
        "artifacts": copied,
        "files": files,
        "accepted": settings.accept_fewer,
        "ahead": names.ahead_of(new.name, existing),
        "jump": jump,
    }
    check_files(store, new.name, files)
    # Without the lock, garbage collection may have removed what the dumps name, or a restore replaced what they are of.
    check_locks(new.locks)
    data = json.dumps(manifest, indent=2).encode() + b"\n"
    store.write(f"{new.name}/{MANIFEST}", io.BytesIO(data), len(data))
    written = None
    with contextlib.suppress(Unreadable):
        written = read_manifest(store, new.name)
    if written != json.loads(data):
        message = f"{store.where}: the manifest of {new.name} does not read back as it was written"
        raise Failure(ExitCode.STORE_OTHER, message)
    return manifest


def check_files(store: Store, name: str, files: Mapping[str, FileEntry]) -> None:
    """Another program, such as a backup of another instance in this folder, may have removed or changed them."""
    stored = store.sizes(name)
    for file, expected in files.items():
        found = stored.get(f"{name}/{file}")
        if found != expected["size"]:
            state = "is missing" if found is None else f"has {found} bytes"
            message = (
                f"{store.where}/{name}/{file} {state}, and {expected['size']} bytes were written: another "
                "program removes or changes files in this folder (give each instance a folder of its own: "
                "backup.destination.prefix)"
            )
            raise Failure(ExitCode.STORE_OTHER, message)


def describe_manifest(manifest: Manifest) -> str:
    """What people should know of a new backup."""
    sizes = format_bytes(sum(file["size"] for file in manifest["files"].values()))
    copied = manifest["artifacts"]
    more = f"; {copied['objects']} artifacts, {format_bytes(copied['bytes'])}" if copied else ""
    return f"{len(manifest['databases'])} databases, {sizes}{more}"


if __name__ == "__main__":
    sys.exit(job.run("backup", backup))
