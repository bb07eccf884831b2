"""PostgreSQL: connections that wait, and what its errors mean.

Passwords reach libpq by its own variables (PGHOST, PGUSER, PGPASSWORD, …), never by a URI or an argument.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from common.exit_codes import ExitCode
from common.process import Failure, Variables, Wait, describe, log

# What the image brings (psycopg2, SQLAlchemy, alembic, boto3, mlflow) is imported in all programs where it is used: it
# takes seconds, and a missing module deserves a clear line.

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812

# The application_name of everything that uses a schema, which an upgrade waits for and a restore refuses: servers and
# garbage collections.
USERS_OF_A_SCHEMA = "application_name ~ '^(mlflow-server(/|$)|mlflow-gc/)'"

# Settings of a role or a database that end a session or a statement. An operator means them for the server's requests;
# what runs here takes long, or waits with a lock that must not be lost.
TIMEOUTS = (
    "statement_timeout",
    "idle_in_transaction_session_timeout",
    "idle_session_timeout",  # from PostgreSQL 14 on
    "transaction_timeout",  # from PostgreSQL 17 on
)

# Settings of a role or a database under which statements here would fail, or read other names, with what they need.
ORDINARY = {"default_transaction_read_only": "off", "quote_all_identifiers": "off"}

# How many rows of which tables tell people what a database contains.
COUNTED_TABLES = ("experiments", "runs", "registered_models", "users")

# The only schema that a backup contains and a restore replaces.
BACKED_UP_SCHEMA = "public"
TABLES = (
    "SELECT relnamespace::regnamespace::text, relname FROM pg_class WHERE relkind IN ('r', 'p')"
    " AND pg_table_is_visible(oid)"
    " AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) ORDER BY relname"
)

OWN_TABLES = (
    f"SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = '{BACKED_UP_SCHEMA}'::regnamespace"
    " AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid"
    " AND deptype = 'e') ORDER BY relname"
)


@dataclass(frozen=True)
class ConnectOptions:
    """How patient a connection is, in seconds, and where a missing database is created from."""

    timeout: int
    # A refused login or a missing database may still be put right by whatever creates them, but not for as long.
    login_grace: int
    maintenance_database: str = "postgres"


def database_uri(database: str) -> str:
    """No host, user or password: libpq reads them from the environment, whatever characters they have."""
    return f"postgresql+psycopg2:///{database}"


def require_variables(variables: Variables) -> None:
    """What libpq needs; a missing one would make it ask for a password, or connect to another server."""
    for name in ("PGHOST", "PGUSER", "PGPASSWORD"):
        variables.required(name)


def connect(name: str, options: ConnectOptions, *, create: bool = False) -> Connection:
    """A connection to a database (autocommit), as soon as there is one."""
    import psycopg2

    wait = Wait(f"database {name!r}", options.timeout)
    grace: Wait | None = None
    while True:
        try:
            connection = psycopg2.connect(
                dbname=name, keepalives=1, keepalives_idle=10, keepalives_interval=5, keepalives_count=3
            )
        except psycopg2.OperationalError as error:
            code, reason = classify(error), describe(error)
        else:
            connection.autocommit = True
            turn_off_timeouts(connection)
            for setting, value in ORDINARY.items():
                query(connection, "SELECT set_config(%s, %s, false)", (setting, value))
            return connection
        if code == ExitCode.DATABASE_MISSING and create:
            create_database(name, options)
            create = False
            continue
        if code == ExitCode.DATABASE_UNREACHABLE:
            grace = None
        elif grace is None:
            grace = Wait(wait.what, options.login_grace)
        if wait.is_over() or (grace is not None and grace.is_over()):
            raise Failure(code, f"database {name!r}: {reason}")
        wait.again(reason)


def create_database(name: str, options: ConnectOptions) -> None:
    """Create a database, unless another pod just does."""
    from psycopg2 import errors

    with contextlib.closing(connect(options.maintenance_database, options)) as connection:
        try:
            connection.cursor().execute(f"CREATE DATABASE {quote_identifier(name)}")
            log(f"created database {name!r}")
        except (errors.DuplicateDatabase, errors.UniqueViolation):
            pass  # another pod was faster, or just as fast
        except errors.InsufficientPrivilege as error:
            message = f"database {name!r} does not exist, and this role may not create it: {describe(error)}"
            raise Failure(ExitCode.DATABASE_MISSING, message) from error


def quote_identifier(name: str) -> str:
    """A name as SQL takes it, whatever characters it has."""
    return '"{}"'.format(name.replace('"', '""'))


def quote_literal(text: str) -> str:
    """A text as SQL takes it, whatever characters it has."""
    return "'{}'".format(text.replace("'", "''"))


def qualified(table: str) -> str:
    """A table of the schema that is backed up, as SQL takes it."""
    return f"{BACKED_UP_SCHEMA}.{quote_identifier(table)}"


def query(connection: Connection, statement: str, values: tuple[Any, ...] | None = None) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    cursor = connection.cursor()
    cursor.execute(statement, values)
    return cursor.fetchall()


def turn_off_timeouts(connection: Connection, *, local: bool = False) -> None:
    """Keep PostgreSQL from ending this session, or with `local` its transaction, by a timeout."""
    values = (local, list(TIMEOUTS))
    query(connection, "SELECT set_config(name, '0', %s) FROM pg_settings WHERE name = ANY(%s)", values)


def connected_applications(connection: Connection, databases: Collection[str]) -> list[str]:
    """The application names of the servers and garbage collections that use these databases, in order."""
    # In a transaction, the list would stay that of the first look.
    query(connection, "SELECT pg_stat_clear_snapshot()")
    statement = (
        f"SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = ANY(%s) AND {USERS_OF_A_SCHEMA}"
        " ORDER BY 1"
    )
    return [name for (name,) in query(connection, statement, (list(databases),))]


def limit_waiting(connection: Connection, seconds: int) -> None:
    """Let statements wait no longer for a table that, say, a backup is reading, or a restore has locked."""
    query(connection, "SELECT set_config('lock_timeout', %s, false)", (f"{max(1, seconds)}s",))


def tables_of(connection: Connection) -> list[str]:
    """The tables that MLflow finds by their names: those in the schemas of the role's search_path."""
    return [name for _, name in query(connection, TABLES)]


def require_backed_up_schema(connection: Connection, database: str) -> None:
    """Refuse a database whose tables are in a schema that a restore would not replace."""
    [(path,)] = query(connection, "SELECT current_schemas(false)::text[]")
    issue = schema_issue(path, {schema for schema, _ in query(connection, TABLES)})
    if issue:
        message = (
            f"database {database!r}: {issue}; backup and restore support the schema {BACKED_UP_SCHEMA!r} only (move "
            f"the tables there by ALTER TABLE ... SET SCHEMA {BACKED_UP_SCHEMA} and reset search_path, or use pg_dump)"
        )
        raise Failure(ExitCode.CONFIGURATION, message)


def schema_issue(path: list[str], schemas: Collection[str]) -> str | None:
    """What keeps a database from being backed up: its search_path, and the schemas of its visible tables."""
    if BACKED_UP_SCHEMA not in path:
        return f"the role's search_path is {', '.join(path) or 'empty'}"
    others = sorted(set(schemas) - {BACKED_UP_SCHEMA})
    return f"tables are in {', '.join(others)}" if others else None


def count_rows(connection: Connection, tables: Collection[str]) -> dict[str, int]:
    """The number of rows of those tables that tell people what a database contains."""
    counted = [name for name in COUNTED_TABLES if name in tables]
    return {name: query(connection, f"SELECT count(*) FROM {name}")[0][0] for name in counted}


def own_tables(connection: Connection) -> list[str]:
    """The tables of the schema that is backed up, without those of extensions, which a dump does not contain."""
    names = [name for (name,) in query(connection, OWN_TABLES)]
    # psql lists what a restore finds in lines.
    return [name for name in names if name.isprintable()]


def count_all_rows(connection: Connection, tables: Collection[str]) -> dict[str, int]:
    """The number of rows of each of these tables."""
    return {name: query(connection, f"SELECT count(*) FROM {qualified(name)}")[0][0] for name in tables}


# --- errors ----------------------------------------------------------------------------------------------------


def classify(error: object) -> ExitCode:
    """What a refused connection amounts to.

    libpq gives no SQLSTATE here, only text (in the server's language for what the server says), so a known text counts
    as a refusal and everything else as unreachable.
    """
    if re.search(r'database ".*" does not exist', str(error)):
        return ExitCode.DATABASE_MISSING
    refusals = (
        r"password authentication failed|no password supplied|pg_hba\.conf|role .* does not exist|certificate"
        r"|permission denied for database|is not permitted to log in|SSL was required"
    )
    return ExitCode.DATABASE_LOGIN if re.search(refusals, str(error)) else ExitCode.DATABASE_UNREACHABLE


def explain(error: Exception) -> Failure | None:
    """What an exception of PostgreSQL amounts to, also if SQLAlchemy passes it on."""
    with contextlib.suppress(ImportError):
        from psycopg2 import InterfaceError, OperationalError, errors

        cause = getattr(error, "orig", None) or error
        if isinstance(cause, errors.LockNotAvailable):
            return Failure(ExitCode.LOCK_TIMEOUT, f"something holds a table: {describe(error)}")
        if isinstance(cause, (OperationalError, InterfaceError)):  # the server went away in the middle
            return Failure(classify(error), describe(error))
        if isinstance(cause, errors.InsufficientPrivilege):
            message = f"{describe(error)} (the user of the Secret must own both databases and everything in them)"
            return Failure(ExitCode.DATABASE_PERMISSION, message)
    return None
