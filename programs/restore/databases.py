"""Replaces the databases by those of a backup."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from backup.manifest import Manifest
from backup.postgresql_client import PostgresqlClient, ProgramError
from backup.settings import Settings
from common.exit_codes import ExitCode
from common.postgresql import BACKED_UP_SCHEMA, count_rows
from common.process import Failure, log
from common.schema_heads import noted_revisions

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812

# Drops all that MLflow's role has created in the schema where MLflow keeps everything; not what belongs to an
# extension, nor the sequences that belong to a column and go with it.
EMPTY = f"""
SET client_min_messages = warning;
SET lock_timeout = '60s';
DO $do$
DECLARE each text;
BEGIN
  FOR each IN
    SELECT format('DROP %s IF EXISTS {BACKED_UP_SCHEMA}.%I CASCADE',
             CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
               WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, relname)
      FROM pg_class c
     WHERE relnamespace = '{BACKED_UP_SCHEMA}'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
       AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid
                          AND deptype IN ('e', 'a', 'i') AND (deptype = 'e' OR relkind = 'S'))
    UNION ALL
    SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure)
      FROM pg_proc p
     WHERE pronamespace = '{BACKED_UP_SCHEMA}'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')
    UNION ALL
    SELECT format('DROP TYPE IF EXISTS {BACKED_UP_SCHEMA}.%I CASCADE', typname)
      FROM pg_type t
     WHERE typnamespace = '{BACKED_UP_SCHEMA}'::regnamespace AND typtype IN ('e', 'd')
       AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_type'::regclass AND objid = t.oid AND deptype = 'e')
  LOOP
    EXECUTE each;
  END LOOP;
END
$do$;
"""


def replace(
    settings: Settings,
    client: PostgresqlClient,
    opened: Mapping[str, Connection],
    manifest: Manifest,
    dumps: Mapping[str, str],
) -> None:
    """Replace each database in one transaction, and check revisions and rows."""
    prologue = os.path.join(settings.work, "empty.sql")
    with open(prologue, "w", encoding="utf-8") as file:
        file.write(EMPTY)
    # The users' first: should the second fail, nobody has a grant for what does not exist yet.
    for label in sorted(opened):
        database, entry = settings.databases[label], manifest["databases"][label]
        where = f"{label} database {database!r}"
        try:
            client.run("restore", database=database, file=dumps[entry["file"]], prologue=prologue)
        except ProgramError as error:
            raise Failure(ExitCode.RESTORE_FAILED, f"{where} is as it was: {error}") from error
        revisions = noted_revisions(opened[label])
        if revisions != entry["schema"]:
            message = f"{where} is at revisions {revisions}, and the backup has {entry['schema']}"
            raise Failure(ExitCode.RESTORE_FAILED, message)
        rows = count_rows(opened[label], entry["rows"])
        if rows != entry["rows"]:
            message = f"{where} contains {rows}, and the backup has {entry['rows']}"
            raise Failure(ExitCode.RESTORE_FAILED, message)
        counts = ", ".join(f"{count} {table}" for table, count in rows.items())
        log(f"{where}: {counts}; schema {' '.join(revisions.values())}")
