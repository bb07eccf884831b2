"""Back up both databases, and the artifacts when they are part of it, then remove what is too old.

A backup is a folder, named by time and release, that is complete when its manifest is there, which is written last.
Until then a restore does not see it, and the next backup removes it.

The two databases are dumped as they were at nearly one moment: the snapshot of the users' is taken first, that of the experiments'
some milliseconds later, and the dumps read from these. What a server writes in between is in the second alone: an experiment
without the grant for its maker, never a grant for an experiment that is not there, whose number another would
get. Artifacts follow the dumps: a row is written after its artifact, so what the dumps name is there, unless somebody deletes it.
"""

import contextlib
import datetime
import io
import json
import sys
import time
from importlib import metadata

import backup_artifacts
import prepare
from backup_checks import check_schema, holds_much_less, own_heads
from backup_common import (MANIFEST, NAME, PostgresqlClient, amount, complete_backups, connections, databases_of, end, heads_of, read_manifest, rows,
                           tables_of)
from backup_store import Bucket, Checked, open_store
from program import Failure, say


def backup(settings):
    store = open_store(settings)
    with connections(settings) as opened:
        client = PostgresqlClient(settings)
        server = client.check_version(opened["tracking"])
        existing = complete_backups(store)
        check_owner(settings, store, existing)
        unreadable = remove_incomplete(store, existing)
        name = new_name(existing)
        say(f"backup {name} of PostgreSQL {server} to {store.where}")
        try:
            manifest = make(settings, store, client, opened, name, existing)
        except BaseException:
            # As little as possible stays on a full volume. When this fails too, the next backup removes it.
            with contextlib.suppress(Exception):
                store.remove_folder(name)
            raise
        existing[name] = manifest
        say(f"backup {name} is complete: {describe_manifest(manifest)}")
        if holds_much_less(existing):
            say("warning: nothing is removed by backup.retention, since this backup holds less than half of the experiments and runs of an older "
                "one: were they lost, the good backups would go next (docs/restore.md, Retention)")
        else:
            retain(settings, store, existing, unreadable)
    say("done")


def make(settings, store, client, opened, name, existing):
    started = datetime.datetime.now(datetime.timezone.utc)
    databases, files = dump(settings, store, client, opened, name)
    artifacts = None
    if settings.artifacts:
        entries, counts = backup_artifacts.copy_out(Bucket(settings.artifacts, "s3"), store, newest(existing, with_artifacts=True))
        files[backup_artifacts.INDEX] = backup_artifacts.write_index(store, name, entries)
        artifacts = {"bucket": settings.artifacts.bucket, "prefix": settings.artifacts.prefix, "objects": len(entries),
                     "bytes": sum(entry["size"] for entry in entries)}
        say(f"artifacts: {counts['copied']} of {len(entries)} objects copied ({amount(counts['bytes'])}), the others were kept already")
        if counts["gone"]:
            say(f"warning: {counts['gone']} artifacts were deleted while they were copied")
    manifest = {
        "format": 1,
        "name": name,
        "instance": settings.instance,
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "mlflow": metadata.version("mlflow"),
        "postgresql": rows(opened["tracking"], "SHOW server_version")[0][0],
        "program": client.version,
        "databases": databases,
        "artifacts": artifacts,
        "files": files,
        # Somebody looked, and what is fewer is meant to be.
        "accepted": settings.accept_fewer,
    }
    data = json.dumps(manifest, indent=2).encode() + b"\n"
    store.write(f"{name}/{MANIFEST}", io.BytesIO(data), len(data))
    if read_manifest(store, name) != json.loads(data):
        raise Failure("store-other", f"{store.where}: the manifest of {name} does not read back as it was written")
    return manifest


# --- dumps ---------------------------------------------------------------------------------------------------

def dump(settings, store, client, opened, name):
    """What the manifest says of each database, and of each file."""
    databases, files, heads_of_image = {}, {}, own_heads()
    snapshots = take_snapshots(settings, opened)
    check_schema(settings, heads_of_image, {label: heads for label, (_, heads, _) in snapshots.items()})
    for label, (snapshot, heads, counts) in snapshots.items():
        file, key = f"{label}.dump", f"{name}/{label}.dump"
        path, started = store.place_for(key), time.monotonic()
        try:
            client.ask("dump", database=databases_of(settings)[label], file=path, snapshot=snapshot)
            with open(path, "rb") as stream:
                checked = Checked(stream).drain()
        except RuntimeError as error:
            raise dump_failure(store, databases_of(settings)[label], str(error)) from error
        store.put(key, path)
        files[file] = {"size": checked.count, "sha256": checked.sha256}
        databases[label] = {"database": databases_of(settings)[label], "file": file, "schema": heads, "rows": counts}
        opened[label].cursor().execute("COMMIT")
        say(f"{label} database {databases_of(settings)[label]!r}: {amount(checked.count)} in {time.monotonic() - started:.1f} s")
    return databases, files


def take_snapshots(settings, opened):
    """The snapshot of each database, with its revisions and the number of its rows, the users' first.

    A pod that prepares could change a schema between the snapshot and the dump. Its lock keeps it off until all tables
    are locked as any reader does: then a change waits for the dump, and servers notice nothing.
    """
    prepare.take_lock(opened["tracking"], settings.timeout)
    tables = {label: tables_of(connection) for label, connection in opened.items()}
    for label, names in tables.items():
        if "alembic_version" not in names and "alembic_version_auth" not in names:
            raise Failure("database-missing", f"database {databases_of(settings)[label]!r} holds no schema of MLflow; nothing is backed up, and older backups stay")
        connection = opened[label]
        connection.cursor().execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        # A change of a table that waits, or takes long, must not hold up everybody behind this.
        connection.cursor().execute(f"SET LOCAL lock_timeout = '{max(1, min(60, settings.timeout))}s'")
        connection.cursor().execute(f"LOCK TABLE {', '.join(quoted(table) for table in names)} IN ACCESS SHARE MODE")
    snapshots = {label: rows(opened[label], "SELECT pg_export_snapshot()")[0][0] for label in sorted(opened)}
    rows(opened["tracking"], "SELECT pg_advisory_unlock(%s)", (prepare.LOCK_KEY,))
    return {label: (snapshot, heads_of(opened[label]), count_rows(opened[label], tables[label])) for label, snapshot in snapshots.items()}


def count_rows(connection, names):
    """For people who look for the right backup."""
    counted = [name for name in ("experiments", "runs", "registered_models", "users") if name in names]
    return {name: rows(connection, f"SELECT count(*) FROM {name}")[0][0] for name in counted}


def quoted(name):
    return '"{}"'.format(name.replace('"', '""'))


def dump_failure(store, database, said):
    if "No space left" in said or "quota exceeded" in said.lower() or "File too large" in said:
        return Failure("store-full", f"no room for the dump of {database!r} in {store.where}: {said} (a larger volume, or fewer backups: backup.retention)")
    if "permission denied" in said:
        return Failure("database-permission", f"database {database!r}: {said}")
    return Failure("dump-failed", f"database {database!r}: {said}")


# --- what is there already -----------------------------------------------------------------------------------

def newest(existing, with_artifacts=False):
    names = [name for name, manifest in existing.items() if manifest["artifacts"] or not with_artifacts]
    return names[-1] if names else None


def new_name(existing):
    """Later in the alphabet than all others, also when two are made in one second or the clock went back."""
    release = metadata.version("mlflow")
    while True:
        name = f"{datetime.datetime.now(datetime.timezone.utc):%Y%m%dT%H%M%SZ}-{release}"
        if not existing or name[:16] > newest(existing)[:16]:
            return name
        late = datetime.datetime.strptime(newest(existing)[:16], "%Y%m%dT%H%M%SZ") - datetime.datetime.strptime(name[:16], "%Y%m%dT%H%M%SZ")
        if late.total_seconds() > 60:
            raise Failure("configuration", f"backup {newest(existing)} is of the future: a clock is wrong, here or where it was made")
        time.sleep(late.total_seconds() + 0.1)


def check_owner(settings, store, existing):
    """Two instances in one folder would remove each other's backups."""
    if existing and existing[newest(existing)].get("instance") != settings.instance:
        raise Failure("configuration", f"{store.where} holds backups of {existing[newest(existing)].get('instance')}, and this is {settings.instance}; "
                      "set backup.destination.prefix to a folder of its own")


def remove_incomplete(store, existing):
    """Removes what a broken off backup left; none can be running, for this one has the lock. Gives the folders with a manifest
    that cannot be read: they were completed once, by this program or by a newer one, and are a person's to judge."""
    unreadable = []
    for name in sorted(store.folders()):
        if not NAME.fullmatch(name) or name in existing:
            continue
        if store.read(f"{name}/{MANIFEST}") is None:
            store.remove_folder(name)
            say(f"removed {name}, which was never completed")
        else:
            unreadable.append(name)
            say(f"warning: {name}/{MANIFEST} cannot be read; the folder stays, and counts as no backup")
    return unreadable


def retain(settings, store, existing, unreadable):
    """Removes backups that are too many or too old, by the newest, which always stays. Only called after a good one."""
    def age(name):
        made = datetime.datetime.strptime(name[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
        return (datetime.datetime.now(datetime.timezone.utc) - made).total_seconds()

    names = list(existing)
    surplus = names[:-settings.retention_count] if settings.retention_count else []
    old = [name for name in names if settings.retention_seconds is not None and age(name) > settings.retention_seconds]
    removed = [name for name in names[:-1] if name in surplus or name in old]
    for name in removed:
        # First what makes it a backup, so that a broken off removal leaves none that lacks something.
        store.remove([f"{name}/{MANIFEST}"])
        store.remove_folder(name)
        say(f"removed {name}, by backup.retention")
    left = [name for name in names if name not in removed]
    if any(existing[name]["artifacts"] for name in removed):
        backup_artifacts.remove_unused(store, [name for name in left if existing[name]["artifacts"]] + unreadable)
    say(f"{len(left)} backups are kept, from {left[0]} to {left[-1]}")


def describe_manifest(manifest):
    sizes = amount(sum(file["size"] for file in manifest["files"].values()))
    artifacts = manifest["artifacts"]
    return f"{len(manifest['databases'])} databases, {sizes}" + (f"; {artifacts['objects']} artifacts, {amount(artifacts['bytes'])}" if artifacts else "")


if __name__ == "__main__":
    sys.exit(end("backup", backup))
