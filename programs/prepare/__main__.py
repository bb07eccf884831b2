"""Prepare everything that an MLflow server needs, before it starts: `python -m prepare`.

Waits for PostgreSQL, creates missing databases if it may, brings the tracking and the auth schema to this release's
head, writes the auth configuration, creates (or re-keys) the accounts of the administrator and of declared users, and
checks the bucket or the volume of the artifacts. Safe when many pods run it at once and when it runs again.

Ends as common.process says. Passwords reach the libraries through the environment (libpq's PG*, boto3's AWS_*), never
through a URI, an argument or a file.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from common import postgresql, process
from common.imports import few_collections, unavailable, without_its_own_code
from common.locks import PREPARATION, check_locks, release_locks
from common.process import log
from common.unfinished_restore import require_finished_restore
from prepare.accounts import prepare_accounts
from prepare.app import check_app
from prepare.auth_config import write_auth_config
from prepare.bucket import check_bucket, open_bucket
from prepare.folder import check_folder
from prepare.foreign_rows import log_foreign_rows
from prepare.logins import check_logins
from prepare.schemas import auth_schema, bring_to_head, tracking_schema
from prepare.settings import Settings, read_settings
from prepare.unchanged import is_unchanged

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812


def prepare_databases(settings: Settings) -> None:
    """Databases, schemas and accounts; the last two under the lock of preparations."""
    create, tracking = settings.create_databases, settings.tracking_database
    with contextlib.closing(postgresql.connect(tracking, settings.connect, create=create)) as connection:
        if settings.auth:
            postgresql.connect(settings.auth.database, settings.connect, create=create).close()
        if settings.app and settings.app.database:
            postgresql.connect(settings.app.database, settings.connect, create=create).close()
        lock_databases(settings, connection)
        if is_unchanged(settings, connection):
            check_locks(connection)
            return
        # Nobody waits while MLflow is imported.
        release_locks(connection)
        import_stores(auth=settings.auth is not None)
        lock_databases(settings, connection)
        schema = tracking_schema(settings)
        for each in [schema] + ([auth_schema(settings, settings.auth)] if settings.auth else []):
            bring_to_head(settings, connection, each)
        if settings.auth:
            prepare_accounts(settings.auth, schema.engine)
        # Otherwise a restore or another release may have changed what was prepared.
        check_locks(connection)


def lock_databases(settings: Settings, connection: Connection) -> None:
    """Take the lock of preparations, on two databases that belong together."""
    PREPARATION.acquire(connection, settings.connect.timeout)
    if settings.auth and settings.auth.database != settings.tracking_database:
        with contextlib.closing(postgresql.connect(settings.auth.database, settings.connect)) as auth:
            require_finished_restore(auth, settings.auth.database)


def import_stores(*, auth: bool) -> None:
    """What MLflow knows of its databases, and not its server, which takes a second."""
    # Migrations and accounts need neither.
    with few_collections(), unavailable("pandas", "pyarrow"):
        import mlflow.store.db.utils

        if auth:
            # Without it the server ends at its start.
            import flask_wtf  # noqa: F401

            without_its_own_code("mlflow.server")
            without_its_own_code("mlflow.server.auth")
            import mlflow.server.auth.sqlalchemy_store  # noqa: F401


def prepare() -> None:
    """All of it, in the order in which a mistake shows soonest."""
    settings = read_settings(os.environ)
    if settings.metrics:
        # Without it the server's processes end at their start, one after the other.
        import prometheus_flask_exporter  # noqa: F401
    if settings.app:
        check_app(settings.app.name)
    if settings.auth:
        check_logins(settings.auth)
        write_auth_config(settings.auth)
    prepare_databases(settings)
    if settings.auth:
        log_foreign_rows(settings)
    if settings.bucket:
        check_bucket(open_bucket(settings.bucket), timeout=settings.connect.timeout, create=settings.create_bucket)
    if settings.folder:
        check_folder(settings.folder)
    log("done")


def main() -> int:
    """Run it as the program "prepare": the exit code."""
    os.environ["PGAPPNAME"] = "mlflow-prepare"
    return process.run("prepare", prepare, postgresql.explain)


if __name__ == "__main__":
    sys.exit(main())
