"""MLflow's two schemas: where they are, and how to bring them to the release's head."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any

from common import postgresql
from common.exit_codes import ExitCode
from common.process import Failure, Wait, describe, log
from common.schema_heads import Revisions, migrations_folder, release_revisions
from prepare import roles
from prepare.settings import Auth, Settings

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812
    from sqlalchemy.engine import Engine


@dataclass(frozen=True)
class Schema:
    """One of the two schemas: where it is, and how this release of MLflow creates or upgrades it."""

    label: str
    database: str
    engine: Engine
    revisions: Revisions
    version_table: str
    is_empty: bool
    upgrade: Callable[[Engine], Any]

    @property
    def where(self) -> str:
        """Which schema it is, for messages."""
        return f"{self.label} database {self.database!r}"

    def revision(self) -> str | None:
        """The revision that the database is at."""
        from alembic.migration import MigrationContext

        with self.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"version_table": self.version_table})
            revision: str | None = context.get_current_revision()
            return revision


def open_engine(database: str, timeout: int) -> tuple[Engine, list[str]]:
    """SQLAlchemy's way to a database, and the tables in it."""
    import sqlalchemy

    engine = sqlalchemy.create_engine(postgresql.database_uri(database), poolclass=sqlalchemy.pool.NullPool)

    @sqlalchemy.event.listens_for(engine, "connect")
    def limit_waiting(connection: Any, _record: object) -> None:
        postgresql.turn_off_timeouts(connection)
        postgresql.limit_waiting(connection, timeout)

    return engine, sqlalchemy.inspect(engine).get_table_names()


def tracking_schema(settings: Settings) -> Schema:
    """The schema of experiments, runs and models."""
    from mlflow.store.db import utils

    engine, tables = open_engine(settings.tracking_database, settings.connect.timeout)
    is_empty = "experiments" not in tables
    return Schema(
        label="tracking",
        database=settings.tracking_database,
        engine=engine,
        revisions=release_revisions("tracking"),
        version_table="alembic_version",
        is_empty=is_empty,
        # Why: `mlflow db upgrade` fails on an empty database in some releases, _initialize_tables (which the server
        # itself calls at its start) in none. See mlflow/store/db/utils.py.
        upgrade=utils._initialize_tables if is_empty else utils._upgrade_db,
    )


def auth_version_table(settings: Settings, auth: Auth, tables: list[str]) -> str:
    """The table that notes the auth schema's revision, given the tables of the database."""
    # Why: releases before 3.6 use one that the tracking schema uses too. Which one a release uses is in
    # mlflow/server/auth/db/migrations/env.py alone.
    with open(os.path.join(migrations_folder("auth"), "env.py"), encoding="utf-8") as env:
        version_table = "alembic_version_auth" if "alembic_version_auth" in env.read() else "alembic_version"
    if version_table == "alembic_version" and "alembic_version_auth" in tables:
        message = (
            f"auth database {auth.database!r} was upgraded by MLflow 3.6 or newer; use that release's image, or "
            "restore the backup taken before the upgrade"
        )
        raise Failure(ExitCode.SCHEMA_NEWER, message)
    if version_table == "alembic_version" and auth.database == settings.tracking_database:
        message = "PREPARE_AUTH_DATABASE and PREPARE_TRACKING_DATABASE must differ for MLflow releases before 3.6"
        raise Failure(ExitCode.CONFIGURATION, message)
    return version_table


def auth_schema(settings: Settings, auth: Auth) -> Schema:
    """The schema of users and their permissions."""
    from mlflow.server.auth.db import utils
    from mlflow.server.auth.sqlalchemy_store import SqlAlchemyStore

    engine, tables = open_engine(auth.database, settings.connect.timeout)
    version_table = auth_version_table(settings, auth, tables)

    def upgrade(engine: Engine) -> None:
        if roles.has_roles(SqlAlchemyStore):
            roles.withdraw_rows(engine, auth.users)
        utils.migrate(engine, "head")

    return Schema(
        label="auth",
        database=auth.database,
        engine=engine,
        revisions=release_revisions("auth"),
        version_table=version_table,
        is_empty="users" not in tables,
        upgrade=upgrade,
    )


def bring_to_head(settings: Settings, connection: Connection, schema: Schema) -> None:
    """Create or upgrade one schema, under the lock."""
    release, current, head = metadata.version("mlflow"), schema.revision(), schema.revisions.head
    if current == head:
        log(f"{schema.label} schema is up to date ({head})")
        return
    if current is not None and current not in schema.revisions.known:
        message = (
            f"{schema.where} is at revision {current}, which MLflow {release} does not know: a newer release upgraded "
            "it; use that release's image, or restore the backup taken before the upgrade"
        )
        raise Failure(ExitCode.SCHEMA_NEWER, message)
    if settings.migrate == "check" or (settings.migrate == "create" and not schema.is_empty):
        message = (
            f"{schema.where} is at revision {current or 'none'}, and MLflow {release} needs {head}; back up, then "
            "allow the upgrade (database.migration: auto)"
        )
        raise Failure(ExitCode.SCHEMA_OLDER, message)
    if not schema.is_empty:
        wait_for_servers_to_leave(settings, connection, schema)
    log(f"{schema.label} schema: {'creating' if schema.is_empty else f'upgrading {current} ->'} {head}")
    try:
        schema.upgrade(schema.engine)
        # Why: MLflow 3.7 to 3.9 only note an older auth schema's revision at the first call and upgrade at the second.
        # See migrate and _stamp_legacy_database in mlflow/server/auth/db/utils.py.
        if schema.revision() != head:
            schema.upgrade(schema.engine)
    except Exception as error:
        state = getattr(getattr(error, "orig", None), "pgcode", None)
        codes = {"42501": ExitCode.DATABASE_PERMISSION, "55P03": ExitCode.LOCK_TIMEOUT}
        code = codes.get(str(state), ExitCode.MIGRATION_FAILED)
        raise Failure(code, f"{schema.where}: {describe(error)}") from error
    if schema.revision() != head:
        message = f"{schema.where} stayed at revision {schema.revision()}; expected {head}"
        raise Failure(ExitCode.MIGRATION_FAILED, message)


def wait_for_servers_to_leave(settings: Settings, connection: Connection, schema: Schema) -> None:
    """Two releases must not meet on one schema.

    Servers name themselves in application_name, mlflow-server/RELEASE, and so does garbage collection,
    mlflow-gc/RELEASE.
    """
    wait = Wait("MLflow servers to leave", settings.servers_timeout)
    while True:
        names = postgresql.connected_applications(connection, [schema.database])
        releases = ", ".join(connected_releases(names))
        if not releases:
            return
        if wait.is_over():
            message = (
                f"{schema.where} must be upgraded for MLflow {metadata.version('mlflow')}, but MLflow servers "
                f"({releases}) are still connected to it; stop them first: scale the Deployment to 0, or set "
                "server.rollout: Recreate"
            )
            raise Failure(ExitCode.SERVERS_CONNECTED, message)
        wait.again(f"{releases} connected to {schema.database!r}")


def connected_releases(names: list[str]) -> list[str]:
    """What people should read for the application names of what is connected: servers first."""
    programs = [name.partition("/") for name in sorted(names, key=lambda name: (name.startswith("mlflow-gc"), name))]
    return [
        f"garbage collection of {release}" if program == "mlflow-gc" else release or "of unknown release"
        for program, _, release in programs
    ]
