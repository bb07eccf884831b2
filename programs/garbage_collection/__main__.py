"""Remove for good what was deleted long enough ago: `python -m garbage_collection`.

Runs, experiments and logged models go, with their artifacts. MLflow's own `mlflow gc` does the removing, which needs
the database, and the server with a login for artifacts that pass through it. What it lacks is here:
- It runs alone: a lock keeps it from running beside a backup, whose artifacts must be those of its dumps, or beside
  itself.
- It never touches a schema of another release. Below MLflow 3.9 `mlflow gc` by itself would upgrade one, under running
  servers.
- It keeps what a version in the model registry refers to. `mlflow gc` does not ask, and such a version would lose its
  files.
- It touches nothing but what is below the server's artifact root: locations come from rows that users wrote, and with
  each request goes a login.
- What cannot be removed is logged, skipped and tried again at the next run.

Ends as common.process says.
"""

from __future__ import annotations

import contextlib
import os
import sys
from importlib import metadata
from typing import TYPE_CHECKING

from common import postgresql, process
from common.exit_codes import ExitCode
from common.locks import MAINTENANCE, PREPARATION
from common.process import Failure, log
from common.schema_heads import noted_revisions, release_revisions
from common.tracking_server import check_login
from garbage_collection.collector import Collector, still_present
from garbage_collection.garbage import find_garbage
from garbage_collection.settings import read_settings

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812

# Seconds for which a pod that prepares is waited for.
PREPARATION_TIMEOUT = 300


def check_schema(connection: Connection) -> None:
    """The schema is the image's own. Nobody upgrades it meanwhile: that waits for us, who are connected by name."""
    with PREPARATION.held(connection, PREPARATION_TIMEOUT, shared=True):
        found = noted_revisions(connection).get("alembic_version")
    head = release_revisions("tracking").head
    if found != head:
        message = (
            f"the schema is at revision {found or 'none'}, and MLflow {metadata.version('mlflow')} has {head}: server "
            "and garbage collection must be of one release (finish the upgrade first)"
        )
        raise Failure(ExitCode.SCHEMA_DIFFERS, message)


def collect_garbage() -> None:
    """All of it."""
    settings = read_settings(os.environ)
    options = postgresql.ConnectOptions(timeout=60, login_grace=0)
    with contextlib.closing(postgresql.connect(settings.database, options)) as connection:
        MAINTENANCE.acquire(connection, settings.lock_timeout)
        check_schema(connection)
        check_login()  # without a server no artifact could be removed, and everything would be tried in vain
        garbage = find_garbage(
            connection.cursor(), settings.milliseconds, settings.root, workspaces=settings.workspaces
        )
        for line in garbage.kept:
            log(f"keeps {line}")
        collector = Collector(settings, connection)
        collector.remove(garbage)
        removed = {kind: len(ids) - len(still_present(connection, kind, ids)) for kind, ids in garbage.ids().items()}
        summary = "removed " + ", ".join(f"{count} {kind}s" for kind, count in removed.items())
    if collector.failed:
        message = f"{summary}; the rest is tried again at the next run: {collector.failed[0]}"
        raise Failure(ExitCode.INCOMPLETE, message)
    log(f"{summary}, which were deleted more than {settings.older_than} ago")


def main() -> int:
    """Run it as the program "gc": the exit code."""
    os.environ["PGAPPNAME"] = f"mlflow-gc/{metadata.version('mlflow')}"
    if os.environ.get("GC_WORKSPACES") == "true":
        os.environ["MLFLOW_ENABLE_WORKSPACES"] = "true"
    return process.run("gc", collect_garbage, postgresql.explain)


if __name__ == "__main__":
    sys.exit(main())
