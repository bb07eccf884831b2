"""The SQL around the contents of a backup, in the transaction that replaces a database."""

from __future__ import annotations

import re
from collections.abc import Iterable

from common.postgresql import BACKED_UP_SCHEMA, TIMEOUTS, qualified, quote_literal

# Settings of the role must not end the transaction while it waits for that of the other database, let PostgreSQL
# forget a commit that it has confirmed, or have names written otherwise than they are looked for. An idle connection is
# kept open in firewalls.
PROTECT = f"""
SET TRANSACTION READ WRITE;
SET LOCAL quote_all_identifiers = off;
SET LOCAL client_min_messages = warning;
SELECT set_config(name, '0', true) FROM pg_settings WHERE name IN ({", ".join(f"'{name}'" for name in TIMEOUTS)});
SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off';
SET LOCAL tcp_keepalives_idle = 30;
SET LOCAL lock_timeout = '60s';
"""

# What is not in that schema, as `pg_depend` knows it, without what follows from another object in the list.
OUTSIDE = f"""
SELECT DISTINCT format('%s %s', found.type, found.identity) AS object
  FROM pg_depend, pg_identify_object(classid, objid, objsubid) AS found
 WHERE objid >= 16384 AND found.type <> 'cast'
   AND coalesce(found.schema, '') !~ '^({BACKED_UP_SCHEMA}$|pg_)'
   AND found.identity !~ '( on|^for) {BACKED_UP_SCHEMA}[.]|^"?(_RETURN|RI_ConstraintTrigger)'
   AND NOT EXISTS (SELECT FROM pg_type WHERE classid = 'pg_type'::regclass AND oid = objid
                      AND (typrelid <> 0 OR typelem <> 0))
"""

# Drops all in the schema where MLflow keeps everything; not what belongs to an extension, nor what belongs to another
# object and goes with it, such as the sequence of a column or the functions of a range.
EMPTY = f"""
SELECT set_config('mlflow.outside', to_json(ARRAY({OUTSIDE}))::text, true);
DO $do$
DECLARE each text;
BEGIN
  FOREACH each IN ARRAY ARRAY(
    SELECT format('DROP %s IF EXISTS {BACKED_UP_SCHEMA}.%I CASCADE',
             CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
               WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END, relname)
      FROM pg_class c
     WHERE relnamespace = '{BACKED_UP_SCHEMA}'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c')
       AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid
                          AND deptype IN ('e', 'a', 'i') AND (deptype = 'e' OR relkind = 'S'))
    UNION ALL
    SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure)
      FROM pg_proc p
     WHERE pronamespace = '{BACKED_UP_SCHEMA}'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid
                          AND deptype IN ('e', 'i'))
    UNION ALL
    SELECT format('DROP TYPE IF EXISTS {BACKED_UP_SCHEMA}.%I CASCADE', typname)
      FROM pg_type t
     WHERE typnamespace = '{BACKED_UP_SCHEMA}'::regnamespace AND typtype IN ('e', 'd', 'r')
       AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_type'::regclass AND objid = t.oid AND deptype = 'e')
  ) LOOP
    EXECUTE each;
  END LOOP;
END
$do$;
"""

# Fails if an object elsewhere was dropped with what it depended on, such as a view in a schema of its own.
KEEP_OUTSIDE = f"""
DO $do$
DECLARE lost text;
BEGIN
  SELECT string_agg(object, ', ' ORDER BY object) INTO lost
    FROM (SELECT json_array_elements_text(current_setting('mlflow.outside')::json) AS object EXCEPT {OUTSIDE}) AS gone;
  IF lost IS NOT NULL THEN
    RAISE EXCEPTION 'the restore would drop what depends on the tables of MLflow: % '
      '(drop it, restore, and create it again)', lost;
  END IF;
END
$do$;
"""


QUOTED = re.compile(r"--[^\n]*|/\*.*?\*/|\$(\w*)\$.*?\$\1\$|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"", re.DOTALL)
ENDING = re.compile(r"\s*(COMMIT|END|ROLLBACK|ABORT|PREPARE\s+TRANSACTION)\b", re.IGNORECASE)


def ends_transaction(statements: str) -> bool:
    """Whether one of these statements, as a program sends them together, may end a transaction."""
    return any(map(ENDING.match, QUOTED.sub(" ", statements).split(";")))


def checking(revisions: Iterable[str], counted: Iterable[str]) -> str:
    """Statements that find revisions and numbers of rows, and by what the transaction is known."""
    return "".join(
        [
            # What is deferred must not fail at the commit.
            "SET CONSTRAINTS ALL IMMEDIATE;\n",
            KEEP_OUTSIDE,
            "\\o\n",
            "SELECT 'transaction', txid_current(), pg_backend_pid();\n",
            *(f"SELECT 'schema', '{table}', version_num FROM {BACKED_UP_SCHEMA}.{table};\n" for table in revisions),
            *(f"SELECT 'rows', {quote_literal(table)}, count(*) FROM {qualified(table)};\n" for table in counted),
            "\\o /dev/null\n",
            '\\! : >"$READY"\n',
        ]
    )
