"""Restore both databases from a backup, and the artifacts when they are part of it.

Takes the newest complete backup or the one that BACKUP names; with BACKUP=list it only says which there are. Everything is
checked before anything is changed: sizes and SHA-256 of the dumps, the release, that no server is connected, and that the
databases are empty (or OVERWRITE=true). Each database is replaced in one transaction: it is the backup's afterwards, or as it was.
"""

import os
import sys
from importlib import metadata

import backup_artifacts
import prepare
from backup_common import PostgresqlClient, amount, complete_backups, connections, databases_of, end, heads_of, rows, tables_of
from backup_store import Bucket, Checked, Damaged, open_store
from program import Failure, Wait, say

# All that MLflow's role has made in the schema where MLflow keeps everything; not what belongs to an extension, nor the
# sequences that belong to a column and go with it.
EMPTY = """
SET client_min_messages = warning;
SET lock_timeout = '60s';
DO $do$
DECLARE each text;
BEGIN
  FOR each IN
    SELECT format('DROP %s IF EXISTS public.%I CASCADE', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
             WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, relname)
      FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
       AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype IN ('e', 'a', 'i') AND (deptype = 'e' OR relkind = 'S'))
    UNION ALL
    SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure)
      FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')
    UNION ALL
    SELECT format('DROP TYPE IF EXISTS public.%I CASCADE', typname)
      FROM pg_type t WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
       AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_type'::regclass AND objid = t.oid AND deptype = 'e')
  LOOP
    EXECUTE each;
  END LOOP;
END
$do$;
"""


def restore(settings):
    store = open_store(settings)
    backups = complete_backups(store)
    if settings.backup == "list":
        say(f"{len(backups)} complete backups in {store.where}")
        for name, manifest in backups.items():
            say(f"  {name}: {summary(manifest)}")
        return
    name = choose(settings, store, backups)
    manifest = backups[name]
    say(f"restoring {name} from {store.where}: {summary(manifest)}")
    check_databases(settings, manifest)
    check_release(manifest)
    dumps, entries = check_files(settings, store, name, manifest)
    with connections(settings) as opened:
        client = PostgresqlClient(settings)
        client.check_version(opened["tracking"])
        # A pod that starts now would make a schema in the databases that are about to be replaced.
        prepare.take_lock(opened["tracking"], settings.timeout)
        check_servers(opened, settings)
        check_target(opened, settings)
        bucket = entries is not None and Bucket(settings.artifacts, "s3")
        if bucket:  # before the databases: it may refuse, and what it adds is in nobody's way
            if settings.create_bucket:
                bucket.make_sure()
            put, others = backup_artifacts.copy_back(store, bucket, entries, settings.overwrite)
            say(f"artifacts: {put} of {len(entries)} objects put into {bucket.where}, the others were there")
            if others:
                say(f"artifacts: {others} objects of the bucket are not in the backup and stay")
        replace(settings, client, opened, manifest, dumps)
    say(f"done: {name} is restored; start the servers")


# --- checks --------------------------------------------------------------------------------------------------

def choose(settings, store, backups):
    if settings.backup == "latest" and backups:
        return list(backups)[-1]
    if settings.backup in backups:
        return settings.backup
    there = f"there are {', '.join(list(backups)[-10:])}" if backups else "there is none"
    wanted = "no complete backup" if settings.backup == "latest" else f"no complete backup {settings.backup!r}"
    raise Failure("backup-missing", f"{wanted} in {store.where}: {there}")


def check_databases(settings, manifest):
    ours, theirs = sorted(databases_of(settings)), sorted(manifest["databases"])
    if ours != theirs:
        raise Failure("configuration", f"the backup holds the databases {' and '.join(theirs)}, and the environment has {' and '.join(ours)}; "
                      "set auth.enabled and database.authName as they were")


def check_release(manifest):
    """An older release does not know the schema; a newer one upgrades it at the next start of a pod."""
    from packaging.version import Version
    release = metadata.version("mlflow")
    if Version(release) < Version(manifest["mlflow"]):
        raise Failure("release-older", f"the backup is of MLflow {manifest['mlflow']}, and this image has {release}; use an image of {manifest['mlflow']} or newer")


def check_files(settings, store, name, manifest):
    """Paths of the dumps, and the index of the artifacts when they are to be restored."""
    dumps, there = {}, store.sizes(name)
    wants_artifacts = bool(manifest["artifacts"] and settings.artifacts and settings.with_artifacts)
    for file, expected in manifest["files"].items():
        key = f"{name}/{file}"
        if there.get(key) != expected["size"]:
            raise Failure("backup-damaged", f"{store.where}/{key} has {there.get(key, 'no')} bytes, and its manifest says {expected['size']}; take another backup")
        if file == backup_artifacts.INDEX and not wants_artifacts:
            continue
        path = store.get(key)
        try:
            with open(path, "rb") as stream:
                Checked(stream, expected["size"], expected["sha256"]).drain()
        except Damaged as error:
            raise Failure("backup-damaged", f"{store.where}/{key}: {error}; take another backup") from error
        dumps[file] = path
    say(f"{len(dumps)} files have the sizes and checksums of the manifest")
    if not wants_artifacts:
        say("artifacts stay as they are: " + ("the backup holds none" if not manifest["artifacts"] else
            "ARTIFACTS=false" if settings.artifacts else "backup.artifacts is not set"))
        return dumps, None
    entries = backup_artifacts.read_index(store, name)
    backup_artifacts.check_kept(store, entries)
    return dumps, entries


def check_servers(opened, settings):
    """Servers name themselves in application_name: mlflow-server/RELEASE."""
    wait = Wait("MLflow servers to leave", min(30, settings.timeout))
    while True:
        found = {name for connection in opened.values() for (name,) in rows(
            connection, "SELECT application_name FROM pg_stat_activity WHERE datname = current_database()"
            " AND (application_name = 'mlflow-server' OR application_name LIKE 'mlflow-server/%%')")}
        if not found:
            return
        if wait.is_over():
            raise Failure("servers-connected", f"servers are connected ({', '.join(sorted(found))}); stop them first: kubectl scale deployment --replicas=0")
        wait.again("they are connected")


def check_target(opened, settings):
    there = []
    for label, connection in opened.items():
        if tables := tables_of(connection):
            counted = [table for table in ("experiments", "runs", "registered_models", "users") if table in tables]
            counts = [f"{rows(connection, f'SELECT count(*) FROM {table}')[0][0]} {table.replace('_', ' ')}" for table in counted]
            there.append(f"{label} database {databases_of(settings)[label]!r} holds {len(tables)} tables ({', '.join(counts) or 'none that people fill'})")
    if there and not settings.overwrite:
        raise Failure("target-not-empty", f"{'; '.join(there)}; set OVERWRITE=true to replace all of it")
    for each in there:
        say(f"{each}, which are replaced")


# --- the databases -------------------------------------------------------------------------------------------

def replace(settings, client, opened, manifest, dumps):
    prologue = os.path.join(settings.work, "empty.sql")
    with open(prologue, "w", encoding="utf-8") as file:
        file.write(EMPTY)
    # The users' first: should the second fail, nobody has a grant for what is not there yet.
    for label in sorted(opened):
        database, of_backup = databases_of(settings)[label], manifest["databases"][label]
        try:
            client.ask("restore", database=database, file=dumps[of_backup["file"]], prologue=prologue)
        except RuntimeError as error:
            raise Failure("restore-failed", f"{label} database {database!r} is as it was: {error}") from error
        heads = heads_of(opened[label])
        if heads != of_backup["schema"]:
            raise Failure("restore-failed", f"{label} database {database!r} is at revisions {heads}, and the backup has {of_backup['schema']}")
        counts = {table: rows(opened[label], f"SELECT count(*) FROM {table}")[0][0] for table in of_backup["rows"]}
        if counts != of_backup["rows"]:
            raise Failure("restore-failed", f"{label} database {database!r} holds {counts}, and the backup has {of_backup['rows']}")
        say(f"{label} database {database!r}: {', '.join(f'{count} {table}' for table, count in counts.items())}; schema {' '.join(heads.values())}")


def summary(manifest):
    counts = {table: count for each in manifest["databases"].values() for table, count in each["rows"].items()}
    artifacts = manifest["artifacts"]
    kept = f"{artifacts['objects']} artifacts ({amount(artifacts['bytes'])})" if artifacts else "no artifacts"
    return f"MLflow {manifest['mlflow']}, {', '.join(f'{count} {table}' for table, count in counts.items())}, {kept}"


if __name__ == "__main__":
    sys.exit(end("restore", restore))
