"""Prepare everything that an MLflow server needs, before it starts.

Waits for PostgreSQL, makes missing databases where that is wanted, brings the tracking and the auth schema to
this release's head, writes the auth configuration, makes (or re-keys) the accounts of the admin and of declared users
and checks the artifact bucket. Safe when many pods run it at once and when it runs again.

Ends as program.py says. Passwords reach the libraries through the environment (libpq's PG*, boto3's AWS_*), never
through a URI, an argument or a file.
"""

import collections
import configparser
import contextlib
import itertools
import os
import re
import secrets
import sys
import types
from importlib import metadata

import prepare_users
import program
from program import Failure, Variables, Wait, classify, describe, say, without_login

# What the image brings (psycopg2, SQLAlchemy, alembic, boto3, mlflow) is imported where it is used: it takes
# seconds, the auth part reads a file that must be written first, and a missing module deserves a clear line.

EXIT_CODES = {
    "database-unreachable": 10,
    "database-login": 11,       # password, role, pg_hba.conf or TLS
    "database-missing": 12,
    "lock-timeout": 13,         # another pod prepares, or something else holds a table, for too long
    "schema-newer": 14,         # this image is older than the schema
    "schema-older": 15,         # an upgrade is needed, and PREPARE_MIGRATE forbids it
    "servers-connected": 16,    # an upgrade is needed, and servers still use the schema
    "migration-failed": 17,
    "database-permission": 18,  # the role may not create or read tables
    "ini-unwritable": 20,
    "admin": 21,                # the admin's name or password does not meet the rules
    "users": 22,                # name, password or permission of a declared user cannot be had
    "s3-unreachable": 30,
    "s3-login": 31,
    "s3-bucket-missing": 32,
    "s3-other": 33,
    "configuration": 64,        # a variable is missing or wrong
    "unexpected": 70,
}
LOCK_KEY = 0x6D6C666C6F77  # "mlflow"


# --- settings ------------------------------------------------------------------------------------------------

def read_settings(environment):
    """All variables at once, so that one message names all faults in them. An empty one counts as not set."""
    variables = Variables(environment)
    text, required, choice, flag, number = variables.text, variables.required, variables.choice, variables.flag, variables.number

    def database(name, value):
        if re.search("[%?]", value or ""):  # SQLAlchemy 2.0 and 2.1 read these differently in a URI
            variables.faults.append(f"{name} holds a percent sign or a question mark; use another name for the database")
        return value

    def user(prefix):
        return types.SimpleNamespace(
            name=text(f"{prefix}_NAME"),
            permission=choice(f"{prefix}_PERMISSION", None, *prepare_users.PERMISSIONS),
            username=required(f"{prefix}_USERNAME"),
            password=required(f"{prefix}_PASSWORD"),
        )

    for name in ("PGHOST", "PGUSER", "PGPASSWORD"):
        required(name)
    number("PGPORT")
    choice("PGSSLMODE", "prefer", "disable", "allow", "prefer", "require", "verify-ca", "verify-full")
    auth = database("PREPARE_AUTH_DATABASE", text("PREPARE_AUTH_DATABASE"))
    user_prefixes = itertools.takewhile(lambda prefix: text(f"{prefix}_NAME"), (f"PREPARE_USER_{number}" for number in itertools.count()))
    settings = types.SimpleNamespace(
        tracking_database=database("PREPARE_TRACKING_DATABASE", required("PREPARE_TRACKING_DATABASE")),
        auth_database=auth,
        maintenance_database=text("PREPARE_MAINTENANCE_DATABASE", "postgres"),
        create_databases=flag("PREPARE_CREATE_DATABASES"),
        migrate=choice("PREPARE_MIGRATE", "auto", "auto", "create", "check"),
        timeout=number("PREPARE_TIMEOUT", "300"),
        login_grace=number("PREPARE_LOGIN_GRACE", "60"),
        servers_timeout=number("PREPARE_SERVERS_TIMEOUT", "60"),
        admin_username=auth and required("PREPARE_ADMIN_USERNAME"),
        admin_password=auth and required("PREPARE_ADMIN_PASSWORD"),
        admin_characters=choice("PREPARE_ADMIN_CHARACTERS", "any", "any", "ascii"),
        sync_admin_password=flag("PREPARE_SYNC_ADMIN_PASSWORD", "true"),
        users=[user(prefix) for prefix in user_prefixes] if auth else [],
        default_permission=choice("PREPARE_DEFAULT_PERMISSION", "READ", "READ", "EDIT", "MANAGE", "NO_PERMISSIONS"),
        authorization_function=text("PREPARE_AUTHORIZATION_FUNCTION", "mlflow.server.auth:authenticate_request_basic_auth"),
        auth_cache_seconds=number("PREPARE_AUTH_CACHE_SECONDS"),
        auth_config_path=text("MLFLOW_AUTH_CONFIG_PATH", "/tmp/auth_config_resolved.ini"),
        metrics=flag("PREPARE_METRICS"),
        bucket=text("PREPARE_BUCKET"),
        bucket_prefix=text("PREPARE_BUCKET_PREFIX", ""),
        create_bucket=flag("PREPARE_CREATE_BUCKET"),
        s3_endpoint=text("MLFLOW_S3_ENDPOINT_URL"),
        s3_verify=False if text("MLFLOW_S3_IGNORE_TLS", "").lower() in ("true", "1") else None,
        s3_addressing=choice("MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE", "auto", "auto", "path", "virtual"),
    )
    variables.check()
    return settings


def check_logins(settings):
    """What MLflow or HTTP basic authentication would refuse later, said now, and all of it at once."""
    admin, characters = settings.admin_username, settings.admin_characters
    faults = login_faults(admin, settings.admin_password, characters, "the admin user name", "the admin password")
    kind = "admin" if faults else "users"
    for number, user in enumerate(settings.users):
        rules = (
            (user.username == user.name, f"the Secret of user {user.name!r} holds another user name (a line break at its end counts)"),
            (user.name != admin, f"user {user.name!r} is the admin, who needs no permission; take it out of auth.users"),
            (all(user.name != other.name for other in settings.users[:number]), f"user {user.name!r} is declared twice"),
        )
        faults += [message for is_met, message in rules if not is_met]
        faults += login_faults(user.name, user.password, characters, f"the name of user {user.name!r}", f"the password of user {user.name!r}")
    if faults:
        raise Failure(kind, "; ".join(faults))


def login_faults(name, password, characters, the_name, the_password):
    rules = (
        (":" not in name, f"{the_name} holds a colon, which HTTP basic authentication cannot carry"),
        (name == name.strip(), f"{the_name} starts or ends with a blank"),
        (len(name) <= 255, f"{the_name} has {len(name)} characters; MLflow stores 255"),
        (len(password) >= 12, f"{the_password} has {len(password)} characters; MLflow wants 12 or more"),
        (password != "password1234", f"{the_password} is MLflow's old, publicly known default; choose another"),
        (not re.search("[\ud800-\udfff]", name + password), f"{the_name} or password is not valid UTF-8"),
        (characters == "any" or (name + password).isascii(), f"{the_name} or password holds a character outside of "
         "ASCII, with which this MLflow release refuses the login on some of its routes; choose another"),
    )
    faults = [message for is_met, message in rules if not is_met]
    if not faults and not (name + password).isascii():
        say(f"warning: {the_name} or password has characters outside ASCII; newer MLflow releases refuse these on some routes (artifacts are one)")
    if not faults and password.endswith(("\n", "\r")):
        say(f"warning: {the_password} ends with a line break; if that is an accident (echo without -n), make the Secret again")
    return faults


def write_auth_config(settings):
    """The server needs an admin_password line only to make the account, which is there before it starts: a random
    word that opens nothing stands here. MLflow reads the file with interpolation, so a percent sign is doubled."""
    path = settings.auth_config_path
    values = {
        "default_permission": settings.default_permission,
        "database_uri": database_uri(settings.auth_database),
        "admin_username": settings.admin_username,
        "admin_password": secrets.token_urlsafe(32),
        "authorization_function": settings.authorization_function,
    }
    if settings.auth_cache_seconds is not None:
        values["auth_cache_ttl_seconds"] = str(settings.auth_cache_seconds)
    ini = configparser.RawConfigParser()
    ini["mlflow"] = {key: value.replace("%", "%%") for key, value in values.items()}
    partial = f"{path}.{os.getpid()}"
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            ini.write(file)
        os.replace(partial, path)
    except OSError as error:
        raise Failure("ini-unwritable", f"{path}: {error.strerror}") from error
    written = configparser.ConfigParser()
    written.read(path, encoding="utf-8")
    for key, value in values.items():
        if written["mlflow"][key] != value:
            raise Failure("configuration", f"{key} cannot be written to an INI file as it is (blanks at its ends, or a line break)")
    os.environ["MLFLOW_AUTH_CONFIG_PATH"] = path
    say(f"wrote {path}")


# --- PostgreSQL ----------------------------------------------------------------------------------------------

def database_uri(database):
    """No host, user or password: libpq takes them from the environment, whatever characters they hold."""
    return f"postgresql+psycopg2:///{database}"


def open_database(settings, name, create=False):
    """A connection to `name`, as soon as there is one. A refused login or a missing database may still be put
    right by whatever makes them, so these are tried again too, but not for as long."""
    import psycopg2
    wait, refusals = Wait(f"database {name!r}", settings.timeout), None
    while True:
        try:
            connection = psycopg2.connect(dbname=name, keepalives=1, keepalives_idle=10, keepalives_interval=5, keepalives_count=3)
            connection.autocommit = True
            return connection
        except psycopg2.OperationalError as error:
            kind, reason = classify(error), describe(error)
        if kind == "database-missing" and create:
            create_database(settings, name)
            create = False
            continue
        refusals = None if kind == "database-unreachable" else refusals or Wait(wait.what, settings.login_grace)
        if wait.is_over() or (refusals and refusals.is_over()):
            raise Failure(kind, f"database {name!r}: {reason}")
        wait.again(reason)


def create_database(settings, name):
    from psycopg2 import errors
    with contextlib.closing(open_database(settings, settings.maintenance_database)) as connection:
        try:
            connection.cursor().execute('CREATE DATABASE "{}"'.format(name.replace('"', '""')))
            say(f"created database {name!r}")
        except (errors.DuplicateDatabase, errors.UniqueViolation):
            pass  # another pod was faster, or just as fast
        except errors.InsufficientPrivilege as error:
            raise Failure("database-missing", f"database {name!r} does not exist, and this role may not create it: {describe(error)}") from error


def take_lock(connection, timeout):
    """Held until the connection ends, however this process ends. (Not through a PgBouncer that pools
    transactions, where sessions are not ours.)"""
    wait, cursor = Wait("the preparation lock", timeout), connection.cursor()
    while True:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", (LOCK_KEY,))
        if cursor.fetchone()[0]:
            return
        if wait.is_over():
            raise Failure("lock-timeout", f"another pod held the preparation lock for more than {timeout} s")
        wait.again("another pod is preparing")


def wait_for_servers_to_leave(settings, connection, schema):
    """Two releases must not meet on one schema. Servers name themselves in application_name, mlflow-server/RELEASE, and so
    does what collects garbage, mlflow-gc/RELEASE."""
    wait, cursor = Wait("MLflow servers to leave", settings.servers_timeout), connection.cursor()
    while True:
        cursor.execute("SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = %s AND"
                       " (application_name = 'mlflow-server' OR application_name LIKE 'mlflow-server/%%' OR application_name LIKE 'mlflow-gc/%%')",
                       (schema.database,))
        users = [name.partition("/") for name in sorted((name for (name,) in cursor), key=lambda name: (name.startswith("mlflow-gc"), name))]
        releases = ", ".join(f"garbage collection of {release}" if user == "mlflow-gc" else release or "of unknown release" for user, _, release in users)
        if not releases:
            return
        if wait.is_over():
            raise Failure("servers-connected", f"{schema.where} must be upgraded for MLflow {metadata.version('mlflow')}, but MLflow servers "
                          f"({releases}) are still connected to it; stop them first: scale the Deployment to 0, or set server.rollout: Recreate")
        wait.again(f"{releases} connected to {schema.database!r}")


# --- schemas -------------------------------------------------------------------------------------------------

class Schema(collections.namedtuple("Schema", "label database engine script version_table is_empty upgrade")):
    """One of the two schemas: where it is, and how this release of MLflow makes or upgrades it."""

    @property
    def where(self):
        return f"{self.label} database {self.database!r}"

    def revision(self):
        from alembic.migration import MigrationContext
        with self.engine.connect() as connection:
            return MigrationContext.configure(connection, opts={"version_table": self.version_table}).get_current_revision()

    def knows(self, revision):
        from alembic.util import CommandError
        try:
            return self.script.get_revision(revision) is not None
        except CommandError:
            return False


def open_engine(settings, database):
    import sqlalchemy
    engine = sqlalchemy.create_engine(database_uri(database), poolclass=sqlalchemy.pool.NullPool)

    @sqlalchemy.event.listens_for(engine, "connect")
    def limit_waiting(connection, _record):  # for a table that, say, a backup is reading
        connection.cursor().execute("SELECT set_config('lock_timeout', %s, false)", (f"{max(1, settings.timeout)}s",))

    return engine, sqlalchemy.inspect(engine).get_table_names()


def tracking_schema(settings):
    from alembic.script import ScriptDirectory
    from mlflow.store.db import utils
    engine, tables = open_engine(settings, settings.tracking_database)
    is_empty = "experiments" not in tables
    # _initialize_tables works on an empty database in every release; `mlflow db upgrade` does not.
    return Schema("tracking", settings.tracking_database, engine, ScriptDirectory.from_config(utils._get_alembic_config("")),
                  "alembic_version", is_empty, utils._initialize_tables if is_empty else utils._upgrade_db)


def auth_schema(settings):
    from alembic.script import ScriptDirectory
    from mlflow.server.auth.db import utils
    from mlflow.server.auth.sqlalchemy_store import SqlAlchemyStore
    engine, tables = open_engine(settings, settings.auth_database)
    config = utils._get_alembic_config("")
    # Releases before 3.6 note the auth revision in a table that the tracking schema uses too.
    with open(os.path.join(config.get_main_option("script_location"), "env.py"), encoding="utf-8") as env:
        version_table = "alembic_version_auth" if "alembic_version_auth" in env.read() else "alembic_version"
    if version_table == "alembic_version" and "alembic_version_auth" in tables:
        raise Failure("schema-newer", f"auth database {settings.auth_database!r} was upgraded by MLflow 3.6 or newer; "
                      "use that release's image, or restore the backup taken before the upgrade")
    if version_table == "alembic_version" and settings.auth_database == settings.tracking_database:
        raise Failure("configuration", "PREPARE_AUTH_DATABASE and PREPARE_TRACKING_DATABASE must differ for MLflow releases before 3.6")

    def upgrade(engine):
        if prepare_users.has_roles(SqlAlchemyStore):
            prepare_users.withdraw_rows(engine, settings.users)
        utils.migrate(engine, "head")

    return Schema("auth", settings.auth_database, engine, ScriptDirectory.from_config(config), version_table,
                  "users" not in tables, upgrade)


def bring_to_head(settings, connection, schema):
    """Make or upgrade one schema, under the lock."""
    release, current, head = metadata.version("mlflow"), schema.revision(), schema.script.get_current_head()
    if current == head:
        say(f"{schema.label} schema is up to date ({head})")
        return
    if current is not None and not schema.knows(current):
        raise Failure("schema-newer", f"{schema.where} is at revision {current}, which MLflow {release} does not know: a newer release "
                      "upgraded it; use that release's image, or restore the backup taken before the upgrade")
    if settings.migrate == "check" or (settings.migrate == "create" and not schema.is_empty):
        raise Failure("schema-older", f"{schema.where} is at revision {current or 'none'}, and MLflow {release} needs {head}; "
                      "back up, then allow the upgrade (database.migration: auto)")
    if not schema.is_empty:
        wait_for_servers_to_leave(settings, connection, schema)
    say(f"{schema.label} schema: {'creating' if schema.is_empty else f'upgrading {current} ->'} {head}")
    try:
        schema.upgrade(schema.engine)
        if schema.revision() != head:  # MLflow 3.7 to 3.9 only note an older auth schema's revision at the first call
            schema.upgrade(schema.engine)
    except Exception as error:
        state = getattr(getattr(error, "orig", None), "pgcode", None)
        kind = {"42501": "database-permission", "55P03": "lock-timeout"}.get(state, "migration-failed")
        raise Failure(kind, f"{schema.where}: {describe(error)}") from error
    if schema.revision() != head:
        raise Failure("migration-failed", f"{schema.where} stayed at revision {schema.revision()}; expected {head}")


def prepare_accounts(settings, tracking):
    """The admin, and the users that the environment declares. Accounts are made here, straight from the Secrets, so no
    rule of the INI limits a password; and a changed Secret changes it, which MLflow itself never does."""
    from mlflow.exceptions import MlflowException
    from mlflow.server.auth.sqlalchemy_store import SqlAlchemyStore
    store = SqlAlchemyStore()
    store.init_db(database_uri(settings.auth_database))
    try:
        try:
            prepare_admin(settings, store)
        except MlflowException as error:
            raise Failure("admin", f"admin user {settings.admin_username!r}: {describe(error.message)}") from error
        try:
            prepare_users.prepare_users(store, tracking, settings, say)
        except prepare_users.UserFault as error:
            raise Failure("users", str(error)) from error
        except MlflowException as error:
            raise Failure("users", f"users of the environment: {describe(error.message)}") from error
    finally:
        store.engine.dispose()


def prepare_admin(settings, store):
    admin, password = settings.admin_username, settings.admin_password
    if not store.has_user(admin):
        store.create_user(admin, password, is_admin=True)
        say(f"created admin user {admin!r}")
    elif settings.sync_admin_password and not store.authenticate_user(admin, password):
        store.update_user(admin, password=password)
        say(f"password of admin user {admin!r} set to the Secret's")
    if not store.get_user(admin).is_admin:
        store.update_user(admin, is_admin=True)
        say(f"user {admin!r} is an admin now")


def prepare_databases(settings):
    with contextlib.closing(open_database(settings, settings.tracking_database, settings.create_databases)) as connection:
        if settings.auth_database:
            open_database(settings, settings.auth_database, settings.create_databases).close()
            import mlflow.server.auth  # noqa: F401 - the slow part, so not under the lock
        import mlflow.store.db.utils  # noqa: F401
        take_lock(connection, settings.timeout)
        schemas = [tracking_schema(settings)] + ([auth_schema(settings)] if settings.auth_database else [])
        for schema in schemas:
            bring_to_head(settings, connection, schema)
        if settings.auth_database:
            prepare_accounts(settings, schemas[0].engine)


# --- S3 ------------------------------------------------------------------------------------------------------

def check_bucket(settings):
    """List the bucket as MLflow does: a listing, unlike HeadBucket, is answered with the reason of a refusal."""
    import boto3
    from botocore import exceptions as boto
    from botocore.client import Config
    bucket, where = settings.bucket, without_login(settings.s3_endpoint or "AWS")
    wait, create = Wait("S3", settings.timeout), settings.create_bucket
    try:
        s3 = boto3.client("s3", endpoint_url=settings.s3_endpoint, verify=settings.s3_verify, config=Config(
            connect_timeout=5, read_timeout=15, retries={"max_attempts": 0}, s3={"addressing_style": settings.s3_addressing}))
        while True:
            try:
                answer = s3.list_objects_v2(Bucket=bucket, Prefix=settings.bucket_prefix, MaxKeys=1)
                if "Name" not in answer:
                    raise Failure("s3-other", f"what answers at {where} is not an S3 server")
                say(f"bucket {bucket!r} at {where} is reachable")
                if answer["ResponseMetadata"].get("RetryAttempts"):  # it retries nothing else; an upload may not get that far
                    say(f"warning: the store sent the request on to another region than {s3.meta.region_name}; set artifacts.s3.region "
                        "to the bucket's, or uploads may fail")
                return
            except boto.ClientError as error:
                code, status, reason = *outcome(error), describe(error)
                if "html" in error.response["ResponseMetadata"].get("HTTPHeaders", {}).get("content-type", ""):
                    reason += " The answer is a web page; is this the address of the S3 API?"
            except (boto.HTTPClientError, boto.ConnectionError) as error:
                code, status, reason = None, 503, describe(error)
            if code == "NoSuchBucket" and create:
                create = False
                create_bucket(s3, bucket, where)
            elif code == "NoSuchBucket":
                raise Failure("s3-bucket-missing", f"bucket {bucket!r} does not exist at {where}")
            elif status in (401, 403) or code == "XAdminUserNotFound":  # versitygw's word for an unknown key
                raise Failure("s3-login", f"{where} refuses bucket {bucket!r} to this access key (HTTP {status}, {code}): wrong key, wrong "
                              "secret, no permission, or a clock more than 15 minutes off")
            elif status < 500:
                raise Failure("s3-other", f"bucket {bucket!r} at {where}: {reason}")
            elif wait.is_over():
                raise Failure("s3-unreachable", f"bucket {bucket!r} at {where}: {reason}")
            else:
                wait.again(reason)
    except (boto.NoCredentialsError, boto.PartialCredentialsError) as error:
        raise Failure("s3-login", f"no S3 credentials: {describe(error)}") from error
    except (boto.BotoCoreError, ValueError) as error:
        raise Failure("configuration", f"S3, bucket {bucket!r} at {where}: {describe(error)}") from error


def create_bucket(s3, bucket, where):
    from botocore.exceptions import ClientError
    region = s3.meta.region_name
    place = {} if region in (None, "us-east-1", "aws-global") else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    try:
        s3.create_bucket(Bucket=bucket, **place)
        say(f"created bucket {bucket!r}")
    except ClientError as error:
        code, status = outcome(error)
        if code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):  # those: another pod was faster
            raise Failure("s3-login" if status == 403 else "s3-other", f"cannot create bucket {bucket!r} at {where}: {describe(error)}") from error


def outcome(error):
    return error.response.get("Error", {}).get("Code"), error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)


# --- all of it -----------------------------------------------------------------------------------------------

def prepare():
    settings = read_settings(os.environ)
    if settings.metrics:
        import prometheus_flask_exporter  # without it the server's processes end at their start, one after the other
    if settings.auth_database:
        check_logins(settings)
        write_auth_config(settings)
    prepare_databases(settings)
    if settings.bucket:
        check_bucket(settings)
    say("done")


def main():
    os.environ["PGAPPNAME"] = "mlflow-prepare"
    return program.end("prepare", prepare, EXIT_CODES)


if __name__ == "__main__":
    sys.exit(main())
