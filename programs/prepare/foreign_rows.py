"""Names rows whose files are elsewhere than below the artifact root: users could once create them.

The server opens most of them for administrators alone (permissions.locations), who should know of them.
"""

from __future__ import annotations

import contextlib
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common import postgresql
from common.process import Failure, describe, log
from prepare.settings import Settings

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812

# How many of each kind are named, and how much of a name.
NAMED = 5
LENGTH = 80
# For all kinds together, in large tables; a start must not wait for it.
SECONDS = 5


@dataclass(frozen=True)
class Kind:
    """What has a location: the table, what names a row, and the location."""

    name: str
    table: str
    key: str
    location: str
    condition: str = "true"


KINDS = (
    Kind("experiments", "experiments", "experiment_id::text", "artifact_location"),
    Kind("runs", "runs", "run_uuid", "artifact_uri"),
    Kind("logged models", "logged_models", "model_id", "artifact_location"),
    Kind(
        "model versions", "model_versions", "name || '/' || version", "coalesce(nullif(storage_location, ''), source)"
    ),
    Kind("traces", "trace_tags", "request_id", "value", "key = 'mlflow.artifactLocation'"),
)


def log_foreign_rows(settings: Settings) -> None:
    """One line, if there are such rows. It never keeps a server from its start."""
    import psycopg2

    try:
        connection = postgresql.connect(settings.tracking_database, settings.connect)
    except Failure as failure:
        log(f"the locations of rows were not checked: {failure}")
        return
    own = own_locations(settings)
    end = time.monotonic() + SECONDS
    found: list[str] = []
    with contextlib.closing(connection):
        for kind in KINDS:
            milliseconds = max(1, round(1000 * (end - time.monotonic())))
            try:
                postgresql.query(connection, "SELECT set_config('statement_timeout', %s, false)", (str(milliseconds),))
                found += rows_of(connection, kind, own)
            except psycopg2.Error as error:
                log(f"the locations of {kind.name} were not checked: {describe(error)}")
    if found:
        log(
            f"warning: the files of {', '.join(found)} are not below the artifact root: the server opens them for "
            "administrators alone, or from another bucket (delete unknown ones: docs/users.md, Rows from before)"
        )


def rows_of(connection: Connection, kind: Kind, own: str) -> list[str]:
    """The number of a kind, with the names of the first."""
    where = f"FROM {kind.table} WHERE {kind.condition} AND {kind.location} !~ %s"
    # One statement, so that one time limits it.
    named = postgresql.query(
        connection, f"SELECT {kind.key}, count(*) OVER () {where} ORDER BY 1 LIMIT {NAMED}", (own,)
    )
    if not named:
        return []
    count = named[0][1]
    more = f" and {count - NAMED} more" if count > NAMED else ""
    return [f"{count} {kind.name} ({', '.join(repr(name[:LENGTH]) for name, _ in named)}{more})"]


def own_locations(settings: Settings) -> str:
    """A regular expression of PostgreSQL for locations of this server, and of what leads to others or to no files."""
    bucket = settings.bucket
    root = (
        re.escape("/".join(["s3:/", bucket.bucket, *filter(None, [bucket.prefix.strip("/")]), ""])) if bucket else "s3:"
    )
    return f"^({root}|mlflow-artifacts:/([^/]|//)|(runs|models):/|(dummy-source|prompt-template)$)"
