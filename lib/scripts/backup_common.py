"""What backup.py and restore.py share: settings, exit codes, the databases, and the PostgreSQL programs beside them.

Both end as program.py says. Passwords reach the libraries through the environment or as arguments of functions.
"""

import contextlib
import fcntl
import json
import os
import re
import time
import types

import maintenance
import prepare
import program
from program import Failure, Variables, Wait, describe, say

# Where prepare.py has the same failure, the number is the same.
EXIT_CODES = {
    "database-unreachable": 10,
    "database-login": 11,
    "database-missing": 12,     # or it holds no schema of MLflow
    "busy": 13,                 # another backup, restore, garbage collection or preparation runs
    "lock-timeout": 13,         # of a preparation, or of whatever holds a table
    "release-older": 14,        # restore: this image is older than the one that made the backup
    "schema-differs": 14,       # backup: the schema is not that of the image's release
    "servers-connected": 16,    # restore: servers still use the databases
    "database-permission": 18,
    "s3-unreachable": 30,       # the bucket of the artifacts
    "s3-login": 31,
    "s3-bucket-missing": 32,
    "s3-other": 33,
    "s3-full": 34,              # restore: no room for the artifacts
    "dump-failed": 40,
    "client-older": 41,         # pg_dump is older than the server
    "client-missing": 42,       # the container with the PostgreSQL programs did not start
    "client-ended": 43,         # it was ended
    "restore-failed": 44,
    "store-full": 50,           # where backups are kept
    "store-unreachable": 51,
    "store-login": 52,
    "store-bucket-missing": 53,
    "store-other": 54,
    "backup-missing": 60,       # restore: none of this name, or none at all, is complete
    "backup-damaged": 61,       # restore: sizes or checksums differ
    "target-not-empty": 62,     # restore: there is something that it would replace
    "configuration": 64,
    "unexpected": 70,
}
MANIFEST = "manifest.json"
NAME = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9A-Za-z][0-9A-Za-z.+]*")


# --- settings ------------------------------------------------------------------------------------------------

def read_settings(environment):
    """All variables at once, so that one message names all faults in them. An empty one counts as not set."""
    variables = Variables(environment)
    text, required, flag, number = variables.text, variables.required, variables.flag, variables.number

    for name in ("PGHOST", "PGUSER", "PGPASSWORD"):
        required(name)
    bucket, artifacts = text("BACKUP_BUCKET"), text("BACKUP_ARTIFACTS_BUCKET")
    settings = types.SimpleNamespace(
        tracking_database=required("BACKUP_TRACKING_DATABASE"),
        auth_database=text("BACKUP_AUTH_DATABASE"),
        instance=text("BACKUP_INSTANCE", "mlflow"),
        work=required("BACKUP_WORK"),
        timeout=number("BACKUP_TIMEOUT", "300"),
        lock_timeout=number("BACKUP_LOCK_TIMEOUT", text("BACKUP_TIMEOUT", "300")),
        login_grace=number("BACKUP_LOGIN_GRACE", "60"),
        maintenance_database=text("BACKUP_MAINTENANCE_DATABASE", "postgres"),
        create_databases=flag("BACKUP_CREATE_DATABASES"),
        retention_count=number("BACKUP_RETENTION_COUNT", "14"),
        retention_seconds=number("BACKUP_RETENTION_SECONDS"),
        # Where backups are kept: a folder, or a folder in a bucket.
        folder=None if bucket else required("BACKUP_FOLDER"),
        store=bucket and types.SimpleNamespace(
            bucket=bucket,
            prefix=text("BACKUP_PREFIX", ""),
            endpoint=text("BACKUP_S3_ENDPOINT_URL"),
            region=text("BACKUP_AWS_DEFAULT_REGION"),
            addressing=text("BACKUP_S3_ADDRESSING_STYLE", "auto"),
            access_key=required("BACKUP_AWS_ACCESS_KEY_ID"),
            secret_key=required("BACKUP_AWS_SECRET_ACCESS_KEY"),
            authority=text("BACKUP_AWS_CA_BUNDLE"),
        ),
        # Where artifacts are, when they are part of it.
        artifacts=artifacts and types.SimpleNamespace(
            bucket=artifacts,
            prefix=text("BACKUP_ARTIFACTS_PREFIX", ""),
            endpoint=text("MLFLOW_S3_ENDPOINT_URL"),
            region=text("AWS_DEFAULT_REGION"),
            addressing=text("MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE", "auto"),
            access_key=required("AWS_ACCESS_KEY_ID"),
            secret_key=required("AWS_SECRET_ACCESS_KEY"),
            authority=text("BACKUP_ARTIFACTS_CA_BUNDLE"),
        ),
        create_bucket=flag("BACKUP_CREATE_BUCKET"),
        # What a person asks of a backup,
        accept_fewer=flag("ACCEPT_FEWER"),
        # and of a restore.
        backup=text("BACKUP", "latest"),
        overwrite=flag("OVERWRITE"),
        with_artifacts=flag("ARTIFACTS", "true"),
    )
    variables.check()
    return settings


# --- databases -----------------------------------------------------------------------------------------------

def databases_of(settings):
    """Label and name of each database. One that holds both schemas is there once."""
    names = {"tracking": settings.tracking_database}
    if settings.auth_database and settings.auth_database != settings.tracking_database:
        names["auth"] = settings.auth_database
    return names


@contextlib.contextmanager
def connections(settings):
    """A connection to each database, and the lock of maintenance on the first."""
    with contextlib.ExitStack() as stack:
        opened = {}
        for label, name in databases_of(settings).items():
            opened[label] = stack.enter_context(contextlib.closing(prepare.open_database(settings, name, settings.create_databases)))
            opened[label].cursor().execute("SET idle_in_transaction_session_timeout = 0")
        if not maintenance.take_lock(opened["tracking"], settings.lock_timeout, say):
            raise Failure("busy", f"another backup, a restore or a garbage collection ran for all of {settings.lock_timeout} s; try again later")
        yield opened


def rows(connection, statement, values=None):
    cursor = connection.cursor()
    cursor.execute(statement, values)
    return cursor.fetchall()


def tables_of(connection):
    return [name for (name,) in rows(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]


def heads_of(connection):
    """The revisions that the schemas of a database are at, by the table that notes them."""
    noted = [table for table in ("alembic_version", "alembic_version_auth") if table in tables_of(connection)]
    return {table: revision for table in noted for (revision,) in rows(connection, f"SELECT version_num FROM {table}")}


# --- the PostgreSQL programs in the container beside this one ------------------------------------------------

class PostgresqlClient:
    """Has postgresql-client.sh do what this image has no program for."""

    def __init__(self, settings):
        self.work, self.patience, self.count = settings.work, settings.timeout, 0

        wait = Wait("the container with PostgreSQL's programs", self.patience)
        while not os.path.exists(self.path("client.started")):
            if wait.is_over():
                raise Failure("client-missing", f"the container with pg_dump did not start within {self.patience} s; look at the pod's "
                              "events, and at backup.image")
            wait.again("not started yet")
        said = self.path("version")
        self.ask("version", file=said)
        with open(said, encoding="utf-8") as file:
            self.version = file.read().strip()  # as in "pg_dump (PostgreSQL) 17.11 (Debian 17.11-1.pgdg13+1)"

    def path(self, name):
        return os.path.join(self.work, name)

    def check_version(self, connection):
        [(server,)] = rows(connection, "SHOW server_version")
        ours, theirs = (int(re.search(r"(\d+)(\.| |$)", text).group(1)) for text in (self.version, server))
        if ours < theirs:
            raise Failure("client-older", f"PostgreSQL is {server}, which {self.version} cannot dump; set backup.image to a PostgreSQL image of {theirs} or newer")
        return server

    def ask(self, operation, database="", file="", snapshot="", prologue=""):
        """Runs one operation to its end. A failure is RuntimeError with what the program said."""
        self.count += 1
        request = self.path(f"{self.count}.request")
        with open(f"{request}.partial", "w", encoding="utf-8") as partial:
            partial.write("".join(f"{line}\n" for line in (operation, database, file, snapshot, prologue)))
        os.rename(f"{request}.partial", request)
        while not os.path.exists(f"{request}.answer"):
            if self.has_ended() and not os.path.exists(f"{request}.answer"):
                raise Failure("client-ended", "the container with PostgreSQL's programs was ended; look at its last state (memory?)")
            time.sleep(0.1)
        with open(f"{request}.answer", encoding="ascii") as answer, open(f"{request}.errors", encoding="utf-8", errors="replace") as errors:
            code, said = int(answer.read()), describe(errors.read()[-500:])
        if code:
            raise RuntimeError(said or f"exit code {code}")

    def has_ended(self):
        with open(self.path("client.lock"), "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                return False


# --- backups -------------------------------------------------------------------------------------------------

def read_manifest(store, name):
    """What a backup says of itself, or None when it is not complete: the manifest is written last."""
    if not NAME.fullmatch(name):
        return None
    text = store.read(f"{name}/{MANIFEST}")
    try:
        manifest = json.loads(text) if text else None
        return manifest if manifest["format"] == 1 and manifest["files"] else None
    except (ValueError, TypeError, KeyError):
        return None


def complete_backups(store):
    """Name and manifest of each complete backup, the oldest first."""
    found = ((name, read_manifest(store, name)) for name in sorted(store.folders()))
    return {name: manifest for name, manifest in found if manifest}


def amount(size):
    return f"{size / 2**20:.1f} MiB" if size < 2**30 else f"{size / 2**30:.1f} GiB"


# --- the end -------------------------------------------------------------------------------------------------

def show_life():
    """A lock for as long as this program lives, by which the other container knows when there is nothing more to do."""
    work = os.environ.get("BACKUP_WORK", "")
    with contextlib.suppress(OSError):
        lock = open(os.path.join(work, "program.lock"), "w")
        fcntl.flock(lock, fcntl.LOCK_EX)
        open(os.path.join(work, "program.started"), "w").close()
        return lock


def end(name, work):
    """Runs the work and turns what becomes of it into an exit code."""
    life = show_life()  # noqa: F841 - held until this returns
    return program.end(name, lambda: work(read_settings(os.environ)), EXIT_CODES)
