"""The revisions of MLflow's two schemas: which ones this image's release knows, and which ones a database is at.

The release's are read from its migration files: importing them, as alembic does, takes seconds.
"""

from __future__ import annotations

import ast
import glob
import importlib.util
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.exit_codes import ExitCode
from common.postgresql import query, tables_of
from common.process import Failure

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812

# Where MLflow's package has the migrations of each schema.
FOLDERS = {"tracking": ("store", "db_migrations"), "auth": ("server", "auth", "db", "migrations")}
# The tables that note revisions. Releases before 3.6 note that of the auth schema in the first.
VERSION_TABLES = ("alembic_version", "alembic_version_auth")


@dataclass(frozen=True)
class Revisions:
    """The revisions of a schema that a release knows."""

    head: str
    known: frozenset[str]


def migrations_folder(schema: str) -> str:
    """The folder of the "tracking" or "auth" schema's migrations in this image."""
    spec = importlib.util.find_spec("mlflow")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("No module named 'mlflow'", name="mlflow")
    return os.path.join(spec.submodule_search_locations[0], *FOLDERS[schema])


def release_revisions(schema: str) -> Revisions:
    """The revisions of a schema in this image's release."""
    return read_revisions(os.path.join(migrations_folder(schema), "versions"))


def read_revisions(folder: str) -> Revisions:
    """The revisions of a folder of migrations; the head is the one that no other one follows."""
    noted: dict[str, set[str]] = {"revision": set(), "down_revision": set()}
    for path in sorted(glob.glob(os.path.join(glob.escape(folder), "*.py"))):
        with open(path, encoding="utf-8") as file:
            tree = ast.parse(file.read())
        for node in tree.body:
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    if isinstance(target, ast.Name) and target.id in noted:
                        value = ast.literal_eval(node.value)
                        noted[target.id].update(value if isinstance(value, tuple) else [value])
    [head] = noted["revision"] - noted["down_revision"]
    return Revisions(head, frozenset(noted["revision"]))


def noted_revisions(connection: Connection) -> dict[str, str]:
    """The revisions that the schemas of a database are at, by the table that notes them. A table notes one at most."""
    noted: dict[str, str] = {}
    tables = tables_of(connection)
    for table in [table for table in VERSION_TABLES if table in tables]:
        revisions = sorted(revision for (revision,) in query(connection, f"SELECT version_num FROM {table}"))
        if len(revisions) > 1:
            message = f"the table {table} notes several revisions: {', '.join(revisions)} (restore a backup)"
            raise Failure(ExitCode.SCHEMA_DIFFERS, message)
        noted.update((table, revision) for revision in revisions)
    return noted
